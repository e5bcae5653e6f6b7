"""A second implementation of the scales over a daily series: lists and loops, no tables, no arrays.

Written from the rules (Liang 2024 for the counting of days, Rejeski 2023 and 2025 for the grades). It grades one course
under the readings given, and must agree with the core on every course.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Range = tuple[int, int]
Series = list[Fraction | None]


def plain_icaht_early(rows: Sequence[Mapping[str, Any]], **readings: str) -> Range:
    """Floor and ceiling of early ICAHT."""
    days = _window(rows, "anc_per_ul", 0, 30, whole=readings.get("H5") == "unknown")
    if not any(days):
        return 0, 4
    filled = [
        _round(v, readings) for v in _filled(days, {"gaps_of_5": 5, "observed": 0}.get(readings.get("H2", ""), 7))
    ]
    grades = []
    for unknown_is_low in (False, True):
        below_500 = _joined([unknown_is_low if v is None else v <= 500 for v in filled])
        below_100 = _joined([unknown_is_low if v is None else v <= 100 for v in filled])
        count = sum if readings.get("H3") == "cumulative" else _longest
        d500, d100 = count(below_500), count(below_100)
        grade = 0 if d500 == 0 else 1 if d500 < 7 else 2 if d500 < 14 else 3
        grade = max(grade, 4 if d100 >= 14 else 3 if d100 >= 7 else 0)
        from_day_3 = below_500[-1] and all(below_500[3:])
        never = d500 == 31 if readings.get("H4") == "every_day" else from_day_3
        grades.append(4 if never else grade)
    return grades[0], grades[1]


def plain_icaht_late(rows: Sequence[Mapping[str, Any]], **readings: str) -> Range:
    """Floor and ceiling of late ICAHT."""
    last = 1825 if readings.get("H10") == "none" else 100
    lowest = sorted(_round(v, readings) for v in _days_with_a_value(rows, "anc_per_ul", 31, last))
    if not lowest:
        return 0, 4
    if len(lowest) == 1 and readings.get("H9") == "needs_two":
        return 0, 0
    first, second = lowest[0], lowest[1] if len(lowest) > 1 else lowest[0]
    if second > 1500:
        return 0, 0
    grade = 4 if first <= 100 else 3 if first <= 500 else 2 if first <= 1000 else 1
    return grade, grade


def plain_platelets_early(rows: Sequence[Mapping[str, Any]], **readings: str) -> Range:
    """Floor and ceiling of early T-ICAHT."""
    days = _window(rows, "platelets_10e9_l", 0, 30, whole=readings.get("H5") == "unknown")
    if not any(days):
        return 0, 4
    filled = _filled(days, 0 if readings.get("H2") == "observed" else 7)
    count = _longest if readings.get("H3") == "longest" else sum
    grades = []
    for unknown_is_low in (False, True):
        d50 = count(_joined([unknown_is_low if v is None else v < 50 for v in filled]))
        d20 = count(_joined([unknown_is_low if v is None else v < 20 for v in filled]))
        grades.append(4 if d20 >= 14 else 3 if d20 else 2 if d50 >= 7 else 1 if d50 else 0)
    return grades[0], grades[1]


def plain_platelets_late(rows: Sequence[Mapping[str, Any]], **readings: str) -> Range:
    """Floor and ceiling of late T-ICAHT."""
    lowest = sorted(_days_with_a_value(rows, "platelets_10e9_l", 31, 100))
    if not lowest:
        return 0, 4
    days = _window(rows, "platelets_10e9_l", 31, 100, whole=False)
    filled = _filled(days, 0 if readings.get("H2") == "observed" else 7, carry=False)
    count = _longest if readings.get("H3") == "longest" else sum
    if count(_joined([v is not None and v < 20 for v in filled])) >= 14:
        return 4, 4
    if len(lowest) == 1 and readings.get("H9") == "needs_two":
        return 0, 0
    first, second = lowest[0], lowest[1] if len(lowest) > 1 else lowest[0]
    if second >= 100:
        return 0, 0
    grade = 3 if first < 20 else 2 if first < 50 else 1
    return grade, grade


PLAIN: Mapping[tuple[str, str], Callable[..., Range]] = {
    ("eha-ebmt-2023", "icaht_early"): plain_icaht_early,
    ("eha-ebmt-2023", "icaht_late"): plain_icaht_late,
    ("t-icaht-2025", "icaht_platelets_early"): plain_platelets_early,
    ("t-icaht-2025", "icaht_platelets_late"): plain_platelets_late,
}


def _counted(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows up to the one at which the next therapy or progression comes."""
    found = []
    for row in rows:
        found.append(row)
        if row.get("next_therapy_or_progression"):
            break
    return found


def _day(row: Mapping[str, Any]) -> int:
    return int((60 * row["time_h"] + 0.5) // 1) // 1440


def _days_with_a_value(rows: Sequence[Mapping[str, Any]], field: str, first: int, last: int) -> list[Fraction]:
    lowest: dict[int, Fraction] = {}
    for row in _counted(rows):
        if first <= _day(row) <= last and row.get(field) is not None:
            value = Fraction(row[field])
            lowest[_day(row)] = min(value, lowest.get(_day(row), value))
    return list(lowest.values())


def _window(rows: Sequence[Mapping[str, Any]], field: str, first: int, last: int, whole: bool) -> list[list[Fraction]]:
    """The values of each day up to the last that is followed."""
    counted = _counted(rows)
    end = last if whole else min(last, max(_day(row) for row in counted))
    days: list[list[Fraction]] = [[] for _ in range(first, end + 1)]
    for row in counted:
        if first <= _day(row) <= end and row.get(field) is not None:
            days[_day(row) - first].append(Fraction(row[field]))
    return days


def _filled(days: list[list[Fraction]], gap_days: int, carry: bool = True) -> Series:
    """The lowest of each day, short gaps on a straight line, at either end the nearest value."""
    lowest: Series = [min(values) if values else None for values in days]
    filled: Series = []
    place = 0
    for missing, stretch in itertools.groupby(lowest, key=lambda v: v is None):
        length = len(list(stretch))
        before = lowest[place - 1] if place else None
        after = lowest[place + length] if place + length < len(lowest) else None
        for i in range(length):
            if not missing:
                filled.append(lowest[place + i])
            elif length > gap_days or (not carry and (before is None or after is None)):
                filled.append(None)
            elif before is not None and after is not None:
                filled.append(before + (after - before) * (i + 1) / (length + 1))
            else:
                filled.append(before if before is not None else after)
        place += length
    return filled


def _round(value: Any, readings: Mapping[str, str]) -> Any:
    return value if value is None or readings.get("H13") != "to_10" else round(value / 10) * 10


def _joined(low: list[bool]) -> list[bool]:
    """Recoveries of one or two days between low days are low."""
    found = list(low)
    place = 0
    for is_low, stretch in itertools.groupby(low):
        length = len(list(stretch))
        if not is_low and length <= 2 and place and place + length < len(low):
            found[place : place + length] = [True] * length
        place += length
    return found


def _longest(low: list[bool]) -> int:
    return max((len(list(days)) for is_low, days in itertools.groupby(low) if is_low), default=0)
