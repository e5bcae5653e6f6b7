"""Simulate, write, read: the same cases and the same grades, for every format that can be written."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Case, CourseGrades, Scale, grade_course, load, read_case
from harness.exchange.format import FORMATS
from tests.harness.exchange.round_trip import kept, simulated, written_and_read
from tests.strategies import courses, snapshots


def graded(case: Case, scale: Scale) -> CourseGrades:
    return grade_course(case.observations, case.treatments, scale, case.patient)


WRITTEN = ["csv", "parquet", "arrow", "fhir", "fhir-ndjson", "sdtm-json", "sdtm-csv", "omop"]


@pytest.mark.parametrize("name", WRITTEN)
def test_simulated_patients_come_back_with_the_same_grades(name: str, tmp_path: Path) -> None:
    cases = list(simulated())
    back, told = written_and_read(cases, name, tmp_path)
    assert [str(remark) for remark in told if "adverse events are the results" not in remark.text] == []
    assert [name for name, _ in back] == [name for name, _ in cases]
    for (_, before), (_, after) in zip(cases, back, strict=True):
        assert kept(after) == kept(before)
        for scale in load("astct-2019").scales.values():
            assert graded(after, scale) == graded(before, scale)


@pytest.mark.parametrize("name", WRITTEN)
@given(raws=st.lists(snapshots() | courses(), min_size=1, max_size=3))
@settings(max_examples=10)
def test_any_case_comes_back(name: str, raws: list[dict[str, Any]]) -> None:
    cases = [(f"case {i}", read_case(raw)) for i, raw in enumerate(raws)]
    with tempfile.TemporaryDirectory() as folder:
        back, _ = written_and_read(cases, name, Path(folder))
    assert [(name, kept(case)) for name, case in back] == [(name, kept(case)) for name, case in cases]


def test_every_format_is_held_to_it() -> None:
    assert {*WRITTEN, "jsonl", "cohort"} == FORMATS.keys()
