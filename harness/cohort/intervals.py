"""Intervals of counted things: of a share, and of a median."""

import math
from collections import Counter

_Z95 = 1.959963984540054


def wilson(found: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson); wide of the truth here, since the draws are stratified.

    >>> [round(x, 3) for x in wilson(50, 100)]
    [0.404, 0.596]
    >>> wilson(0, 6)[0], wilson(6, 6)[1]
    (0.0, 1.0)
    """
    p, z2 = found / n, _Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return middle - half if found else 0.0, middle + half if found < n else 1.0  # exact at the ends


def median_interval(counted: Counter[int]) -> tuple[float, float, float] | None:
    """The median of counted values and its 95 % interval by order statistics; None without values.

    >>> median_interval(Counter({1: 40, 2: 40, 3: 40}))
    (2.0, 2.0, 2.0)
    """
    n = sum(counted.values())
    if not n:
        return None
    half = _Z95 * math.sqrt(n) / 2
    ranks = ((n + 1) / 2, max(1.0, n / 2 - half), min(float(n), n / 2 + 1 + half))
    middle, low, high = (_at_rank(counted, rank) for rank in ranks)
    return middle, low, high


def _at_rank(counted: Counter[int], rank: float) -> float:
    """The value at a rank from 1, between two values for a half rank."""

    def whole(k: int) -> int:
        seen = 0
        for value in sorted(counted):
            seen += counted[value]
            if seen >= k:
                return value
        return max(counted)

    lower = math.floor(rank)
    part = rank - lower
    return whole(lower) * (1 - part) + whole(math.ceil(rank)) * part
