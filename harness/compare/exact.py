"""Two forms of a scale compared over every cell of their tables: which findings change grade, in the fewest rules.

Nothing is sampled. Fields that either form reads together make a group; a rule is a set of cells of one group, told by
the bands of its fields, with what both forms make of them while nothing worse is found elsewhere and the gate is open.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core import Observation, Patient, Scale, grade
from cartox_core.conditions import Band
from cartox_core.fields import Field
from cartox_core.guideline import Clause, Domain
from cartox_core.observation import PATIENT, READABLE
from cartox_core.tables import Axis, axis_of, domain_grid, hold_mask, tables_of
from harness.charts import Chart, calm, chart, snapshot
from harness.compare.beside import beside
from harness.compare.boxes import Box, boxes

Grid = npt.NDArray[np.int8]
WHILE_SHUT = -1  # the grade of a cell whose gate is shut, before it is told as 0


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """Findings that change grade. ``when`` has the bands of each field in words; the fields it leaves out are free.

    ``clauses_old`` and ``clauses_new`` decide on either side; ``witness`` is a case for ``cartox explain``. Where the
    gate opens or shuts, ``note`` says so, and the grades are those of a grave sign behind it.
    """

    scale: str
    when: tuple[tuple[str, str], ...]
    old: int
    new: int
    cells: int
    clauses_old: tuple[str, ...]
    clauses_new: tuple[str, ...]
    witness: dict[str, Any] | None
    note: str = ""

    def __str__(self) -> str:
        found = ", ".join(f"{name} {bands}" for name, bands in self.when) or "whatever is found"
        return f"{found}: {self.old} → {self.new}" + (f" ({self.note})" if self.note else "")


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What changes between two forms of a scale: rules, how many cells, and clauses that say the same otherwise.

    ``beside`` is what changes beside the tables: the hours from which it grades, its episodes, what it derives from
    doses or makes of a whole course, and what it assumes where nothing is charted.
    """

    scale: str
    changed_cells: int
    rules: tuple[Rule, ...]
    reworded: tuple[str, ...]
    beside: tuple[str, ...]

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
    for fields in _groups((old, new)):
        axes = [
            axis_of(name, [*old.clauses, *new.clauses], (*old.assumptions, *new.assumptions), {**old.own, **new.own})
            for name in sorted(fields, key=list(dict.fromkeys((*_tested(old), *_tested(new)))).index)
        ]
        before, after = _grades(old, axes), _grades(new, axes)
        for was, now in sorted(
            set(zip(before[before != after].tolist(), after[before != after].tolist(), strict=True))
        ):
            mask = (before == was) & (after == now)
            rules += [_rule(old, new, axes, box, was, now) for box in boxes(mask)]
    cells = sum(rule.cells for rule in rules)
    return Difference(old.name, cells, tuple(rules), _reworded(old, new), tuple(beside(old, new)))


def _tested(scale: Scale) -> Iterator[str]:
    return (name for clause in scale.clauses for name in clause.when)


def _groups(forms: Iterable[Scale]) -> list[set[str]]:
    """The fields of the tables of both forms, joined where one of them reads several."""
    groups: list[set[str]] = []
    for table in (t for form in forms for t in tables_of(form).tables):
        fields = {axis.field.name for axis in table.axes}
        apart = [g for g in groups if not g & fields]
        groups = [*apart, fields.union(*(g for g in groups if g & fields))]
    return groups


def _grades(scale: Scale, axes: Sequence[Axis]) -> Grid:
    """What a scale makes of each cell of plain bands, with the rest of the chart at its mildest."""
    names = {axis.field.name for axis in axes}
    shape = [len(axis.bands) for axis in axes]
    gated, free = (_worst(scale.domains, axes, names, flag) for flag in (True, False))
    if not any(set(clause.when) & names for clause in scale.gate):
        return np.maximum(gated, free)
    opened = np.zeros(shape, bool)
    for clause in scale.gate:
        opened |= hold_mask(clause.when, axes)
    return np.maximum(np.where(opened, gated, WHILE_SHUT), np.where(free > 0, free, WHILE_SHUT)).astype(np.int8)


def _worst(domains: Sequence[Domain], axes: Sequence[Axis], names: set[str], gated: bool) -> Grid:
    grid = np.zeros([len(axis.bands) for axis in axes], np.int8)
    for domain in domains:
        if domain.gated == gated and set(domain.fields) <= names:
            grid = np.maximum(grid, domain_grid(domain, axes))
    return grid


