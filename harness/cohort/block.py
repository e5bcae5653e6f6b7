"""One block of the main job: some consecutive patients of a trial, simulated, charted and graded.

A block is named by what it is made from, so that a patient comes out the same in any block, on any worker.
"""

import dataclasses
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from cartox_core import GradeColumns, Guideline, Scale, grade_course_columns
from harness.cohort import SCALES
from harness.patients.antipyretics import with_antipyretics
from harness.patients.charting import Chart, Charting, chart
from harness.patients.courses import simulate, with_levels_reached
from harness.patients.draws import Draws
from harness.patients.given import with_everything_given
from harness.patients.laboratory import Laboratory, laboratory
from harness.patients.log import Log
from harness.patients.people import People, people
from harness.patients.policy import Policy
from harness.patients.pressors import stretches
from harness.patients.prophylaxis import Row, row
from harness.patients.signs import Signs, render
from harness.patients.support import OLDER_SIGNS, older_signs
from harness.patients.values import with_values
from harness.scenarios.loader import Scenario
from harness.scenarios.policy_file import load_policy

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """Patients ``first`` to ``first + count - 1`` of a trial or a side of an arm, under a scenario and a seed."""

    scenario: Scenario
    trial: str
    seed: int
    first: int
    count: int

    @property
    def row(self) -> Row:
        """What stands in the table of the trial or the side."""
        return row(self.trial)

    @property
    def policy(self) -> Policy:
        """How these patients are cared for: as the scenario has it; those treated in an arm, as the arm's policy."""
        arm = self.row.arm
        return load_policy(arm.policy) if arm and self.row.which == "treated" else self.scenario.policy


@dataclasses.dataclass(frozen=True, slots=True)
class Lived:
    """What happened to the patients of a block, before anybody charted it."""

    people: People
    log: Log
    signs: Signs
    laboratory: Laboratory | None

    def charted(self, charting: Charting) -> Chart:
        """The chart that is written of it."""
        return chart(self.people.draws, self.signs, self.log, charting)


@dataclasses.dataclass(frozen=True, slots=True)
class GradedBlock:
    """A block with everything that came out of it; ``grades`` by scale, one entry a charted round.

    ``true_chart`` is what faultless charting would have written, graded in ``true_grades``; without charting faults the
    two are the same.
    """

    block: Block
    people: People
    log: Log
    chart: Chart
    grades: dict[str, GradeColumns]
    lived: Lived
    true_chart: Chart
    true_grades: dict[str, GradeColumns]
    laboratory: Laboratory | None = None

    @property
    def starts(self) -> Ints:
        """The first charted round of each patient."""
        assert self.chart.columns.starts is not None
        return self.chart.columns.starts

    @property
    def ends(self) -> Ints:
        """The row after the last charted round of each patient."""
        return np.append(self.starts[1:], len(self.chart.place))

    def peaks(self, scale: str) -> tuple[Bytes, Bytes]:
        """The worst floor and the worst ceiling of each patient."""
        found = self.grades[scale]
        return np.maximum.reduceat(found.floor, self.starts), np.maximum.reduceat(found.ceiling, self.starts)

    def true_peaks(self, scale: str) -> tuple[Bytes, Bytes]:
        """The worst floor and the worst ceiling of each patient, had everything been charted as it was."""
        found, starts = self.true_grades[scale], self.true_chart.columns.starts
        assert starts is not None
        return np.maximum.reduceat(found.floor, starts), np.maximum.reduceat(found.ceiling, starts)

    def onset_min(self, scale: str) -> Ints:
        """The minute of each patient's first floor of 1 or more; -1 without one."""
        minute, ill = self.chart.columns.minute, np.flatnonzero(self.grades[scale].floor >= 1)
        first = np.append(ill, len(minute))[np.searchsorted(ill, self.starts)]
        onset: Ints = np.where(first < self.ends, np.append(minute, -1)[first], -1).astype(np.int64)
        return onset


