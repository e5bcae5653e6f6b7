"""Age and weight at the infusion."""

import datetime
import re
from collections.abc import Sequence
from typing import Any

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def at_infusion(told: Sequence[tuple[float, str, Any]], name: str) -> Any:
    """The latest value of a field at or before the infusion, else the first after it; None where there is none.

    >>> at_infusion([(-48, "weight_kg", 80.0), (-1, "weight_kg", 79.0), (24, "weight_kg", 75.0)], "weight_kg")
    79.0
    """
    of_it = [(time_h, value) for time_h, each, value in told if each == name]
    before = [one for one in of_it if one[0] <= 0]
    found = max(before, key=_time) if before else min(of_it, key=_time, default=None)
    return found and found[1]


def age_at(infusion: datetime.datetime, birth_date: str) -> float | None:
    """Whole years from a birth date to the infusion; None where it is no whole date, or a later one.

    >>> age_at(datetime.datetime(2026, 3, 1, 10, 30), "1965-03-02"), age_at(datetime.datetime(2026, 3, 1), "1965")
    (60.0, None)
    """
    if not _DAY.fullmatch(birth_date):
        return None
    try:
        born = datetime.date.fromisoformat(birth_date)
    except ValueError:
        return None
    years = infusion.year - born.year - ((infusion.month, infusion.day) < (born.month, born.day))
    return float(years) if years >= 0 else None


def _time(one: tuple[float, Any]) -> float:
    return one[0]
