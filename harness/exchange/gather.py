"""What comes record by record, gathered: rows by minute, and what is told once with a count."""

import dataclasses
from collections import Counter
from typing import Any

from harness.exchange.chart import Remark, Row, Tell


@dataclasses.dataclass(slots=True)
class Counted:
    """Remarks that would be the same line after line, told once each with how many records they are about."""

    counts: Counter[tuple[str, str]] = dataclasses.field(default_factory=Counter)

    def add(self, place: str, text: str) -> None:
        """Count one record."""
        self.counts[place, text] += 1

    def tell(self, tell: Tell) -> None:
        """Tell each remark, in the order in which it first came."""
        for (place, text), count in self.counts.items():
            tell(Remark(place, f"{count} {'record' if count == 1 else 'records'}: {text}"))


@dataclasses.dataclass(slots=True)
class Gathered:
    """The rows of one patient: one a minute, and one more for a second value of a field in that minute.

    >>> found = Gathered()
    >>> found.put(60, "a row 2", "temp_c", 38.0)
    >>> found.put(60, "b row 2", "ice_items.year", 1)
    >>> found.put(60, "a row 3", "temp_c", 38.4)
    >>> [(row.place, dict(row.values)) for row in found.rows()]
    [('a row 2', {'temp_c': 38.0, 'ice_items': {'year': 1}}), ('a row 3', {'temp_c': 38.4})]
    """

    minutes: dict[int, list[tuple[str, dict[str, Any]]]] = dataclasses.field(default_factory=dict)

    def seen(self, minute: int, place: str) -> None:
        """A minute at which something was looked at, though it may have given no value."""
        self.minutes.setdefault(minute, [(place, {})])

    def put(self, minute: int, place: str, name: str, value: object) -> None:
        """A value of a field, or of an item of a score (``ice_items.year``)."""
        self.seen(minute, place)
        field, _, item = name.partition(".")
        for _, values in self.minutes[minute]:
            held = values.setdefault(field, {}) if item else values
            if held.setdefault(item or field, value) == value:
                return
        self.minutes[minute].append((place, {field: {item: value} if item else value}))

    def rows(self) -> tuple[Row, ...]:
        """The rows in order of time."""
        return tuple(
            Row(minute / 60, values, place) for minute, some in sorted(self.minutes.items()) for place, values in some
        )
