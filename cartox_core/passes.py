"""A scale's look-ups as plain arrays, for the compiled kernel: no guideline is in its code.

The number of a cell is a sum over the columns: a code times its weight, or a weight for each cut that a value
reaches. So a table comes down to a few passes, each of which adds some columns to the numbers of a block of rows.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, Columns
from cartox_core.digits import SHORT_CELLS, Key
from cartox_core.guideline import Scale
from cartox_core.lookup import Bits, lookups_of

CODES, CUT_NUMBER, CUT_CODES = range(3)  # kinds of pass: codes as they stand, a number cut, codes cut
CODES_A_PASS, CUTS_A_PASS = 4, 2
TABLE = ("first_pass", "end_pass", "base", "own", "first_cell", "cells")  # what is said of a table, in this order
Term = tuple[int, int, float]  # address of a column, weight, and the cut to be reached


@dataclasses.dataclass(frozen=True, slots=True)
class Passes:
    """All that the kernel is told of a scale and the columns it reads.

    ``kind`` (passes); ``address``, ``weight`` and ``cut`` (passes, 4) of each pass's terms, unused ones of weight 0;
    ``tables`` (tables, 6) as in ``TABLE``: one without cells is the lead of those after it that have more cells than
    their own columns make. ``bits`` has the cells of all, one table after another. ``kept`` holds the columns in memory
    while their addresses are used.
    """

    kind: npt.NDArray[np.uint8]
    address: npt.NDArray[np.int64]
    weight: npt.NDArray[np.uint16]
    cut: npt.NDArray[np.float64]
    tables: npt.NDArray[np.int64]
    bits: Bits
    begins: np.int32
    kept: tuple[Column, ...]

    @property
    def arrays(self) -> tuple[Any, ...]:
        """What the kernel takes, in its order."""
        return self.begins, self.kind, self.address, self.weight, self.cut, self.tables, self.bits


def passes_of(columns: Columns, scale: Scale) -> Passes:
    """The passes of a scale over some columns.

    >>> from cartox_core.library import load
    >>> rows = Columns(np.array([600], np.int32), {"temp_c": np.array([38.5])})
    >>> passes = passes_of(rows, load("astct-2019").scale("crs"))
    >>> passes.kind.tolist(), passes.tables[:, TABLE.index("cells")].tolist()
    ([1], [0, 32076, 17496])
    """
    plan = lookups_of(scale)
    made = _Maker(columns)
    for pack in plan.behind:
        assert plan.gate is not None
        made.add(plan.gate.keys, pack.keys, pack.bits)
    for pack in plan.free:
        made.add((), pack.keys, pack.bits)
    begins = np.iinfo(np.int32).min if scale.from_h is None else math.ceil(60 * scale.from_h)
    return made.passes(begins)


class _Maker:
    """Takes tables, one after another, and gathers their passes."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._kept: dict[str, Column] = {}
        self._rows: list[tuple[int, Sequence[Term]]] = []
        self._tables: list[tuple[int, ...]] = []
        self._bits: list[Bits] = []
        self._lead: tuple[Key, ...] = ()

    def add(self, lead: tuple[Key, ...], keys: tuple[Key, ...], bits: Bits) -> None:
        """A table whose numbers begin with those of a lead; numbers too large for two bytes are parted anew."""
        if math.prod(key.size for key in keys) > SHORT_CELLS:
            keys = lead + keys
            sizes = list(itertools.accumulate((key.size for key in keys), lambda a, b: a * b))
            most = sum(size <= SHORT_CELLS for size in sizes)
            lead, keys = keys[:most], keys[most:]
        if lead and lead != self._lead:
            self._number(lead, 0)
            self._lead = lead
        self._number(keys, len(bits))
        self._bits.append(bits)

    def _number(self, keys: Sequence[Key], cells: int) -> None:
        first, base, weight = len(self._rows), 0, 1
        codes: list[Term] = []
        for key in reversed(keys):
            if key.name not in self._columns.fields:
                base += weight * int(key.absent)
            elif not key.tests:
                codes.append((self._address(key.name), weight, 0.0))
            else:
                self._cut(key, weight)
            weight *= key.size
        self._rows += [(CODES, some) for some in _by(codes, CODES_A_PASS)]
        self._tables.append((first, len(self._rows), base, weight, sum(map(len, self._bits)), cells))

    def _cut(self, key: Key, weight: int) -> None:
        column = self._columns.fields[key.name]
        kind = CUT_NUMBER if column.dtype == np.float64 else CUT_CODES
        terms = [(self._address(key.name), weight, _reached(test, at)) for test, at in key.tests]
        self._rows += [(kind, some) for some in _by(terms, CUTS_A_PASS)]

    def _address(self, name: str) -> int:
        """Where a column begins; one that is not whole in memory is copied first."""
        if name not in self._kept:
            self._kept[name] = np.require(self._columns.fields[name], requirements=["C", "A"])
        return int(self._kept[name].ctypes.data)

    def passes(self, begins: int) -> Passes:
        """All that was added."""
        shape = (len(self._rows), CODES_A_PASS)
        address, weight, cut = np.zeros(shape, np.int64), np.zeros(shape, np.uint16), np.zeros(shape)
        for i, (_, terms) in enumerate(self._rows):
            address[i] = terms[0][0]  # of those that are not used, too
            for k, (at, times, reached) in enumerate(terms):
                address[i, k], weight[i, k], cut[i, k] = at, times, reached
        kind = np.array([kind for kind, _ in self._rows], np.uint8)
        tables = np.array(self._tables, np.int64).reshape(-1, len(TABLE))
        bits = np.concatenate([*self._bits, np.zeros(0, np.uint16)])
        return Passes(kind, address, weight, cut, tables, bits, np.int32(begins), tuple(self._kept.values()))


def _by(terms: Sequence[Term], count: int) -> Iterable[Sequence[Term]]:
    return (terms[i : i + count] for i in range(0, len(terms), count))


def _reached(test: np.ufunc, at: npt.NDArray[np.generic]) -> float:
    """The least value that passes a test of ``>=`` or ``>``.

    >>> _reached(np.greater, np.array(8, np.uint8)), _reached(np.greater_equal, np.array(38.0))
    (9.0, 38.0)
    """
    if test is np.greater_equal:
        return float(at)
    return float(at) + 1 if at.dtype == np.uint8 else float(np.nextafter(at, np.inf))
