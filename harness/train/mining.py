"""Find patients and hours to ask of: those that a level wants, hours near a threshold first, by a seed.

The same level and seed give the same cases. For testing and teaching, not for treating patients.
"""

import dataclasses
import functools
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from cartox_core import Case, Guideline, load, read_case
from cartox_core.bedside import until
from cartox_core.observation import DEVICES, Observation
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.example import whole_case
from harness.patients.address import Address
from harness.scenarios.loader import load_scenario
from harness.train.chart import VENTILATOR
from harness.train.hours import (
    INDISPENSABLE,
    RULES,
    Round,
    fever_is_in_sight,
    first_orders_h,
    hangs_on_a_round,
    near_threshold,
)
from harness.train.key import charts
from harness.train.levels import Level

GUIDELINE = "astct-2019"
SCALES = ("crs", "icans")
HOURS_A_CASE, ALIKE_A_CASE = 4, 2  # questions of a patient, and those of the same answer among them
BLOCK_PATIENTS, CASES_A_BLOCK = 40, 2
APART_H = 8.0  # hours between two questions of a patient, at least
_LOOKED_AT = 24  # rounds of a patient
_OTHERS = 1_000_000  # places from one scenario of a level to the next
_EXAMINED = {"crs": ("temp_c", "hypotension", "o2_device"), "icans": ("ice", "capd", "consciousness", "seizure")}


@dataclasses.dataclass(frozen=True, slots=True)
class TrainingCase:
    """A simulated patient, and the hours at which grades are asked, in order."""

    address: str
    hours: tuple[float, ...]


def cases(level: Level, seed: int) -> Iterator[TrainingCase]:
    """Cases of a level without end: patient after patient, through the trials of its scenarios in turn.

    >>> from harness.train.levels import levels
    >>> first = next(cases(levels()["masked-fever"], 1))
    >>> first == next(cases(levels()["masked-fever"], 1)), first.hours == tuple(sorted(first.hours))
    (True, True)
    """
    for first in itertools.count(0, BLOCK_PATIENTS):
        for place, name in enumerate(level.scenarios):
            scenario = load_scenario(name)
            start = first + place * _OTHERS  # so that nobody is met twice
            for trial in _in_turn(scenario.trial_names, first // BLOCK_PATIENTS + seed):
                graded = grade_block(Block(scenario, trial, seed, start, BLOCK_PATIENTS), guideline(), full=True)
                found = (case for place in _worth_a_look(graded, level) for case in _case(graded, place, level))
                yield from itertools.islice(found, CASES_A_BLOCK)


def _in_turn(names: Sequence[str], start: int) -> tuple[str, ...]:
    """One trial of a scenario a time, so that a level shows patients of many."""
    return (names[start % len(names)],)


@functools.cache
def guideline() -> Guideline:
    """The guideline that is taught."""
    return load(GUIDELINE)


def _worth_a_look(graded: GradedBlock, level: Level) -> list[int]:
    """The patients who may have what a level wants, by what is quick to see."""
    columns, count = graded.chart.columns, graded.block.count
    match level.wants:
        case "hyperinflamed":
            return [i for i, given in enumerate(graded.log.given) if any(dose.drug == "anakinra" for dose in given)]
        case "ventilated":
            on_it = columns.fields["o2_device"] == DEVICES.index(VENTILATOR)
            rows = np.bincount(graded.chart.place[on_it], minlength=count)
        case _:
            rows = np.maximum(*(graded.peaks(scale)[1] for scale in SCALES))
    return [int(place) for place in np.flatnonzero(rows)]


def _case(graded: GradedBlock, place: int, level: Level) -> Iterator[TrainingCase]:
    """The patient as a case, where the level wants some hours of it."""
    rows = np.flatnonzero(graded.chart.place == place)
    ill = np.any([graded.grades[scale].ceiling[rows] > 0 for scale in SCALES], axis=0)
    graded_h = (graded.chart.columns.minute[rows[ill]] / 60).tolist()
    whole = as_taught(read_case(whole_case(graded, place)))
    looked_at = {*graded_h[:: max(1, len(graded_h) // _LOOKED_AT)], *(first_orders_h(whole) & set(graded_h))}
    wants = (RULES[level.wants], fever_is_in_sight, hangs_on_a_round)
    wanted = [at for at in rounds(whole, looked_at) if all(rule(at) for rule in wants)]
    if hours := _chosen(wanted, INDISPENSABLE.get(level.wants)):
        block = graded.block
        yield TrainingCase(str(Address(block.scenario.name, block.trial, block.seed, block.first + place)), hours)


def as_taught(case: Case) -> Case:
    """A case as it is shown and graded here: nobody can ask a sedated patient, so no ICE is charted (register N5)."""
    return dataclasses.replace(case, observations=tuple(map(_as_taught, case.observations)))


def _as_taught(seen: Observation) -> Observation:
    sedated = seen.o2_device == VENTILATOR and seen.consciousness_other_cause
    return dataclasses.replace(seen, ice=None, ice_items=None) if sedated else seen


def rounds(whole: Case, hours: Collection[float]) -> Iterator[Round]:
    """The rounds of a case at some hours, those alone at which something was looked at that a scale reads."""
    by_scale = {name: charts(whole, guideline().scale(name)) for name in SCALES}
    for i, seen in enumerate(whole.observations):
        case = until(whole, seen.time_h) if seen.time_h in hours else None
        there = {name: told[i] for name, told in by_scale.items() if is_examined(seen, name)}
        if case is not None and there:
            yield Round(case, there, {name: chart.grade() for name, chart in there.items()})


def is_examined(seen: Observation, scale: str) -> bool:
    """Whether anything of a scale was looked at in a round."""
    return any(getattr(seen, name) is not None for name in _EXAMINED[scale])


def _chosen(wanted: Sequence[Round], needed: Callable[[Round], bool] | None) -> tuple[float, ...]:
    """A few hours, apart, few of the same answer; first what a case needs, then first orders, then near thresholds."""
    if needed is not None and not any(map(needed, wanted)):
        return ()
    hours: list[float] = []
    answers: list[object] = []

    def rank(at: Round) -> tuple[bool, bool, bool]:
        ordered = at.observation.time_h in first_orders_h(at.case)
        return needed is None or not needed(at), not ordered, not near_threshold(at)

    for at in sorted(wanted, key=rank):
        hour, answer = at.observation.time_h, dict(at.grades)
        apart = all(abs(hour - other) >= APART_H for other in hours)
        if len(hours) < HOURS_A_CASE and apart and answers.count(answer) < ALIKE_A_CASE:
            hours.append(hour)
            answers.append(answer)
    return tuple(sorted(hours))
