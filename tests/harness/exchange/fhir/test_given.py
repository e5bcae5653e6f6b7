"""Drugs given: which, how much, and from when to when."""

from pathlib import Path
from typing import Any

import pytest

from harness.exchange.chart import Raw
from tests.harness.exchange.fhir.files import (
    OWN,
    RXNORM,
    UCUM,
    given,
    in_a_bundle,
    infused,
    observed,
    patient,
    quantity,
    read,
)

PLACE = "entry 4, MedicationAdministration/m1"
TOCILIZUMAB = {"text": "tocilizumab 20 MG/ML Injection"}
PRESSOR = {"coding": [{"system": RXNORM, "code": "7512"}]}


def treated(administration: Raw, folder: Path, *more: Raw) -> tuple[list[Raw], list[str]]:
    """The treatments that come of an administration, and what is told."""
    fever = observed("8310-5", **quantity(39, "Cel"))
    charts, told = read(in_a_bundle(patient(), infused(), fever, administration, *more), folder)
    (chart,) = charts
    return list(chart.treatments), told


def amount(value: Any, unit: str | None = None, code: str | None = None, **more: Any) -> Raw:
    by_code = {"system": UCUM, "code": code} if code else {}
    return {"value": value, **({"unit": unit} if unit else {}), **by_code, **more}


@pytest.mark.parametrize(
    ("concept", "drug"),
    [
        (TOCILIZUMAB, "tocilizumab"),
        (PRESSOR, "norepinephrine"),
        ({"coding": [{"system": OWN, "code": "angiotensin_ii"}]}, "angiotensin_ii"),
        ({"coding": [{"system": RXNORM, "code": "1", "display": "Paracetamol 500 mg"}]}, "acetaminophen"),
        ({"coding": [{"system": "urn:other", "code": "7512"}], "text": "Dexamethasone"}, "dexamethasone"),
    ],
)
def test_a_drug_is_known_by_its_code_or_its_name(concept: Raw, drug: str, tmp_path: Path) -> None:
    assert treated(given(concept), tmp_path) == ([{"time_h": 2.0, "drug": drug}], [])


@pytest.mark.parametrize(
    ("concept", "line"),
    [
        ({"text": "Carvedilol"}, "drug 'Carvedilol': no drug of the protocol; not read (once)"),
        (
            {"coding": [{"system": RXNORM, "code": "4850"}]},
            "drug of code 4850 (RxNorm): no drug of the protocol; not read (once)",
        ),
        ({}, "drug of no code: no drug of the protocol; not read (once)"),
        (
            {"coding": [{"system": RXNORM, "code": "7512"}, {"system": OWN, "code": "vasopressin"}], "text": "x"},
            "drug 'x': drugs of the protocol at once (norepinephrine, vasopressin); not read (once)",
        ),
    ],
)
def test_other_drugs_are_counted(concept: Raw, line: str, tmp_path: Path) -> None:
    assert treated(given(concept), tmp_path) == ([], [line])


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        ({"dose": amount(8, "mg/kg", "mg/kg"), "route": {"text": "IV"}}, {"dose": 8.0, "unit": "mg/kg", "route": "IV"}),
        ({"dose": amount(600, "milligram", "mg")}, {"dose": 600.0, "unit": "mg"}),
        ({"dose": amount(600, code="mg")}, {"dose": 600.0, "unit": "mg"}),
        ({"dose": amount(2, "tablets")}, {"dose": 2.0, "unit": "tablets"}),
        ({"route": {"coding": [{"display": "Intravenous"}]}}, {"route": "Intravenous"}),
        ({"dose": amount(0)}, {"dose": 0.0}),
        ({"text": "as needed"}, {}),
        ({"dose": amount(4, "mg"), "rateQuantity": amount(10, "mL/h")}, {"dose": 4.0, "unit": "mg"}),
    ],
)
def test_doses(dosage: Raw, expected: Raw, tmp_path: Path) -> None:
    assert treated(given(TOCILIZUMAB, dosage=dosage), tmp_path) == (
        [{"time_h": 2.0, "drug": "tocilizumab", **expected}],
        [],
    )


@pytest.mark.parametrize(
    ("dosage", "expected"),
    [
        ({"dose": amount(4, "mg"), "rateQuantity": amount(5, "ug/min")}, {"dose": 5.0, "unit": "ug/min"}),
        (
            {"rateRatio": {"numerator": amount(5, "ug", "ug"), "denominator": amount(1, "min", "min")}},
            {"dose": 5.0, "unit": "ug/min"},
        ),
    ],
)
def test_a_drug_that_runs_is_told_by_its_rate(dosage: Raw, expected: Raw, tmp_path: Path) -> None:
    assert treated(given(PRESSOR, dosage=dosage), tmp_path)[0] == [
        {"time_h": 2.0, "drug": "norepinephrine", **expected}
    ]


@pytest.mark.parametrize("over", [amount(2, "min"), amount(1), [], None])
def test_a_ratio_that_is_no_rate_is_told(over: Any, tmp_path: Path) -> None:
    ratio = {"rateRatio": {"numerator": amount(5, "ug"), "denominator": over}}
    found, told = treated(given(PRESSOR, dosage=ratio), tmp_path)
    assert found == [{"time_h": 2.0, "drug": "norepinephrine"}]
    assert told == [f"{PLACE}: its rateRatio is no amount over one unit of time; left unknown"]


@pytest.mark.parametrize("value", [-1, "8", True, [8], float("inf")])
def test_a_dose_that_is_no_amount_is_told(value: Any, tmp_path: Path) -> None:
    found, told = treated(given(TOCILIZUMAB, dosage={"dose": amount(value, "mg")}), tmp_path)
    assert found == [{"time_h": 2.0, "drug": "tocilizumab", "unit": "mg"}]
    assert told == [f"{PLACE}: the dose {value!r} is no amount; left unknown"]


