"""A case as FHIR resources: the patient, the infusion, an Observation for each thing charted, and the drugs given.

No birth date and no name: the protocol has none. What is unknown, or is only the default of its field, is not written.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from cartox_core import Case
from cartox_core.fields import Field, Items
from cartox_core.observation import OBSERVATION, PATIENT, Observation, Treatment
from harness.exchange.chart import Named, Raw
from harness.exchange.clock import written_time
from harness.exchange.codes import LOINC, O2_DEVICE_SNOMED, OWN_SYSTEM, RXNORM
from harness.exchange.fhir.doses import is_rate, ucum
from harness.exchange.fhir.terms import (
    ABSENT_EXTENSION,
    ABSENT_SYSTEM,
    CASE_SYSTEM,
    CATEGORY_SYSTEM,
    CHARTED,
    INFUSION,
    LOINC_SYSTEM,
    RXNORM_SYSTEM,
    SNOMED_SYSTEM,
    UCUM_SYSTEM,
    category,
)
from harness.exchange.units import own_value

KINDS = ("Patient", "Procedure", "Observation", "MedicationAdministration")
"""The types that are written, in the order in which they are."""


def resources_of(cases: Iterable[Named]) -> Iterator[Raw]:
    """The resources of cases, one patient after another, each with an id that no other has."""
    for number, (name, case) in enumerate(cases, 1):
        yield from _of_a_case(f"case-{number}", name, case)


def unit_written(field: Field) -> str:
    """The UCUM unit in which a number of a field is written: its own, but percent for the fraction of oxygen."""
    return "%" if field.name == "fio2" else field.unit


def _of_a_case(key: str, name: str, case: Case) -> Iterator[Raw]:
    patient: Raw = {"resourceType": "Patient", "id": key}
    yield patient | ({"identifier": [{"system": CASE_SYSTEM, "value": name}]} if name else {})
    yield {
        "resourceType": "Procedure",
        "id": f"{key}-infusion",
        "status": "completed",
        "code": _own(INFUSION),
        "subject": _subject(key),
        "performedDateTime": written_time(0),
    }
    charted = (told for row in (case.patient, *case.observations) for told in _charted(row))
    for number, (minute, told) in enumerate(charted, 1):
        yield {
            "resourceType": "Observation",
            "id": f"{key}-{number}",
            "status": "final",
            "subject": _subject(key),
            "effectiveDateTime": written_time(minute),
            **told,
        }
    for number, given in enumerate(case.treatments, 1):
        yield {
            "resourceType": "MedicationAdministration",
            "id": f"{key}-{number}",
            "status": "completed",
            "medicationCodeableConcept": _drug(given.drug),
            "subject": _subject(key),
            "effectiveDateTime": written_time(given.minute),
            **_dosage(given),
        }


def _charted(row: Any) -> Iterator[tuple[int, Raw]]:
    """What a record has that is no default, each with its minute; of a time without any, only that there was one."""
    fields, minute = (OBSERVATION, row.minute) if isinstance(row, Observation) else (PATIENT, 0)
    told = [_told(field, getattr(row, name)) for name, field in fields.items() if _is_told(field, getattr(row, name))]
    if not told and isinstance(row, Observation):
        told = [{"category": _category("exam"), "code": _own(CHARTED), "dataAbsentReason": _ABSENT}]
    yield from ((minute, each) for each in told)


def _is_told(field: Field, value: Any) -> bool:
    return field.role != "time" and value is not None and value != field.default


def _told(field: Field, value: Any) -> Raw:
    code = LOINC.get(field.name)
    return {
        "category": _category(category(field.name)),
        "code": {"coding": [{"system": LOINC_SYSTEM, "code": code[0]}]} if code else _own(field.name),
        **_value(field, value),
    }


def _value(field: Field, value: Any) -> Raw:
    match field.kind:
        case "bool":
            return {"valueBoolean": value}
        case "integer":
            return {"valueInteger": value}
        case "number":
            return {"valueQuantity": _quantity(field, value)}
        case "items":
            return _items(field.name, value)
        case _:
            snomed = O2_DEVICE_SNOMED.get(value, ())[:1] if field.name == "o2_device" else ()
            beside = [{"system": SNOMED_SYSTEM, "code": code} for code in snomed]
            return {"valueCodeableConcept": {"coding": [*_own(f"{field.name}#{value}")["coding"], *beside]}}


def _quantity(field: Field, value: float) -> Raw:
    """A number in the unit that others use for it, or in the field's own where that would not read back the same."""
    unit = unit_written(field)
    number = value if unit == field.unit else float(Fraction(repr(value)) * 100)
    if unit != field.unit and own_value(field, repr(number), unit) != value:
        unit, number = field.unit, value
    return {"value": number, "unit": unit, "system": UCUM_SYSTEM, "code": unit}


def _items(name: str, items: Items) -> Raw:
    known = {item: points for item, points in dataclasses.asdict(items).items() if points is not None}  # type: ignore[call-overload]
    if not known:
        return {"dataAbsentReason": _ABSENT}
    return {"component": [{"code": _own(f"{name}.{item}"), "valueInteger": points} for item, points in known.items()]}


def _drug(drug: str) -> Raw:
    public = [{"system": RXNORM_SYSTEM, "code": RXNORM[drug]}] if drug in RXNORM else []
    return {"coding": [*_own(drug)["coding"], *public], "text": drug}


def _dosage(given: Treatment) -> Raw:
    """The dosage as charted; FHIR has no empty text, and no route without a dose, so that an unknown one says so."""
    unit = {"unit": given.unit} if given.unit else {}
    code = {"system": UCUM_SYSTEM, "code": ucum(given.unit)} if given.unit and ucum(given.unit) else {}
    if given.dose is None and not unit and not given.route:
        return {}
    value: Mapping[str, Any] = {"value": given.dose}
    if given.dose is None:
        value = {"extension": [{"url": ABSENT_EXTENSION, "valueCode": "unknown"}]}
    route = {"route": {"text": given.route}} if given.route else {}
    where = "rateQuantity" if given.unit and is_rate(given.unit) else "dose"
    return {"dosage": {**route, where: {**value, **unit, **code}}}


def _own(code: str) -> Raw:
    return {"coding": [{"system": OWN_SYSTEM, "code": code}]}


def _subject(key: str) -> Raw:
    return {"reference": f"Patient/{key}"}


def _category(code: str) -> list[Raw]:
    return [{"coding": [{"system": CATEGORY_SYSTEM, "code": code}]}]


_ABSENT: Raw = {"coding": [{"system": ABSENT_SYSTEM, "code": "unknown"}]}
