"""What ``--know`` states, and the names of toxicities as people write them."""

from collections.abc import Iterable
from typing import Any

from cartox_core import Grade
from cartox_core.bibliography import nearest
from cartox_core.context import CONTEXT, GRADES
from harness.cli.failure import Stopped

_YES_NO = {"true": True, "false": False, "yes": True, "no": False}


def folded(name: str) -> str:
    """A name without what people write in more than one way.

    >>> folded("IEC-HS"), folded("iec_hs")
    ('iechs', 'iechs')
    """
    return "".join(sign for sign in name.lower() if sign not in "-_ ")


def meant(name: str, names: Iterable[str]) -> str:
    """That of some names which is meant, or the name as it is.

    >>> meant("IEC-HS", ["crs", "iec_hs"]), meant("x", ["crs"])
    ('iec_hs', 'x')
    """
    return {folded(known): known for known in names}.get(folded(name), name)


def known(pairs: list[str] | None) -> dict[str, Any]:
    """Fields of a context as FIELD=VALUE; a toxicity alone is its grade. Raises Stopped.

    >>> known(["crs_grade=2..3", "fever_persistent=true"])
    {'crs_grade': Grade(floor=2, ceiling=3), 'fever_persistent': True}
    >>> known(["IEC-HS=2"])
    {'iechs_grade': Grade(floor=2, ceiling=2)}
    """
    stated: dict[str, Any] = {}
    for pair in pairs or []:
        written, equals, value = (part.strip() for part in pair.partition("="))
        if not (written and equals and value):
            raise Stopped(f"--know is written FIELD=VALUE, as in --know fever_persistent=yes; got {pair!r}")
        name = _field(written)
        found = _found(name, value)
        if stated.get(name, found) != found:
            raise Stopped(f"--know states {name} twice, each time otherwise; state it once")
        stated[name] = found
    return stated


def _field(written: str) -> str:
    name = meant(f"{written}_grade", GRADES)
    name = name if name in GRADES else meant(written, CONTEXT)
    if name not in CONTEXT:
        raise Stopped(f"--know has no field {written!r};{nearest(written, CONTEXT)} it has {', '.join(CONTEXT)}")
    return name


def _found(name: str, written: str) -> Any:
    if name not in GRADES:
        return _value(name, written)
    low, _, high = written.partition("..")
    floor, ceiling = _value(name, low), _value(name, high or low)
    if floor > ceiling:
        raise Stopped(f"--know {name}={written} is no range; write the lower grade first")
    return Grade(floor, ceiling)


def _value(name: str, written: str) -> Any:
    field = CONTEXT[name]
    try:
        value: Any = _YES_NO[written.lower()] if field.kind == "bool" else float(written)
    except (KeyError, ValueError):
        value = written
    if allowed := field.fault(value):
        raise Stopped(f"--know {name} is {written!r}; allowed: {allowed}")
    return field.clean(value)
