"""What is late to the minute, what was given and is discouraged, and the reasons that are told of a step."""

from typing import Any

from cartox_core import Context, Grade, Observation, Patient, recommend
from cartox_core.context import GRADES
from cartox_core.findings import findings
from tests.cartox_core.small_plan import PLAN, case, seen, small

ROUND = {"ice": 10, "motor_weakness": "none"}
HOT = {"temp_c": 39.0, "hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none", **ROUND}
LOW = {**HOT, "hypotension": True}
MINUTE = 1 / 60


def told(kind: str, *rows: dict[str, Any], given: Any = (), **stated: Any) -> list[tuple[str, float, str]]:
    """What is found of a kind in a patient whose grades are those stated, and 0 else."""
    at = seen(case(*rows, given=list(given)), PLAN, **dict.fromkeys(GRADES, Grade(0, 0)) | stated)
    return [(f.about, f.time_h, f.text) for f in findings(PLAN, at) if f.kind == kind]


def rows(*hours: float) -> list[dict[str, Any]]:
    return [{"time_h": h, **ROUND} for h in hours]


def test_a_dose_at_the_minute_from_which_its_step_holds_is_its_dose() -> None:
    two, toci = {"crs_grade": Grade(2, 2)}, {"time_h": 10, "drug": "tocilizumab"}
    assert told("late", *rows(10, 20), given=[toci], **two) == []
    before = {**toci, "time_h": 10 - MINUTE}
    assert [f[0] for f in told("late", *rows(10, 20), given=[before], **two)] == ["crs.tocilizumab.g2"]


def test_a_regimen_that_goes_on_is_due_after_its_longest_interval_to_the_minute() -> None:
    """Table 7, grade 2 of ICANS: dexamethasone 10 mg every 12 hours; another corticosteroid serves as well."""
    two = {"icans_grade": Grade(2, 2)}
    first = {"time_h": 10, "drug": "dexamethasone"}
    assert told("late", *rows(10, 22), given=[first], **two) == []
    (late,) = told("late", *rows(10, 22 + MINUTE), given=[first], **two)
    assert late == ("icans.dexamethasone.g2", 22, "last given at 10 h; 0.01667 h late")
    other = [first, {"time_h": 21, "drug": "hydrocortisone"}]
    assert told("late", *rows(10, 22 + MINUTE), given=other, **two) == []
    (never,) = told("late", *rows(10, 11), **two)
    assert never[2] == "no dexamethasone or methylprednisolone or hydrocortisone given; 1 h late"


def test_a_dose_of_one_is_given_and_of_nothing_is_not() -> None:
    two = {"crs_grade": Grade(2, 2)}
    dose = {"time_h": 10, "drug": "tocilizumab", "dose": 1, "unit": "mg"}
    assert told("late", *rows(10, 12), given=[dose], **two) == []
    assert len(told("late", *rows(10, 12), given=[{**dose, "dose": 0}], **two)) == 1


def since(*charted: dict[str, Any]) -> list[float]:
    """From which hour tocilizumab is late."""
    others = dict.fromkeys(GRADES[1:], Grade(0, 0))
    return [f.time_h for f in findings(PLAN, seen(case(*charted), **others)) if f.about == "crs.tocilizumab.g2"]


def test_a_step_is_due_from_the_hour_since_which_it_surely_holds() -> None:
    assert since({"time_h": 10, **LOW}, {"time_h": 12, **HOT}, {"time_h": 14, **LOW}, {"time_h": 16, **LOW}) == [14]
    maybe = {"time_h": 2, "temp_c": 39.0, **ROUND}
    assert since(maybe, {"time_h": 4, **LOW}, {"time_h": 6, **LOW}) == [4]


