"""A grade stands until the next examination: rounds at which a scale was not looked at tell nothing new."""

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


def standing(grades: Bytes, examined: npt.NDArray[np.bool_], starts: Ints) -> Bytes:
    """The grade of each patient's latest examination at every row, 0 before the first.

    >>> seen = np.array([True, False, True, False, False, True])
    >>> standing(np.array([2, 0, 1, 0, 0, 3], np.uint8), seen, np.array([0, 4])).tolist()
    [2, 2, 1, 1, 0, 3]
    """
    rows = np.arange(len(grades))
    first = np.repeat(starts, np.diff(starts, append=len(grades)))
    latest = np.maximum.accumulate(np.where(examined, rows, -1))
    return np.where(latest >= first, grades[latest], 0).astype(np.uint8)
