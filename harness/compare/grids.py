"""Forms of a scale over the same cells: what each makes of every cell of plain bands, group of fields by group.

Fields that one of the forms reads together make a group. A cell is graded with the rest of the chart at its mildest;
where the gate is shut it is WHILE_SHUT, which counts as 0.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Scale
from cartox_core.guideline import Clause, Domain
from cartox_core.tables import Axis, axis_of, domain_grid, hold_mask, tables_of
from harness.compare.region import Region

Grid = npt.NDArray[np.int8]
WHILE_SHUT = -1


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One group of fields: its axes, and the grades of each form, int8 (bands of each axis)."""

    axes: tuple[Axis, ...]
    grades: tuple[Grid, ...]

    @property
    def names(self) -> frozenset[str]:
        """The fields of the group."""
        return frozenset(axis.field.name for axis in self.axes)


def groups(forms: Sequence[Scale], regions: Sequence[Region] = ()) -> Iterator[Group]:
    """The groups of some forms; bands are cut finely enough for all of them, and for the regions given."""
    order = list(dict.fromkeys(name for form in forms for clause in form.clauses for name in clause.when))
    cutting = [clause for form in forms for clause in form.clauses]
    cutting += [Clause("", 0, {name: test}, "", ()) for region in regions for name, tests in region for test in tests]
    assumptions = [a for form in forms for a in form.assumptions]
    own = {name: field for form in reversed(forms) for name, field in form.own.items()}
    for fields in _joined(forms):
        axes = tuple(axis_of(name, cutting, assumptions, own) for name in sorted(fields, key=order.index))
        yield Group(axes, tuple(grades_over(form, axes) for form in forms))


def _joined(forms: Iterable[Scale]) -> list[set[str]]:
    """The fields of the tables of all forms, joined where one of them reads several."""
    found: list[set[str]] = []
    for table in (t for form in forms for t in tables_of(form).tables):
        fields = {axis.field.name for axis in table.axes}
        apart = [g for g in found if not g & fields]
        found = [*apart, fields.union(*(g for g in found if g & fields))]
    return found


def grades_over(scale: Scale, axes: Sequence[Axis]) -> Grid:
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
