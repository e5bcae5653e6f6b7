"""The compiled kernel: it grades rows by the passes of any scale. Needs numba; imported only when wanted.

A block of rows at a time stays in the nearest caches. Each pass is a plain loop over a few columns, which the
compiler turns into instructions on 16 or 32 rows; columns come as addresses, because a scale may read any number.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import carray, njit, types
from numba.extending import intrinsic

BLOCK_ROWS = 8192
_CODES, _CUT_NUMBER = 0, 1  # as in passes.py; said here again, for numba's cache on disk knows no file but this
_NEVER, _NO_PLACE = np.iinfo(np.int32).min, np.int32(2**31 - 1)
_WIDEST = 65536  # cells whose numbers fit two bytes
_BYTE, _NUMBER = np.zeros(0, np.uint8), np.zeros(0, np.float64)
_ONE, _TWO, _FOUR, _EIGHT = (np.uint64(n) for n in (1, 2, 4, 8))
_PAIRS, _FOURS, _BYTES = (np.uint64(n * 0x0101010101010101) for n in (0x55, 0x33, 0x0F))


@intrinsic  # type: ignore[untyped-decorator]
def _at(typing_context: Any, address: Any, like: Any) -> Any:  # noqa: ARG001  # pragma: no cover (only to compile)
    """A pointer to what stands at an address, of an array's type (numba has none of its own)."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

    return types.CPointer(like.dtype)(address, like), generate


@njit(nogil=True)  # type: ignore[untyped-decorator]
def _add_pass(  # pragma: no cover (compiled)
    number: Any, first: int, kind: int, address: Any, weight: Any, cut: Any
) -> None:
    """Add the terms of one pass to the numbers of the rows from ``first`` on."""
    n = len(number)
    one, two = weight[0], weight[1]
    if kind == _CODES:
        three, four = weight[2], weight[3]
        a, b = carray(_at(address[0] + first, _BYTE), n), carray(_at(address[1] + first, _BYTE), n)
        c, d = carray(_at(address[2] + first, _BYTE), n), carray(_at(address[3] + first, _BYTE), n)
        for i in range(n):
            number[i] += one * a[i] + two * b[i] + three * c[i] + four * d[i]
    elif kind == _CUT_NUMBER:
        x = carray(_at(address[0] + 8 * first, _NUMBER), n)
        low, high = cut[0], cut[1]
        for i in range(n):
            number[i] += one * np.uint16(x[i] >= low) + two * np.uint16(x[i] >= high)
    else:
        code = carray(_at(address[0] + first, _BYTE), n)
        least, most = np.uint8(cut[0]), np.uint8(cut[1])
        for i in range(n):
            number[i] += one * np.uint16(code[i] >= least) + two * np.uint16(code[i] >= most)


@njit(nogil=True)  # type: ignore[untyped-decorator]
def _add_cells(found: Any, number: Any, lead: Any, own: int, cell: Any) -> None:  # pragma: no cover (compiled)
    """Or the cells of a table into what was found; where there are more than its own, the lead begins their numbers."""
    if len(cell) > _WIDEST:
        for i in range(len(found)):
            found[i] |= cell[np.int64(lead[i]) * own + number[i]]
        return
    if len(cell) > own:
        times = np.uint16(own)
        for i in range(len(found)):
            number[i] += times * lead[i]
    for i in range(len(found)):
        found[i] |= cell[number[i]]


@njit(nogil=True)  # type: ignore[untyped-decorator]
def _count(found: Any, floor: Any, ceiling: Any) -> None:  # pragma: no cover (compiled)
    """Thermometers become grades: how many bits are set in each byte, four rows at a time."""
    words = found.view(np.uint64)
    for i in range(len(words)):
        word = words[i]
        word -= (word >> _ONE) & _PAIRS
        word = (word & _FOURS) + ((word >> _TWO) & _FOURS)
        words[i] = (word + (word >> _FOUR)) & _BYTES
    for i in range(len(floor)):
        floor[i], ceiling[i] = np.uint8(found[i]), np.uint8(found[i] >> _EIGHT)


