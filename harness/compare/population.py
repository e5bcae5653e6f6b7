"""Two guidelines on patients: simulated ones, block by block on any executor, or those of cases."""

import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor

import numpy as np

from cartox_core import Case, Columns, Guideline, columns_of, load
from cartox_core.observation import READABLE
from harness.cohort.block import Block
from harness.cohort.charted import charts_of
from harness.cohort.workers import in_order
from harness.compare.exact import Rule, difference
from harness.compare.moves import Moves, Pair, moves, total
from harness.patients.address import Address

_BATCH_CASES = 2000
Part = tuple[Sequence[Moves], int]  # the counts of each pair, and how many patients move in any


@dataclasses.dataclass(frozen=True, slots=True)
class Sides:
    """Which guidelines, by id or file, under which readings, and which of their scales are compared."""

    old: str
    old_readings: tuple[tuple[str, str], ...]
    new: str
    new_readings: tuple[tuple[str, str], ...]
    scales: tuple[tuple[str, str], ...]

    def pairs(self) -> tuple[Pair, ...]:
        """The scales with their rules, read and compared anew. Raises GuidelineError."""
        old, new = load(self.old, dict(self.old_readings)), load(self.new, dict(self.new_readings))
        return pairs_of(old, new, self.scales)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NotExercised:
    """A rule that no patient surely has the findings of.

    ``clauses`` are those of its clauses that no rule exercises, ``perhaps`` how many patients what is not charted
    leaves it possible in, ``untold`` the fields of it that nobody charts.
    """

    pair: Pair
    place: int
    clauses: tuple[str, ...]
    perhaps: int
    untold: tuple[str, ...]

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.pair.rules[self.place]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Population:
    """What changes for some patients; ``source`` says whose they are.

    ``moved`` are the patients whose peak moves in any scale; ``moves`` has the counts of each pair.
    """

    source: str
    simulated: bool
    moved: int
    pairs: tuple[Pair, ...]
    moves: tuple[Moves, ...]

    @property
    def patients(self) -> int:
        """How many patients there are."""
        return self.moves[0].patients

    @property
    def by_scale(self) -> Iterator[tuple[Pair, Moves]]:
        """Each pair with its counts."""
        return zip(self.pairs, self.moves, strict=True)

    @property
    def not_exercised(self) -> tuple[NotExercised, ...]:
        """The rules whose findings no patient surely has."""
        found = []
        for pair, counts in self.by_scale:
            met = {c for i in counts.reached for c in _clauses(pair.rules[i])}
            for i, rule in enumerate(pair.rules):
                if i not in counts.reached:
                    clauses = tuple(c for c in _clauses(rule) if c not in met)
                    untold = tuple(n for n, _ in rule.where if n not in counts.told and _is_charted(pair, n))
                    found.append(NotExercised(pair, i, clauses, counts.perhaps[i], untold))
        return tuple(found)


def _is_charted(pair: Pair, name: str) -> bool:
    """Whether a field is a finding that somebody charts: no state, no attribution, nothing that a scale makes."""
    own = (*pair.old.own, *pair.new.own)
    return name not in own and READABLE[name].role not in ("state", "patient", "attribution")


def _clauses(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rule.clauses_old, *rule.clauses_new)))


def pairs_of(old: Guideline, new: Guideline, scales: Sequence[tuple[str, str]]) -> tuple[Pair, ...]:
    """Scales of two guidelines with the rules of their differences."""
    found = ((old.scale(one), new.scale(other)) for one, other in scales)
    return tuple(Pair(one, other, difference(one, other).rules) for one, other in found)


def of_cases(source: str, cases: Sequence[Case], names: Sequence[str], pairs: tuple[Pair, ...]) -> Population:
    """What changes for the patients of checked cases, in the order given."""
    read = _fields(pairs)
    parts = []
    for start in range(0, len(cases), _BATCH_CASES):
        rounds = columns_of(cases[start : start + _BATCH_CASES], read)
        parts.append(_part(pairs, rounds, None, names[start:].__getitem__))
    return _population(source, False, pairs, parts)


def of_blocks(
    source: str,
    blocks: Sequence[Block],
    sides: Sides,
    executor: Executor | None,
    in_flight: int,
    done: Callable[[int], None],
) -> Population:
    """What changes for the patients of blocks, the same under both; ``done`` is told how many are.

    Workers read the guidelines themselves. The counts are the same with one worker or many.
    """
    work = functools.partial(on_block, sides)
    found = map(work, blocks) if executor is None else in_order(executor, work, blocks, in_flight)
    parts = []
    for block, part in zip(blocks, found, strict=True):
        parts.append(part)
        done(block.count)
    return _population(source, True, sides.pairs(), parts)


def on_block(sides: Sides, block: Block) -> Part:
    """What changes for the patients of one block."""
    pairs = _pairs(sides)
    rounds, days = charts_of(block, _fields(pairs))

    def address(place: int) -> str:
        return str(Address(block.scenario.name, block.trial, block.seed, block.first + place))

    return _part(pairs, rounds, days, address)


def _part(pairs: Sequence[Pair], rounds: Columns, days: Columns | None, name_of: Callable[[int], str]) -> Part:
    found = [moves(pair, rounds, days, name_of) for pair in pairs]
    return [counts for counts, _ in found], int(np.any([moved for _, moved in found], axis=0).sum())


@functools.lru_cache(maxsize=1)
def _pairs(sides: Sides) -> tuple[Pair, ...]:
    return sides.pairs()


def _fields(pairs: Sequence[Pair]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for pair in pairs for form in (pair.old, pair.new) for name in form.fields))


def _population(source: str, simulated: bool, pairs: tuple[Pair, ...], parts: Sequence[Part]) -> Population:
    counts = tuple(total(of_pair) for of_pair in zip(*(found for found, _ in parts), strict=True))
    return Population(source, simulated, sum(moved for _, moved in parts), pairs, counts)
