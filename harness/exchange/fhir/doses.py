"""Doses of drugs as FHIR has them: an amount or a rate, its unit, and the route."""

from typing import Any

from cartox_core.fields import is_number
from harness.exchange.chart import Remark, Tell
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.terms import UCUM_SYSTEM

_ATOMS = {
    **{
        unit: unit for unit in ("mg", "g", "ug", "ng", "kg", "mL", "L", "U", "[IU]", "mmol", "m2", "min", "h", "s", "d")
    },
    **dict.fromkeys(("mcg", "µg", "μg"), "ug"),  # both code points of µ are in use
    "IU": "[IU]",
    "ml": "mL",
    "hr": "h",
}
_TIMES = {"min", "h", "s", "d"}


def ucum(unit: str) -> str | None:
    """The UCUM code of a unit of a dose as charted; None where that is not sure.

    >>> ucum("mcg/kg/min"), ucum("mg"), ucum("IU/hr"), ucum("tablets")
    ('ug/kg/min', 'mg', '[IU]/h', None)
    """
    atoms = [_ATOMS.get(atom.strip()) for atom in unit.split("/")]
    known = [atom for atom in atoms if atom]
    return "/".join(known) if len(known) == len(atoms) else None


def is_rate(unit: str) -> bool:
    """Whether a unit is an amount over time."""
    _, *per = (ucum(unit) or "").split("/")
    return bool(per) and per[-1] in _TIMES


def dose_of(dosage: Any, runs: bool, place: str, tell: Tell) -> dict[str, Any]:
    """Dose, unit and route as the protocol has them, what is unknown left out; the rate first of a drug that runs.

    >>> dose_of({"rateQuantity": {"value": 0.1, "unit": "mcg/kg/min"}}, True, "", print)
    {'dose': 0.1, 'unit': 'mcg/kg/min'}
    """
    if dosage is not None and not isinstance(dosage, dict):
        tell(Remark(place, "its dosage is no object; dose left unknown"))
    found = part(dosage)
    amount, rate = part(found, "dose"), part(found, "rateQuantity") or _over_time(part(found, "rateRatio"))
    if "rateRatio" in found and not rate:
        tell(Remark(place, "its rateRatio is no amount over one unit of time; left unknown"))
    quantity = (rate or amount) if runs else (amount or rate)
    route = part(found, "route")
    named = text(route.get("text")) or next((text(c.get("display")) for c in parts(route.get("coding"))), "")
    told = {"dose": _number(quantity, place, tell), "unit": _unit(quantity) or None, "route": named or None}
    return {name: value for name, value in told.items() if value is not None}


def _number(quantity: Json, place: str, tell: Tell) -> float | None:
    value = quantity.get("value")
    if value is None:
        return None
    if "comparator" in quantity or not is_number(value) or value < 0:
        tell(Remark(place, f"the dose {text(quantity.get('comparator'))}{value!r:.40} is no amount; left unknown"))
        return None
    return float(value)


def _unit(quantity: Json) -> str:
    """The unit as charted where its code means the same, else the code."""
    charted = text(quantity.get("unit"))
    code = text(quantity.get("code")) if quantity.get("system") == UCUM_SYSTEM else ""
    return charted if charted and (not code or ucum(charted) == code) else code


def _over_time(ratio: Json) -> Json:
    """A ratio over one unit of time as a rate; empty where it is another."""
    over = part(ratio, "denominator")
    amount, time = _unit(part(ratio, "numerator")), _unit(over)
    if over.get("value", 1) != 1 or not amount or not time:
        return {}
    return {**part(ratio, "numerator"), "unit": f"{amount}/{time}", "code": None}
