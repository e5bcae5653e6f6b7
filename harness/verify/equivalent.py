"""Proof that two forms of a scale grade every chart and every course alike, over all cells of their tables.

Fields that either form reads together make a group. In each group every cell of the bands that either form cuts, with
every stretch that partial knowledge leaves, gives what both forms make of it. Groups share no field, so a chart is any
combination of one such outcome from each, and those are few.
"""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Scale
from cartox_core.guideline import Episode
from cartox_core.tables import Axis, ScaleTables, Table, axis_of, tables_of

Outcomes = npt.NDArray[np.uint8]  # (outcomes, 2 forms, 6): see _PARTS
_GATED_LOW, _GATED_HIGH, _FREE_LOW, _FREE_HIGH, _SURELY, _MAYBE = range(6)
_PARTS = 6


def equivalent(one: Scale, other: Scale) -> bool:
    """Whether it is proven that both grade alike whatever is charted. False says only that it is not proven."""
    around = [(scale.from_h, _clock(scale), scale.features, scale.infusions) for scale in (one, other)]
    if around[0] != around[1]:
        return False
    forms = (tables_of(one), tables_of(other))
    total = np.zeros((1, 2, _PARTS), np.uint8)
    total[..., _SURELY:] = 1
    for fields in _groups([t for form in forms for t in form.tables]):
        total = _combined(total, _outcomes(_axes(fields, (one, other)), forms))
    low, high = _grades(total)
    return bool((low[:, 0] == low[:, 1]).all() and (high[:, 0] == high[:, 1]).all()) and _same_signs(one, other)


def _clock(scale: Scale) -> Episode | None:
    """How an episode runs, but for its signs, which are compared by their tables; a fever always is one."""
    return scale.episode and dataclasses.replace(scale.episode, signs=())


def _groups(tables: Iterable[Table]) -> list[set[str]]:
    """The fields of tables, joined where a table reads several."""
    groups: list[set[str]] = []
    for table in tables:
        fields = {axis.field.name for axis in table.axes}
        apart = [g for g in groups if not g & fields]
        groups = [*apart, fields.union(*(g for g in groups if g & fields))]
    return groups


def _axes(fields: Iterable[str], scales: Sequence[Scale]) -> list[Axis]:
    """The axes that all clauses of some scales cut together."""
    clauses = [c for scale in scales for c in scale.clauses]
    assumptions = [a for scale in scales for a in scale.assumptions]
    own = {k: f for scale in scales for k, f in scale.own.items()}
    return [axis_of(name, clauses, assumptions, own) for name in sorted(fields)]


def _outcomes(axes: Sequence[Axis], forms: Sequence[ScaleTables]) -> Outcomes:
    """What both forms make of each cell of a group, each different outcome once."""
    shape = [len(_entries(axis)) for axis in axes]
    found = np.zeros((*shape, 2, _PARTS), np.uint8)
    found[..., _SURELY:] = 1
    names = {axis.field.name for axis in axes}
    for form, tables in enumerate(forms):
        for table in tables.tables:
            if {a.field.name for a in table.axes} <= names:
                _put(found[..., form, :], table, axes)
    return np.unique(found.reshape(-1, 2, _PARTS), axis=0)


def _put(grid: npt.NDArray[np.uint8], table: Table, axes: Sequence[Axis]) -> None:
    low, high = (_GATED_LOW, _GATED_HIGH) if table.gated else (_FREE_LOW, _FREE_HIGH)
    for part, values in ((low, table.floor), (high, table.ceiling)):
        np.maximum(grid[..., part], _spread(values, table, axes), out=grid[..., part])
    if table.surely_open is not None and table.maybe_open is not None:
        grid[..., _SURELY] = _spread(table.surely_open, table, axes)
        grid[..., _MAYBE] = _spread(table.maybe_open, table, axes)


def _spread(values: npt.NDArray[np.uint8], table: Table, axes: Sequence[Axis]) -> npt.NDArray[np.uint8]:
    """A table's values over the cells of more and finer axes."""
    place = {axis.field.name: axis for axis in table.axes}
    shared = [axis for axis in axes if axis.field.name in place]
    order = [[a.field.name for a in table.axes].index(axis.field.name) for axis in shared]
    index = [[_entry_in(place[axis.field.name], axis, e) for e in _entries(axis)] for axis in shared]
    found = np.transpose(values, order)[np.ix_(*index)] if shared else values
    return found.reshape([len(_entries(axis)) if axis.field.name in place else 1 for axis in axes])


def _entries(axis: Axis) -> list[tuple[int, int]]:
    """Where a chart can stand: a field with a default is never unknown."""
    return [e for e in axis.entries if axis.field.default is None or e[0] == e[1]]


def _entry_in(coarse: Axis, fine: Axis, entry: tuple[int, int]) -> int:
    first, last = (coarse.entry(fine.bands[i].sample) for i in entry)
    return coarse.entries.index((first, last))


def _combined(one: Outcomes, other: Outcomes) -> Outcomes:
    """Every outcome of one group together with every one of another."""
    pairs = np.maximum(one[:, None], other[None])
    pairs[..., _SURELY:] = np.minimum(one[:, None], other[None])[..., _SURELY:]
    return np.unique(pairs.reshape(-1, 2, _PARTS), axis=0)


def _grades(total: Outcomes) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    low = np.maximum(total[..., _GATED_LOW] * total[..., _SURELY], total[..., _FREE_LOW])
    high = np.maximum(total[..., _GATED_HIGH] * total[..., _MAYBE], total[..., _FREE_HIGH])
    return low, high


def _same_signs(one: Scale, other: Scale) -> bool:
    """Whether a course shows its signs to both at the same observations."""
    forms = [tables_of(one), tables_of(other)]
    lists = [[*(t for t in [form.fever] if t), *form.signs] for form in forms]
    if len(lists[0]) != len(lists[1]):
        return False
    for a, b in zip(*lists, strict=True):
        axes = _axes({x.field.name for x in (*a.axes, *b.axes)}, (one, other))
        for x, y in ((a.floor, b.floor), (a.ceiling, b.ceiling)):
            if np.any((_spread(x, a, axes) > 0) != (_spread(y, b, axes) > 0)):
                return False
    return True
