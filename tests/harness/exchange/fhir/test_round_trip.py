"""Simulated patients and every field of the protocol, through both forms: the same cases and the same grades."""

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Case, grade_course, read_case
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness.cohort import SCALES
from harness.cohort.example import whole_case
from harness.exchange.chart import Named
from tests.harness.exchange.fhir.files import FORMS, there_and_back, to_the_minute
from tests.harness.simulated import graded, guideline
from tests.strategies import few, observations, patients, times, values

COHORTS = {"eliana": "ELIANA", "zuma-1": "ZUMA-1", "messy-ward": "ZUMA-1", "masked-and-sparse": "ZUMA-1"}
NUMBERS = [0.1, 37.95, 38.0, 0.30000000000000004, 1 / 3, 2e-05, 123456.789, 5e5]


@functools.cache
def simulated(scenario: str) -> tuple[Named, ...]:
    """Patients of a scenario with many treatments, since most have no drug that runs."""
    block = graded(scenario, COHORTS[scenario], 0, 20, True)
    cases = [read_case(whole_case(block, place)) for place in range(20)]
    cases.sort(key=lambda case: -len(case.treatments))
    return tuple((f"{scenario}/{number}", case) for number, case in enumerate(cases[:4]))


def grades(case: Case) -> Sequence[Any]:
    """Floors and ceilings of every time, of both scales."""
    found = (grade_course(case.observations, case.treatments, guideline().scale(s), case.patient) for s in SCALES)
    return [(course.floors, course.ceilings) for course in found]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", COHORTS)
@pytest.mark.parametrize("form", FORMS)
def test_simulated_patients_are_the_same_afterwards(scenario: str, form: str, tmp_path: Path) -> None:
    cases = simulated(scenario)
    found = there_and_back(cases, form, tmp_path)
    assert found == [to_the_minute(case, name) for name, case in cases]
    assert [grades(case) for case in found] == [grades(case) for _, case in cases]


@pytest.mark.slow
def test_the_simulated_patients_have_something_to_lose() -> None:
    cases = [case for scenario in COHORTS for _, case in simulated(scenario)]
    given = {each.drug for case in cases for each in case.treatments}
    assert {"tocilizumab", "norepinephrine"} < given
    assert any(each.dose == 0 for case in cases for each in case.treatments)
    charted = {name for case in cases for row in case.observations for name in OBSERVATION if getattr(row, name)}
    assert {"ice", "crp_mg_dl", "o2_device", "seizure"} <= charted


def each_of(field: Field) -> list[Any]:
    """Values of a field: all of few, or numbers in its range."""
    if field.kind == "items":
        assert field.items is not None
        return [{}, field.items.most, dict.fromkeys(field.items.most, 0), {"writing": 1, "naming": None}]
    if field.kind == "number":
        inside = [number for number in NUMBERS if field.fault(number) is None]
        return [field.low, *inside, min(field.high, 1e6)]
    return few(field)


@pytest.mark.parametrize("form", FORMS)
def test_every_value_of_every_field_comes_back(form: str, tmp_path: Path) -> None:
    cases = [
        (f"{name} {number}", read_case({"observations": [{"time_h": 1, name: value}]}))
        for name, field in OBSERVATION.items()
        if name != "time_h"
        for number, value in enumerate(each_of(field))
    ]
    assert there_and_back(cases, form, tmp_path) == [to_the_minute(case, name) for name, case in cases]


numbers = st.floats(0, 1e6).map(lambda x: round(x, 9))
drugs_given = st.fixed_dictionaries(
    {"time_h": st.floats(-5, 400), "drug": st.sampled_from(TREATMENT["drug"].values)},
    optional={
        "dose": st.none() | st.just(0) | numbers,
        "unit": st.sampled_from(["mg", "mg/kg", "mcg/kg/min", "ug/kg/min", "U/min", "mg/h", "tablets", "MCG/MIN", ""]),
        "route": st.sampled_from(["IV", "oral", " ", ""]),
    },
)


@st.composite
def whole_cases(draw: st.DrawFn) -> Case:
    """Snapshots and courses with any field, and treatments with doses."""
    count = draw(st.integers(1, 3))
    rows = [draw(observations(count == 1, set(OBSERVATION))) for _ in range(count)]
    minutes = sorted(draw(st.lists(times, min_size=count, max_size=count, unique=True)))
    raw = [{"time_h": at, **row} for at, row in zip(minutes, rows, strict=True)]
    return read_case(
        {"patient": draw(patients), "observations": raw, "treatments": draw(st.lists(drugs_given, max_size=4))}
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(whole_cases(), min_size=1, max_size=2), st.sampled_from(sorted(FORMS)))
def test_any_case_comes_back(cases: list[Case], form: str) -> None:
    named = [(f"case {number}", case) for number, case in enumerate(cases)]
    with tempfile.TemporaryDirectory() as folder:
        found = there_and_back(named, form, Path(folder))
    assert found == [to_the_minute(case, name) for name, case in named]


@settings(max_examples=20, deadline=None)
@given(values(PATIENT["age_years"]), values(PATIENT["weight_kg"]), st.text(min_size=1, max_size=9))
def test_any_patient_and_name_come_back(age: float, weight: float, name: str) -> None:
    raw = {"patient": {"age_years": round(age, 12), "weight_kg": weight}, "observations": [{"time_h": 0}]}
    case = read_case(raw)
    with tempfile.TemporaryDirectory() as folder:
        assert there_and_back([(name, case)], "bundle", Path(folder)) == [to_the_minute(case, name)]
