"""The memory limit: no grader on these threads can be faster than reading its input and writing its output.

Every input byte goes through one cheap reduction, whose low byte is written over the rows' four output bytes.
What a grader takes beyond that is its own work, not the machine's.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from benchmarks.rows import OUTPUT_BYTES
from cartox_core import Columns

STRETCH_ROWS = 2**19  # long enough that handing over the interpreter costs nothing; the data is read once anyway
WORD = 8


def touch(columns: Columns, threads: int) -> npt.NDArray[np.uint8]:
    """Read every byte of the columns, write four bytes a row; shape (4, rows)."""
    rows = len(columns)
    inputs = [columns.minute, *columns.fields.values()]
    out = np.empty((OUTPUT_BYTES, rows), np.uint8)

    def stretch(start: int) -> None:
        here = slice(start, start + STRETCH_ROWS)
        seen = 0
        for column in inputs:
            seen ^= _folded(column[here])
        out[:, here] = seen & 0xFF

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(stretch, range(0, rows, STRETCH_ROWS)))
    return out


def _folded(column: npt.NDArray[np.generic]) -> int:
    """Exclusive or over all bytes, eight at a time and the rest one by one, as one byte.

    >>> _folded(np.arange(11, dtype=np.uint8)) == int(np.bitwise_xor.reduce(np.arange(11)))
    True
    """
    data = column.view(np.uint8)
    whole = len(data) // WORD * WORD
    words = int(np.bitwise_xor.reduce(data[:whole].view(np.uint64)))
    found = int(np.bitwise_xor.reduce(data[whole:]))
    for byte in words.to_bytes(WORD, "little"):
        found ^= byte
    return found
