"""Which rows of a chart lie in the findings of a rule: surely, or as far as what is unknown leaves open."""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Columns
from cartox_core.columns import STRETCHES, Column, unknown_code
from cartox_core.conditions import Between, Test
from cartox_core.fields import Field, Value
from cartox_core.observation import ITEMS_OF, READABLE
from harness.compare.region import Region

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """For some rows: which lie in a region surely, and which perhaps; (rows)."""

    surely: Mask
    perhaps: Mask

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(self.surely | other.surely, self.perhaps | other.perhaps)


def reach(region: Region, columns: Columns, rows: Rows) -> Reach:
    """Which of some rows lie in a region; an unknown field is what it is by default, or may be anything."""
    surely, perhaps = np.ones((2, len(rows)), bool)
    for name, tests in region:
        field = columns.own.get(name) or READABLE[name]
        column = columns.column(name)[rows]
        held = _numbers(column, field, tests) if field.kind == "number" else _codes(column, field, tests)
        surely &= held.surely
        perhaps &= held.perhaps
    return Reach(surely, perhaps)


def _numbers(column: Column, field: Field, tests: Sequence[Test]) -> Reach:
    unknown = np.isnan(column)
    holds = functools.reduce(np.logical_or, [_between(column, t) for t in tests if isinstance(t, Between)])
    if field.default is not None:
        usual = any(t.holds(field.default) for t in tests)
        return Reach(np.where(unknown, usual, holds), np.where(unknown, usual, holds))
    return Reach(holds & ~unknown, holds | unknown)


def _between(column: Column, test: Between) -> Mask:
    above = column >= test.low if test.low_in else column > test.low
    below = column <= test.high if test.high_in else column < test.high
    found: Mask = above & below
    return found


def _codes(column: Column, field: Field, tests: Sequence[Test]) -> Reach:
    surely, perhaps = _tables(field, tuple(tests))
    return Reach(surely[column], perhaps[column])


@functools.lru_cache(maxsize=1024)
def _tables(field: Field, tests: tuple[Test, ...]) -> tuple[Mask, Mask]:
    """Whether each code of a field lies in it, surely and perhaps."""

    def held(values: Sequence[Value]) -> list[bool]:
        return [any(t.holds(v) for t in tests) for v in values]

    values = _values(field)
    possible: list[Sequence[Value]] = [*([v] for v in values), values if field.default is None else [field.default]]
    if field.name in ITEMS_OF:
        possible += [values[low : high + 1] for low, high in STRETCHES]
    return np.array([all(held(p)) for p in possible]), np.array([any(held(p)) for p in possible])


def _values(field: Field) -> Sequence[Value]:
    """The values of the codes below that of unknown."""
    match field.kind:
        case "bool":
            return (False, True)
        case "enum":
            return field.values
        case _:
            return range(int(unknown_code(field)))
