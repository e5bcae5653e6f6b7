"""The key of a case is as the core grades it, with what is missing; and the smallest change makes an answer right."""

import itertools
from typing import Any

import pytest

from cartox_core import Case, Grade, explain_course, grade_course, load, read_case
from cartox_core.bedside import until
from harness.cohort.example import make_again
from harness.patients.address import Address
from harness.train.change import smallest_change
from harness.train.judge import GradeAnswer, judge
from harness.train.key import key_of, last_chart
from tests.signs import AWAKE as WELL
from tests.signs import CALM

ASTCT = load("astct-2019")


def case_of(*rows: dict[str, Any], **treatments: Any) -> Case:
    observations = [{"time_h": 4.0 * i, **row} for i, row in enumerate(rows)]
    return read_case({"patient": {"age_years": 60}, "observations": observations, "treatments": [], **treatments})


@pytest.mark.parametrize("address", ["v1/table1/ELIANA/1/3", "v1/messy-ward/JULIET/1/8", "v1/masked-fever/KarMMa/1/22"])
def test_the_key_is_what_the_core_says_of_the_course_until_then(address: str) -> None:
    whole = read_case(make_again(Address.read(address), ASTCT).whole)
    for hour in [o.time_h for o in whole.observations][::15]:
        case = until(whole, hour)
        assert case is not None
        for name in ("crs", "icans"):
            scale = ASTCT.scale(name)
            found = key_of(last_chart(case, scale))
            course = case.observations, case.treatments, scale, case.patient
            assert found.grade == grade_course(*course).grades[-1]
            assert found.because == explain_course(*course)[-1][1]


def test_what_is_missing_alone_would_move_the_range() -> None:
    case = case_of({"temp_c": 37.0, **CALM}, {"temp_c": 38.4, "hypotension": False, "vasopressors": 0})
    found = key_of(last_chart(case, ASTCT.scale("crs")))
    assert found.grade == Grade(1, 4)
    assert set(found.missing) == {"vasopressin", "o2_device"}
    whole = key_of(last_chart(case_of({"temp_c": 38.4, **CALM}), ASTCT.scale("crs")))
    assert (whole.grade, whole.missing) == (Grade(1, 1), ())


def test_a_flow_matters_where_a_cannula_has_none() -> None:
    case = case_of({"temp_c": 38.4, **CALM, "o2_device": "nasal_cannula"})
    assert key_of(last_chart(case, ASTCT.scale("crs"))).missing == ("o2_flow_l_min",)


def change(case: Case, scale: str, wanted: int) -> list[tuple[str, object, object]]:
    chart = last_chart(case, ASTCT.scale(scale))
    return [(c.field, c.was, c.now) for c in smallest_change(chart, wanted)]


def test_the_finding_that_decided_is_changed_first() -> None:
    fever = case_of({"temp_c": 38.4, **CALM})
    assert change(fever, "crs", 0) == [("temp_c", 38.4, 37.9)]
    low_flow = case_of({"temp_c": 38.4, **CALM, "o2_device": "nasal_cannula", "o2_flow_l_min": 6})
    assert change(low_flow, "crs", 3) == [("o2_flow_l_min", 6.0, 6.1)]
    pressor = case_of({"temp_c": 39.0, **CALM, "hypotension": True, "vasopressors": 1})
    assert change(pressor, "crs", 4) == [("vasopressors", 1, 2)]
    assert change(case_of(dict(WELL, ice=3)), "icans", 3) == [("ice", 3, 2)]
    assert change(case_of(dict(WELL, ice=3)), "icans", 1) == [("ice", 3, 7)]


def test_two_findings_where_one_is_not_enough() -> None:
    both = case_of({"temp_c": 38.4, **CALM, "hypotension": True, "o2_device": "nasal_cannula", "o2_flow_l_min": 2})
    assert {field for field, _, _ in change(both, "crs", 1)} == {"hypotension", "o2_device"}


def test_another_cause_is_the_last_thing_to_think_of() -> None:
    three = {"temp_c": 39.0, **CALM, "hypotension": True, "vasopressors": 1, "o2_device": "face_mask"}
    found = change(case_of(three), "crs", 2)
    assert [field for field, _, _ in found] == ["vasopressors", "o2_device", "o2_flow_l_min"]


