"""Two forms of a scale compared over every cell of their tables: which findings change grade, in few rules.

Nothing is sampled. A rule is a set of cells of one group of fields, told by the tests of its fields, with what both
forms make of them while nothing worse is found elsewhere and the gate is open.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np

from cartox_core import Scale
from cartox_core.guideline import Clause
from cartox_core.tables import Axis, hold_mask
from harness.compare.beside import beside
from harness.compare.boxes import Box, Mask, boxes
from harness.compare.grids import WHILE_SHUT, Group, groups
from harness.compare.meaning import Reworded, reworded
from harness.compare.region import Region, in_words, region_of
from harness.compare.witness import course_witness, grave_sign, witness

Side = Literal["old", "new"]


@dataclasses.dataclass(frozen=True, slots=True)
class Deciding:
    """A reading of one side, its choice now, and the other choices that would grade some cell of a rule otherwise."""

    side: Side
    reading: str
    choice: str
    others: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.reading} of {self.side.upper()} ({self.choice}; otherwise with {' or '.join(self.others)})"

    @property
    def short(self) -> str:
        """The reading with the choices that would tell."""
        return f"{self.reading} (else {' or '.join(self.others)})"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """Findings that change grade; the fields that ``where`` leaves out are free.

    ``clauses_old`` and ``clauses_new`` decide on either side; ``witness`` is a case for ``cartox explain``. Where the
    ``gate`` opens or shuts, the grades are those of a grave ``sign`` behind it, and ``own`` what the findings grade
    without it. ``readings`` decide its cells.
    """

    scale: str
    where: Region
    old: int
    new: int
    cells: int
    clauses_old: tuple[str, ...]
    clauses_new: tuple[str, ...]
    witness: dict[str, Any] | None
    gate: str = ""
    sign: str = ""
    own: int = 0
    readings: tuple[Deciding, ...] = ()

    @property
    def when(self) -> tuple[tuple[str, str], ...]:
        """The fields that are named, each with its findings in words."""
        return tuple((name, in_words(tests)) for name, tests in self.where)

    @property
    def found(self) -> str:
        """The findings in one line."""
        return ", ".join(f"{name} {words}" for name, words in self.when) or "whatever is found"

    @property
    def note(self) -> str:
        """What the gate does, where it is the gate that changes; and that no case shows the rule, where none does."""
        gate = ""
        if self.gate:
            gate = f"the gate {self.gate}: {'all' if self.gate == 'opens' else 'nothing'} behind it counts"
            gate += f", shown with {self.sign}" if self.sign else ""
        return "; ".join(part for part in (gate, "" if self.witness else "no case shows it alone") if part)

    @property
    def decided(self) -> str:
        """The readings that decide it, by side; empty where none does."""
        sides = {side: [each.short for each in self.readings if each.side == side] for side in ("old", "new")}
        told = [f"{side.upper()} {', '.join(names)}" for side, names in sides.items() if names]
        return f"decided by a reading: {'; '.join(told)}" if told else ""

    def __str__(self) -> str:
        return f"{self.found}: {self.old} → {self.new}" + (f" ({self.note})" if self.note else "")


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What changes between two forms of a scale: rules, how many cells, and clauses that say the same otherwise.

    ``beside`` is what changes beside the tables: the hours from which it grades, its episodes, what it derives from
    doses or makes of a whole course, and what it assumes where nothing is charted. The fields that one form alone reads
    are free in the grades of the other.
    """

    scale: str
    changed_cells: int
    rules: tuple[Rule, ...]
    reworded: tuple[Reworded, ...]
    beside: tuple[str, ...]
    only_old_reads: tuple[str, ...] = ()
    only_new_reads: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether every chart and every course is graded alike."""
        return not self.rules and not self.beside


def difference(old: Scale, new: Scale) -> Difference:
    """The exact difference of two scales.

    >>> from cartox_core import load
    >>> found = difference(load("astct-2019").scale("crs"), load("astct-2019", {"C1": "high"}).scale("crs"))
    >>> [str(rule) for rule in found.rules]
    ['o2_device nasal_cannula or high_flow_nasal_cannula, oxygen_other_cause no, o2_flow_l_min 6: 2 → 3']
    """
    rules: list[Rule] = []
    changed = 0
    for group in groups((old, new)):
        differ = group.grades[0] != group.grades[1]
        changed += int(differ.sum())
        rules += rules_in(old, new, group, differ)
    named = frozenset(clause for rule in rules for clause in (*rule.clauses_old, *rule.clauses_new))
    return Difference(
        old.name,
        changed,
        tuple(rules),
        tuple(reworded(old, new, named)),
        tuple(beside(old, new)),
        tuple(name for name in old.fields if name not in new.fields),
        tuple(name for name in new.fields if name not in old.fields),
    )


def rules_in(old: Scale, new: Scale, group: Group, cells: Mask) -> Iterator[Rule]:
    """The rules of some cells of a group of two forms, all of which change."""
    before, after = group.grades
    for was, now in sorted(set(zip(before[cells].tolist(), after[cells].tolist(), strict=True))):
        for box in boxes(cells & (before == was) & (after == now)):
            yield _rule(old, new, group.axes, box, was, now)


def _rule(old: Scale, new: Scale, axes: Sequence[Axis], box: Box, was: int, now: int) -> Rule:
    at_gate = (was < 0) != (now < 0)
    clauses = [_deciding(form, axes, box, grade, at_gate) for form, grade in ((old, was), (new, now))]
    sign = grave_sign(old, new, axes) if at_gate else None
    before, after = (max(grade, sign.grade if sign and grade >= 0 else 0) for grade in (was, now))
    where = region_of(axes, box)
    if old.is_whole and new.is_whole:
        case = course_witness(old, new, where, before, after)
    else:
        found = {axis.field.name: axis.bands[bands[0]].sample for axis, bands in zip(axes, box, strict=True)}
        case = witness(old, new, found, before, after, sign)
    return Rule(
        scale=old.name,
        where=where,
        old=before,
        new=after,
        cells=int(np.prod([len(bands) for bands in box])),
        clauses_old=clauses[0],
        clauses_new=clauses[1],
        witness=case,
        gate=("opens" if was < 0 else "shuts") if at_gate else "",
        sign=sign.text if sign else "",
        own=max(was, now, 0) if at_gate else 0,
    )


def _deciding(scale: Scale, axes: Sequence[Axis], box: Box, grade: int, at_gate: bool) -> tuple[str, ...]:
    """The clauses of that grade that hold throughout a box, else those that hold in a part of it.

    Of the gate those that open it, or all where it is shut.
    """
    names = {axis.field.name for axis in axes}
    if at_gate or grade == WHILE_SHUT:
        return _holding(scale.gate, axes, box) or tuple(clause.id for clause in scale.gate)
    read = [domain for domain in scale.domains if set(domain.fields) <= names]
    return _holding([c for domain in read for c in domain.clauses if c.grade == grade], axes, box)


def _holding(clauses: Sequence[Clause], axes: Sequence[Axis], box: Box) -> tuple[str, ...]:
    held = {clause.id: hold_mask(clause.when, axes)[np.ix_(*box)] for clause in clauses}
    return tuple(name for name, mask in held.items() if mask.all()) or tuple(n for n, m in held.items() if m.any())
