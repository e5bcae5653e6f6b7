"""A scale's tables as flat arrays, so that a row of columns is graded by a few look-ups.

A grade range is two thermometers in 16 bits: bit g-1 of the low byte says that the floor is g or more, of
the high byte the ceiling. The worst of two ranges is then their bitwise or, and the number of bits the grade.
"""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import STRETCHES, Column, Columns, codes_in, unknown_code
from cartox_core.guideline import Scale
from cartox_core.tables import Axis, Table, tables_of

Bits = npt.NDArray[np.uint16]
DIRECT_CODES = 16  # a byte column with more codes is cut into bands first
PACKED_CELLS = 32768
BYTE_CELLS, SHORT_CELLS = 256, 65536
ALL_FLOOR, ALL_CEILING = 0x00FF, 0xFF00


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """One digit of a table's index: a column, and how its value becomes the digit.

    ``direct`` columns hold the digit; others are cut, and an unknown value is the last digit.
    """

    axis: Axis
    size: int
    direct: bool

    @property
    def name(self) -> str:
        """The column."""
        return self.axis.field.name

    @property
    def absent(self) -> int:
        """The digit of a column that is not there."""
        return int(unknown_code(self.axis.field)) if self.direct else self.axis.unknown

    def digit(self, column: Column, work: "Workspace") -> npt.NDArray[np.uint8]:
        """The digit of each row; uint8 (rows)."""
        if self.direct:
            return column
        digit, passed = work.digit[: len(column)], work.passed[: len(column)]
        one, number = passed.view(np.uint8), self.axis.field.kind == "number"
        np.not_equal(column, column if number else np.uint8(unknown_code(self.axis.field)), out=passed)
        if not number:
            np.logical_not(passed, out=passed)
        beyond = self.axis.unknown - (0 if number else len(self.axis.cuts))  # an unknown code passes every cut
        np.multiply(one, np.uint8(beyond), out=digit)
        for cut in self.axis.cuts:
            at = cut.at if number else np.uint8(cut.at)
            (np.greater if cut.above else np.greater_equal)(column, at, out=passed)
            np.add(digit, one, out=digit)
        return digit


class Workspace:
    """Arrays (rows) that one thread uses again for every stretch of rows."""

    def __init__(self, rows: int) -> None:
        self.digit = np.empty(rows, np.uint8)
        self.passed = np.empty(rows, np.bool_)
        self.short = np.empty(rows, np.uint8)
        self.long = np.empty(rows, np.uint16)
        self.index = np.empty(rows, np.intp)
        self.bits = np.empty(rows, np.uint16)
        self.found = np.empty(rows, np.uint16)


@dataclasses.dataclass(frozen=True, slots=True)
class Lookup:
    """A flat table (cells) of grade ranges, its keys, and the mask of the gate where it holds it."""

    keys: tuple[Key, ...]
    bits: Bits
    gate: Bits | None
    gated: bool

    def index(self, columns: Columns, work: Workspace) -> npt.NDArray[np.intp]:
        """The cell of each row; absent columns stand at unknown. Shape (rows).

        Digits are gathered as in a numeral, in one byte or two for as long as they fit.
        """
        rows = len(columns)
        short, long, index = work.short[:rows], work.long[:rows], work.index[:rows]
        value: npt.NDArray[Any] = short
        cells = 0
        for key in self.keys:
            column = columns.fields.get(key.name)
            digit = np.uint8(key.absent) if column is None else key.digit(column, work)
            if not cells:
                np.copyto(short, digit)
            else:
                beyond = cells * key.size
                total: npt.NDArray[Any] = short if beyond <= BYTE_CELLS else long if beyond <= SHORT_CELLS else index
                np.multiply(value, total.dtype.type(key.size), out=total)
                value = np.add(total, digit, out=total)
            cells = max(cells, 1) * key.size
        np.copyto(index, value)
        return index


