"""What a field may hold: its kind, unit, range, values and direction of harm.

A :class:`Field` is the one description from which the input check, the JSON Schema, the column layout
and the generated test data are derived. The record that lists them is :mod:`cartox_core.observation`.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Literal

Kind = Literal["number", "integer", "bool", "enum", "items", "text"]
Value = float | int | bool | str
Role = Literal["sign", "attribution", "state", "chart", "time", "patient"]


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One field of the protocol.

    ``worse`` says in which direction a sign is worse: ``"up"`` or ``"down"`` for numbers, a rank for each
    value of an enumeration, ``True``/``False`` for a bool; None where no order is meant. ``role`` is
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
                return "an object of " + ", ".join(f"{k} (0-{v})" for k, v in ICE_ITEM_MAXIMUM.items())
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
                return ice_items_fault(value)
            case _:
                good = is_number(value) and self.low <= value <= self.high  # type: ignore[operator]
                if good and self.kind == "integer":
                    good = value == int(value)  # type: ignore[call-overload]
                if good and self.least is not None:
                    good = value == 0 or value >= self.least  # type: ignore[operator]
                if not good and self.hint and is_number(value):
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
                return IceItems(**{k: None if v is None else int(v) for k, v in value.items()})
            case _:
                return value


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
class IceItems:
    """The items of the ICE score; None is unknown (Ferreri 2024, Table 5).

    >>> IceItems(year=1, month=1, city=1, hospital=1, naming=3, command=1).possible
    (8, 10)
    """

    year: int | None = None
    month: int | None = None
    city: int | None = None
    hospital: int | None = None
    naming: int | None = None
    command: int | None = None
    writing: int | None = None
    attention: int | None = None

    @property
    def possible(self) -> tuple[int, int]:
        """The lowest and the highest ICE score that these items allow."""
        low = sum(getattr(self, k) or 0 for k in ICE_ITEM_MAXIMUM)
        rest = sum(v for k, v in ICE_ITEM_MAXIMUM.items() if getattr(self, k) is None)
        return low, low + rest


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


def ice_items_fault(value: object) -> str | None:
    """What is allowed instead of these ICE items; None when they are good."""
    if not isinstance(value, Mapping):
        return "an object of ICE items"
    for key, points in value.items():
        if key not in ICE_ITEM_MAXIMUM:
            return f"the items {', '.join(ICE_ITEM_MAXIMUM)}; not {key!r}"
        top = ICE_ITEM_MAXIMUM[key]
        whole = points is None or (is_number(points) and points == int(points) and 0 <= points <= top)
        if not whole:
            return f"a whole number from 0 to {top} for {key}"
    return None
