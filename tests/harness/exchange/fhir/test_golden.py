"""One small case as it must be written, by reading the pages of FHIR R4 on each resource."""

import json
from pathlib import Path
from typing import Any

from cartox_core import read_case
from harness.exchange.fhir import bulk, bundle
from harness.exchange.format import FORMATS, format_of
from tests.harness.exchange.fhir.files import FORMS, LOINC, OWN, RXNORM, UCUM

CASE = {
    "patient": {"age_years": 61.5, "weight_kg": 74.0},
    "observations": [
        {"time_h": -1.0, "temp_c": None},
        {
            "time_h": 26.25,
            "temp_c": 39.1,
            "hypotension": True,
            "vasopressors": 1,
            "fever_other_cause": False,
            "o2_device": "nasal_cannula",
            "fio2": 0.28,
            "ice_items": {"year": 1, "naming": 2},
            "oxygen_other_cause": True,
            "crp_mg_dl": 12.3,
        },
    ],
    "treatments": [
        {"time_h": 26.0, "drug": "tocilizumab", "dose": 8, "unit": "mg/kg", "route": "IV"},
        {"time_h": 26.5, "drug": "norepinephrine", "dose": 0.1, "unit": "mcg/kg/min"},
        {"time_h": 30.0, "drug": "norepinephrine", "dose": 0},
        {"time_h": 31.0, "drug": "itacitinib", "route": "oral"},
    ],
}
WHO = {"reference": "Patient/case-1"}
DAY_1, DAY_2 = "2020-01-01T00:00:00+00:00", "2020-01-02T02:15:00+00:00"


def own(code: str) -> Any:
    return {"system": OWN, "code": code}


def observation(number: int, at: str, kind: str, coding: Any, **value: Any) -> Any:
    return {
        "resourceType": "Observation",
        "id": f"case-1-{number}",
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": kind}]}
        ],
        "code": {"coding": [coding]},
        "subject": WHO,
        "effectiveDateTime": at,
        **value,
    }


def loinc(code: str) -> Any:
    return {"system": LOINC, "code": code}


def amount(value: float, unit: str) -> Any:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def administration(number: int, at: str, codings: list[Any], drug: str, dosage: Any) -> Any:
    return {
        "resourceType": "MedicationAdministration",
        "id": f"case-1-{number}",
        "status": "completed",
        "medicationCodeableConcept": {"coding": codings, "text": drug},
        "subject": WHO,
        "effectiveDateTime": at,
        "dosage": dosage,
    }