def _grade_rows(  # pragma: no cover (compiled)
    start: int,
    stop: int,
    minute: Any,
    begins: Any,
    kind: Any,
    address: Any,
    weight: Any,
    cut: Any,
    tables: Any,
    bits: Any,
    floor: Any,
    ceiling: Any,
) -> None:
    """Grade rows ``start`` to ``stop``: floors and ceilings go to the arrays of all rows."""
    number, lead = np.zeros(BLOCK_ROWS, np.uint16), np.zeros(BLOCK_ROWS, np.uint16)
    found = np.zeros(BLOCK_ROWS, np.uint16)
    for first in range(start, stop, BLOCK_ROWS):
        n = min(BLOCK_ROWS, stop - first)
        found[:] = 0
        for first_pass, end_pass, base, own, first_cell, cells in tables:
            number[:] = np.uint16(base)
            for p in range(first_pass, end_pass):
                _add_pass(number[:n], first, kind[p], address[p], weight[p], cut[p])
            if cells:
                _add_cells(found[:n], number[:n], lead[:n], own, bits[first_cell : first_cell + cells])
            else:
                number, lead = lead, number
        time = minute[first : first + n]
        if time.min() < begins:
            for i in range(n):
                found[i] *= np.uint16(time[i] >= begins)
        _count(found, floor[first : first + n], ceiling[first : first + n])


def _summarize_cases(  # pragma: no cover (compiled)
    limits: Any, minute: Any, grades: Any, peak: Any, minutes: Any
) -> None:
    """The summaries of cases whose rows lie between the limits, as ``summary_columns.py`` says.

    First the rows alone, by least and greatest places, which takes many rows at a time as a search would not; then
    their minutes, which lie far apart and are fetched many at once where nothing waits for them.
    """
    onset, highest, resolved, duration = minutes
    for case in range(len(peak)):
        rows = grades[limits[case] : limits[case + 1]]
        worst = np.uint8(0)
        for i in range(len(rows)):
            worst = max(worst, rows[i])
        first, top, latest = _NO_PLACE, _NO_PLACE, np.int32(0)
        if worst:
            for i in range(len(rows)):
                place = np.int32(i)
                first = min(first, place if rows[i] else _NO_PLACE)
                top = min(top, place if rows[i] == worst else _NO_PLACE)
                latest = max(latest, place if rows[i] else np.int32(0))
        else:
            first, top = np.int32(0), np.int32(0)
        peak[case], onset[case], highest[case], resolved[case] = worst, first, top, latest + 1
    for case in range(len(peak)):
        begin, last = limits[case], limits[case + 1] - 1
        after = begin + resolved[case]
        start, at, end = minute[begin + onset[case]], minute[begin + highest[case]], minute[min(after, last)]
        ill = peak[case] > 0
        over = ill & (after <= last)
        onset[case] = start if ill else _NEVER
        highest[case] = at if ill else _NEVER
        resolved[case] = end if over else _NEVER
        duration[case] = end - start if over else _NEVER


def compiled(function: Callable[..., Any], signature: Any) -> Callable[..., Any]:
    """A function compiled for one signature: taken from numba's cache on disk, or kept there where that can be written.

    The interpreter is let go while it runs.
    """
    try:
        made: Callable[..., Any] = njit([signature], nogil=True, cache=True)(function)
    except (RuntimeError, OSError):  # nowhere to keep it, or the disk is full
        made = njit([signature], nogil=True)(function)
    return made


def _array(kind: Any, dimensions: int = 1) -> Any:
    return types.Array(kind, dimensions, "C", readonly=True)


SIGNATURE = types.void(
    types.intp,
    types.intp,
    _array(types.int32),
    types.int32,
    _array(types.uint8),
    _array(types.int64, 2),
    _array(types.uint16, 2),
    _array(types.float64, 2),
    _array(types.int64, 2),
    _array(types.uint16),
    types.uint8[::1],
    types.uint8[::1],
)
grade_rows = compiled(_grade_rows, SIGNATURE)
SUMMARY_SIGNATURE = types.void(
    _array(types.int64),
    _array(types.int32),
    _array(types.uint8),
    types.uint8[::1],
    types.int32[:, :],
)
summarize_cases = compiled(_summarize_cases, SUMMARY_SIGNATURE)
