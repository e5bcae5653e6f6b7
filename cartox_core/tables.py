"""The finite tables that a scale comes down to, missing information included.

Every test splits its field into a few bands, so domains that share fields form one small table. Along each
axis stand the bands, then the stretches of bands that partial information leaves possible, last of all the
whole field: unknown. The floor of a cell is the lowest, its ceiling the highest grade that some completion
gives. Grades of different tables combine by the worst, which is exact because they share no field.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.conditions import Band, Between, Cut, Test, bands_of, cuts_of
from cartox_core.fields import Field, Value
from cartox_core.guideline import Assumption, Clause, Domain, GuidelineError, Scale
from cartox_core.observation import ITEMS_OF, READABLE

Grid = npt.NDArray[np.uint8]
_NO_CELL = 99
_CHARTED_ONLY: Mapping[str, Field] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Axis:
    """One field of a table: its bands, and the entries (first band, last band) that a cell may stand on.

    The first entries are the single bands; the last is the whole field, which is what unknown means.
    ``places`` are the entries of unknown and of every value that can be listed.
    """

    field: Field
    cuts: tuple[Cut, ...]
    bands: tuple[Band, ...]
    entries: tuple[tuple[int, int], ...]
    places: Mapping[Value | None, int]

    @property
    def unknown(self) -> int:
        """The entry of an unknown value: the default's band where the field has one."""
        return self.places[None]

    def entry(self, value: Value | None) -> int:
        """The entry of a value, which is its band; None is unknown."""
        place = self.places.get(value)
        return place if place is not None else _passed(self.cuts, value)

    def stretch(self, low: Value, high: Value) -> int:
        """The entry of a value known only to lie between two others."""
        return self.entries.index((self.entry(low), self.entry(high)))


def axis_of(
    name: str,
    clauses: Sequence[Clause],
    assumptions: Sequence[Assumption] = (),
    own: Mapping[str, Field] = _CHARTED_ONLY,
) -> Axis:
    """The axis that these clauses cut in a field, which may be one that the scale makes itself."""
    field = own.get(name) or READABLE[name]
    whens = [c.when for c in clauses] + [a.when for a in assumptions]
    tests = [when[name] for when in whens if name in when]
    cuts = cuts_of([t for t in tests if isinstance(t, Between)], field)
    bands = bands_of(field, cuts)
    n = len(bands)
    single = [(i, i) for i in range(n)]
    wider = [(i, j) for i in range(n) for j in range(i + 1, n)] if name in ITEMS_OF else [(0, n - 1)]
    wider.sort(key=lambda e: e[1] - e[0])
    entries = tuple(single + [e for e in wider if e not in single])
    places: dict[Value | None, int] = {None: len(entries) - 1}
    match field.kind:
        case "bool":
            places |= {False: 0, True: 1}
        case "enum":
            places |= {value: i for i, value in enumerate(field.values)}
        case "integer":
            places |= {value: _passed(cuts, value) for value in range(int(field.low), int(field.high) + 1)}
    if field.default is not None:
        places[None] = places[field.default]
    return Axis(field, cuts, bands, entries, places)


def _passed(cuts: Sequence[Cut], value: Value | None) -> int:
    """How many cuts a number lies beyond."""
    return sum([cut.passed(value) for cut in cuts])  # type: ignore[arg-type]


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """Domains that share fields, over all cells of their axes.

    ``floor`` and ``ceiling`` have one dimension an axis. A table that holds the gate gives them for the
    completions that open it, and says in ``surely_open`` and ``maybe_open`` whether there are such.
    ``complete`` has the grade of each cell of plain bands.
    """

    axes: tuple[Axis, ...]
    domains: tuple[Domain, ...]
    gated: bool
    floor: Grid
    ceiling: Grid
    surely_open: Grid | None
    maybe_open: Grid | None
    complete: Grid


def hold_mask(when: Mapping[str, Test], axes: Sequence[Axis]) -> npt.NDArray[np.bool_]:
    """Where all tests hold, over the plain bands of the axes."""
    mask = np.ones([len(a.bands) for a in axes], bool)
    for i, axis in enumerate(axes):
        test = when.get(axis.field.name)
        if test is not None:
            holds = np.array([test.holds(b.sample) for b in axis.bands])
            mask &= holds.reshape([-1 if k == i else 1 for k in range(len(axes))])
    return mask


def domain_grid(domain: Domain, axes: Sequence[Axis]) -> npt.NDArray[np.int8]:
    """The grade of a domain over the plain bands; -1 where no clause holds (a gap)."""
    grid = np.full([len(a.bands) for a in axes], -1, np.int8)
    for clause in domain.clauses:
        np.maximum(grid, np.int8(clause.grade), out=grid, where=hold_mask(clause.when, axes))
    return grid


def _extend(grid: Grid, axes: Sequence[Axis], worst: Callable[..., Grid]) -> Grid:
    """Over bands to over entries: each entry takes the worst (or mildest) of the bands it leaves possible."""
    for i, axis in enumerate(axes):
        at = [slice(None)] * len(axes)
        parts = []
        for low, high in axis.entries:
            at[i] = slice(low, high + 1)
            parts.append(worst(grid[tuple(at)], axis=i, keepdims=True))
        grid = np.concatenate(parts, axis=i)
    return grid


