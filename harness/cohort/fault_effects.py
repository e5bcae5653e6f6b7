"""What each charting fault does to the grades: the same patients with one fault, and with all of them, beside none.

Round-the-clock antipyretics count among the faults, for a fever that they hide is not charted either; they are held
against the same patients under standard care.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from cartox_core import GradeColumns, Guideline
from harness.cohort import SCALES
from harness.cohort.block import Block, GradedBlock, Lived, fields_read, grades_of, live_block
from harness.cohort.examined import Bytes, Mask, examined_peaks, looked
from harness.patients.address import Address
from harness.patients.charting import Chart, Charting
from harness.scenarios.loader import IllnessSpec, Scenario

ANTIPYRETICS, ALL = "antipyretics", "all together"
Minutes = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).max
KINDS = ("too_high", "too_low", "range", "other_hours")


@dataclasses.dataclass(frozen=True, slots=True)
class Onsets:
    """How many patients are found at another time than without faults, each counted once.

    The onset is the first grade of 1 or more: by the ceilings it may be then, by the floors it is. ``later`` and
    ``earlier`` are sure, whoever is found ill and never was among the earlier; ``never`` is ill and surely not found;
    ``open`` is a range where there was none. ``later_min`` counts by how many minutes at least the later are found.
    """

    later: int = 0
    never: int = 0
    earlier: int = 0
    open: int = 0
    later_min: Counter[int] = dataclasses.field(default_factory=Counter)

    def __add__(self, other: "Onsets") -> "Onsets":
        return Onsets(
            self.later + other.later,
            self.never + other.never,
            self.earlier + other.earlier,
            self.open + other.open,
            self.later_min + other.later_min,
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Effect:
    """How many patients are graded otherwise than without faults, each counted once, by kind.

    By the worst grade: surely too high, surely too low, or a range where there was none (or another). Other hours: the
    worst grade is right, and that of some round is not. ``firsts`` has the address of the first of each kind.
    ``onsets`` are counted beside, whatever the worst grade.
    """

    patients: int
    counts: tuple[int, ...] = (0,) * len(KINDS)
    firsts: tuple[str, ...] = ("",) * len(KINDS)
    onsets: Onsets = Onsets()

    @property
    def example(self) -> str:
        """The address of a patient who is graded otherwise, by the worst of the kinds there are; else empty."""
        return next((first for first in self.firsts if first), "")

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            self.patients + other.patients,
            tuple(mine + theirs for mine, theirs in zip(self.counts, other.counts, strict=True)),
            tuple(mine or theirs for mine, theirs in zip(self.firsts, other.firsts, strict=True)),
            self.onsets + other.onsets,
        )


Effects = Mapping[tuple[str, str], Effect]  # by fault and scale


def switched_on(scenario: Scenario) -> tuple[str, ...]:
    """The faults of a scenario, antipyretics first, and all together where there are several."""
    found = (*([ANTIPYRETICS] if scenario.care.antipyretic_every_h else []), *scenario.how_charted.faults)
    return found if len(found) < 2 else (*found, ALL)


def fault_effects(graded: GradedBlock, guideline: Guideline) -> Effects:
    """What each fault of a block's scenario does by itself, and all together."""
    if not switched_on(graded.block.scenario):
        return {}
    plain = _without_antipyretics(graded, guideline)
    chart = plain.charted(Charting())
    true = graded.true_grades if plain is graded.lived else grades_of(chart, guideline)
    return {
        (fault, scale): _effect(
            graded.block, _Graded(scale, chart, true[scale]), _Graded(scale, charted, grades[scale])
        )
        for fault, charted, grades in _charts(graded, plain, guideline)
        for scale in SCALES
    }


