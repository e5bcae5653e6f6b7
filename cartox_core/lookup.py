"""A scale's tables as flat arrays, so that a row of columns is graded by a few look-ups.

A grade range is two thermometers in 16 bits: bit g-1 of the low byte says that the floor is g or more, of
the high byte the ceiling. The worst of two ranges is then their bitwise or, and the number of bits the grade.
"""

import dataclasses
import functools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Columns
from cartox_core.digits import BYTE_CELLS, SHORT_CELLS, Digits, Group, Key, Workspace, key_of
from cartox_core.guideline import Scale
from cartox_core.observation import ITEMS_OF
from cartox_core.tables import Table, tables_of

Bits = npt.NDArray[np.uint16]
ALL_FLOOR, ALL_CEILING = 0x00FF, 0xFF00


@dataclasses.dataclass(frozen=True, slots=True)
class Lookup:
    """A flat table (cells) of grade ranges, its keys, and the mask of the gate where it holds it."""

    keys: tuple[Key, ...]
    groups: tuple[Group, ...]
    bits: Bits
    gate: Bits | None
    gated: bool

    def number(self, columns: Columns, work: Workspace, gate: Digits | None = None, gate_cells: int = 1) -> Digits:
        """The cell of each row, in as few bytes as hold it; the cell of a gate, where there is one, leads."""
        total, cells = gate, gate_cells
        for group in self.groups:
            cells *= group.cells
            if total is None:
                total = group.value(columns, work)
                continue
            wide, size = (work.long, group.in_short) if cells <= SHORT_CELLS else (work.index, group.in_word)
            np.multiply(total, size, wide)
            total = np.add(wide, group.value(columns, work), wide)
        assert total is not None
        return total

    def index(
        self, columns: Columns, work: Workspace, gate: Digits | None = None, gate_cells: int = 1
    ) -> npt.NDArray[np.intp]:
        """The cell of each row as numpy indexes; shape (rows)."""
        found = self.number(columns, work, gate, gate_cells)
        if found is not work.index:
            np.copyto(work.index, found)
        return work.index


def _lookup(keys: Sequence[Key], bits: Bits, gate: Bits | None, gated: bool) -> Lookup:
    groups: list[list[Key]] = []
    for key in keys:
        if groups and np.prod([k.size for k in groups[-1]]) * key.size <= BYTE_CELLS:
            groups[-1].append(key)
        else:
            groups.append([key])
    return Lookup(tuple(keys), tuple(Group(g) for g in groups), bits, gate, gated)


def thermometer(floor: npt.NDArray[np.uint8], ceiling: npt.NDArray[np.uint8]) -> Bits:
    """Grades (any shape) as two thermometers in 16 bits."""
    low = (np.uint16(1) << floor.astype(np.uint16)) - np.uint16(1)
    high = (np.uint16(1) << ceiling.astype(np.uint16)) - np.uint16(1)
    return (low | (high << np.uint16(8))).astype(np.uint16)


def lookup_of(table: Table) -> Lookup:
    """A table laid out flat over the digits of its columns."""
    bits = thermometer(table.floor, table.ceiling)
    gate = None
    if table.surely_open is not None and table.maybe_open is not None:
        mask = table.surely_open * np.uint16(ALL_FLOOR) | table.maybe_open * np.uint16(ALL_CEILING)
        gate = mask.astype(np.uint16)
    keys = []
    for i, axis in enumerate(table.axes):
        key, entries = key_of(axis)
        bits = np.take(bits, entries, axis=i)
        gate = None if gate is None else np.take(gate, entries, axis=i)
        keys.append(key)
    if gate is not None:
        bits = bits & gate
    order = sorted(range(len(keys)), key=lambda i: keys[i].name not in ITEMS_OF)  # its rare codes last in memory
    bits = np.ascontiguousarray(bits.transpose(order)).ravel()
    gate = None if gate is None else np.ascontiguousarray(gate.transpose(order)).ravel()
    return _lookup([keys[i] for i in order], bits, gate, table.gated)


def _pack(first: Lookup, second: Lookup) -> Lookup:
    """Two look-ups as one, over the product of their cells."""
    gate = None if first.gate is None else np.repeat(first.gate, len(second.bits))
    bits = (first.bits[:, None] | second.bits[None, :]).ravel()
    return _lookup((*first.keys, *second.keys), bits, gate, first.gated)


def _behind(gate: Lookup, pack: Lookup) -> Lookup:
    """A look-up over the product of the gate's cells and its own, closed where the gate is."""
    assert gate.gate is not None
    bits = (pack.bits[None, :] & gate.gate[:, None]) | gate.bits[:, None]
    return dataclasses.replace(pack, bits=bits.ravel())


@dataclasses.dataclass(frozen=True, slots=True)
class ScaleLookups:
    """All look-ups of a scale: those behind its gate, whose number is worked out once, and the others."""

    scale: Scale
    gate: Lookup | None
    behind: tuple[Lookup, ...]
    free: tuple[Lookup, ...]


@functools.lru_cache(maxsize=256)
def lookups_of(scale: Scale) -> ScaleLookups:
    """The look-ups of a scale, as few as fit in two-byte numbers; built once for each."""
    made = [lookup_of(t) for t in tables_of(scale).tables]
    gate = next((m for m in made if m.gate is not None), None)
    gated = [m for m in made if m.gated and m is not gate]
    free = [m for m in made if not m.gated]
    if gate is None or not gated:
        return ScaleLookups(scale, None, (), tuple(_packed(made, SHORT_CELLS)))
    for item in list(free):
        if len(gate.bits) * len(item.bits) <= BYTE_CELLS:
            gate = _pack(gate, item)
            free.remove(item)
    packs = _packed(gated, SHORT_CELLS // len(gate.bits))
    return ScaleLookups(scale, gate, tuple(_behind(gate, p) for p in packs), tuple(_packed(free, SHORT_CELLS)))


def _packed(lookups: Sequence[Lookup], most_cells: int) -> list[Lookup]:
    packs: list[Lookup] = []
    for item in sorted(lookups, key=lambda m: -len(m.bits)):
        for i, pack in enumerate(packs):
            if len(pack.bits) * len(item.bits) <= most_cells:
                packs[i] = _pack(pack, item)
                break
        else:
            packs.append(item)
    return packs