def build_table(
    domains: Sequence[Domain],
    gate: Sequence[Clause] = (),
    assumptions: Sequence[Assumption] = (),
    own: Mapping[str, Field] = _CHARTED_ONLY,
) -> Table:
    """The table of some domains, and of the gate where it is among them."""
    clauses = [c for d in domains for c in d.clauses] + list(gate)
    read = dict.fromkeys(name for c in clauses for name in c.when)
    mine = [a for a in assumptions if a.field in read]
    names = tuple(read | dict.fromkeys(name for a in mine for name in a.when))
    axes = tuple(axis_of(name, clauses, mine, own) for name in names)
    shape = [len(a.bands) for a in axes]
    worst = np.zeros(shape, np.uint8)
    for domain in domains:
        worst = np.maximum(worst, np.maximum(domain_grid(domain, axes), 0).astype(np.uint8))
    opened = np.zeros(shape, np.uint8) if gate else np.ones(shape, np.uint8)
    for clause in gate:
        opened |= hold_mask(clause.when, axes)
    floor = _extend(np.where(opened, worst, _NO_CELL).astype(np.uint8), axes, np.min)
    ceiling = _extend(np.where(opened, worst, 0).astype(np.uint8), axes, np.max)
    surely, maybe = _extend(opened, axes, np.min), _extend(opened, axes, np.max)
    floor = np.where(floor == _NO_CELL, 0, floor).astype(np.uint8)
    grids = [floor, ceiling, surely, maybe]
    for assumption in reversed(mine):
        _assume(grids, axes, assumption)
    gated = domains[0].gated if domains else True
    complete = np.where(opened, worst, 0).astype(np.uint8)
    return Table(
        axes, tuple(domains), gated, floor, ceiling, surely if gate else None, maybe if gate else None, complete
    )


def _assume(grids: Sequence[Grid], axes: Sequence[Axis], assumption: Assumption) -> None:
    """Where the field is unknown and the tests hold for sure, stand on the assumed value instead."""
    i = next(k for k, a in enumerate(axes) if a.field.name == assumption.field)
    sure = _extend(hold_mask(assumption.when, axes).astype(np.uint8), axes, np.min).astype(bool)
    unknown, value = len(axes[i].entries) - 1, axes[i].entry(assumption.value)
    at: list[slice | int] = [slice(None)] * len(axes)
    at[i] = unknown
    where = sure[tuple(at)]
    for grid in grids:
        source: list[slice | int] = list(at)
        source[i] = value
        target = grid[tuple(at)]
        target[where] = grid[tuple(source)][where]


def _components(scale: Scale) -> list[tuple[list[Domain], bool]]:
    """Domains joined where they share fields; the flag says whether the gate is among them."""
    groups: list[tuple[set[str], list[Domain], bool]] = []
    gate_fields = {name for clause in scale.gate for name in clause.when}
    if scale.gate:
        groups.append((gate_fields, [], True))
    for domain in scale.domains:
        fields, members, gate = set(domain.fields), [domain], False
        apart = []
        for group in groups:
            if group[0] & fields:
                fields, members, gate = fields | group[0], group[1] + members, gate or group[2]
            else:
                apart.append(group)
        groups = [*apart, (fields, members, gate)]
    return [(members, gate) for _, members, gate in groups]


@dataclasses.dataclass(frozen=True, slots=True)
class ScaleTables:
    """All tables of a scale, and those of the single domains that are signs of an episode."""

    scale: Scale
    tables: tuple[Table, ...]
    signs: tuple[Table, ...]
    fever: Table | None


def _check_assumptions(assumptions: Sequence[Assumption], read: set[str]) -> None:
    """An assumption on a field may test only what the same table reads, or tables would not be apart."""
    for assumption in assumptions:
        if assumption.field in read and (missing := set(assumption.when) - read):
            raise GuidelineError(f"the assumption on {assumption.field} tests {', '.join(missing)} from elsewhere")


@functools.lru_cache(maxsize=256)
def tables_of(scale: Scale) -> ScaleTables:
    """The tables of a scale; built once for each.

    Raises GuidelineError when a gated and an ungated domain share a field.

    >>> from cartox_core.library import load
    >>> sum(t.floor.size for t in tables_of(load("astct-2019").scale("crs")).tables)
    534
    """
    tables = []
    for members, has_gate in _components(scale):
        if len({d.gated for d in members} | ({True} if has_gate else set())) > 1:
            names = ", ".join(d.name for d in members)
            raise GuidelineError(f"scale {scale.name}: gated and ungated domains share fields: {names}")
        gate = scale.gate if has_gate else ()
        _check_assumptions(
            scale.assumptions, {n for c in (*gate, *(c for d in members for c in d.clauses)) for n in c.when}
        )
        tables.append(build_table(members, gate, scale.assumptions, scale.own))
    episode = scale.episode
    if episode is None:
        return ScaleTables(scale, tuple(tables), (), None)
    fever, *signs = (
        build_table([scale.domain(name)], (), scale.assumptions)
        for name in (episode.fever, *(n for n in episode.signs if n != episode.fever))
    )
    return ScaleTables(scale, tuple(tables), tuple(signs), fever)