def _charts(
    graded: GradedBlock, plain: Lived, guideline: Guideline
) -> Iterator[tuple[str, Chart, Mapping[str, GradeColumns]]]:
    """The chart with each fault, and its grades."""
    how = graded.block.scenario.how_charted
    for fault in switched_on(graded.block.scenario):
        if fault == ALL or (plain is graded.lived and how.faults == (fault,)):
            yield fault, graded.chart, graded.grades
        elif fault == ANTIPYRETICS:
            yield fault, graded.true_chart, graded.true_grades
        else:
            charted = plain.charted(how.only(fault))
            yield fault, charted, grades_of(charted, guideline)


def _without_antipyretics(graded: GradedBlock, guideline: Guideline) -> Lived:
    """The same patients with fevers that nobody hides."""
    block = graded.block
    if not block.scenario.care.antipyretic_every_h:
        return graded.lived
    care = block.scenario.care.model_copy(update={"antipyretic_every_h": None})
    scenario = block.scenario.model_copy(update={"care": care, "illness": IllnessSpec()})
    return live_block(dataclasses.replace(block, scenario=scenario), read=fields_read(block, guideline))


@dataclasses.dataclass(frozen=True, slots=True)
class _Graded:
    """A chart graded by one scale; ``looked`` are the rounds at which somebody looked for what it grades."""

    scale: str
    chart: Chart
    grades: GradeColumns

    @property
    def looked(self) -> Mask:
        """See :func:`~harness.cohort.examined.looked`."""
        return looked(self.scale, self.chart)

    @property
    def peaks(self) -> tuple[Bytes, Bytes]:
        """The worst floor and ceiling of each patient."""
        return examined_peaks(self.scale, self.chart, self.grades)

    @property
    def onsets_min(self) -> tuple[Minutes, Minutes]:
        """When each patient is ill at the latest (by the floors), and at the earliest; NEVER for those who are not."""
        starts = self.chart.columns.starts
        assert starts is not None
        minute = self.chart.columns.minute.astype(np.int64)
        sure = np.minimum.reduceat(np.where(self.grades.floor >= 1, minute, NEVER), starts)
        perhaps = np.minimum.reduceat(np.where(self.looked & (self.grades.ceiling >= 1), minute, NEVER), starts)
        return sure, np.minimum(sure, perhaps)


def _effect(block: Block, true: _Graded, found: _Graded) -> Effect:
    (true_low, true_high), (low, high) = true.peaks, found.peaks
    above, below = low > true_high, high < true_low
    wide = ~above & ~below & ((low != true_low) | (high != true_high))
    hours = ~above & ~below & ~wide & _otherwise(true, found)
    kinds = (above, below, wide, hours)
    counts = tuple(int(which.sum()) for which in kinds)
    firsts = tuple(_first(block, which) for which in kinds)
    return Effect(len(low), counts, firsts, _onsets(true.onsets_min, found.onsets_min))


def _onsets(true: tuple[Minutes, Minutes], found: tuple[Minutes, Minutes]) -> Onsets:
    """Who is found at another time."""
    (was, perhaps_was), (now, perhaps_now) = true, found
    never = (perhaps_now == NEVER) & (was < NEVER)
    later, earlier = (perhaps_now > was) & ~never, now < perhaps_was
    opened = ~never & ~later & ~earlier & ((now != was) | (perhaps_now != perhaps_was))
    by_min = Counter((perhaps_now - was)[later].tolist())
    return Onsets(int(later.sum()), int(never.sum()), int(earlier.sum()), int(opened.sum()), by_min)


def _first(block: Block, which: Mask) -> str:
    """The address of the first of some patients."""
    if not which.any():
        return ""
    return str(Address(block.scenario.name, block.trial, block.seed, block.first + int(np.argmax(which))))


def _otherwise(true: _Graded, found: _Graded) -> Mask:
    """Who is graded otherwise at some round at which somebody looked, on both charts."""
    rows = found.chart.round
    both = true.looked[rows] & found.looked
    was, now = true.grades, found.grades
    other = both & ((was.floor[rows] != now.floor) | (was.ceiling[rows] != now.ceiling))
    return np.bincount(found.chart.place[other], minlength=int(found.chart.place.max()) + 1) > 0
