"""The grade of one observation and the reasons that are given for it."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Because, Grade, Guideline, Observation, Patient, explain, grade, load, read_case
from cartox_core.conditions import Between, OneOf
from cartox_core.fields import IceItems
from cartox_core.grade import Chart, gate_status, status
from cartox_core.guideline import Assumption, Clause, Domain, Scale
from cartox_core.observation import PATIENT
from tests import any_scales
from tests.signs import AWAKE, CALM

CRS, ICANS = (load("astct-2019").scale(name) for name in ("crs", "icans"))


def crs(guideline: Guideline | None = None, **charted: Any) -> str:
    scale = CRS if guideline is None else guideline.scale("crs")
    return str(grade(Observation(**{"time_h": 30, "temp_c": 39, **CALM, **charted}), scale))


def icans(guideline: Guideline | None = None, age_years: float | None = 40, **charted: Any) -> str:
    scale = ICANS if guideline is None else guideline.scale("icans")
    return str(grade(Observation(**{"time_h": 30, **AWAKE, **charted}), scale, Patient(age_years=age_years)))


def reasons(scale: Scale = CRS, **charted: Any) -> list[str]:
    """What is given as the reasons, as text."""
    calm = CALM if scale is CRS else AWAKE
    return [str(b) for b in explain(Observation(**{"time_h": 30, **calm, **charted}), scale)[1]]


EDGES = [
    ({"temp_c": 37.99}, "0"),
    ({"temp_c": 38.0}, "1"),
    ({"vasopressors": 1}, "3"),
    ({"vasopressors": 2}, "4"),
    ({"vasopressin": True}, "3"),
    ({"vasopressors": 1, "vasopressin": True}, "3"),
    ({"hypotension": True}, "2"),
    ({"vasopressors": 2, "vasopressor_other_cause": True}, "1"),
    ({"o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}, "2"),
    ({"o2_device": "nasal_cannula", "o2_flow_l_min": 6.01}, "3"),
    ({"o2_device": "nasal_cannula"}, "2–3"),
    ({"o2_device": "cpap", "positive_pressure_reason": "chronic"}, "1"),
    ({"death_from_crs": True}, "5"),
    ({"temp_c": 36, "death_from_crs": True}, "5"),
]


@pytest.mark.parametrize(("charted", "found"), EDGES)
def test_crs_on_each_side_of_a_threshold(charted: dict[str, Any], found: str) -> None:
    assert crs(**charted) == found


MIND = [
    ({"ice": 9}, "1"),
    ({"ice": 7}, "1"),
    ({"ice": 6}, "2"),
    ({"ice": 3}, "2"),
    ({"ice": 2}, "3"),
    ({"ice": 0}, "3"),
    ({"ice": 0, "consciousness": "unarousable"}, "4"),
    ({"ice": 0, "consciousness": "unarousable", "consciousness_other_cause": True}, "3"),
    ({"ice": 0, "consciousness": None}, "3–4"),
    ({"ice": None, "consciousness": "unarousable"}, "4"),
    ({"age_years": 11.9, "capd": 0, "ice": 0}, "0"),
    ({"age_years": 11.9, "capd": 8}, "1"),
    ({"age_years": 11.9, "capd": 9}, "3"),
    ({"age_years": 12, "capd": 9}, "0"),
    ({"age_years": None, "capd": 9}, "0"),
]


@pytest.mark.parametrize(("charted", "found"), MIND)
def test_icans_on_each_side_of_a_threshold(charted: dict[str, Any], found: str) -> None:
    assert icans(**charted) == found


READINGS = [  # reading, choice, scale, what is charted, the grade by default and by the choice
    ("C1", "high", crs, {"o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}, "2", "3"),
    ("C2", "device", crs, {"o2_device": "high_flow_nasal_cannula", "o2_flow_l_min": 5}, "2", "3"),
    ("C4", "flow", crs, {"o2_device": "face_mask", "o2_flow_l_min": 6}, "3", "2"),
    ("C4", "flow", crs, {"o2_device": "face_mask", "o2_flow_l_min": 6.1}, "3", "3"),
    (
        "C8",
        "literal",
        crs,
        {"temp_c": 37, "crs_onset_fever": True, "fever_masked": False, "hypotension": True},
        "2",
        "0",
    ),
    ("C12", "not_counted", crs, {"vasopressin": True, "hypotension": True}, "3", "2"),
    ("C17", "fluids", crs, {"hypotension": True, "iv_fluid_boluses": 0}, "2", "1"),
    ("C17", "fluids", crs, {"hypotension": True, "iv_fluid_boluses": 1}, "2", "2"),
    ("C21", "counts", crs, {"o2_device": "cpap", "positive_pressure_reason": "chronic"}, "1", "4"),
    ("C23", "counts", crs, {"o2_device": "cpap", "positive_pressure_reason": "airway_protection"}, "1", "4"),
    ("C32", "rounded", crs, {"temp_c": 37.95}, "0", "1"),
    ("C32", "rounded", crs, {"temp_c": 37.94}, "0", "0"),
    ("N1", "ice", icans, {"consciousness": "voice", "ice": 10}, "2", "0"),
    ("N1", "ice", icans, {"consciousness": "voice", "ice": 9}, "2", "2"),
    ("N1", "ice", icans, {"consciousness": "voice", "capd": 0, "age_years": 5}, "2", "2"),
    ("N4", "awake", icans, {"ice": 0, "consciousness": None}, "3–4", "3"),
    ("N11", "prolonged", icans, {"seizure": "brief", "seizure_duration_min": 5}, "3", "4"),
    ("N11", "prolonged", icans, {"seizure": "brief", "seizure_duration_min": 4.9}, "3", "3"),
    ("N15", "graded", icans, {"motor_weakness": "mild"}, "0", "4"),
    ("N19", "capd", icans, {"age_years": 12, "capd": 9}, "0", "3"),
    ("N20", "grade_1", icans, {"age_years": 5, "capd": 0}, "0", "1"),
]


@pytest.mark.parametrize(("name", "choice", "grader", "charted", "default", "other"), READINGS)
def test_a_reading_changes_the_grade(
    name: str, choice: str, grader: Any, charted: dict[str, Any], default: str, other: str
) -> None:
    assert grader(**charted) == default
    assert grader(load("astct-2019", {name: choice}), **charted) == other


def test_nothing_is_graded_before_the_infusion() -> None:
    ill = {"temp_c": 40, "vasopressors": 3, "death_from_crs": True}
    assert crs(**ill, time_h=-0.51 / 60) == "0"
    assert crs(**ill, time_h=-0.49 / 60) == "5"
    found, why = explain(Observation(time_h=-1, **ill), CRS)
    assert (found, [str(b) for b in why]) == (Grade(0, 0), ["nothing is graded before hour 0"])
    assert why[0].bound == "grade"


def test_a_scale_without_a_start_grades_at_any_time() -> None:
    always = dataclasses.replace(CRS, from_h=None)
    assert grade(Observation(time_h=-700, temp_c=39, **CALM), always) == Grade(1, 1)


def test_a_start_is_compared_in_minutes() -> None:
    later = dataclasses.replace(CRS, from_h=1.5)
    assert [grade(Observation(time_h=m / 60, temp_c=39, **CALM), later).grade for m in (89, 90)] == [0, 1]
    assert str(explain(Observation(time_h=1), later)[1][0]) == "nothing is graded before hour 1.5"


def test_what_a_course_derives_stands_over_what_is_charted() -> None:
    seen = Observation(time_h=1, temp_c=37, crs_onset_fever=False, **CALM | {"hypotension": True})
    assert grade(seen, CRS) == Grade(0, 0)
    assert grade(seen, CRS, overrides={"crs_onset_fever": True}) == Grade(2, 2)
    assert explain(seen, CRS, overrides={"crs_onset_fever": True})[0] == Grade(2, 2)
    assert Chart(seen, overrides={"temp_c": None}).value("temp_c") is None


def test_a_grade_is_printed_as_a_number_or_a_range() -> None:
    assert [str(Grade(3, 3)), str(Grade(0, 4))] == ["3", "0–4"]
    assert (Grade(2, 3).grade, Grade(0, 0).grade) == (None, 0)


def test_a_reason_is_printed_with_its_bound_unless_it_decides_the_grade() -> None:
    rule = Clause("crs.x", 2, {}, "low", ())
    assert str(Because(rule, "grade", "low")) == "crs.x: low"
    assert str(Because(rule, "floor", "low")) == "floor: crs.x: low"
    assert str(Because(None, "ceiling", "nothing")) == "ceiling: nothing"


def test_the_clauses_of_the_grade_are_the_reasons() -> None:
    assert reasons(temp_c=39, hypotension=True, o2_device="blow_by", vasopressors=0) == [
        "crs.hypotension.g2: hypotension without a vasopressor",
        "crs.hypoxia.blow_by: blow-by oxygen",
    ]


def test_with_the_gate_closed_the_reason_is_that_no_sign_counts() -> None:
    assert reasons(temp_c=37, crs_onset_fever=False, vasopressors=2) == [
        f"the gate is closed; it opens with {CRS.gate_text}"
    ]


def test_an_ungated_clause_is_a_reason_with_the_gate_closed() -> None:
    assert reasons(temp_c=37, crs_onset_fever=False, vasopressors=2, death_from_crs=True) == [
        "crs.death.g5: death in which CRS is the principal cause"
    ]


def test_a_gated_clause_of_the_same_grade_is_no_reason_with_the_gate_closed() -> None:
    death = Domain("death", "", (Clause("death", 4, {"death_from_crs": OneOf((True,))}, "died", ()),), gated=False)
    equal = dataclasses.replace(CRS, domains=(CRS.domain("hypotension"), death), episode=None)
    chart = Observation(time_h=1, temp_c=37, crs_onset_fever=False, vasopressors=2, death_from_crs=True)
    assert [str(b) for b in explain(chart, equal)[1]] == ["death: died"]


def test_without_any_sign_the_reason_says_so() -> None:
    assert reasons(temp_c=37, crs_onset_fever=True) == ["no sign is present"]
    assert reasons(ICANS) == ["no sign is present"]
    assert reasons(ICANS, seizure=None) == [
        "floor: no sign is present for sure",
        "ceiling: icans.seizure.g4: a seizure of more than 5 minutes, or repeated without return to baseline",
    ]


def test_the_bounds_of_a_range_have_their_own_reasons_the_floor_first() -> None:
    assert reasons(temp_c=39, vasopressors=1, o2_device=None) == [
        "floor: crs.hypotension.g3: one vasopressor, with or without vasopressin",
        "ceiling: crs.hypoxia.positive_pressure: positive pressure for hypoxia: CPAP, BiPAP or mechanical ventilation",
    ]


def test_a_gate_that_may_be_closed_is_the_reason_for_the_floor() -> None:
    floor, ceiling = reasons(temp_c=None, hypotension=True)
    assert floor == f"floor: the gate may be closed; it opens with {CRS.gate_text}"
    assert ceiling == "ceiling: crs.hypotension.g2: hypotension without a vasopressor"


def test_a_clause_that_only_may_hold_is_no_reason_for_a_sure_grade() -> None:
    assert reasons(temp_c=39, vasopressors=2, o2_device=None) == [
        "crs.hypotension.g4: two or more vasopressors, vasopressin not counted"
    ]


def test_where_no_single_clause_is_sure_the_reason_says_that_any_value_gives_the_grade() -> None:
    low, high = OneOf((False,)), OneOf((True,))
    rules = tuple(Clause(f"a{i}", 2, {"hypotension": told}, "", ()) for i, told in enumerate((low, high)))
    always_two = dataclasses.replace(CRS, domains=(Domain("d", "d", rules),), episode=None)
    found, why = explain(Observation(time_h=1, temp_c=39), always_two)
    assert found == Grade(2, 2)
    assert [str(b) for b in why] == ["grade 2 follows whichever of the unknown values is true"]


@pytest.mark.parametrize(
    ("charted", "expected"),
    [
        ({"ice": 5}, "holds"),
        ({"ice": 7}, "fails"),
        ({}, "may hold"),
        ({"ice_items": IceItems(year=1, month=1, city=1, naming=0, command=0, writing=0, attention=0)}, "holds"),
        ({"ice_items": IceItems(year=1, month=1, city=1, hospital=1, naming=0, command=1)}, "may hold"),
        ({"ice_items": IceItems(year=1, month=1, city=1, hospital=1, naming=0, command=1, writing=0)}, "holds"),
        ({"ice_items": IceItems(naming=3)}, "may hold"),
        ({"ice_items": IceItems(naming=2, year=0, month=0, city=0, hospital=0, writing=0, attention=0)}, "may hold"),
        ({"ice_items": IceItems(year=1, month=1, city=1, hospital=1, naming=3)}, "fails"),
        ({"ice_items": IceItems(year=0, month=0, city=0, hospital=0, naming=0, command=0, writing=0)}, "fails"),
        ({"ice_items": IceItems(naming=0, year=0, month=0, city=0)}, "may hold"),
    ],
)
def test_ice_items_say_whether_a_clause_holds(charted: dict[str, Any], expected: str) -> None:
    three_to_six = next(c for c in ICANS.clauses if c.id == "icans.ice.g2")
    assert status(three_to_six, Chart(Observation(time_h=1, **charted), Patient(age_years=40)), ICANS) == expected


def test_a_clause_fails_when_one_test_does_and_may_hold_while_another_is_unknown() -> None:
    rule = Clause("r", 1, {"hypotension": OneOf((True,)), "ice": Between(high=2)}, "", ())
    both = [(None, 5), (None, 1), (True, None), (True, 1), (False, None)]
    found = [status(rule, Chart(Observation(time_h=1, hypotension=h, ice=i)), CRS) for h, i in both]
    assert found == ["fails", "may hold", "may hold", "holds", "fails"]


def test_an_age_that_is_not_charted_is_taken_for_an_adults() -> None:
    rule = next(c for c in ICANS.clauses if c.id == "icans.ice.g3")
    assert status(rule, Chart(Observation(time_h=1, ice=0)), ICANS) == "holds"
    assert status(rule, Chart(Observation(time_h=1, ice=0)), dataclasses.replace(ICANS, assumptions=())) == "may hold"


def test_an_assumption_holds_only_where_its_tests_do() -> None:
    awake = load("astct-2019", {"N4": "awake"}).scale("icans")
    rule = next(c for c in awake.clauses if c.id == "icans.consciousness.none")
    assert [status(rule, Chart(Observation(time_h=1, ice=i)), awake) for i in (0, 1, None)] == [
        "holds",
        "may hold",
        "may hold",
    ]


def test_a_field_with_a_default_is_never_unknown() -> None:
    rule = Clause("r", 1, {"fever_other_cause": OneOf((True,))}, "", ())
    assert status(rule, Chart(Observation(time_h=1)), CRS) == "fails"
    assert status(rule, Chart(Observation(time_h=1, fever_other_cause=None)), CRS) == "fails"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("charted", "expected"),
    [
        ({"temp_c": 38}, "holds"),
        ({"temp_c": 37, "crs_onset_fever": True}, "holds"),
        ({"temp_c": 37, "crs_onset_fever": False}, "fails"),
        ({"crs_onset_fever": False}, "may hold"),
        ({"crs_onset_fever": False, "fever_other_cause": True}, "fails"),
        ({"temp_c": 37}, "may hold"),
    ],
)
def test_the_gate_is_open_closed_or_cannot_be_told(charted: dict[str, Any], expected: str) -> None:
    assert gate_status(CRS, Chart(Observation(time_h=1, **charted))) == expected
    assert gate_status(ICANS, Chart(Observation(time_h=1, **charted))) == "holds"


def test_an_assumption_that_tests_its_own_field_does_no_harm() -> None:
    loop = Assumption("ice", 0, {"ice": Between(high=3)}, "")
    assert explain(Observation(time_h=1), dataclasses.replace(ICANS, assumptions=(loop,)))


def test_ice_items_come_before_an_assumption() -> None:
    taken = dataclasses.replace(ICANS, assumptions=(Assumption("ice", 10, {}, ""), *ICANS.assumptions))
    chart = Observation(time_h=1, **{**AWAKE, "ice": None}, ice_items=IceItems(naming=0))
    found, why = explain(chart, taken)
    assert found == Grade(1, 3)
    assert [b.clause.id for b in why if b.clause] == ["icans.ice.g3"]


def test_ice_items_that_tell_nothing_leave_it_to_the_assumption() -> None:
    taken = dataclasses.replace(ICANS, assumptions=(Assumption("ice", 10, {}, ""), *ICANS.assumptions))
    chart = Observation(time_h=1, **{**AWAKE, "ice": None}, ice_items=IceItems())
    assert explain(chart, taken)[0] == Grade(0, 0)
    normal = next(c for c in ICANS.clauses if c.id == "icans.ice.none")
    assert status(normal, Chart(chart), taken) == "holds"


def test_items_that_add_up_to_0_are_an_ice_of_0_for_an_assumption() -> None:
    awake = load("astct-2019", {"N4": "awake"}).scale("icans")
    zero = IceItems(year=0, month=0, city=0, hospital=0, naming=0, command=0, writing=0, attention=0)
    chart = Observation(time_h=1, **{**AWAKE, "ice": None, "consciousness": None}, ice_items=zero)
    assert explain(chart, awake)[0] == Grade(3, 3)
    rule = next(c for c in awake.clauses if c.id == "icans.consciousness.none")
    assert status(rule, Chart(chart), awake) == "holds"


@given(data=st.data(), scale=any_scales.scales())
@settings(max_examples=80, deadline=None)
def test_reasons_are_given_for_any_scale(data: st.DataObject, scale: Scale) -> None:
    """What is named for a sure bound holds and has its grade; what is named for a ceiling may hold."""
    if any_scales.fields_conflict(scale):
        return
    row = data.draw(any_scales.rows(scale))
    patient = {n: v for n, v in row.items() if n in PATIENT}
    observed = {n: v for n, v in row.items() if n not in PATIENT}
    case = read_case({"patient": patient, "observations": [{"time_h": 0, **observed}]})
    found, why = explain(case.observations[0], scale, case.patient)
    assert found == grade(case.observations[0], scale, case.patient)
    assert {b.bound for b in why} == ({"grade"} if found.grade is not None else {"floor", "ceiling"})
    for because in why:
        level = found.ceiling if because.bound == "ceiling" else found.floor
        assert because.text
        if because.clause is not None:
            held = [c for c in scale.clauses if c is because.clause]
            values = {n: any_scales.possible(n, row, scale) for n in because.clause.when}
            truths = [[t.holds(v) for v in values[n]] for n, t in because.clause.when.items()]
            assert held
            assert because.clause.grade == level > 0
            gate = gate_status(scale, Chart(case.observations[0], case.patient))
            gated = any(because.clause in d.clauses for d in scale.domains if d.gated)
            assert gate == "holds" or not gated or (because.bound == "ceiling" and gate == "may hold")
            assert all(all(t) if because.bound != "ceiling" else any(t) for t in truths)
