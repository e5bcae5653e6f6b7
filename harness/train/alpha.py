"""Krippendorff's alpha for grades: how far the raters of a class agree beyond chance, with gaps (Krippendorff 2011).

Krippendorff K. Computing Krippendorff's Alpha-Reliability. University of Pennsylvania, 2011.
"""

from collections.abc import Sequence

import numpy as np

Ratings = Sequence[Sequence[int | None]]  # a row a question, an entry a rater; None where somebody did not grade it


def ordinal_alpha(ratings: Ratings) -> float | None:
    """Alpha with the ordinal metric; None where nobody's grades can be paired, or all are one grade.

    >>> ordinal_alpha([[1, 1], [2, 2], [3, 3]]), ordinal_alpha([[1, None], [2, None]])
    (1.0, None)
    """
    units = [[grade for grade in row if grade is not None] for row in ratings]
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        return None
    size = max(max(unit) for unit in units) + 1
    together = np.zeros((size, size))
    for unit in units:
        counts = np.bincount(unit, minlength=size).astype(float)
        together += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    each, pairs = together.sum(1), together.sum()
    distance = _ordinal(each)
    expected = float((np.outer(each, each) * distance).sum() / (pairs - 1))
    if expected == 0:
        return None
    return round(1 - float((together * distance).sum()) / expected, 4)


def _ordinal(each: np.ndarray) -> np.ndarray:
    """The squared distances of grades: by how many ratings lie between two, the ends by half."""
    cumulative = np.concatenate([[0.0], np.cumsum(each)])
    low, high = np.minimum.outer(*[np.arange(len(each))] * 2), np.maximum.outer(*[np.arange(len(each))] * 2)
    between = cumulative[high + 1] - cumulative[low] - (each[low] + each[high]) / 2
    found: np.ndarray = np.where(low == high, 0.0, between) ** 2
    return found
