"""What an Observation is read as, and what is told of one that is not understood."""

from pathlib import Path
from typing import Any

import pytest

from harness.exchange.chart import Raw
from tests.harness.exchange.fhir.files import (
    LOINC,
    OWN,
    UCUM,
    in_a_bundle,
    infused,
    observed,
    patient,
    quantity,
    read,
)

PLACE = "entry 3, Observation/o1"


def charted(observation: Raw, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The values of one Observation beside a temperature, and what is told."""
    beside = observed("8310-5", "2026-03-02T10:00:00+01:00", **quantity(38.5, "Cel"))
    charts, told = read(in_a_bundle(patient(), infused(), observation, beside), folder)
    (chart,) = charts
    return {name: value for row in chart.rows[:-1] for name, value in row.values.items()}, told


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("8310-5", quantity(101.3, "[degF]"), {"temp_c": 38.5}),
        ("8310-5", quantity(38.5, unit="°C"), {"temp_c": 38.5}),
        ("8310-5", quantity(38.5, "Cel", unit="degrees"), {"temp_c": 38.5}),
        ("1988-5", quantity(123, "mg/L"), {"crp_mg_dl": 12.3}),
        ("751-8", quantity(0.5, "10*3/uL"), {"anc_per_ul": 500.0}),
        ("3150-0", quantity(40, "%"), {"fio2": 0.4}),
        ("2708-6", quantity(93, "%"), {"spo2_pct": 93.0}),
        ("2160-0", quantity(88.42, "umol/L"), {"creatinine_mg_dl": 1.0}),
        ("3255-7", quantity(1.5, "g/L"), {"fibrinogen_mg_dl": 150.0}),
    ],
)
def test_quantities_are_read_in_the_unit_of_the_field(code: str, more: Raw, expected: Raw, tmp_path: Path) -> None:
    assert charted(observed(code, **more), tmp_path) == (expected, [])


@pytest.mark.parametrize(
    ("code", "more", "what"),
    [
        ("8310-5", quantity(311.6, "K"), "temp_c: {'valueQuantity': {'value': 311.6"),
        ("8310-5", quantity(38.5), "temp_c"),
        ("8310-5", quantity(38.5, "Cel", unit="°F"), "temp_c"),
        ("8310-5", quantity("38.5", "Cel"), "temp_c"),
        ("8310-5", quantity(None, "Cel"), "temp_c"),
        ("1988-5", quantity(0.3, "mg/dL", comparator="<"), "crp_mg_dl"),
        ("8310-5", {"valueString": "38.5 C"}, "temp_c"),
        ("8310-5", {"valueQuantity": [38.5]}, "temp_c"),
        ("8310-5", {**quantity(38.5, "Cel"), "valueString": "x"}, "temp_c"),
        ("8310-5", {"valueRange": {}}, "temp_c"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(code: str, more: Raw, what: str, tmp_path: Path) -> None:
    values, told = charted(observed(code, **more), tmp_path)
    assert values == {}
    (line,) = told
    assert line.startswith(f"{PLACE}: {what}")
    assert line.endswith("is not understood; left unknown")


def concept(*codings: tuple[str, str]) -> Raw:
    return {"valueCodeableConcept": {"coding": [{"system": system, "code": code} for system, code in codings]}}


SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("code", "more", "expected"),
    [
        ("hypotension", {"valueBoolean": True}, True),
        ("hypotension", {"valueString": "yes"}, None),
        ("hypotension", {"valueBoolean": 1}, None),
        ("ice", {"valueInteger": 7}, 7),
        ("ice", {"valueInteger": "7"}, None),
        ("ice", quantity(7, "{score}"), 7.0),
        ("o2_device", concept((SNOMED, "426854004")), "high_flow_nasal_cannula"),
        ("o2_device", concept((SNOMED, "26412008")), None),
        ("o2_device", concept((OWN, "o2_device#cpap"), (SNOMED, "47545007")), "cpap"),
        ("o2_device", concept((OWN, "o2_device#cpap"), (SNOMED, "336623009")), None),
        ("seizure", concept((OWN, "seizure#brief")), "brief"),
        ("seizure", concept((OWN, "motor_weakness#mild")), None),
        ("seizure", concept((OWN, "seizure#absence")), None),
        ("seizure", concept((SNOMED, "91175000")), None),
        ("seizure", {"valueString": "brief"}, "brief"),
        ("seizure", {"valueString": "short"}, None),
    ],
)
def test_own_codes(code: str, more: Raw, expected: Any, tmp_path: Path) -> None:
    values, told = charted(observed(code, system=OWN, **more), tmp_path)
    assert values == ({} if expected is None else {code: expected})
    assert len(told) == (expected is None)


def test_panels_and_components_are_read(tmp_path: Path) -> None:
    pressure = observed(
        "85354-9",
        component=[
            {"code": {"coding": [{"system": LOINC, "code": "8480-6"}]}, **quantity(85, "mm[Hg]")},
            {"code": {"coding": [{"system": LOINC, "code": "8462-4"}]}, **quantity(50, "mm[Hg]")},
        ],
    )
    assert charted(pressure, tmp_path) == ({"sbp_mmhg": 85.0, "dbp_mmhg": 50.0}, [])
    oximetry = observed(
        "59408-5",
        **quantity(91, "%"),
        component=[
            {"code": {"coding": [{"system": LOINC, "code": "3151-8"}]}, **quantity(2, "L/min")},
            {"code": {"coding": [{"system": LOINC, "code": "3150-0"}]}, **quantity(28, "%")},
        ],
    )
    assert charted(oximetry, tmp_path) == ({"spo2_pct": 91.0, "o2_flow_l_min": 2.0, "fio2": 0.28}, [])


def test_single_items_of_a_score(tmp_path: Path) -> None:
    items = [
        {"code": {"coding": [{"system": OWN, "code": f"ice_items.{item}"}]}, "valueInteger": 1}
        for item in ("year", "city")
    ]
    assert charted(observed("ice_items", system=OWN, component=items), tmp_path)[0] == {
        "ice_items": {"year": 1, "city": 1}
    }


def test_codes_beside_one_another(tmp_path: Path) -> None:
    both = [{"system": LOINC, "code": code} for code in ("2708-6", "59408-5")]
    local = [{"system": "urn:hospital", "code": "SPO2"}, *both]
    assert charted(observed("") | {"code": {"coding": local}} | quantity(93, "%"), tmp_path) == ({"spo2_pct": 93.0}, [])
    other = [{"system": LOINC, "code": code} for code in ("8480-6", "8462-4")]
    values, told = charted(observed("") | {"code": {"coding": other}} | quantity(93, "mm[Hg]"), tmp_path)
    assert (values, told) == ({}, [f"{PLACE}: its codes mean dbp_mmhg and sbp_mmhg; left unknown"])


@pytest.mark.parametrize(
    ("change", "called"),
    [
        ({"code": {"coding": [{"system": LOINC, "code": "8302-2"}]}}, "code 8302-2 (LOINC)"),
        ({"code": {"coding": [{"system": "urn:hospital", "code": "T"}]}}, "code T (urn:hospital)"),
        ({"code": {"coding": [{"code": "8310-5"}]}}, "code 8310-5 (no system)"),
        ({"code": {"text": "Temperature"}}, "code 'Temperature'"),
        ({"code": []}, "no code"),
    ],
)
def test_other_codes_are_counted_and_told_once(change: Raw, called: str, tmp_path: Path) -> None:
    other = observed("", **quantity(38.5, "Cel")) | change
    beside = observed("8310-5", **quantity(38.5, "Cel"))
    _, told = read(in_a_bundle(patient(), infused(), other, beside, other), tmp_path)
    assert told == [f"{called}: no field of the protocol; not read (2 times)"]


def test_what_says_that_it_is_unknown_is_counted(tmp_path: Path) -> None:
    absent = observed("8310-5", dataAbsentReason={"text": "not performed"})
    values, told = charted(absent, tmp_path)
    assert (values, told) == ({}, ["temp_c without a value: it says that it has none; left unknown (once)"])


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered", "unknown", None, ["final"]])
def test_what_was_not_so_is_not_read(status: Any, tmp_path: Path) -> None:
    values, told = charted(observed("8310-5", **quantity(41, "Cel")) | {"status": status}, tmp_path)
    assert (values, told) == ({}, [f"Observation of status {status!r}: nothing that was so; not read (once)"])


@pytest.mark.parametrize("status", ["preliminary", "final", "amended", "corrected"])
def test_what_was_so_is_read(status: str, tmp_path: Path) -> None:
    assert charted(observed("8310-5", **quantity(39, "Cel")) | {"status": status}, tmp_path) == ({"temp_c": 39.0}, [])


@pytest.mark.parametrize(
    "more",
    [
        {"modifierExtension": [{"url": "x"}]},
        {"component": [{"modifierExtension": [{"url": "x"}]}]},
        {"focus": [{"reference": "Patient/donor"}]},
    ],
)
def test_what_may_mean_something_else_is_not_read(more: Raw, tmp_path: Path) -> None:
    values, told = charted(observed("8310-5", **quantity(39, "Cel"), **more), tmp_path)
    assert values == {}
    assert told == [f"{PLACE}: an extension changes its meaning, or it is about somebody else; not read"]


def test_a_component_that_is_no_list(tmp_path: Path) -> None:
    values, told = charted(observed("8310-5", **quantity(39, "Cel"), component={"code": {}}), tmp_path)
    assert (values, told) == ({"temp_c": 39.0}, [f"{PLACE}: its component is no list; not read"])


def test_the_system_of_a_unit_decides_whether_its_code_is_one(tmp_path: Path) -> None:
    local = {"valueQuantity": {"value": 38.5, "system": "urn:units", "code": "Cel", "unit": "Cel"}}
    assert charted(observed("8310-5", **local), tmp_path)[0] == {"temp_c": 38.5}
    assert UCUM == "http://unitsofmeasure.org"
