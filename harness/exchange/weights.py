"""The body weight of a patient among several that were taken."""

import datetime
from collections.abc import Sequence

Weight = tuple[datetime.date, float]
"""The day on which it was taken, and kilograms."""


def weight_at(weights: Sequence[Weight], day: datetime.date) -> float | None:
    """The last weight up to the day of the infusion, else the first after it; None where there is none.

    >>> days = [datetime.date(2026, 3, n) for n in (1, 3, 5)]
    >>> weight_at([(days[0], 70.0), (days[1], 71.0), (days[2], 69.0)], days[1]), weight_at([(days[2], 69.0)], days[1])
    (71.0, 69.0)
    """
    before = [(taken, kg) for taken, kg in weights if taken <= day]
    if before:
        return max(before, key=lambda weight: weight[0])[1]
    return min(weights, key=lambda weight: weight[0])[1] if weights else None
