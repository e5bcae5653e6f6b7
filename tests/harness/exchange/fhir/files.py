"""Cases to FHIR and back, and small files by hand."""

import dataclasses
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cartox_core import Case, read_case
from harness.exchange.chart import Chart, Named, Raw, Remark
from harness.exchange.fhir import bulk, bundle

FORMS = {"bundle": bundle, "bulk": bulk}
OWN = "urn:cartox:protocol:1"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
AT = "2026-03-01T08:00:00+01:00"


def case_of(chart: Chart) -> Case:
    """The case that a chart is, where no field has two values in a minute."""
    rows = [{"time_h": row.time_h, **row.values} for row in chart.rows]
    return read_case(
        {"id": chart.id, "patient": chart.patient, "observations": rows, "treatments": list(chart.treatments)}
    )


def to_the_minute(case: Case, name: str) -> Case:
    """A case as FHIR can hold it: times of whole minutes, and no empty texts."""
    treatments = tuple(
        dataclasses.replace(each, time_h=each.minute / 60, unit=each.unit or None, route=each.route or None)
        for each in case.treatments
    )
    observations = tuple(dataclasses.replace(each, time_h=each.minute / 60) for each in case.observations)
    return dataclasses.replace(case, id=name, observations=observations, treatments=treatments)


def there_and_back(cases: Sequence[Named], form: str, folder: Path) -> list[Case]:
    """Cases written and read again, without a remark but that of what no case has."""
    told: list[Remark] = []
    path = folder / f"{form}-{len(list(folder.iterdir()))}"
    FORMS[form].write(cases, path)
    found = [case_of(chart) for chart in FORMS[form].read(path, told.append)]
    assert [str(each) for each in told if each.place != "the file"] == []
    return found


def read(content: Any, folder: Path, infusion: str | None = None) -> tuple[list[Chart], list[str]]:
    """The charts of a JSON document (a text is written as it is), and what is told."""
    path = folder / "file.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    told: list[Remark] = []
    at = None if infusion is None else datetime.datetime.fromisoformat(infusion)
    charts = list(bundle.read(path, told.append, at))
    return charts, [str(each) for each in told if each.place != "the file"]


def in_a_bundle(*resources: Any, kind: str = "collection") -> Raw:
    """A Bundle of resources."""
    return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": each} for each in resources]}


def patient(key: str = "p1", **more: Any) -> Raw:
    """A Patient."""
    return {"resourceType": "Patient", "id": key, **more}


def infused(at: str = AT, key: str = "p1", **more: Any) -> Raw:
    """A Procedure with our own code."""
    return {
        "resourceType": "Procedure",
        "id": "infusion",
        "status": "completed",
        "code": {"coding": [{"system": OWN, "code": "car-t-infusion"}]},
        "subject": {"reference": f"Patient/{key}"},
        "performedDateTime": at,
        **more,
    }


def observed(
    code: str, at: str = "2026-03-01T10:00:00+01:00", key: str = "p1", system: str = LOINC, **more: Any
) -> Raw:
    """An Observation; LOINC unless another system is named."""
    return {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"reference": f"Patient/{key}"},
        "effectiveDateTime": at,
        **more,
    }


def quantity(value: Any, code: str | None = None, **more: Any) -> Raw:
    """A valueQuantity, in UCUM where a code is given."""
    return {"valueQuantity": {"value": value, **({"system": UCUM, "code": code} if code else {}), **more}}


def given(concept: Any, at: str = "2026-03-01T10:00:00+01:00", **more: Any) -> Raw:
    """A MedicationAdministration."""
    return {
        "resourceType": "MedicationAdministration",
        "id": "m1",
        "status": "completed",
        "medicationCodeableConcept": concept,
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": at,
        **more,
    }
