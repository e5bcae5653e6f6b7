"""Additive scores: items that give points, a total, and the band that it falls into; what is unknown leaves a range.

A score is data like a guideline. An item is a domain whose clauses give points in place of grades. Items that share
fields are taken together, so the totals found are exactly those that some completion of the unknown gives. For
testing and teaching, not for treating patients.
"""

import dataclasses
import functools
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from cartox_core.conditions import Between
from cartox_core.grade import Chart
from cartox_core.guideline import Domain, Reading
from cartox_core.observation import PARTS, Observation, Patient
from cartox_core.tables import Axis, axis_of, domain_grid

_NOBODY = Patient()
Points = tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of totals."""

    name: str
    totals: Between
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Printed:
    """What the source prints beside some totals, such as a probability; nothing is interpolated."""

    title: str
    at: Mapping[int, str]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A score with its readings chosen.

    ``total`` is a field that decides the total where it is charted; ``note`` is what must stand beside every result.
    """

    id: str
    title: str
    text: str
    note: str
    cite: tuple[str, ...]
    items: tuple[Domain, ...]
    total: str
    bands: tuple[Band, ...]
    printed: Printed | None
    readings: Mapping[str, Reading]
    chosen: Mapping[str, str]

    @property
    def top(self) -> int:
        """The highest total."""
        return sum(max(clause.grade for clause in item.clauses) for item in self.items)


@dataclasses.dataclass(frozen=True, slots=True)
class Scored:
    """The points of each item and the totals that are possible, least first, and the bands that these fall into."""

    items: Mapping[str, Points]
    totals: Points
    bands: tuple[Band, ...]

    @property
    def low(self) -> int:
        """The lowest total that is possible."""
        return self.totals[0]

    @property
    def high(self) -> int:
        """The highest total that is possible."""
        return self.totals[-1]

    @property
    def total(self) -> int | None:
        """The total when it is certain, else None."""
        return self.low if self.low == self.high else None


def score(observation: Observation, score: Score, patient: Patient = _NOBODY) -> Scored:
    """The points of one observation under a score.

    >>> from cartox_core.library import load_score
    >>> found = score(Observation(time_h=-120, platelets_10e9_l=60), load_score("car-hematotox"))
    >>> found.low, found.high, [band.name for band in found.bands]
    (2, 7, ['high'])
    """
    chart = _ScoreChart(observation, patient)
    items: dict[str, Points] = {}
    totals: Iterable[int] = (0,)
    for group in _groups(score):
        box = group.box(chart)
        items |= {item.name: _possible(grid[box]) for item, grid in zip(group.items, group.grids, strict=True)}
        more = _possible(np.sum([grid[box] for grid in group.grids], axis=0))
        totals = {total + points for total in totals for points in more}
    charted = chart.value(score.total) if score.total else None
    found = tuple(sorted(totals)) if charted is None else (int(charted),)
    in_order = {item.name: items[item.name] for item in score.items}
    return Scored(in_order, found, tuple(b for b in score.bands if any(map(b.totals.holds, found))))


class _ScoreChart(Chart):
    """A chart that knows single items by their full names, ``ice_items.year``."""

    __slots__ = ()

    def value(self, name: str) -> float | int | bool | str | None:
        """The charted value of a field, or of an item of one; None is unknown."""
        if name not in PARTS:
            return Chart.value(self, name)
        whole, _, part = name.partition(".")
        items = getattr(self.observation, whole)
        found: int | None = None if items is None else getattr(items, part)
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class _Group:
    """Items that share fields, and the points that each gives over the bands of all their axes."""

    items: tuple[Domain, ...]
    axes: tuple[Axis, ...]
    grids: tuple[npt.NDArray[np.int8], ...]

    def box(self, chart: Chart) -> tuple[slice, ...]:
        """The bands that a chart leaves possible on each axis."""
        ends = [axis.entries[chart.entry(axis)] for axis in self.axes]
        return tuple(slice(first, last + 1) for first, last in ends)


@functools.lru_cache(maxsize=256)
def _groups(score: Score) -> tuple[_Group, ...]:
    groups: list[tuple[set[str], list[Domain]]] = []
    for item in score.items:
        fields, members = set(item.fields), [item]
        for group in [g for g in groups if g[0] & fields]:
            groups.remove(group)
            fields, members = fields | group[0], [*group[1], *members]
        groups.append((fields, members))
    return tuple(_group(members) for _, members in groups)


def _group(items: list[Domain]) -> _Group:
    clauses = [clause for item in items for clause in item.clauses]
    names = dict.fromkeys(name for clause in clauses for name in clause.when)
    axes = tuple(axis_of(name, clauses, own=PARTS) for name in names)
    return _Group(tuple(items), axes, tuple(domain_grid(item, axes) for item in items))


def _possible(points: npt.NDArray[np.int8]) -> Points:
    return tuple(int(p) for p in np.unique(points))