def test_charting_is_told_by_the_hour_of_the_last() -> None:
    charted = [{"time_h": 4.5, **ROUND}, {"time_h": 16.5, "temp_c": 37.0}, {"time_h": 17, "temp_c": 37.0}]
    assert told("late", *charted) == [
        ("all.ice", 16.5, "ice last charted at 4.5 h; 0.5 h late"),
        ("all.motor", 16.5, "motor_weakness last charted at 4.5 h; 0.5 h late"),
    ]
    assert told("late", *charted[:2]) == []


def test_a_discouraged_drug_is_told_whatever_was_given_before() -> None:
    """The text on ICANS: no tocilizumab without CRS."""
    toci = [
        {"time_h": h, "drug": "tocilizumab", "dose": dose, "unit": "mg"} for h, dose in ((1, 400), (11, 0), (12, 1))
    ]
    found = told("discouraged", *rows(10, 20), given=toci, icans_grade=Grade(1, 1))
    assert found == [("icans.tocilizumab_alone", 12, PLAN.step("icans.tocilizumab_alone").what)]
    assert told("discouraged", *rows(10, 20), given=toci, icans_grade=Grade(1, 1), crs_grade=Grade(1, 1)) == []


def test_a_drug_that_serves_as_well_has_no_maximum_of_its_own() -> None:
    plan = small('drugs = ["anakinra"]', 'drugs = ["anakinra", "ruxolitinib"]')
    given = [{"time_h": 1, "drug": drug, "dose": 900, "unit": "mg"} for drug in ("anakinra", "ruxolitinib")]
    found = findings(plan, seen(case({"time_h": 1, **ROUND}, given=given, weight_kg=70), plan))
    assert [(f.about, f.kind) for f in found if f.kind == "over"] == [("anakinra", "over")]


def test_only_the_conditions_that_may_hold_are_reasons() -> None:
    chart = Observation(time_h=5, hypotension=True, vasopressors=0, vasopressin=False)
    found = recommend(PLAN, Context(observation=chart, crs_grade=Grade(3, 3)))
    (pressor,) = [one for one in found.advised if one.step.id == "crs.vasopressor"]
    assert [str(reason) for reason in pressor.why] == ["crs_grade 3 (asked: 3–4)", "hypotension yes (asked: yes)"]


def test_values_are_told_in_reasons_as_they_are_written() -> None:
    plan = small(
        '{ crs_grade = "2..4" }',
        '{ crs_grade = "2..4", fever_persistent = false, seizure = "brief", temp_c = ">= 38", age_years = "< 9" }',
    )
    chart = Observation(time_h=5, seizure="brief", temp_c=39.0)
    at = Context(observation=chart, patient=Patient(age_years=7.5), crs_grade=Grade(2, 2), fever_persistent=False)
    (advice,) = [one for one in recommend(plan, at).advised if one.step.id == "a"]
    assert [reason.found for reason in advice.why] == ["2", "no", "brief", "39", "7.5"]
    child = Context(observation=chart, patient=Patient(age_years=9), crs_grade=Grade(2, 2), fever_persistent=False)
    assert not [one for one in recommend(plan, child).advised if one.step.id == "a"]


def test_what_is_discouraged_in_an_illness_of_which_nothing_is_known_is_not_held_against_a_dose() -> None:
    """Tocilizumab by the calendar (Table 4) to somebody without CRS: nobody charted ICANS or IEC-HS."""
    toci = {"time_h": 10, "drug": "tocilizumab", "dose": 560, "unit": "mg"}

    def found(**stated: Grade | None) -> list[str]:
        whole = {**dict.fromkeys(GRADES, Grade(0, 0)), **stated}
        at = seen(case(*rows(10), given=[toci]), PLAN, **whole)
        return [f.about for f in findings(PLAN, at) if f.kind == "discouraged"]

    assert found(icans_grade=Grade(1, 1)) == ["icans.tocilizumab_alone"]
    assert found(icans_grade=Grade(0, 2)) == ["icans.tocilizumab_alone"]
    assert found(icans_grade=Grade(0, 4)) == found(icans_grade=None) == found() == []
