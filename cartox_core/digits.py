"""How a row of columns becomes the digits of a table's index.

A digit is one byte, and small digits are gathered in one byte as in a numeral: there numpy handles 32 rows
at a time.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import STRETCHES, Column, Columns, codes_in, unknown_code
from cartox_core.observation import ITEMS_OF
from cartox_core.tables import Axis

Digits = npt.NDArray[Any]
Test = tuple[np.ufunc, npt.NDArray[Any]]  # a comparison, and what a column is compared with
DIRECT_CODES = 16  # a byte column with more codes is cut into bands first
BYTE_CELLS, SHORT_CELLS = 256, 65536


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One digit of a table's index: a column, and how its value becomes the digit.

    Without ``tests`` the column holds the digit. Otherwise the digit is how many tests the value passes:
    unknown passes none of a number's (NaN is not even above minus infinity), and all of a code's.
    """

    name: str
    size: int
    absent: np.uint8
    tests: tuple[Test, ...] = ()

    def digit(self, column: Column, work: "Workspace") -> npt.NDArray[np.uint8]:
        """The digit of each row; uint8 (rows)."""
        if not self.tests:
            return column
        (test, at), *others = self.tests
        test(column, at, work.first)
        for test, at in others:
            test(column, at, work.passed)
            np.add(work.digit, work.one, work.digit)
        return work.digit


def key_of(axis: Axis) -> tuple[Key, list[int]]:
    """The key of an axis, and the entry of the axis for each digit."""
    field, bands = axis.field, list(range(len(axis.bands)))
    if field.kind != "number" and (codes_in(field) <= DIRECT_CODES or field.name in ITEMS_OF):
        entries = _code_entries(axis)
        return Key(field.name, len(entries), np.uint8(unknown_code(field))), entries
    kind = np.float64 if field.kind == "number" else np.uint8
    cuts = [(np.greater if cut.above else np.greater_equal, np.array(cut.at, kind)) for cut in axis.cuts]
    size = len(bands) + 1
    if field.kind == "number":
        known = (np.greater_equal, np.array(-np.inf))
        return Key(field.name, size, np.uint8(0), (known, *cuts)), [axis.unknown, *bands]
    unknown = (np.greater_equal, np.array(unknown_code(field), kind))
    return Key(field.name, size, np.uint8(size - 1), (*cuts, unknown)), [*bands, axis.unknown]


class Workspace:
    """Arrays (rows) that one thread uses again for every stretch of that many rows."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.digit = np.empty(rows, np.uint8)
        self.first = self.digit.view(np.bool_)
        self.passed = np.empty(rows, np.bool_)
        self.one = self.passed.view(np.uint8)
        self.short = np.empty(rows, np.uint8)
        self.long = np.empty(rows, np.uint16)
        self.index = np.empty(rows, np.intp)
        self.bits = np.empty(rows, np.uint16)
        self.found = np.empty(rows, np.uint16)


class Group:
    """Keys whose digits fit together in one byte, where numpy adds 32 rows at a time."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.keys = [(key, np.array(key.size, np.uint8)) for key in keys]
        self.cells = int(np.prod([key.size for key in keys]))
        self.in_short, self.in_word = np.array(self.cells % SHORT_CELLS, np.uint16), np.array(self.cells, np.intp)

    def value(self, columns: Columns, work: Workspace) -> Digits:
        """The digits as a numeral in ``work.short``, or the one digit itself; absent columns stand at unknown."""
        value: Any = None
        for key, size in self.keys:
            column = columns.fields.get(key.name)
            if value is not None:
                np.multiply(value, size, work.short)
            digit = key.absent if column is None else key.digit(column, work)
            value = digit if value is None else np.add(work.short, digit, work.short)
        return value if isinstance(value, np.ndarray) else np.array([value])


def _code_entries(axis: Axis) -> list[int]:
    """The entry of an axis for each code of a byte column."""
    field = axis.field
    known = int(unknown_code(field))
    values = (
        field.values if field.kind == "enum" else [bool(i) for i in range(2)] if field.kind == "bool" else range(known)
    )
    entries = [axis.entry(v) for v in values] + [axis.unknown]
    if field.name in ITEMS_OF:
        entries += [axis.stretch(low, high) for low, high in STRETCHES]
    return entries
