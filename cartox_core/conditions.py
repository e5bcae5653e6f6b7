"""Unary tests on one field, in the manner of DMN decision tables, and the bands that they cut.

A test is written as ``">= 38.0"``, ``"3..6"`` (both ends included), ``"1"``, ``"voice"``,
``["cpap", "bipap"]``, ``true``, ``"-"`` (anything) or ``"never"``. Nothing is evaluated as code.
"""

import dataclasses
import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from cartox_core.fields import Field, Value

ANYTHING: Final = "-"
NEVER: Final = "never"
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_COMPARISON = re.compile(rf"(>=|<=|>|<)\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")


class ConditionError(ValueError):
    """A test that cannot be read, or does not fit its field."""


@dataclasses.dataclass(frozen=True, slots=True)
class Between:
    """A number test: an interval with its ends in or out.

    >>> Between(low=6, low_in=False).holds(6.0)
    False
    """

    low: float = -math.inf
    low_in: bool = True
    high: float = math.inf
    high_in: bool = True

    def holds(self, value: Value) -> bool:
        """Whether a known value passes the test."""
        number = float(value)
        above = number >= self.low if self.low_in else number > self.low
        below = number <= self.high if self.high_in else number < self.high
        return above and below

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.low:.15g}"
        if self.high == math.inf:
            return f"{'≥' if self.low_in else '>'} {self.low:.15g}"
        if self.low == -math.inf:
            return f"{'≤' if self.high_in else '<'} {self.high:.15g}"
        if self.low_in and self.high_in:
            return f"{self.low:.15g}–{self.high:.15g}"
        return f"{'' if self.low_in else 'above '}{self.low:.15g} to {'' if self.high_in else 'below '}{self.high:.15g}"


@dataclasses.dataclass(frozen=True, slots=True)
class OneOf:
    """A test for one of some values of an enumeration, or of a bool.

    >>> OneOf(("cpap", "bipap")).holds("bipap")
    True
    """

    values: tuple[Value, ...]

    def holds(self, value: Value) -> bool:
        """Whether a known value passes the test."""
        return value in self.values

    def __str__(self) -> str:
        words = ["yes" if v is True else "no" if v is False else str(v) for v in self.values]
        return " or ".join(words)


Test = Between | OneOf


def parse_test(raw: object, field: Field) -> Test | None:
    """The test that ``raw`` writes for a field; None for one that passes anything.

    Raises ConditionError when it cannot be read, names a value the field does not have, or can never hold.

    >>> temp = Field("temp_c", "number", "Cel", low=25, high=45)
    >>> str(parse_test(">= 38.0", temp)), str(parse_test("36..37.5", temp))
    ('≥ 38', '36–37.5')
    """
    if raw == ANYTHING:
        return None
    if field.kind in ("number", "integer"):
        return _parse_number(raw, field)
    values = tuple(raw) if isinstance(raw, list) else (raw,)
    known: tuple[Value, ...] = (True, False) if field.kind == "bool" else field.values
    for value in values:
        if value not in known or isinstance(value, bool) != (field.kind == "bool"):
            raise ConditionError(f"{field.name} is never {value!r}; it is {field.allowed}")
    if not values or len(set(values)) != len(values):
        raise ConditionError(f"{field.name} tests an empty list, or a value twice: {raw!r}")
    return OneOf(values)


def _parse_number(raw: object, field: Field) -> Between:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    text = raw.strip() if isinstance(raw, str) else ""
    if match := _COMPARISON.fullmatch(text):
        sign, bound = match[1], float(match[2])
        closed = sign in (">=", "<=")
        test = Between(low=bound, low_in=closed) if sign[0] == ">" else Between(high=bound, high_in=closed)
        ends = [bound]
    elif match := _RANGE.fullmatch(text):
        test, ends = Between(low=float(match[1]), high=float(match[2])), [float(match[1]), float(match[2])]
    elif re.fullmatch(_NUMBER, text):
        test, ends = Between(low=float(text), high=float(text)), [float(text)]
    else:
        raise ConditionError(f'{field.name} tests {raw!r}; write ">= 38", "3..6", "1" or "-" (anything)')
    if test.low > test.high:
        right = "..".join(end.strip() for end in reversed(text.split("..")))
        raise ConditionError(f'{field.name} tests {raw!r}, whose ends are the wrong way round; write "{right}"')
    if any(not field.low <= end <= field.high for end in ends):
        raise ConditionError(f"{field.name} tests {raw!r}, which lies outside {field.allowed}")
    if field.kind == "integer" and any(end != int(end) for end in ends):
        raise ConditionError(f"{field.name} tests {raw!r}; it is {field.allowed}")
    return test


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """The values of a field that no test tells apart.

    ``sample`` is one of them: the threshold itself where it belongs to the band.
    """

    label: str
    sample: Value


@dataclasses.dataclass(frozen=True, slots=True)
class Cut:
    """A place between two bands: below ``at``, or just above it when ``above``."""

    at: float
    above: bool

    def passed(self, number: float) -> bool:
        """Whether a number lies beyond the cut."""
        return number > self.at if self.above else number >= self.at


def cuts_of(tests: Iterable[Between], field: Field) -> tuple[Cut, ...]:
    """The cuts that number tests make in a field's range, in order.

    >>> flow = Field("flow", "number", low=0, high=100)
    >>> cuts_of([Between(high=6), Between(low=6, low_in=False)], flow)
    (Cut(at=6.0, above=True),)
    """
    found = set()
    for test in tests:
        if test.low > -math.inf:
            found.add((test.low, not test.low_in))
        if test.high < math.inf:
            found.add((test.high, test.high_in))
    if field.kind == "integer":
        found = {(at + 1 if above else at, False) for at, above in found}
    inside = {c for c in found if not (c == (field.low, False) or c[0] > field.high or c == (field.high, True))}
    return tuple(Cut(float(at), above) for at, above in sorted(inside))


def bands_of(field: Field, cuts: tuple[Cut, ...]) -> tuple[Band, ...]:
    """The bands of a field: its values, or the stretches between its cuts."""
    if field.kind == "bool":
        return (Band("no", False), Band("yes", True))
    if field.kind == "enum":
        return tuple(Band(value, value) for value in field.values)
    edges = (Cut(field.low, False), *cuts, Cut(field.high, True))
    return tuple(_stretch(field, low, high) for low, high in pairwise(edges))


def _stretch(field: Field, low: Cut, high: Cut) -> Band:
    if field.kind == "integer":
        first, last = int(low.at), int(high.at) if high.above else int(high.at) - 1
        return Band(str(first) if first == last else f"{first}–{last}", first)
    test = Between(low.at, not low.above, high.at, high.above)
    if low == Cut(field.low, False):
        test = dataclasses.replace(test, low=-math.inf)
    if high == Cut(field.high, True):
        test = dataclasses.replace(test, high=math.inf)
    if test == Between():
        return Band("any", field.low)
    sample = high.at if low.above and high.above else (low.at + high.at) / 2 if low.above else low.at
    return Band(str(test), sample)
