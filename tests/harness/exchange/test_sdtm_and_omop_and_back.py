"""Simulate, write, read: the same cases and the same grades, in each of the three forms."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import grade_course, load, read_case
from harness.cohort.example import whole_case
from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS
from tests.harness.exchange.there_and_back import again, every_value, to_the_minute
from tests.harness.simulated import graded
from tests.strategies import courses, snapshots

FORMS = ("sdtm-json", "sdtm-csv", "omop")
SCALES = [("astct-2019", "crs"), ("astct-2019", "icans")]
form = pytest.mark.parametrize("form", FORMS)


def grades(case):
    return [
        grade_course(case.observations, case.treatments, load(guideline).scale(scale), case.patient)
        for guideline, scale in SCALES
    ]


@form
@pytest.mark.parametrize(
    ("scenario", "trial", "count"),
    [
        ("eliana", "ELIANA", 1),
        pytest.param("eliana", "ELIANA", 3, marks=pytest.mark.slow),
        pytest.param("table1", "ZUMA-1", 3, marks=pytest.mark.slow),
        pytest.param("messy-ward", "ZUMA-1", 3, marks=pytest.mark.slow),
    ],
)
def test_simulated_patients_come_back_with_the_same_grades(form, scenario, trial, count):
    block = graded(scenario, trial, count=5, full=True)
    cases = [(f"{scenario}/{place}", read_case(whole_case(block, place))) for place in range(count)]
    back, told = again(form, cases)
    assert back == [to_the_minute(case, name) for name, case in cases]
    assert [grades(case) for case in back] == [grades(case) for _, case in cases]
    assert [line for line in told if "adverse events" not in line] == []


@form
def test_every_value_of_every_field_comes_back(form):
    case = every_value()
    back, _ = again(form, [("all", case)])
    assert back == [case]


@form
@settings(max_examples=12, deadline=None)
@given(drawn=st.lists(snapshots() | courses(longest=3), min_size=1, max_size=2))
def test_any_case_comes_back(form, drawn):
    cases = [(f"p{place}", read_case(raw)) for place, raw in enumerate(drawn)]
    back, _ = again(form, cases)
    assert back == [to_the_minute(case, name) for name, case in cases]


@form
def test_a_dose_of_0_and_odd_texts_come_back(form):
    rows = [{"time_h": hour} for hour in (0, 1)]
    doses = [
        {"time_h": 2, "drug": "norepinephrine", "dose": 0.07, "unit": "ug/kg/min", "route": "IV"},
        {"time_h": 5, "drug": "norepinephrine", "dose": 0, "unit": "ug/kg/min"},
        {"time_h": 5, "drug": "angiotensin_ii", "dose": 1e-7, "unit": 'a, "b";\nc'},
        {"time_h": 1, "drug": "gcsf"},
    ]
    case = read_case({"id": "é, 1", "observations": rows, "treatments": doses})
    assert again(form, [("é, 1", case)])[0] == [case]


@form
@pytest.mark.parametrize("names", [("a", "a"), ("",), (" a",)])
def test_a_name_that_cannot_stand_is_refused(form, names):
    case = read_case({"observations": [{"time_h": 1}]})
    with pytest.raises(ExchangeError, match="called"):
        again(form, [(name, case) for name in names])


@pytest.mark.parametrize("form", ["sdtm-csv", "omop"])
def test_half_a_character_is_refused_where_no_file_can_hold_it(form):
    case = read_case({"observations": [{"time_h": 1}]})
    with pytest.raises(ExchangeError, match="half a character"):
        again(form, [("\ud800", case)])


@form
def test_the_same_cases_give_the_same_bytes(form, tmp_path):
    cases = [("all", every_value())]
    for place in ("one", "two"):
        FORMATS[form].write(cases, tmp_path / place)
    files = sorted(file.name for file in (tmp_path / "one").iterdir())
    assert files == sorted(file.name for file in (tmp_path / "two").iterdir())
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
