"""Who moves between two forms of a scale, by which rule, and what it does to onset, duration and care: exact counts.

The patients are the same under both: the same charts, whatever the grades would have had done.
"""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, Scale
from harness.care_lines import INTENSIVE_CARE, care_lines
from harness.cohort.charted import charts_read, told_in
from harness.compare.charted import NEVER, Side, side
from harness.compare.exact import Rule
from harness.compare.reach import reach

GRADES = 6
MOVERS_TOLD = 20
BESIDE = -1  # in the place of a rule: what differs beside the tables
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two forms of a scale, and the rules of their difference."""

    old: Scale
    new: Scale
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        """What the pair is called: the scale, or both where their names differ."""
        return self.old.name if self.old.name == self.new.name else f"{self.old.name} → {self.new.name}"

    @property
    def lines(self) -> Mapping[str, int]:
        """What the grades of both decide, each from which grade."""
        other = care_lines(self.new.name)
        return {name: grade for name, grade in care_lines(self.old.name).items() if other.get(name) == grade}


@dataclasses.dataclass(frozen=True, slots=True)
class Mover:
    """A patient whose peak moves, and the place of the rule that moves it."""

    name: str
    old: int
    new: int
    rule: int


@dataclasses.dataclass(frozen=True, slots=True)
class Moves:
    """Counts of some patients.

    ``matrix`` has patients by peak (old, new), by floors. ``up`` and ``down`` have those that a rule moves, by its
    place, BESIDE for what differs beside the tables; ``reached`` those in whom its findings are graded otherwise at
    some time, ``perhaps`` those in whom what is not charted leaves them possible, and ``movers`` the first who move:
    name, old and new peak, and rule. Shifts are in minutes. ``care`` has by line the patients who gain
    and who lose it, ``intensive_min`` the minutes of intensive care. ``ranges`` has peaks that are ranges (old, new),
    ``told`` the fields that some chart tells, with ``has_doses`` vasopressors among the treatments.
    """

    patients: int
    matrix: Counter[tuple[int, int]]
    up: Counter[int]
    down: Counter[int]
    reached: Counter[int]
    perhaps: Counter[int]
    movers: tuple[Mover, ...]
    onset_shift_min: Counter[int]
    duration_shift_min: Counter[int]
    care: Mapping[str, tuple[int, int]]
    intensive_min: tuple[int, int]
    ranges: tuple[int, int]
    ceilings_moved: int
    told: frozenset[str]
    has_doses: bool

    @property
    def moved(self) -> int:
        """Patients whose peak moves, by floors."""
        return sum(n for (was, now), n in self.matrix.items() if was != now)

    def first(self, rule: int) -> str:
        """The first patient whom a rule moves; empty without one."""
        return next((mover.name for mover in self.movers if mover.rule == rule), "")

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(
            self.patients + other.patients,
            self.matrix + other.matrix,
            self.up + other.up,
            self.down + other.down,
            self.reached + other.reached,
            self.perhaps + other.perhaps,
            _first_ones((*self.movers, *other.movers)),
            self.onset_shift_min + other.onset_shift_min,
            self.duration_shift_min + other.duration_shift_min,
            {name: _sum(pair, other.care[name]) for name, pair in self.care.items()},
            _sum(self.intensive_min, other.intensive_min),
            _sum(self.ranges, other.ranges),
            self.ceilings_moved + other.ceilings_moved,
            self.told | other.told,
            self.has_doses or other.has_doses,
        )


def _first_ones(movers: Iterable[Mover]) -> tuple[Mover, ...]:
    """So many movers as are told, and the first of each rule."""
    kept: list[Mover] = []
    seen: set[int] = set()
    for mover in movers:
        if len(kept) < MOVERS_TOLD or mover.rule not in seen:
            kept.append(mover)
            seen.add(mover.rule)
    return tuple(kept)


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def moves(pair: Pair, rounds: Columns, days: Columns | None, name_of: Callable[[int], str]) -> tuple[Moves, Mask]:
    """What changes for the patients of some charts, and which of them move; ``name_of`` names the one at a place."""
    read = [list(charts_read(rounds, days, form)) for form in (pair.old, pair.new)]
    charts = list({id(chart): chart for charts in read for chart in charts}.values())
    olds, news = ([side(chart, form) for chart in charts] for form in (pair.old, pair.new))
    was, now = (_peaks(sides, charts, theirs) for sides, theirs in zip((olds, news), read, strict=True))
    by_rule, reached, perhaps = _attributed(pair.rules, olds, news, was[0], now[0])
    up, down = now[0] > was[0], now[0] < was[0]
    lines = pair.lines
    care = {n: both_ways((now[0] >= g).astype(np.int64) - (was[0] >= g)) for n, g in lines.items()}
    intensive = lines.get(INTENSIVE_CARE)
    stays = [np.max([s.minutes_at(intensive or GRADES) for s in sides], axis=0) for sides in (olds, news)]
    onset_shift, duration_shift = shifted(olds, news)
    moved = np.flatnonzero(up | down)
    told = zip(moved.tolist(), was[0][moved].tolist(), now[0][moved].tolist(), by_rule[moved].tolist(), strict=True)
    counts = Moves(
        patients=len(up),
        matrix=Counter(zip(was[0].tolist(), now[0].tolist(), strict=True)),
        up=Counter(by_rule[up].tolist()),
        down=Counter(by_rule[down].tolist()),
        reached=_counted(reached),
        perhaps=_counted(perhaps & ~reached),
        movers=_first_ones(Mover(name_of(place), before, after, rule) for place, before, after, rule in told),
        onset_shift_min=onset_shift,
        duration_shift_min=duration_shift,
        care=care,
        intensive_min=both_ways(stays[1] - stays[0]) if intensive else (0, 0),
        ranges=(int((was[0] != was[1]).sum()), int((now[0] != now[1]).sum())),
        ceilings_moved=int((was[1] != now[1]).sum()),
        told=frozenset().union(*map(told_in, charts)),
        has_doses=bool(rounds.vasopressors),
    )
    return counts, up | down


def _counted(patients: Mask) -> Counter[int]:
    """How many patients each rule has, of bool (rules, patients)."""
    return Counter({i: int(n) for i, n in enumerate(patients.sum(1)) if n})


def total(parts: Iterable[Moves]) -> Moves:
    """The sum of counts, the first ones first."""
    first, *others = parts
    for part in others:
        first = first + part
    return first


def _peaks(sides: Sequence[Side], charts: Sequence[Columns], read: Sequence[Columns]) -> tuple[Ints, Ints]:
    """The worst floor and ceiling of each patient in the charts that the form reads; int64 (patients)."""
    peaks = [s.peaks for s, chart in zip(sides, charts, strict=True) if any(chart is theirs for theirs in read)]
    low, high = (np.max([p[bound] for p in peaks], axis=0).astype(np.int64) for bound in (0, 1))
    return low, high


def both_ways(change: Ints) -> tuple[int, int]:
    """How much is gained, and how much is lost."""
    return int(np.maximum(change, 0).sum()), int(np.maximum(-change, 0).sum())


def shifted(
    olds: Sequence[Side], news: Sequence[Side], survive: Mask | None = None
) -> tuple[Counter[int], Counter[int]]:
    """By how many minutes onset and duration change in those in whom they are seen under both.

    Where the charts differ, the end is seen in those who ``survive`` both.
    """
    onset, resolved = ([_times(sides, which) for sides in (olds, news)] for which in (np.minimum, np.maximum))
    if survive is not None:
        resolved = [np.where(survive, ends, NEVER) for ends in resolved]
    return _shifts(*onset), _shifts(*(_spans(o, r) for o, r in zip(onset, resolved, strict=True)))


def _times(sides: Sequence[Side], which: np.ufunc) -> Ints:
    """When the illness begins in the earliest chart, or has resolved in the last; NEVER where that is not seen."""
    if sides[0].columns.own:  # a whole course has no times
        return np.full(len(sides[0].starts), NEVER, np.int64)
    if which is np.minimum:
        onsets = np.array([s.onset_min for s in sides])
        earliest = np.where(onsets == NEVER, np.iinfo(np.int64).max, onsets).min(0)
        return np.where((onsets == NEVER).all(0), NEVER, earliest)
    ends = np.array([s.resolved_min for s in sides])
    open_ended = np.array([(s.onset_min != NEVER) & (s.resolved_min == NEVER) for s in sides]).any(0)
    return np.where(open_ended, NEVER, ends.max(0))


def _spans(onset: Ints, resolved: Ints) -> Ints:
    return np.where((onset == NEVER) | (resolved == NEVER), NEVER, resolved - onset)


def _shifts(was: Ints, now: Ints) -> Counter[int]:
    """By how much a time changes in those in whom both are seen."""
    both = (was != NEVER) & (now != NEVER)
    return Counter((now - was)[both].tolist())


def _attributed(
    rules: Sequence[Rule], olds: Sequence[Side], news: Sequence[Side], was: Ints, now: Ints
) -> tuple[Ints, Mask, Mask]:
    """The rule that moves each patient, BESIDE for none; whom each reaches surely, and perhaps (rules, patients)."""
    by_rule = np.full(len(was), BESIDE, np.int64)
    reached, perhaps = np.zeros((2, len(rules), len(was)), bool)
    left = was != now
    for old, new in zip(olds, news, strict=True):
        found = _Hits(rules, old, new)
        reached |= found.patients(found.surely, len(was))
        perhaps |= found.patients(found.perhaps, len(was))
        heavier = np.where(now > was, _padded(new, now), _padded(old, was))
        there = left & (heavier < len(old.columns))
        by_rule[there] = found.deciding(np.flatnonzero(there), heavier[there])
        left &= ~there
    return by_rule, reached, perhaps


def _padded(side: Side, peak: Ints) -> Ints:
    """The row at which each patient first has that floor; the number of rows where it is not in this chart."""
    lengths = np.diff(side.starts, append=len(side.columns))
    return side.first_row(side.grades.floor == np.repeat(peak, lengths))


class _Hits:
    """The rows of a chart that are graded otherwise, and which rules their findings lie in."""

    def __init__(self, rules: Sequence[Rule], old: Side, new: Side) -> None:
        self.old, self.new = old.grades.floor.astype(np.int64), new.grades.floor.astype(np.int64)
        differ = (self.old != self.new) | (old.grades.ceiling != new.grades.ceiling)
        self.rows = np.flatnonzero(differ)
        self.patient = np.searchsorted(old.starts, self.rows, "right") - 1
        change = np.sign(self.new - self.old)[self.rows]
        most = [side.grades.ceiling[self.rows].astype(np.int64) for side in (old, new)]
        shape = (len(rules), len(self.rows))
        self.surely, self.perhaps, self.exactly, self.same_way, self.either_way = np.zeros((5, *shape), bool)
        for i, rule in enumerate(rules):
            found = reach(rule.where, old.columns, self.rows) | reach(rule.where, new.columns, self.rows)
            self.surely[i], self.perhaps[i] = found.surely, found.perhaps
            way = np.sign(rule.new - rule.old)
            self.same_way[i] = change == way
            self.either_way[i] = self.same_way[i] | (np.sign(most[1] - most[0]) == way)
            self.exactly[i] = (self.old[self.rows] == rule.old) & (self.new[self.rows] == rule.new)

    def patients(self, hits: Mask, count: int) -> Mask:
        """In whom some hits (rules, rows) of each rule change a bound in its direction; bool (rules, patients)."""
        found = np.zeros((len(hits), count), bool)
        for i, hit in enumerate(hits & self.either_way):
            found[i, self.patient[hit]] = True
        return found

    def deciding(self, patients: Ints, rows: Ints) -> Ints:
        """The rule that decides each of some rows, else one that did so earlier in the course of its patient."""
        at = np.searchsorted(self.rows, rows)
        way = self.same_way[:, at]
        rank = way * (4 * self.surely[:, at] + 2 * self.perhaps[:, at]) + (self.exactly & self.surely)[:, at]
        rank = np.where(self.perhaps[:, at] & way, rank, 0)
        found = np.where(rank.max(0, initial=0) > 0, rank.argmax(0) if len(rank) else BESIDE, BESIDE)
        for i in np.flatnonzero(found == BESIDE).tolist():
            found[i] = self._earlier(int(patients[i]), int(rows[i]), way_of=int(at[i]))
        return found.astype(np.int64)

    def _earlier(self, patient: int, row: int, way_of: int) -> int:
        """The first rule that grades an earlier row of a patient otherwise in the same direction; else BESIDE."""
        start, end = np.searchsorted(self.patient, patient), np.searchsorted(self.rows, row)
        change = np.sign(self.new[self.rows[way_of]] - self.old[self.rows[way_of]])
        here = slice(int(start), int(end))
        same = np.sign(self.new[self.rows[here]] - self.old[self.rows[here]]) == change
        hits = np.argwhere((self.surely[:, here] & same).T)
        return int(hits[0][1]) if len(hits) else BESIDE
