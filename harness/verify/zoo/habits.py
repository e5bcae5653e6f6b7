"""Graders with a bad habit rather than a wrong clause: in how they treat input, unknowns, courses, other cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.verify.zoo.plain import Plain, Row


class MissingIsNormal(Plain):
    """Reads what is not charted as normal."""

    def filled(self, row: Row, end: int) -> dict[str, Any]:
        del end
        return super().filled(row, 0)


class MissingIsWorst(Plain):
    """Reads what is not charted as the worst it could be."""

    def filled(self, row: Row, end: int) -> dict[str, Any]:
        del end
        return super().filled(row, 1)


class LastCarriedForward(Plain):
    """Carries the last value forward where a course leaves one out."""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        last: dict[str, Any] = {}
        rows = []
        for row in message["observations"]:
            last = {**last, **{k: v for k, v in row.items() if v is not None}}
            rows.append(last)
        return super().entries({**message, "observations": rows})


class NoInputCheck(Plain):
    """Grades whatever it gets: NaN, Fahrenheit, text."""

    def refusal(self, message: Mapping[str, Any]) -> str:
        del message
        return ""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        try:
            return super().entries(message)
        except (AttributeError, KeyError, TypeError, ValueError):
            rows = message.get("observations")
            return [0] * (len(rows) if isinstance(rows, list) else 1)


class FahrenheitGuessed(Plain):
    """Takes a temperature above 45 for Fahrenheit instead of refusing it."""

    def __call__(self, message: Mapping[str, Any]) -> dict[str, Any]:
        rows = message.get("observations")
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            return super().__call__(message)
        return super().__call__({**message, "observations": [_celsius(row) for row in rows]})


def _celsius(row: Row) -> Row:
    temp = row.get("temp_c")
    if isinstance(temp, int | float) and not isinstance(temp, bool) and temp > 45:
        return {**row, "temp_c": (temp - 32) / 1.8}
    return row


class RefusesUnknown(Plain):
    """Refuses a case as soon as anything is unknown."""

    def refusal(self, message: Mapping[str, Any]) -> str:
        if fault := super().refusal(message):
            return fault
        needed = ("temp_c", "hypotension", "o2_device") if message["scale"] == "crs" else ("consciousness", "seizure")
        gaps = [k for row in message["observations"] for k in needed if row.get(k) is None]
        return f"{gaps[0]} is missing" if gaps else ""


class NeverARange(Plain):
    """Answers no grade wherever anything at all is unknown, even where the rest decides."""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        crs, icans = (
            ("temp_c", "hypotension", "vasopressors", "o2_device"),
            ("consciousness", "seizure", "motor_weakness"),
        )
        names = crs if message["scale"] == "crs" else icans
        found = super().entries(message)
        rows = message["observations"]
        return [
            None if any(row.get(k) is None for k in names) else entry for row, entry in zip(rows, found, strict=True)
        ]


class WidestRange(Plain):
    """Answers 0 to 4 wherever it is not sure."""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        return [
            e if e["floor"] == e["ceiling"] else {"floor": 0, "ceiling": max(4, e["ceiling"])}
            for e in super().entries(message)
        ]


class FirstDomain(Plain):
    """Takes the first domain that shows a sign instead of the worst."""

    def worst(self, grades: Sequence[int]) -> int:
        return next((grade for grade in (*grades[1:], grades[0]) if grade), 0)


class SumOfDomains(Plain):
    """Adds the domains up."""

    def worst(self, grades: Sequence[int]) -> int:
        return min(4, sum(grades))


class AverageOfDomains(Plain):
    """Averages the domains that show a sign."""

    def worst(self, grades: Sequence[int]) -> int:
        signs = [g for g in grades if g]
        return round(sum(signs) / len(signs)) if signs else 0


class PeakForAll(Plain):
    """Never lets a grade come down within a course."""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        found, low, high = [], 0, 0
        for entry in super().entries(message):
            low, high = max(low, entry["floor"]), max(high, entry["ceiling"])
            found.append({"floor": low, "ceiling": high})
        return found


class EachByItself(Plain):
    """Grades each observation of a course as if it were the only one."""

    def crs(self, rows: Sequence[Row], patient: Row, treatments: Sequence[Row]) -> list[int]:
        return [super(EachByItself, self).crs([row], patient, treatments)[0] for row in rows]


class LastOnly(Plain):
    """Answers a course with its last grade only."""

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        return super().entries(message)[-1:]


class Remembers(Plain):
    """Remembers the patient before: a grade is never more than one below the last."""

    def __init__(self) -> None:
        self.last = 0

    def entries(self, message: Mapping[str, Any]) -> list[Any]:
        found = super().entries(message)
        for entry in found:
            entry["floor"] = max(entry["floor"], self.last - 1)
            entry["ceiling"] = max(entry["ceiling"], entry["floor"])
        self.last = found[-1]["floor"]
        return found


class NoBand(Plain):
    """Never answers more than grade 3."""

    def worst(self, grades: Sequence[int]) -> int:
        return min(3, max(grades))


class OffByOne(Plain):
    """Counts grades from 0, one too low."""

    def worst(self, grades: Sequence[int]) -> int:
        return max(0, max(grades) - 1)