def live_block(block: Block, full: bool = False, read: Iterable[str] = ()) -> Lived:
    """Draw the patients of a block and let things happen to them.

    ``full`` finds vital signs and laboratory values too, and every drug; what only the older scales read is found
    then, or when it is among the fields ``read``.
    """
    scenario, row, policy = block.scenario, block.row, block.policy
    draws = Draws(block.seed, row.persons, block.first, block.count)
    who = who_of(draws, scenario, row, policy)
    log = simulate(who, scenario.follow_up_days, scenario.care.antipyretic_every_min, policy)
    if policy.course.progresses:
        who = with_levels_reached(who, log)
    how = scenario.how_charted
    log = with_antipyretics(who, log, how.prophylactic_antipyretics, how.antipyretics_from_h)
    signs = render(who, log, scenario.illness.febrile_share)
    found = None
    if full or not OLDER_SIGNS.isdisjoint(read):
        found = laboratory(who, row.trial, log, how, full=True)
        pressors = stretches(who, signs.rounds, signs.fields)
        more = older_signs(who, log, signs, pressors, found.series)
        if full:
            log = with_everything_given(who, log, found, signs.rounds, pressors, policy.gives_nothing)
            signs = with_values(who, log, signs, found)
        signs = dataclasses.replace(signs, fields={**signs.fields, **more})
    return Lived(who, log, signs, found)


def simulate_block(
    block: Block, full: bool = False, read: Iterable[str] = ()
) -> tuple[People, Log, Chart, Laboratory | None]:
    """Draw, live and chart the patients of a block; ``full`` and ``read`` as in :func:`live_block`."""
    lived = live_block(block, full, read)
    return lived.people, lived.log, lived.charted(block.scenario.how_charted), lived.laboratory


def who_of(draws: Draws, scenario: Scenario, row: Row, policy: Policy) -> People:
    """The patients, as ill as they will be under the policy; a side of an arm has its own shares already."""
    ages, wanted = scenario.people.age_years or row.trial.assumed.age_years, scenario.people
    times = None if row.arm else policy.effect.times
    return policy.course.on(people(draws, row.trial, ages, wanted.late_neurotoxicity, wanted.own_scale, times))


def grade_block(block: Block, guideline: Guideline, full: bool = False) -> GradedBlock:
    """Simulate a block and grade every charted round by the scales there are; ``full`` also charts what none reads.

    >>> from cartox_core import load
    >>> from harness.scenarios.loader import load_scenario
    >>> found = grade_block(Block(load_scenario("zuma-1"), "ZUMA-1", 1, 0, 50), load("astct-2019"))
    >>> int((found.peaks("crs")[0] >= 1).sum())
    48
    """
    lived = live_block(block, full, fields_read(block, guideline))
    how = block.scenario.how_charted
    true_chart = lived.charted(Charting())
    true_grades = grades_of(true_chart, guideline)
    charted, grades = true_chart, true_grades
    if not how.complete:
        charted = lived.charted(how)
        grades = grades_of(charted, guideline)
    return GradedBlock(
        block, lived.people, lived.log, charted, grades, lived, true_chart, true_grades, lived.laboratory
    )


def grades_of(charted: Chart, guideline: Guideline) -> dict[str, GradeColumns]:
    """A chart graded round by round, by the scales there are."""
    return {name: grade_course_columns(charted.columns, scale) for name, scale in _scales(guideline)}


def fields_read(block: Block, guideline: Guideline) -> set[str]:
    """What the scales of a run read, the trial's own among them where it is graded by it."""
    read = {field for _, scale in _scales(guideline) for field in scale.fields}
    return read | OLDER_SIGNS if block.scenario.people.own_scale else read


def _scales(guideline: Guideline) -> list[tuple[str, Scale]]:
    return [(name, scale) for name, scale in guideline.scales.items() if name in SCALES]
