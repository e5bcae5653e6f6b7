"""What a field may hold: its kind, unit, range, values and direction of harm.

A :class:`Field` is the one description from which the input check, the JSON Schema, the column layout
and the generated test data are derived. The record that lists them is :mod:`cartox_core.observation`.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

Kind = Literal["number", "integer", "bool", "enum", "items", "text"]
Value = float | int | bool | str
Role = Literal["sign", "attribution", "state", "chart", "time", "patient"]


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of the protocol.

    ``worse`` says in which direction a sign is worse: ``"up"`` or ``"down"`` for numbers, a rank for each
    value of an enumeration, ``True``/``False`` for a bool; None where no order is meant. ``items`` are the
    items of a score, and ``total`` the field that holds its total where that is charted. ``role`` is
    ``sign`` (findings), ``attribution`` (another cause), ``state`` (derived in a course), ``chart``
    (never read by ASTCT), ``time`` or ``patient``. ``least`` is the smallest value above 0 of a count
    that jumps (a cell count of 0.4 is a unit error).

    >>> Field("temp_c", "number", "Cel", low=25, high=45, doc="temperature").fault(45.1)
    'a number from 25 to 45 Cel'
    """

    name: str
    kind: Kind
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    values: tuple[str, ...] = ()
    default: Value | None = None
    required: bool = False
    snapshot_only: bool = False
    items: "type[Items] | None" = None
    total: str = ""
    least: float | None = None
    hint: str = ""
    worse: str | bool | tuple[int, ...] | None = None
    role: Role = "chart"
    scales: str = ""
    doc: str = ""

    @property
    def allowed(self) -> str:
        """What the field may hold, in words for a message."""
        match self.kind:
            case "bool":
                return "true or false"
            case "enum":
                return "one of " + ", ".join(self.values)
            case "text":
                return "text"
            case "items":
                return "an object of " + ", ".join(f"{k} (0-{v})" for k, v in self._items.most.items())
            case _:
                what = "a whole number" if self.kind == "integer" else "a number"
                if self.high == math.inf:
                    return f"{what} of {self.low:,.15g} or more {self.unit}".rstrip()
                jump = (
                    f"0 or {what} from {self.least:,.15g}"
                    if self.least is not None
                    else f"{what} from {self.low:,.15g}"
                )
                return f"{jump} to {self.high:,.15g} {self.unit}".rstrip()

    def fault(self, value: object) -> str | None:
        """What is allowed instead of a value that the field may not hold; None when it may.

        A whole float such as 9.0 is a whole number; a bool is no number; NaN and infinity are refused.
        """
        match self.kind:
            case "bool":
                good = isinstance(value, bool)
            case "enum":
                good = isinstance(value, str) and value in self.values
            case "text":
                good = isinstance(value, str)
            case "items":
                return items_fault(value, self._items)
            case _:
                good = is_number(value) and self.low <= value <= self.high  # type: ignore[operator]
                if good and self.kind == "integer":
                    good = value == int(value)  # type: ignore[call-overload]
                if good and self.least is not None:
                    good = value == 0 or value >= self.least  # type: ignore[operator]
        if not good and self.hint and (is_number(value) or self.kind == "enum"):
            return f"{self.allowed} ({self.hint})"
        return None if good else self.allowed

    def clean(self, value: Any) -> Any:
        """The value as the record keeps it: whole numbers as int, other numbers as float."""
        match self.kind:
            case "integer":
                return int(value)
            case "number":
                return float(value)
            case "items":
                return self._items(**{k: None if v is None else int(v) for k, v in value.items()})
            case _:
                return value

    @property
    def _items(self) -> "type[Items]":
        assert self.items is not None, f"{self.name} does not say what its items are"
        return self.items


class Items:
    """Points of the items of a score, which a subclass names; None is unknown."""

    __slots__ = ()
    title: ClassVar[str]
    most: ClassVar[Mapping[str, int]]

    @property
    def possible(self) -> tuple[int, int]:
        """The lowest and the highest total that these items allow."""
        low = sum(getattr(self, k) or 0 for k in self.most)
        rest = sum(v for k, v in self.most.items() if getattr(self, k) is None)
        return low, low + rest


ICE_ITEM_MAXIMUM: Mapping[str, int] = {
    "year": 1,
    "month": 1,
    "city": 1,
    "hospital": 1,
    "naming": 3,
    "command": 1,
    "writing": 1,
    "attention": 1,
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class IceItems(Items):
    """The items of the ICE score; None is unknown (Ferreri 2024, Table 5).

    >>> IceItems(year=1, month=1, city=1, hospital=1, naming=3, command=1).possible
    (8, 10)
    """

    title: ClassVar[str] = "ICE"
    most: ClassVar[Mapping[str, int]] = ICE_ITEM_MAXIMUM

    year: int | None = None
    month: int | None = None
    city: int | None = None
    hospital: int | None = None
    naming: int | None = None
    command: int | None = None
    writing: int | None = None
    attention: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cartox10Items(Items):
    """The items of the CARTOX-10 score; None is unknown (Neelapu 2018; Ferreri 2024, Table 5).

    It asks for the head of state or government, and has no command to follow.

    >>> Cartox10Items(year=1, month=1, city=1, hospital=1, president=0, naming=3).possible
    (7, 9)
    """

    title: ClassVar[str] = "CARTOX-10"
    most: ClassVar[Mapping[str, int]] = {
        "year": 1,
        "month": 1,
        "city": 1,
        "hospital": 1,
        "president": 1,
        "naming": 3,
        "writing": 1,
        "attention": 1,
    }

    year: int | None = None
    month: int | None = None
    city: int | None = None
    hospital: int | None = None
    president: int | None = None
    naming: int | None = None
    writing: int | None = None
    attention: int | None = None


def is_number(value: object) -> bool:
    """Whether a value is a finite number; a bool is none.

    >>> is_number(3), is_number(True), is_number(float("nan")), is_number("3")
    (True, False, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond any float
        return False


def items_fault(value: object, items: type[Items]) -> str | None:
    """What is allowed instead of these items of a score; None when they are good."""
    if not isinstance(value, Mapping):
        return f"an object of {items.title} items"
    for key, points in value.items():
        if key not in items.most:
            return f"the items {', '.join(items.most)}; not {key!r}"
        top = items.most[key]
        whole = points is None or (is_number(points) and points == int(points) and 0 <= points <= top)
        if not whole:
            return f"a whole number from 0 to {top} for {key}"
    return None
