"""What a block adds to the whole: exact counts, merged in any grouping to the same totals."""

import dataclasses
from collections import Counter
from collections.abc import Iterable

from cartox_core import Guideline
from harness.cohort import SCALES
from harness.cohort.block import GradedBlock
from harness.cohort.checks import Checks
from harness.cohort.counts import GradedCounts, as_intended, quantities
from harness.cohort.fault_effects import Effect, Effects, fault_effects
from harness.cohort.invariants import check_block
from harness.cohort.own_scale import own_peaks

INTENDED_COUNTS = "intended cytopenias and other events = found"


@dataclasses.dataclass(frozen=True, slots=True)
class TrialTally:
    """Counts of one trial: patients by peak grade (floors, ceilings) of each scale, and CRS onset minutes.

    ``others`` has the other numbers that the trial prints: how many patients, by floors and by ceilings.
    """

    patients: int
    peak_floors: dict[str, Counter[int]]
    peak_ceilings: dict[str, Counter[int]]
    onset_min: dict[str, Counter[int]]
    others: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)

    def reached(self, scale: str, grade: int, ceilings: bool = False) -> int:
        """How many patients have a peak of that grade or more."""
        peaks = (self.peak_ceilings if ceilings else self.peak_floors)[scale]
        return sum(n for level, n in peaks.items() if level >= grade)


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """Counts of any number of blocks, what the invariants found, and what charting faults do to the grades."""

    trials: dict[str, TrialTally]
    tested: dict[str, Checks]
    faults: Effects = dataclasses.field(default_factory=dict)


NOTHING = Tally({}, {})


def tally(graded: GradedBlock, guideline: Guideline, counts: GradedCounts | None = None) -> Tally:
    """The counts of a graded block and of its daily chart, and what their invariants found."""
    floors, ceilings, onset = {}, {}, {}
    own = own_peaks(graded) if graded.block.scenario.people.own_scale else {}
    for scale in SCALES:
        low, high = own.get(scale) or graded.peaks(scale)
        floors[scale], ceilings[scale] = Counter(low.tolist()), Counter(high.tolist())
        onset[scale] = Counter(m for m in graded.onset_min(scale).tolist() if m >= 0)
    others = {} if counts is None else quantities(counts)
    tested = check_block(graded, guideline)
    if counts is not None:
        tested[INTENDED_COUNTS] = as_intended(counts)
    trials = {graded.block.trial: TrialTally(graded.block.count, floors, ceilings, onset, others)}
    return Tally(trials, tested, fault_effects(graded, guideline))


def merge(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    trials: dict[str, TrialTally] = {}
    tested: dict[str, Checks] = {}
    faults: dict[tuple[str, str], Effect] = {}
    for part in tallies:
        for name, counts in part.trials.items():
            trials[name] = _add(trials[name], counts) if name in trials else counts
        for name, result in part.tested.items():
            tested[name] = tested[name] + result if name in tested else result
        for fault, effect in part.faults.items():
            faults[fault] = faults[fault] + effect if fault in faults else effect
    return Tally(trials, tested, faults)


def _add(a: TrialTally, b: TrialTally) -> TrialTally:
    def joined(x: dict[str, Counter[int]], y: dict[str, Counter[int]]) -> dict[str, Counter[int]]:
        return {k: x[k] + y[k] for k in x}

    return TrialTally(
        a.patients + b.patients,
        joined(a.peak_floors, b.peak_floors),
        joined(a.peak_ceilings, b.peak_ceilings),
        joined(a.onset_min, b.onset_min),
        {k: (a.others[k][0] + b.others[k][0], a.others[k][1] + b.others[k][1]) for k in a.others},
    )