UNKNOWN = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]}
NO_DOSE = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
RESOURCES = [
    {
        "resourceType": "Patient",
        "id": "case-1",
        "identifier": [{"system": "urn:cartox:protocol:1:case", "value": "k7f3"}],
    },
    {
        "resourceType": "Procedure",
        "id": "case-1-infusion",
        "status": "completed",
        "code": {"coding": [own("car-t-infusion")]},
        "subject": WHO,
        "performedDateTime": DAY_1,
    },
    observation(1, DAY_1, "survey", loinc("30525-0"), valueQuantity=amount(61.5, "a")),
    observation(2, DAY_1, "vital-signs", loinc("29463-7"), valueQuantity=amount(74.0, "kg")),
    observation(3, "2019-12-31T23:00:00+00:00", "exam", own("observation"), dataAbsentReason=UNKNOWN),
    observation(4, DAY_2, "vital-signs", loinc("8310-5"), valueQuantity=amount(39.1, "Cel")),
    observation(5, DAY_2, "exam", own("hypotension"), valueBoolean=True),
    observation(6, DAY_2, "exam", own("vasopressors"), valueInteger=1),
    observation(
        7,
        DAY_2,
        "exam",
        own("o2_device"),
        valueCodeableConcept={
            "coding": [own("o2_device#nasal_cannula"), {"system": "http://snomed.info/sct", "code": "336623009"}]
        },
    ),
    observation(8, DAY_2, "exam", own("oxygen_other_cause"), valueBoolean=True),
    observation(9, DAY_2, "exam", loinc("3150-0"), valueQuantity=amount(28.0, "%")),
    observation(
        10,
        DAY_2,
        "survey",
        own("ice_items"),
        component=[
            {"code": {"coding": [own("ice_items.year")]}, "valueInteger": 1},
            {"code": {"coding": [own("ice_items.naming")]}, "valueInteger": 2},
        ],
    ),
    observation(11, DAY_2, "laboratory", loinc("1988-5"), valueQuantity=amount(12.3, "mg/dL")),
    administration(
        1,
        "2020-01-02T02:00:00+00:00",
        [own("tocilizumab"), {"system": RXNORM, "code": "612865"}],
        "tocilizumab",
        {"route": {"text": "IV"}, "dose": amount(8.0, "mg/kg")},
    ),
    administration(
        2,
        "2020-01-02T02:30:00+00:00",
        [own("norepinephrine"), {"system": RXNORM, "code": "7512"}],
        "norepinephrine",
        {"rateQuantity": {"value": 0.1, "unit": "mcg/kg/min", "system": UCUM, "code": "ug/kg/min"}},
    ),
    administration(
        3,
        "2020-01-02T06:00:00+00:00",
        [own("norepinephrine"), {"system": RXNORM, "code": "7512"}],
        "norepinephrine",
        {"dose": {"value": 0.0}},
    ),
    administration(
        4,
        "2020-01-02T07:00:00+00:00",
        [own("itacitinib")],
        "itacitinib",
        {"route": {"text": "oral"}, "dose": NO_DOSE},
    ),
]


def test_a_case_as_a_bundle(tmp_path: Path) -> None:
    bundle.write([("k7f3", read_case(CASE))], tmp_path / "b.json")
    found = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    entries = found.pop("entry")
    assert found == {"resourceType": "Bundle", "type": "collection"}
    assert [each["resource"] for each in entries] == RESOURCES
    assert [each["fullUrl"] for each in entries[:2]] == [
        "http://cartox.invalid/fhir/Patient/case-1",
        "http://cartox.invalid/fhir/Procedure/case-1-infusion",
    ]


def test_a_case_as_bulk_data(tmp_path: Path) -> None:
    bulk.write([("k7f3", read_case(CASE))], tmp_path / "b")
    kinds = ("Patient", "Procedure", "Observation", "MedicationAdministration")
    assert sorted(file.name for file in (tmp_path / "b").iterdir()) == sorted(f"{kind}.ndjson" for kind in kinds)
    for kind in kinds:
        lines = (tmp_path / "b" / f"{kind}.ndjson").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line) for line in lines] == [each for each in RESOURCES if each["resourceType"] == kind]


def test_no_case_is_a_bundle_without_entries(tmp_path: Path) -> None:
    bundle.write([], tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_text(encoding="utf-8")) == {
        "resourceType": "Bundle",
        "type": "collection",
    }


def test_the_same_cases_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        for form, module in FORMS.items():
            module.write([("k7f3", read_case(CASE))], tmp_path / f"{name}-{form}")
    assert (tmp_path / "one-bundle").read_bytes() == (tmp_path / "two-bundle").read_bytes()
    for file in (tmp_path / "one-bulk").iterdir():
        assert file.read_bytes() == (tmp_path / "two-bulk" / file.name).read_bytes()


def test_the_forms_are_known_by_how_they_begin(tmp_path: Path) -> None:
    for name in ("fhir", "fhir-ndjson"):
        FORMATS[name].write([("k7f3", read_case(CASE))], tmp_path / name)
        assert format_of(tmp_path / name).name == name
        (chart,) = format_of(tmp_path / name).read(tmp_path / name, lambda _: None)
        assert chart.id == "k7f3"
    for number, content in enumerate(([RESOURCES[0]], {"type": "searchset", "resourceType": "Bundle"})):
        for indent in (None, 2):
            path = tmp_path / f"{number}-{indent}.json"
            path.write_text(json.dumps(content, indent=indent), encoding="utf-8")
            assert format_of(path).name == "fhir"
