"""How the fields of the record are declared: kinds of fields, in a word each."""

import dataclasses
from typing import Any

from cartox_core.fields import Items, Value


def declare(kind: str, default: Value | None = None, **spec: Any) -> Any:
    """Any field; every spec is one of :class:`Field`."""
    return dataclasses.field(default=default, metadata={"kind": kind, "default": default, **spec})


def number(unit: str, low: float, high: float, doc: str, **spec: Any) -> Any:
    """A number in a unit, of a range."""
    return declare("number", unit=unit, low=low, high=high, doc=doc, **spec)


def integer(low: int, high: int, doc: str, **spec: Any) -> Any:
    """A whole number."""
    return declare("integer", low=low, high=high, doc=doc, **spec)


def flag(doc: str, default: bool | None = None, **spec: Any) -> Any:
    """True or false."""
    return declare("bool", default, doc=doc, **spec)


def choice(values: tuple[str, ...], doc: str, default: str | None = None, **spec: Any) -> Any:
    """One of some words."""
    return declare("enum", default, values=values, doc=doc, **spec)


def items(kind: type[Items], total: str) -> Any:
    """The items of a total."""
    doc = f"{kind.title} items, instead of {total}"
    return declare("items", doc=doc, items=kind, total=total, role="sign", scales="neuro")


def sign(doc: str, scales: str) -> Any:
    """A finding that is there or not; there is worse."""
    return flag(doc, role="sign", scales=scales, worse=True)


def excuse(doc: str, scales: str) -> Any:
    """Whether a finding has another cause; not where nothing is said."""
    return flag(doc, default=False, role="attribution", scales=scales, worse=False)


def organ(doc: str, scales: str = "crs") -> Any:
    """A CTCAE grade of an organ."""
    return integer(0, 4, doc, role="sign", scales=scales, worse="up")


def level(values: tuple[str, ...], doc: str) -> Any:
    """A severity in words, the mildest first."""
    return choice(values, doc, role="sign", scales="neuro", worse=tuple(range(len(values))))


def blood(unit: str, low: float, high: float, doc: str, worse: str) -> Any:
    """A value of the blood of which one direction is worse."""
    return number(unit, low, high, doc, role="sign", worse=worse)


def ratio(name: str, worse: str = "up") -> Any:
    """A value over the patient's own at baseline."""
    return blood("1", 0, 10_000, f"{name} divided by the patient's own value at baseline", worse)


def count(name: str) -> Any:
    """A count of cells per µL."""
    hint = "counts are per µL: 0.4 × 10⁹/L is 400"
    return number("/uL", 0, 1_000_000, name, least=10, hint=hint, role="sign", worse="down")
