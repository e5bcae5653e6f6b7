"""Two policies of care on the same persons: whose worst grade moves, how courses and doses change, who dies: counts."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor

import numpy as np
import numpy.typing as npt

from cartox_core import load
from harness.cohort import SCALES
from harness.cohort.block import Block, simulate_block
from harness.cohort.workers import in_order
from harness.compare.charted import NEVER, Side, side
from harness.compare.moves import BESIDE, Moves, both_ways, shifted
from harness.patients.address import Address
from harness.patients.illness import NEVER as ALIVE
from harness.patients.policy import Policy

SEVERE = 3
Pair = tuple[int, int]  # under OLD, and under NEW
Mask = npt.NDArray[np.bool_]
Minutes = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Policies:
    """Two policies, and the guideline that grades their patients."""

    old: Policy
    new: Policy
    guideline: str


@dataclasses.dataclass(frozen=True, slots=True)
class CareMoves:
    """Counts of some patients under both policies.

    ``moved`` have another worst grade in some scale, ``changed`` another course, other doses or another end; ``scales``
    has the moves of each. Pairs are under OLD and NEW: ``severe_min`` minutes at grade 3 or more by scale, ``doses``
    and ``given_to`` (patients) by drug, ``deaths``. ``cut_short`` are by scale those whose worst grade is lower under
    OLD, or under NEW, where they died earlier. ``first`` has the address of the first patient of each change.
    """

    patients: int
    moved: int
    changed: int
    scales: Mapping[str, Moves]
    severe_min: Mapping[str, Pair]
    doses: Mapping[str, Pair]
    given_to: Mapping[str, Pair]
    deaths: Pair
    cut_short: Mapping[str, Pair]
    first: Mapping[str, str]

    def __add__(self, other: "CareMoves") -> "CareMoves":
        return CareMoves(
            self.patients + other.patients,
            self.moved + other.moved,
            self.changed + other.changed,
            {name: counts + other.scales[name] for name, counts in self.scales.items()},
            _added(self.severe_min, other.severe_min),
            _added(self.doses, other.doses),
            _added(self.given_to, other.given_to),
            (self.deaths[0] + other.deaths[0], self.deaths[1] + other.deaths[1]),
            _added(self.cut_short, other.cut_short),
            {**other.first, **self.first},
        )


def _added(one: Mapping[str, Pair], other: Mapping[str, Pair]) -> dict[str, Pair]:
    names = dict.fromkeys((*one, *other))
    both = {name: (one.get(name, (0, 0)), other.get(name, (0, 0))) for name in names}
    return {name: (a[0] + b[0], a[1] + b[1]) for name, (a, b) in both.items()}


def under_both(
    policies: Policies,
    blocks: Sequence[Block],
    executor: Executor | None,
    in_flight: int,
    done: Callable[[int], None],
) -> CareMoves:
    """What changes for the patients of blocks; ``done`` is told how many are. The same with one worker or many."""
    work = functools.partial(on_block, policies)
    found = map(work, blocks) if executor is None else in_order(executor, work, blocks, in_flight)
    whole: CareMoves | None = None
    for block, part in zip(blocks, found, strict=True):
        whole = part if whole is None else whole + part
        done(block.count)
    assert whole is not None
    return whole


def on_block(policies: Policies, block: Block) -> CareMoves:
    """What changes for the patients of one block."""
    core = load(policies.guideline)
    lived = [simulate_block(_under(block, policy)) for policy in (policies.old, policies.new)]
    logs = [log for _, log, _, _ in lived]
    sides = {n: [side(chart.columns, core.scale(n)) for _, _, chart, _ in lived] for n in SCALES}
    ends = logs[0].death_min, logs[1].death_min
    died = [end < ALIVE for end in ends]
    kinds = dict(_kinds(sides, *ends))
    other_doses = np.array([one != two for one, two in zip(*(log.given for log in logs), strict=True)], bool)
    moved = np.any([old.peaks[0] != new.peaks[0] for old, new in sides.values()], axis=0)
    return CareMoves(
        patients=block.count,
        moved=int(moved.sum()),
        changed=int(np.any([other_doses, *kinds.values()], axis=0).sum()),
        scales={name: _moves(old, new, ~(died[0] | died[1])) for name, (old, new) in sides.items()},
        severe_min={n: _pair(int(s.minutes_at(SEVERE).sum()) for s in both) for n, both in sides.items()},
        doses=_each_drug([Counter(g.drug for given in log.given for g in given) for log in logs]),
        given_to=_each_drug([Counter(d for given in log.given for d in {g.drug for g in given}) for log in logs]),
        deaths=(int(died[0].sum()), int(died[1].sum())),
        cut_short={name: _cut_short(old, new, *ends) for name, (old, new) in sides.items()},
        first=_firsts(block, {**kinds, "other doses alone": other_doses & ~np.any(list(kinds.values()), axis=0)}),
    )


def _under(block: Block, policy: Policy) -> Block:
    return dataclasses.replace(block, scenario=block.scenario.under(policy))


def _pair(numbers: Iterator[int]) -> Pair:
    old, new = numbers
    return old, new


def _moves(old: Side, new: Side, survive: Mask) -> Moves:
    """The moves of a scale that stays the same while the charts differ; no rule explains them."""
    was, now = old.peaks, new.peaks
    onset_shift, duration_shift = shifted([old], [new], ends=survive)
    up, down = int((now[0] > was[0]).sum()), int((now[0] < was[0]).sum())
    return Moves(
        patients=len(was[0]),
        matrix=Counter(zip(was[0].tolist(), now[0].tolist(), strict=True)),
        untold=0,
        up=Counter({BESIDE: up}),
        down=Counter({BESIDE: down}),
        reached=Counter(),
        perhaps=Counter(),
        masked=Counter(),
        movers=(),
        onset_shift_min=onset_shift,
        duration_shift_min=duration_shift,
        care={},
        intensive_min=both_ways(new.minutes_at(SEVERE) - old.minutes_at(SEVERE)),
        ranges=(int((was[0] != was[1]).sum()), int((now[0] != now[1]).sum())),
        ceilings_moved=int((was[1] != now[1]).sum()),
        told=frozenset(),
        has_doses=False,
    )


def _cut_short(old: Side, new: Side, end_old: Minutes, end_new: Minutes) -> Pair:
    """Whose worst grade is lower under OLD, where they died earlier; and the same under NEW."""
    was, now = old.peaks[0], new.peaks[0]
    return int(((was < now) & (end_old < end_new)).sum()), int(((now < was) & (end_new < end_old)).sum())


def _kinds(sides: Mapping[str, Sequence[Side]], end_old: Minutes, end_new: Minutes) -> Iterator[tuple[str, Mask]]:
    """Who changes in which way; bool (patients). Who dies earlier under NEW is not milder for that."""
    died_old, died_new = end_old < ALIVE, end_new < ALIVE
    for name, (old, new) in sides.items():
        was, now = old.peaks[0], new.peaks[0]
        yield f"{name} worse", (now > was) & (end_old >= end_new)
        yield f"{name} worse, died earlier under OLD", (now > was) & (end_old < end_new)
        yield f"{name} milder", (now < was) & (end_new >= end_old)
        yield f"{name} milder, died earlier under NEW", (now < was) & (end_new < end_old)
        seen = (old.resolved_min != NEVER) & (new.resolved_min != NEVER) & (was == now) & ~(died_old | died_new)
        yield f"{name} longer, as severe", seen & (new.resolved_min > old.resolved_min)
        yield f"{name} shorter, as severe", seen & (new.resolved_min < old.resolved_min)
    yield "dies only under NEW", died_new & ~died_old
    yield "dies only under OLD", died_old & ~died_new


def _firsts(block: Block, kinds: Mapping[str, Mask]) -> dict[str, str]:
    """The address of the first patient of each kind."""
    places = {kind: np.flatnonzero(mask) for kind, mask in kinds.items()}
    return {
        kind: str(Address(block.scenario.name, block.trial, block.seed, block.first + int(found[0])))
        for kind, found in places.items()
        if len(found)
    }


def _each_drug(counted: Sequence[Counter[str]]) -> dict[str, Pair]:
    old, new = counted
    return {drug: (old[drug], new[drug]) for drug in sorted({*old, *new})}