def test_each_change_makes_that_answer_right_and_fewer_would_not() -> None:
    whole = read_case(make_again(Address.read("v1/table1/ELIANA/1/3"), ASTCT).whole)
    seen = 0
    for hour, name, wanted in itertools.product((120.0, 220.0), ("crs", "icans"), range(5)):
        case = until(whole, hour)
        assert case is not None
        chart = last_chart(case, ASTCT.scale(name))
        found = smallest_change(chart, wanted)
        if not found or chart.grade() == Grade(wanted, wanted):
            continue
        values = {c.field: c.now for c in found}
        assert chart.grade(**values) == Grade(wanted, wanted)
        assert all(chart.grade(**{c.field: c.now}) != Grade(wanted, wanted) for c in found) or len(found) == 1
        seen += 1
    assert seen > 8


def test_no_change_of_two_findings_may_be_enough() -> None:
    nothing = case_of({"temp_c": 37.0, **CALM})
    assert change(nothing, "icans", 2) == []


SEDATED = {**WELL, "o2_device": "mechanical_ventilation", "ice": None}


def test_what_was_judged_to_have_another_cause_is_told_where_it_would_count() -> None:
    sedated = dict(SEDATED, consciousness="unarousable", consciousness_other_cause=True)
    found = key_of(last_chart(case_of(sedated), ASTCT.scale("icans")))
    assert (str(found.grade), found.missing, found.excused) == ("0–3", ("ice",), ("consciousness_other_cause",))
    assert last_chart(case_of(sedated), ASTCT.scale("icans")).cite("consciousness_other_cause") == (
        "ferreri-2024 Table 6 note †",
    )
    for because, verdict in (("ice", "right"), ("consciousness", "right"), ("seizure", "other reason")):
        assert judge(GradeAnswer(None, because), found) == verdict
    awake = key_of(last_chart(case_of(dict(WELL, ice=10, consciousness_other_cause=True)), ASTCT.scale("icans")))
    assert awake.excused == ()
    airway = {"temp_c": 38.4, **CALM, "o2_device": "mechanical_ventilation"}
    tube = case_of(dict(airway, positive_pressure_reason="airway_protection"))
    assert key_of(last_chart(tube, ASTCT.scale("crs"))).excused == ("positive_pressure_reason",)


def test_what_does_not_count_is_the_first_thing_to_change() -> None:
    sedated = dict(SEDATED, consciousness="unarousable", consciousness_other_cause=True)
    assert change(case_of(sedated), "icans", 4) == [("consciousness_other_cause", True, False)]
    airway = {"temp_c": 38.4, **CALM, "o2_device": "mechanical_ventilation"}
    tube = case_of(dict(airway, positive_pressure_reason="airway_protection"))
    assert change(tube, "crs", 4) == [("positive_pressure_reason", "airway_protection", "hypoxia")]


def test_nobody_scores_who_cannot_answer() -> None:
    sedated = dict(SEDATED, consciousness="unarousable", consciousness_other_cause=True)
    assert all(field != "ice" or now == 0 for g in range(5) for field, _, now in change(case_of(sedated), "icans", g))


def test_what_is_missing_is_changed_before_what_was_charted() -> None:
    no_device = {"temp_c": 38.4, "hypotension": False, "vasopressors": 0, "vasopressin": False}
    assert change(case_of(no_device), "crs", 4) == [("o2_device", None, "cpap")]
    assert change(case_of(no_device), "crs", 1) == [("o2_device", None, "none")]
    no_ice = {name: value for name, value in WELL.items() if name != "ice"}
    assert change(case_of(no_ice), "icans", 3) == [("ice", None, 2)]


def test_what_goes_together_is_changed_together() -> None:
    fever = case_of({"temp_c": 38.4, **CALM})
    assert change(fever, "crs", 3) == [("hypotension", False, True), ("vasopressors", 0, 1)]
    assert change(fever, "crs", 2) == [("hypotension", False, True)]
    assert change(case_of(dict(WELL, ice=10)), "icans", 2) == [("ice", 10, 6)]


def test_as_many_changes_as_it_takes() -> None:
    three = {"temp_c": 36.7, **CALM, "hypotension": True, "vasopressors": 1, "vasopressin": True,
             "o2_device": "venturi_mask"}  # fmt: skip
    case = read_case({"observations": [{"time_h": 20, "temp_c": 38.4, **CALM}, {"time_h": 24, **three}]})
    chart = last_chart(case, ASTCT.scale("crs"))
    found = smallest_change(chart, 1)
    assert {one.field: one.now for one in found} == {
        "vasopressors": 0, "vasopressin": False, "hypotension": False, "o2_device": "none", "temp_c": 38.0,
    }  # fmt: skip
