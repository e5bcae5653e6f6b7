"""A simulated patient as a protocol object is read back to the very columns that it came from."""

import json

import numpy as np
import pytest

from cartox_core import columns_of, grade_course, read_case
from cartox_core.observation import OBSERVATION, READABLE
from harness.patients.told import case_of
from tests.harness.simulated import graded, guideline

SHOWN = [("table1", "KarMMa"), ("sparse-charting", "ZUMA-3"), ("pediatric", "ELIANA"), ("masked-fever", "ELIANA")]


@pytest.fixture(scope="module", params=SHOWN, ids="-".join)
def block(request):
    return graded(*request.param, count=30, full=True)


@pytest.fixture(scope="module")
def cases(block):
    return [case_of(block.people, block.log, block.chart, place) for place in range(30)]


def test_the_columns_come_back(block, cases):
    read = [read_case(case) for case in cases]
    fields = block.chart.columns.fields
    again = columns_of(read, fields)
    assert (again.minute == block.chart.columns.minute).all()
    assert (again.starts == block.chart.columns.starts).all()
    assert (again.drug_minute == block.chart.columns.drug_minute).all()
    for name, column in fields.items():
        assert np.array_equal(again.fields[name], column, equal_nan=column.dtype == np.float64), name


def test_the_grades_come_back(block, cases):
    for place, case in list(enumerate(cases))[:8]:
        read = read_case(case)
        mine = block.chart.place == place
        for name in ("crs", "icans"):
            course = grade_course(read.observations, read.treatments, guideline().scale(name), read.patient)
            assert [g.floor for g in course.grades] == block.grades[name].floor[mine].tolist()
            assert [g.ceiling for g in course.grades] == block.grades[name].ceiling[mine].tolist()


def test_a_case_survives_json(cases):
    for case in cases:
        assert json.loads(json.dumps(case, allow_nan=False)) == case


def test_nothing_unknown_or_default_is_told(cases):
    for case in cases:
        assert set(case) == {"patient", "observations", "treatments"}
        assert set(case["patient"]) == {"age_years", "weight_kg"}
        for observation in case["observations"]:
            assert set(observation) <= set(OBSERVATION)
            assert None not in observation.values()
            for name, value in observation.items():
                assert name == "time_h" or READABLE[name].default is None or value != READABLE[name].default


def test_doses_are_told_as_given(block, cases):
    for given, case in zip(block.log.given, cases, strict=True):
        assert [(t["time_h"] * 60, t["drug"], t["dose"], t["unit"], t["route"]) for t in case["treatments"]] == [
            (pytest.approx(g.minute), g.drug, g.dose, g.unit, g.route) for g in given
        ]