def _rule(old: Scale, new: Scale, axes: Sequence[Axis], box: Box, was: int, now: int) -> Rule:
    when = tuple(
        (axis.field.name, _in_words(axis, bands))
        for axis, bands in zip(axes, box, strict=True)
        if len(bands) < len(axis.bands)
    )
    at_gate = max(was, now) <= 0
    deciding = [tuple(_deciding(form, axes, box, grade, at_gate)) for form, grade in ((old, was), (new, now))]
    cells = int(np.prod([len(bands) for bands in box]))
    sign = _grave_sign(old, new, axes) if at_gate else None
    before, after = (sign.grade if sign and grade >= 0 else max(grade, 0) for grade in (was, now))
    note = f"the gate {'opens' if was < 0 else 'shuts'}; shown with {sign.text}" if sign else ""
    witness = _witness(old, new, axes, box, before, after, sign)
    return Rule(old.name, when, before, after, cells, deciding[0], deciding[1], witness, note)


def _grave_sign(old: Scale, new: Scale, axes: Sequence[Axis]) -> Clause | None:
    """The gravest clause behind the gate that both forms have alike, and that reads nothing of these axes."""
    names = {axis.field.name for axis in axes}
    theirs = {c.id: (c.grade, dict(c.when)) for d in new.domains if d.gated for c in d.clauses}
    both = [
        clause
        for domain in old.domains
        if domain.gated and not set(domain.fields) & names
        for clause in domain.clauses
        if theirs.get(clause.id) == (clause.grade, dict(clause.when))
    ]
    return max(both, key=lambda clause: clause.grade, default=None)


def _deciding(scale: Scale, axes: Sequence[Axis], box: Box, grade: int, at_gate: bool) -> Iterator[str]:
    """The clauses of that grade that hold in a box; of the gate those that open it, or all where it is shut."""
    names = {axis.field.name for axis in axes}
    at = np.ix_(*box)
    if at_gate or grade == WHILE_SHUT:
        opening = [clause.id for clause in scale.gate if hold_mask(clause.when, axes)[at].any()]
        yield from opening or [clause.id for clause in scale.gate]
        return
    for domain in scale.domains:
        for clause in domain.clauses if set(domain.fields) <= names else ():
            if clause.grade == grade and hold_mask(clause.when, axes)[at].any():
                yield clause.id


def _in_words(axis: Axis, bands: Sequence[int]) -> str:
    """Bands of a field in words: neighbours as a stretch."""
    if axis.field.kind in ("bool", "enum"):
        return " or ".join(axis.bands[i].label for i in bands)
    runs: list[list[int]] = []
    for band in bands:
        if runs and band == runs[-1][-1] + 1:
            runs[-1].append(band)
        else:
            runs.append([band])
    return " or ".join(_stretch(axis.field, axis.bands[run[0]], axis.bands[run[-1]]) for run in runs)


def _stretch(field: Field, first: Band, last: Band) -> str:
    if first == last:
        return first.label
    low, high = first.label, last.label
    if field.kind == "integer":
        return f"{low.split('–')[0]}–{high.split('–')[-1]}"
    return f"{low} to {high}"


def _witness(
    old: Scale, new: Scale, axes: Sequence[Axis], box: Box, was: int, now: int, sign: Clause | None
) -> dict[str, Any] | None:
    """A case that the two forms grade so, made of a calm chart; None for scales of a whole course."""
    if old.is_whole or new.is_whole:
        return None
    found: dict[str, Any] = {
        axis.field.name: axis.bands[bands[0]].sample for axis, bands in zip(axes, box, strict=True)
    }
    for base in _bases(old, new, sign):
        case: dict[str, Any] = {n: v for n, v in {**base, **found}.items() if v != READABLE[n].default}
        told = Observation(time_h=48.0, **{k: v for k, v in case.items() if k not in PATIENT})
        who = Patient(**{k: v for k, v in case.items() if k in PATIENT})
        if [grade(told, form, who).grade for form in (old, new)] == [was, now]:
            return snapshot(case)
    return None


def _bases(old: Scale, new: Scale, sign: Clause | None) -> Iterator[Chart]:
    """Calm charts of both forms, but for a sign where one is given; the gate of either open in each way, and shut."""
    rest = {**calm(new), **calm(old), **((chart(old, sign.when) or {}) if sign else {})}
    for form in (old, new):
        for gate in [clause.when for clause in form.gate]:
            opened = chart(form, gate)
            if opened is not None:
                yield {**rest, **opened}
    yield rest


def _reworded(old: Scale, new: Scale) -> tuple[str, ...]:
    """Clauses that ask and give the same in other words, or from another source."""
    theirs: dict[str, Clause] = {clause.id: clause for clause in new.clauses}
    return tuple(
        clause.id
        for clause in old.clauses
        if (other := theirs.get(clause.id)) is not None
        and (clause.grade, dict(clause.when)) == (other.grade, dict(other.when))
        and (clause.text, clause.cite) != (other.text, other.cite)
    )
