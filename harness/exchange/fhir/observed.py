"""What an Observation says of the fields of the protocol; what it says in another way is told and left unknown."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core.fields import Field, is_number
from cartox_core.observation import OBSERVATION, PARTS, PATIENT
from harness.exchange.chart import Remark, Tell
from harness.exchange.codes import FIELD_OF_LOINC, O2_DEVICE_OF_SNOMED, OWN_SYSTEM
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.tally import Tally, called
from harness.exchange.fhir.terms import CHARTED, LOINC_SYSTEM, SNOMED_SYSTEM, UCUM_SYSTEM
from harness.exchange.units import own_value

FIELDS: Mapping[str, Field] = {name: f for name, f in {**PATIENT, **OBSERVATION, **PARTS}.items() if f.role != "time"}
_NOT_READ = "no field of the protocol; not read"


def values_of(placed: Placed, tally: Tally, tell: Tell) -> dict[str, Any] | None:
    """The values of an Observation and its components by field; None where it says nothing of the protocol."""
    found: dict[str, Any] = {}
    observation = placed.resource
    if _has_code(observation, CHARTED):
        return found
    components = observation.get("component", [])
    if not isinstance(components, list):
        tell(Remark(placed.place, "its component is no list; not read"))
        components = []
    for each in (observation, *components):
        for name, value in _value_of(part(each), placed, tally, tell):
            total, _, item = name.partition(".")
            if item:
                found.setdefault(total, {})[item] = value
            else:
                found[name] = value
    return found or None


def _value_of(each: Json, placed: Placed, tally: Tally, tell: Tell) -> Iterator[tuple[str, Any]]:
    """The field and the value of an Observation or a component, where both are understood."""
    concept = part(each, "code")
    names = sorted({name for coding in parts(concept.get("coding")) if (name := _field(coding))})
    shown = [key for key in each if key.startswith("value")]
    if not names:
        if shown or not each.get("component"):  # a panel is only the code of its components
            tally.add(called(concept), _NOT_READ)
        return
    if len(names) > 1:
        tell(Remark(placed.place, f"its codes mean {' and '.join(names)}; left unknown"))
        return
    field = FIELDS[names[0]]
    if field.kind == "items":
        if not each.get("component"):
            yield field.name, {}
    elif not shown:
        tally.add(f"{field.name} without a value", "it says that it has none; left unknown")
    else:
        value = _understood(field, shown, each)
        if value is None:
            said = {key: each[key] for key in shown}
            tell(Remark(placed.place, f"{field.name}: {_short(said)} is not understood; left unknown"))
        else:
            yield field.name, value


def _field(coding: Json) -> str | None:
    """The field that a code means."""
    code = text(coding.get("code"))
    match coding.get("system"):
        case system if system == LOINC_SYSTEM:
            return FIELD_OF_LOINC.get(code)
        case system if system == OWN_SYSTEM and code in FIELDS:
            return code
        case _:
            return None


def _has_code(observation: Json, code: str) -> bool:
    codings = parts(part(observation, "code").get("coding"))
    return any(each.get("system") == OWN_SYSTEM and each.get("code") == code for each in codings)


def _understood(field: Field, shown: list[str], each: Json) -> Any:
    """The value of a field; None where it is not understood, or there are several."""
    value = each[shown[0]]
    match field.kind, shown:
        case (("number" | "integer"), ["valueQuantity"]):
            return _in_own_unit(field, part(value))
        case "integer", ["valueInteger"]:
            return value if is_number(value) else None
        case "bool", ["valueBoolean"]:
            return value if isinstance(value, bool) else None
        case "enum", ["valueString"]:
            return value if value in field.values else None
        case "enum", ["valueCodeableConcept"]:
            meant = {_meant(field, coding) for coding in parts(part(value).get("coding"))} - {None}
            return meant.pop() if len(meant) == 1 else None
        case _:
            return None


def _meant(field: Field, coding: Json) -> str | None:
    code = text(coding.get("code"))
    match coding.get("system"):
        case system if system == OWN_SYSTEM:
            name, _, value = code.partition("#")
            return value if name == field.name and value in field.values else None
        case system if system == SNOMED_SYSTEM and field.name == "o2_device":
            return O2_DEVICE_OF_SNOMED.get(code)
        case _:
            return None


def _in_own_unit(field: Field, quantity: Json) -> float | None:
    """A quantity in the unit of the field; None where its unit is unknown, or its code and its unit do not agree."""
    number = quantity.get("value")
    if not is_number(number) or "comparator" in quantity:
        return None
    is_ucum = quantity.get("system") == UCUM_SYSTEM
    code, unit = text(quantity.get("code")) if is_ucum else "", text(quantity.get("unit"))
    found = own_value(field, repr(number), code or unit)
    beside = own_value(field, repr(number), unit) if code and unit != code else None
    return found if beside is None or beside == found else None


def _short(said: Json) -> str:
    shown = str(dict(said))
    return shown if len(shown) <= 100 else f"{shown[:99]}…"