def thermometer(floor: npt.NDArray[np.uint8], ceiling: npt.NDArray[np.uint8]) -> Bits:
    """Grades (any shape) as two thermometers in 16 bits."""
    low = (np.uint16(1) << floor.astype(np.uint16)) - np.uint16(1)
    high = (np.uint16(1) << ceiling.astype(np.uint16)) - np.uint16(1)
    return (low | (high << np.uint16(8))).astype(np.uint16)


def _code_entries(axis: Axis) -> list[int]:
    """The entry of an axis for each code of a byte column."""
    field = axis.field
    known = int(unknown_code(field))
    values = (
        field.values if field.kind == "enum" else [bool(i) for i in range(2)] if field.kind == "bool" else range(known)
    )
    entries = [axis.entry(v) for v in values] + [axis.unknown]
    if field.name == "ice":
        entries += [axis.stretch(low, high) for low, high in STRETCHES]
    return entries


def lookup_of(table: Table) -> Lookup:
    """A table laid out flat over the codes of its columns."""
    bits = thermometer(table.floor, table.ceiling)
    gate = None
    if table.surely_open is not None and table.maybe_open is not None:
        mask = table.surely_open * np.uint16(ALL_FLOOR) | table.maybe_open * np.uint16(ALL_CEILING)
        gate = mask.astype(np.uint16)
    keys = []
    for i, axis in enumerate(table.axes):
        direct = axis.field.kind != "number" and (codes_in(axis.field) <= DIRECT_CODES or axis.field.name == "ice")
        if direct:
            entries = _code_entries(axis)
            bits = np.take(bits, entries, axis=i)
            gate = None if gate is None else np.take(gate, entries, axis=i)
        keys.append(Key(axis, bits.shape[i], direct))
    if gate is not None:
        bits = bits & gate
    order = sorted(range(len(keys)), key=lambda i: keys[i].name != "ice")  # its rare codes last in memory
    bits = np.ascontiguousarray(bits.transpose(order)).ravel()
    gate = None if gate is None else np.ascontiguousarray(gate.transpose(order)).ravel()
    return Lookup(tuple(keys[i] for i in order), bits, gate, table.gated)


def _pack(first: Lookup, second: Lookup) -> Lookup:
    """Two look-ups as one, over the product of their cells."""
    gate = None if first.gate is None else np.repeat(first.gate, len(second.bits))
    bits = (first.bits[:, None] | second.bits[None, :]).ravel()
    return Lookup((*first.keys, *second.keys), bits, gate, first.gated)


@dataclasses.dataclass(frozen=True, slots=True)
class ScaleLookups:
    """All look-ups of a scale: the gate's (with the ungated ones packed in where they fit) and the others."""

    scale: Scale
    gate: Lookup | None
    gated: tuple[Lookup, ...]
    free: tuple[Lookup, ...]


@functools.lru_cache(maxsize=256)
def lookups_of(scale: Scale) -> ScaleLookups:
    """The look-ups of a scale, small ones packed together; built once for each."""
    made = [lookup_of(t) for t in tables_of(scale).tables]
    gate = next((m for m in made if m.gate is not None), None)
    gated = _packed([m for m in made if m.gated and m is not gate])
    free = _packed([m for m in made if not m.gated])
    if gate is not None and len(free) == 1 and len(gate.bits) * len(free[0].bits) <= PACKED_CELLS:
        gate, free = _pack(gate, free[0]), []
    return ScaleLookups(scale, gate, tuple(gated), tuple(free))


def _packed(lookups: Sequence[Lookup]) -> list[Lookup]:
    packs: list[Lookup] = []
    for item in sorted(lookups, key=lambda m: -len(m.bits)):
        for i, pack in enumerate(packs):
            if len(pack.bits) * len(item.bits) <= PACKED_CELLS:
                packs[i] = _pack(pack, item)
                break
        else:
            packs.append(item)
    return packs
