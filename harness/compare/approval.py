"""A difference held against the approved one: by cells, so that wording, order and the way of merging do not count."""

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Scale
from harness.compare.boxes import Mask, boxes
from harness.compare.exact import Rule, rules_in
from harness.compare.expectation import Approved, Expectation, ExpectationError
from harness.compare.grids import Group, groups
from harness.compare.guidelines import Changes
from harness.compare.region import Region, cells_of, in_words, region_of
from harness.compare.witness import grave_sign

Codes = npt.NDArray[np.int16]  # what changes in each cell: 0 for nothing, else as of _changing
_OPENS, _SHUTS = 1, 2


@dataclasses.dataclass(frozen=True, slots=True)
class NotSo:
    """Findings of an approved rule that do not change, or change otherwise; ``now`` says what they do."""

    approved: Approved
    where: Region
    now: str

    @property
    def when(self) -> dict[str, str]:
        """The fields that are named, each with its findings in words."""
        return {name: in_words(tests) for name, tests in self.where}

    @property
    def found(self) -> str:
        """The findings in one line."""
        return ", ".join(f"{name} {words}" for name, words in self.when.items())


@dataclasses.dataclass(frozen=True, slots=True)
class Approval:
    """How a difference stands to what was approved of it.

    ``more`` changes and was not approved; ``not_so`` was approved and does not change, or changes otherwise. The lines
    beside the tables, and the scales of one side, are told in words.
    """

    expected: Expectation
    more: tuple[Rule, ...]
    not_so: tuple[NotSo, ...]
    more_beside: tuple[str, ...]
    not_so_beside: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Whether the difference is what was approved, no more and no less."""
        return not (self.more or self.not_so or self.more_beside or self.not_so_beside)


def approval(expected: Expectation, found: Changes, pairs: Sequence[tuple[str, str]]) -> Approval:
    """Hold the changes of some pairs of scales against what was approved.

    Raises ExpectationError where two approved rules contradict each other, or one can hold for no finding.

    >>> from cartox_core import load
    >>> from harness.compare.guidelines import changes
    >>> nothing = Expectation("astct-2019", "astct-2019", "", "", (), (), (), ())
    >>> old, new = load("astct-2019"), load("astct-2019", {"C1": "high"})
    >>> held = approval(nothing, changes(old, new, [("crs", "crs")]), [("crs", "crs")])
    >>> held.is_met, [rule.old for rule in held.more]
    (False, [2])
    """
    more: list[Rule] = []
    not_so: list[NotSo] = []
    for one, other in pairs:
        forms = found.old.scale(one), found.new.scale(other)
        held = _Held(forms, [rule for rule in expected.rules if rule.scale == one])
        more += held.more
        not_so += held.not_so
    compared = [one for one, _ in pairs]
    lost = [rule for rule in expected.rules if rule.scale not in compared]
    not_so += [NotSo(rule, rule.where, f"not compared, for NEW has no scale {rule.scale}") for rule in lost]
    real, wanted = list(_beside(found)), list(_approved_beside(expected))
    return Approval(
        expected,
        tuple(more),
        tuple(sorted(not_so, key=lambda each: each.approved.number)),
        tuple(line for line in real if line not in wanted),
        tuple(line for line in wanted if line not in real),
    )


def _beside(found: Changes) -> Iterator[str]:
    for scale in found.scales:
        yield from (f"{scale.scale}: {line}" for line in scale.beside)
    yield from (f"only in OLD: {name}" for name in found.only_old)
    yield from (f"only in NEW: {name}" for name in found.only_new)


def _approved_beside(expected: Expectation) -> Iterator[str]:
    yield from (f"{each.scale}: {each.what}" for each in expected.beside)
    yield from (f"only in OLD: {name}" for name in expected.only_old)
    yield from (f"only in NEW: {name}" for name in expected.only_new)


class _Held:
    """Two forms of a scale, cell by cell, against the rules approved for it."""

    def __init__(self, forms: tuple[Scale, Scale], rules: Sequence[Approved]) -> None:
        self.forms = forms
        self.more: list[Rule] = []
        self.not_so: list[NotSo] = []
        placed: set[int] = set()
        for group in groups(forms, [rule.where for rule in rules]):
            mine = [rule for rule in rules if all(name in group.names for name, _ in rule.where)]
            placed.update(rule.number for rule in mine)
            self._hold(group, mine)
        read = {name for form in forms for clause in form.clauses for name in clause.when}
        for rule in rules:
            if rule.number not in placed:
                unread = [name for name, _ in rule.where if name not in read]
                why = f"no scale reads {', '.join(unread)}" if unread else "no grade rests on these fields together"
                self.not_so.append(NotSo(rule, rule.where, why))

    def _hold(self, group: Group, rules: Sequence[Approved]) -> None:
        real, wanted = _changing(group), np.zeros_like(group.grades[0], np.int16)
        whose = np.zeros_like(wanted)
        for rule in rules:
            cells, codes = cells_of(rule.where, group.axes), self._codes(rule, group, real)
            _check(rule, rules, cells, (cells & (wanted != 0) & (wanted != codes)), whose, group)
            wanted[cells], whose[cells] = codes[cells], rule.number
        self.more += rules_in(*self.forms, group, (real != 0) & (wanted == 0))
        for rule in rules:
            self.not_so += self._not_so(group, rule, (whose == rule.number) & (real != wanted))

    def _codes(self, rule: Approved, group: Group, real: Codes) -> Codes:
        """What a rule approves of each cell; of a gate, what opens or shuts with the grade that a cell has by itself.

        A gate may be told without grades, or with those of the sign that the comparison tells it with.
        """
        if not rule.gate:
            assert rule.old is not None and rule.new is not None
            return np.full_like(real, 100 + 10 * rule.old + rule.new)
        gate, told = (_OPENS, rule.new) if rule.gate == "opens" else (_SHUTS, rule.old)
        sign = grave_sign(*self.forms, group.axes)
        exact = gate + 10 * (told or 0)
        plain = gate if sign and told == sign.grade else exact
        return np.where(real == exact, exact, plain).astype(np.int16)

    def _not_so(self, group: Group, rule: Approved, cells: Mask) -> Iterator[NotSo]:
        before, after = group.grades
        same = cells & (before == after)
        for grade in sorted(set(np.maximum(before[same], 0).tolist())):
            for box in boxes(same & (np.maximum(before, 0) == grade)):
                yield NotSo(rule, region_of(group.axes, box), f"{grade} in both")
        for other in rules_in(*self.forms, group, cells & ~same):
            gate = f"the gate {other.gate}, " if other.gate else ""
            yield NotSo(rule, other.where, f"{gate}{other.old} → {other.new}")


def _changing(group: Group) -> Codes:
    """What changes in each cell of two forms."""
    before, after = (grid.astype(np.int16) for grid in group.grades)
    told = 100 + 10 * np.maximum(before, 0) + np.maximum(after, 0)
    at_gate = (before < 0) != (after < 0)
    gate = np.where(before < 0, _OPENS, _SHUTS) + 10 * np.maximum(np.maximum(before, after), 0)
    return np.where(before == after, 0, np.where(at_gate, gate, told)).astype(np.int16)


def _check(rule: Approved, rules: Sequence[Approved], cells: Mask, against: Mask, whose: Codes, group: Group) -> None:
    """Refuse a rule that holds for no finding, or that gives findings other grades than an earlier one."""
    if not cells.any():
        raise ExpectationError(f"rule {rule.number} holds for no finding: {rule.found}")
    if against.any():
        other = next(each for each in rules if each.number == int(whose[against][0]))
        region = region_of(group.axes, boxes(against)[0])
        where = ", ".join(f"{name} {in_words(tests)}" for name, tests in region)
        raise ExpectationError(
            f"rules {other.number} and {rule.number} contradict each other: for {where} the one has {other.change}, "
            f"the other {rule.change}"
        )