def test_a_dose_with_a_comparator_and_a_dosage_that_is_no_object(tmp_path: Path) -> None:
    found, told = treated(given(TOCILIZUMAB, dosage={"dose": amount(8, "mg", comparator="<")}), tmp_path)
    assert told == [f"{PLACE}: the dose <8 is no amount; left unknown"]
    found, told = treated(given(TOCILIZUMAB, dosage=[{}]), tmp_path)
    assert found == [{"time_h": 2.0, "drug": "tocilizumab"}]
    assert told == [f"{PLACE}: its dosage is no object; dose left unknown"]


def period(start: str, end: str) -> Raw:
    return {
        "effectiveDateTime": None,
        "effectivePeriod": {"start": f"2026-03-01T{start}+01:00", "end": f"2026-03-01T{end}+01:00"},
    }


def test_a_vasopressor_with_a_period_starts_and_stops(tmp_path: Path) -> None:
    rate = {"rateQuantity": amount(0.1, "mcg/kg/min", "ug/kg/min")}
    found, told = treated(given(PRESSOR, dosage=rate) | period("10:00", "16:30"), tmp_path)
    unit = {"drug": "norepinephrine", "unit": "mcg/kg/min"}
    assert found == [{"time_h": 2.0, "dose": 0.1, **unit}, {"time_h": 8.5, "dose": 0.0, **unit}]
    assert told == []
    found, told = treated(given(PRESSOR) | period("10:00", "10:00"), tmp_path)
    assert found == [{"time_h": 2.0, "drug": "norepinephrine"}]
    assert told == [f"{PLACE}: it ends before it has run a minute; no end is read"]
    ended = {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-03-01T09:00:00Z", "end": "2026-03-01"}}
    found, told = treated(given(PRESSOR) | ended, tmp_path)
    assert found == [{"time_h": 2.0, "drug": "norepinephrine"}]
    assert told == [f"{PLACE}: its time '2026-03-01' tells no minute; not read"]


def rated(value: float, start: str, end: str, key: str = "m1") -> Raw:
    rate = {"rateQuantity": amount(value, "mcg/kg/min", "ug/kg/min")}
    return given(PRESSOR, dosage=rate, id=key) | period(start, end)


def doses(found: list[Raw]) -> list[tuple[float, float]]:
    return sorted((each["time_h"], each["dose"]) for each in found)


def test_a_new_rate_does_not_stop_what_runs(tmp_path: Path) -> None:
    more = rated(0.2, "12:00", "14:00"), given(PRESSOR, "2026-03-01T14:00:00+01:00", dosage={"dose": amount(0.3)})
    found, told = treated(rated(0.1, "10:00", "12:00"), tmp_path, *more)
    assert doses(found) == [(2.0, 0.1), (4.0, 0.2), (6.0, 0.3)]  # one with no end runs on
    assert told == []


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        # a second bag hung before the first is empty, and one that runs beside the whole of another
        (rated(0.2, "11:00", "14:00", "m2"), [(2.0, 0.1), (3.0, 0.2), (4.0, 0.2), (6.0, 0.0)]),
        (rated(0.2, "09:00", "14:00", "m2"), [(1.0, 0.2), (2.0, 0.1), (4.0, 0.2), (6.0, 0.0)]),
    ],
)
def test_the_end_of_one_of_two_stops_nothing(other: Raw, expected: list[Any], tmp_path: Path) -> None:
    found, told = treated(rated(0.1, "10:00", "12:00"), tmp_path, other)
    assert doses(found) == expected
    assert told == [f"{PLACE}: it ends while another of its drug runs, whose dose holds; doses are not added up"]


def test_another_drug_with_a_period_has_no_end(tmp_path: Path) -> None:
    assert treated(given(TOCILIZUMAB) | period("10:00", "11:00"), tmp_path)[0] == [
        {"time_h": 2.0, "drug": "tocilizumab"}
    ]


def test_a_drug_that_a_reference_names(tmp_path: Path) -> None:
    anakinra = {"resourceType": "Medication", "id": "med", "code": {"text": "Anakinra 100 MG"}}
    referred = given(None, medicationReference={"reference": "Medication/med"})
    assert [each["drug"] for each in treated(referred, tmp_path, anakinra)[0]] == ["anakinra"]
    contained = given(None, medicationReference={"reference": "#med"}, contained=[anakinra])
    assert [each["drug"] for each in treated(contained, tmp_path)[0]] == ["anakinra"]
    assert treated(referred, tmp_path)[1] == ["drug of no code: no drug of the protocol; not read (once)"]


def test_a_drug_without_a_minute_or_long_before(tmp_path: Path) -> None:
    found, told = treated(given(TOCILIZUMAB, "2026-03-01"), tmp_path)
    assert (found, told) == ([], [f"{PLACE}: its time '2026-03-01' tells no minute; not read"])
    found, told = treated(given(TOCILIZUMAB, "2025-03-01T08:00:00Z"), tmp_path)
    assert (found, told) == (
        [],
        ["MedicationAdministration of other times: before -720 h or after 43800 h; not read (once)"],
    )


@pytest.mark.parametrize("status", ["not-done", "entered-in-error", "unknown"])
def test_a_drug_not_given(status: str, tmp_path: Path) -> None:
    found, told = treated(given(TOCILIZUMAB) | {"status": status}, tmp_path)
    assert found == []
    assert told == [f"MedicationAdministration of status '{status}': nothing that was so; not read (once)"]
