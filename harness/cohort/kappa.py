"""Weighted kappa: how far two columns of grades agree beyond chance (Cohen 1968)."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.int64]  # (grade by one, grade by the other)


def weighted_kappa(matrix: Matrix, power: int = 2) -> float | None:
    """Cohen's kappa with linear (``power`` 1) or quadratic (2) weights; None where all answers lie in one grade.

    >>> weighted_kappa(np.array([[5, 0], [0, 5]])), weighted_kappa(np.array([[5, 5], [5, 5]]), power=1)
    (1.0, 0.0)
    """
    total = matrix.sum()
    if not total:
        return None
    grade = np.arange(len(matrix))
    weight = np.abs(grade[:, None] - grade[None]) ** power
    chance = matrix.sum(1)[:, None] * matrix.sum(0)[None] / total
    expected = float((weight * chance).sum())
    return None if expected == 0 else round(1 - float((weight * matrix).sum()) / expected, 4)
