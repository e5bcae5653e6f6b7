"""Plans: doses, what is advised, what a course shows, and what is refused in a file."""

import re
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cartox_core import Case, Context, Grade, GuidelineError, Observation, Patient, load, load_plan, recommend
from cartox_core.amounts import milligrams
from cartox_core.bedside import scales_of, until
from cartox_core.catalogue import catalogue
from cartox_core.context import CONTEXT, GRADES, TESTABLE
from cartox_core.doses import Dose, dose_of
from cartox_core.findings import findings
from cartox_core.library import plan_ids
from cartox_core.observation import READABLE, Treatment
from tests.cartox_core.small_plan import PLAN, case, seen, small


def test_the_shelf() -> None:
    assert plan_ids() == ("ferreri-2024",)
    assert load_plan("ferreri-2024") is load_plan("ferreri-2024", {})
    assert load_plan("ferreri-2024", {"M1": "table"}).step("crs.tocilizumab.g2").strength == "may"
    with pytest.raises(
        GuidelineError, match="there is no plan 'ferreri', and no such file; did you mean 'ferreri-2024'"
    ):
        load_plan("ferreri")


def test_a_plan_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text((resources.files("cartox_core") / "management" / "ferreri-2024.toml").read_text("utf-8"))
    assert load_plan(path).steps == PLAN.steps
    with pytest.raises(KeyError):
        PLAN.step("nothing")


def test_a_plan_may_cite_a_source_of_its_own() -> None:
    own = """[source.our-sop]
title = "Our procedure"
authors = "Us"
year = 2024
where = "the ward"
[reading.R]"""
    plan = small("[reading.R]", own)
    assert plan.works["our-sop"]["title"] == "Our procedure" and "register" in plan.works
    cited = small("[reading.R]", own).sources
    assert cited.keys() == {"our-sop"}


def test_every_step_sees_entries_that_there_are_and_tests_fields_of_a_context() -> None:
    assert {name for step in PLAN.steps for name in step.see} <= set(catalogue())
    assert {name for step in PLAN.steps for name in step.fields} <= set(TESTABLE)
    assert not set(CONTEXT) & set(READABLE)
    used = {name for step in PLAN.steps for name in step.fields}
    assert set(CONTEXT) <= used


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('grade = "crs_grade"\nguideline', 'grade = "crs"\nguideline', "toxicity crs: there is no grade of a context 'crs'; it is one of crs_grade,"),  # noqa: E501
        ('guideline = "astct-2019"\n', "", "toxicity crs: with a grade, 'guideline' is missing"),
        ("fresh_h = 12\n", "", "toxicity crs: with a grade, 'fresh_h' is missing"),
        ('name = "all"', 'name = "crs"', "two of toxicity are called 'crs'"),
        ('field = "crs_despite_steroid"', 'field = "fever_persistent"', "despite fever_persistent: there is no such flag of a context"),  # noqa: E501
        ('grade = "crs_grade"\ndrugs', 'grade = "x"\ndrugs', "despite crs_despite_steroid: there is no grade of a context 'x'"),  # noqa: E501
        ('drugs = ["dexamethasone"]', 'drugs = ["dexametasone"]', "there is no drug 'dexametasone'; did you mean 'dexamethasone'?"),  # noqa: E501
        ('unit = "mg/kg"\n', "", "regimen.one: write a dose and its unit, or neither"),
        ("dose = [1, 2]", "dose = [2, 1]", "regimen.one: dose is [2, 1]; it must be a list of two numbers, the lower first"),  # noqa: E501
        ('ages = "$ages"', 'ages = "old"', "regimen.one: age_years tests 'old'"),
        ('route = "IV"\nevery', 'cap_mg = 0\nroute = "IV"\nevery', "cap_mg is 0; it must be a number above 0, or inf"),
        ('kind = "drug"', 'kind = "pill"', "step a: kind is 'pill'; it must be one of drug, support"),
        ('strength = "may"', 'strength = "must"', "step c: strength is 'must'; it must be one of should, consider"),
        ('toxicity = "all"', 'toxicity = "al"', "step c: there is no toxicity 'al'; did you mean 'all'?"),
        ('drugs = ["anakinra"]', 'drugs = ["anakin"]', "step a: there is no drug 'anakin'; did you mean 'anakinra'?"),
        ('regimen = "one"', 'regimen = "on"', "step a: there is no regimen 'on'; did you mean 'one'?"),
        ('charts = ["ice"]', 'charts = ["icee"]', "step b: there is no field of an observation 'icee'; did you mean 'ice'?"),  # noqa: E501
        ('charts = ["ice"]\n', "", "step b: charts and every_h belong together"),
        ('id = "b"', 'id = "a"', "two of step are called 'a'"),
        ('{ crs_grade = "2..4" }', '{ crs_grad = "2..4" }', "step a: there is no field 'crs_grad'; did you mean 'crs_grade'?"),  # noqa: E501
        ('{ crs_grade = "2..4" }', '{ crs_grade = "-" }', "step a: conditions without a test hold for everyone"),
        ('{ crs_grade = "2..4" }', '{ crs_grade = "7" }', "step a: crs_grade tests '7', which lies outside"),
        ('what = "a"', 'whta = "a"', "step a: unknown key 'whta'; did you mean 'what'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(GuidelineError, match=f"^small: .*{re.escape(told)}"):
        small(old, new)


def test_conditions_that_a_reading_leaves_out() -> None:
    assert [step.id for step in small().steps] == ["a", "b"]
    assert len(small().step("b").when) == 1
    other = small(readings={"R": "two"})
    assert [step.id for step in other.steps] == ["a", "b", "c"]
    assert len(other.step("b").when) == 2
    assert other.regimens["one"].ages is None
    assert other.regimens["none"].dose is None


def test_doses_that_are_not_worked_out() -> None:
    one, none = small().regimens["one"], small().regimens["none"]
    assert str(dose_of(none, Patient(weight_kg=70))) == "no dose in the source"
    assert str(dose_of(one, Patient())) == "1–2 mg/kg (for an age of ≥ 18 years)"
    assert str(dose_of(one, Patient(weight_kg=70))) == "70–140 mg (1–2 mg/kg; for an age of ≥ 18 years)"
    assert dose_of(one, Patient(age_years=17, weight_kg=70)) == Dose(
        None, None, "", "its dose is for an age of ≥ 18 years"
    )
    label = load_plan("ferreri-2024", {"M2": "label"}).regimens["tocilizumab"]
    assert str(dose_of(label, Patient())) == "8 mg/kg (800 mg at most; 12 mg/kg below 30 kg)"
    assert str(dose_of(PLAN.regimens["emapalumab_crs"], Patient())) == "1 mg/kg"


def test_the_reasons_and_what_is_unknown() -> None:
    at = Context(observation=Observation(time_h=5, vasopressors=1), crs_grade=Grade(3, 3))
    found = recommend(PLAN, at)
    (pressor,) = [one for one in found.advised if one.step.id == "crs.vasopressor"]
    assert [str(reason) for reason in pressor.why] == [
        "crs_grade 3 (asked: 3–4)", "hypotension unknown (asked: yes)", "vasopressors 1 (asked: ≥ 1)",
        "vasopressin unknown (asked: yes)",
    ]  # fmt: skip
    (fluid,) = [one for one in found.perhaps if one.step.id == "crs.methylprednisolone"]
    assert fluid.unknown == ("crs_despite_steroid",)


def test_alternatives_that_together_leave_nothing_open() -> None:
    """Grade 3 and grade 4 are two conditions of one step; a grade of 3 or 4 is surely one of them."""
    step = replace(PLAN.step("crs.icu"), when=({"crs_grade": PLAN.step("crs.icu").when[0]["crs_grade"]},))
    three, four = (load_one(text) for text in ("3", "4"))
    both = replace(PLAN, steps=(replace(step, when=({"crs_grade": three}, {"crs_grade": four})),))
    found = recommend(both, Context(observation=Observation(time_h=5), crs_grade=Grade(3, 4)))
    assert len(found.advised) == 1


def load_one(text: str) -> Any:
    return small('{ crs_grade = "2..4" }', f'{{ crs_grade = "{text}" }}').step("a").when[0]["crs_grade"]


def test_a_case_as_it_was_known() -> None:
    whole = case({"time_h": 1}, {"time_h": 9}, given=[{"time_h": 2, "drug": "anakinra"}])
    assert until(whole, 0.5) is None
    early = until(whole, 1)
    assert early is not None and (len(early.observations), early.treatments) == (1, ())
    assert until(whole, 100) == whole


def test_other_guidelines_give_the_grades_that_they_have() -> None:
    scales = scales_of(PLAN, load("cartox-2018"))
    assert [s.name for s in scales["icans"]] == ["cres"]
    assert scales["iec_hs"] == (load("astct-iechs-2023").scale("iec_hs"),)
    assert [s.name for s in scales["icaht"]] == ["icaht_early", "icaht_late"]
    assert set(scales) == {part.name for part in PLAN.toxicities.values() if part.grade in GRADES}


def test_late_icaht_is_asked_from_day_31_on() -> None:
    daily = [{"time_h": 24 * day + 6, "anc_per_ul": 800 if day > 30 else 3000} for day in range(34)]
    assert seen(case(*daily)).now.icaht_grade == Grade(2, 2)
    first = seen(case(*daily[:31]))
    assert first.now.icaht_grade == Grade(0, 0)
    assert first.contexts[3].icaht_grade is None


def test_blood_of_the_last_day_and_signs_of_the_last_round_are_known_and_older_ones_are_not() -> None:
    rows = [
        {"time_h": 0, "anc_per_ul": 400, "fibrinogen_mg_dl": 90, "seizure": "brief"},
        {"time_h": 4, "anc_per_ul": 500},
        {"time_h": 12},
        {"time_h": 26},
    ]
    found = [c.observation for c in seen(case(*rows)).contexts]
    assert [(o.anc_per_ul, o.fibrinogen_mg_dl, o.seizure) for o in found] == [
        (400, 90, "brief"), (500, 90, "brief"), (500, 90, "brief"), (500, None, None),
    ]  # fmt: skip
    none = load_plan("ferreri-2024", {"FRESH": "none"})
    assert [c.observation.seizure for c in seen(case(*rows), none).contexts] == ["brief", None, None, None]


CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
HOT = {"temp_c": 39.0, **CALM}
LOW = {**HOT, "hypotension": True}


def test_a_grade_stands_while_less_is_charted() -> None:
    rows = [{"time_h": 24, **LOW}, {"time_h": 36, "temp_c": 37.0}, {"time_h": 37, "temp_c": 37.0}]
    at = seen(case(*rows))
    assert [str(c.crs_grade) for c in at.contexts] == ["2", "2", "0–4"]
    assert at.as_of_h["crs_grade"] == 37
    worse = seen(case({"time_h": 24, **LOW}, {"time_h": 30, "vasopressors": 1}))
    assert (str(worse.now.crs_grade), worse.as_of_h["crs_grade"]) == ("3–4", 30)


def dosed(*rows: dict[str, Any], at: list[float]) -> Context:
    return seen(case(*rows, given=[{"time_h": h, "drug": "tocilizumab"} for h in at])).now


def test_what_a_course_shows_of_the_response() -> None:
    ill = [{"time_h": 24, **LOW}, {"time_h": 32, **LOW}]
    assert dosed(*ill, at=[]).crs_despite_tocilizumab is False
    assert dosed(*ill, at=[32]).crs_despite_tocilizumab is False  # of what is given now nothing can be said
    assert dosed(*ill, at=[24.5]).crs_despite_tocilizumab is None  # too early
    assert dosed(*ill, at=[24]).crs_despite_tocilizumab is True
    assert dosed(*ill, at=[20]).crs_despite_tocilizumab is None  # nothing was charted before it
    assert dosed(ill[0], {"time_h": 32, **HOT}, at=[24]).crs_despite_tocilizumab is False
    assert dosed(ill[0], {"time_h": 40, "temp_c": 39.0}, at=[24]).crs_despite_tocilizumab is None  # 0 to 4
    again = [ill[0], {"time_h": 28, **HOT}, {"time_h": 40, **LOW}]
    assert dosed(*again, at=[24]).crs_despite_tocilizumab is False  # it was better in between


def test_a_dose_of_nothing_is_none() -> None:
    none = {"time_h": 24, "drug": "tocilizumab", "dose": 0}
    at = seen(case({"time_h": 24, **LOW}, {"time_h": 32, **LOW}, given=[none]))
    assert (at.now.tocilizumab_doses, at.now.crs_despite_tocilizumab) == (0, False)


def test_nothing_of_a_dose_before_the_first_observation() -> None:
    given = [{"time_h": 1, "drug": "tocilizumab", "dose": 900, "unit": "mg"}, {"time_h": 1, "drug": "siltuximab"}]
    at = seen(
        case({"time_h": 5, "ice": 10, "motor_weakness": "none"}, given=given),
        icans_grade=Grade(1, 1),
        crs_grade=Grade(0, 0),
    )
    assert at.before(60) is None
    assert [(f.kind, f.about, f.text) for f in findings(PLAN, at)] == [
        ("over", "tocilizumab", "900 mg; 800 mg at most")
    ]


def test_amounts() -> None:
    drug = Treatment(time_h=1, drug="tocilizumab", dose=2, unit="MG / kg")
    assert milligrams(drug, Patient(weight_kg=10)) == 20
    assert milligrams(drug, Patient()) is None
    assert milligrams(replace(drug, unit="g"), Patient()) == 2000
    assert milligrams(replace(drug, unit="mL"), Patient()) is None
    assert milligrams(replace(drug, unit=None), Patient()) is None
    assert milligrams(replace(drug, dose=None), Patient()) is None


def test_a_small_childs_maximum_by_the_label() -> None:
    plan = load_plan("ferreri-2024", {"M2": "label"})
    given = [{"time_h": 5, "drug": "tocilizumab", "dose": 240, "unit": "mg"}]
    child = case({"time_h": 5, "ice": 10, "motor_weakness": "none"}, given=given, weight_kg=20)
    assert [f.text for f in findings(plan, seen(child, plan, crs_grade=Grade(2, 2)))] == []
    told = findings(PLAN, seen(child, crs_grade=Grade(2, 2)))
    assert [f.text for f in told] == ["240 mg is 12 mg/kg; 8 mg/kg is the dose"]


def test_a_drug_of_which_no_regimen_is_told_has_no_maximum() -> None:
    given = [{"time_h": h, "drug": "etanercept", "dose": 5000, "unit": "mg"} for h in (5, 5)]
    at = seen(case({"time_h": 5, "ice": 10, "motor_weakness": "none"}, given=given), crs_grade=Grade(0, 0))
    assert findings(PLAN, at) == ()


def late(of: Case, **stated: Any) -> list[tuple[str, float, str]]:
    grades = dict.fromkeys(GRADES, Grade(0, 0)) | stated
    return [(f.about, f.time_h, f.text) for f in findings(PLAN, seen(of, **grades)) if f.kind == "late"]


ROUND = {"ice": 10, "motor_weakness": "none"}


def test_what_is_late() -> None:
    rows = [{"time_h": 10, **ROUND}, {"time_h": 20, **ROUND}]
    two = {"crs_grade": Grade(2, 2)}
    assert late(case(*rows), **two) == [("crs.tocilizumab.g2", 10, "no tocilizumab given; 10 h late")]
    before = case(*rows, given=[{"time_h": 8, "drug": "tocilizumab"}])
    assert late(before, **two) == [("crs.tocilizumab.g2", 16, "last given at 8 h; 4 h late")]
    assert late(case(*rows, given=[{"time_h": 11, "drug": "tocilizumab"}]), **two) == []
    four = [{"time_h": h, "drug": "tocilizumab"} for h in (-40, -30, -20, -10)]
    assert late(case(*rows, given=four), **two) == []
    future = case(*rows, given=[{"time_h": 21, "drug": "tocilizumab"}])
    assert late(future, **two) == []  # the end of the chart is at 21 h
    early = until(future, 20)
    assert early is not None
    assert late(early, **two) == [("crs.tocilizumab.g2", 10, "no tocilizumab given; 10 h late")]


def test_a_drug_without_a_regimen_is_late_until_it_is_given() -> None:
    rows = [{"time_h": 90, **ROUND, "ferritin_ng_ml": 9000}, {"time_h": 100, **ROUND, "ferritin_ng_ml": 9000}]
    stated = {"iechs_grade": Grade(3, 3), "iechs_despite_anakinra": True, "anakinra_h": 50.0}
    stated["corticosteroid_running"] = True
    running = [{"time_h": h, "drug": "anakinra"} for h in (88, 95)]
    assert [one[0] for one in late(case(*rows, given=running), **stated)] == ["iechs.ruxolitinib"]
    both = [*running, {"time_h": 91, "drug": "ruxolitinib"}]
    assert late(case(*rows, given=both), **stated) == []


def test_what_holds_only_perhaps_is_not_late_and_a_gap_in_knowing_is_bridged() -> None:
    rows = [{"time_h": 10, **LOW, **ROUND}, {"time_h": 23, "temp_c": 39.0, **ROUND}, {"time_h": 24, **LOW, **ROUND}]
    others = dict.fromkeys(GRADES[1:], Grade(0, 0))
    told = [f for f in findings(PLAN, seen(case(*rows), **others)) if f.about == "crs.tocilizumab.g2"]
    assert [f.time_h for f in told] == [10]
    assert not [f for f in findings(PLAN, seen(case(*rows[:2]), **others)) if f.about == "crs.tocilizumab.g2"]


def test_charting_is_late_once_its_interval_is_over() -> None:
    bare = [{"time_h": h, "temp_c": 37.0} for h in (0, 12, 13)]
    assert late(case(*bare[:2])) == []
    assert late(case(*bare)) == [
        ("all.ice", 12, "ice never charted; 1 h late"), ("all.motor", 12, "motor_weakness never charted; 1 h late"),
    ]  # fmt: skip
    items = case({"time_h": 0, "motor_weakness": "none"}, {"time_h": 10, "ice_items": {"year": 1}}, bare[2])
    assert [one[0] for one in late(items)] == ["all.motor"]


def test_routes_are_those_that_the_review_prints() -> None:
    """Tables 3 and 7 and the text beside them; IV and SC of anakinra: the text on its pharmacokinetics."""
    routes = {name: regimen.route for name, regimen in PLAN.regimens.items()}
    iv = ("tocilizumab", "dexamethasone_12h", "dexamethasone_6h", "methylprednisolone_crs", "methylprednisolone_icans",
          "anakinra_by_weight", "emapalumab_iechs")  # fmt: skip
    none = ("dexamethasone_once", "emapalumab_crs", "etoposide", "dasatinib", "cyclophosphamide")
    assert routes == {**dict.fromkeys(iv, "IV"), **dict.fromkeys(none, ""), "anakinra_iechs": "IV or SC"}


def advised(**stated: Any) -> dict[tuple[str, ...], Any]:
    found = recommend(PLAN, Context(observation=Observation(time_h=50), patient=Patient(age_years=60), **stated))
    return {a.ids: a.step for a in found.advised if a.step.drugs}


def test_what_every_possible_grade_advises_is_one_step() -> None:
    """Table 7: grade 2 every 12 h, grade 3 every 6 h, both 10 mg IV that should be given."""
    (step,) = advised(icans_grade=Grade(2, 3), icans_despite_steroid=True).values()
    assert (step.id, step.strength, step.regimen.every_h) == ("icans.dexamethasone.g2", "should", (6, 12))
    assert step.what == PLAN.step("icans.dexamethasone.g2").what  # the same words once
    assert step.cite == ("ferreri-2024 Table 7", "ferreri-2024 ICANS management")


def test_steps_as_one_are_as_strong_as_the_weakest() -> None:
    """Grade 1 with a fever that persists: to be considered; grade 2: it should be given."""
    told = advised(crs_grade=Grade(1, 2), fever_persistent=True, tocilizumab_doses=0)
    assert told["crs.tocilizumab.g1", "crs.tocilizumab.g2"].strength == "consider"
    table = load_plan("ferreri-2024", {"M1": "table"})
    found = recommend(table, Context(observation=Observation(time_h=50), crs_grade=Grade(2, 3), tocilizumab_doses=1))
    assert [(a.ids, a.step.strength) for a in found.advised if a.step.drugs] == [
        (("crs.tocilizumab.g2", "crs.tocilizumab.g3"), "may")
    ]


def test_one_dose_and_doses_again_and_again_are_not_the_same() -> None:
    """Table 7: one dose of dexamethasone at grade 1, every 12 h at grade 2."""
    assert advised(icans_grade=Grade(1, 2), corticosteroid_running=False, crs_grade=Grade(0, 0)) == {}


def test_steps_without_a_dose_are_one_where_the_drug_is() -> None:
    own = small('regimen = "one"\n').step("a")
    two, rest = replace(own, when=({"crs_grade": load_one("2")},)), {"crs_grade": load_one("3..4")}
    none = [replace(step, regimen=None) for step in (two, replace(own, id="z", strength="may", when=(rest,)))]
    plan = replace(small(), steps=tuple(none))
    found = recommend(plan, Context(observation=Observation(time_h=5), crs_grade=Grade(2, 4)))
    assert [(a.ids, a.step.strength, a.dose) for a in found.advised] == [(("a", "z"), "may", None)]
    none[1] = replace(none[1], drugs=("siltuximab",))
    other = recommend(
        replace(plan, steps=tuple(none)), Context(observation=Observation(time_h=5), crs_grade=Grade(2, 4))
    )
    assert other.advised == () and len(other.perhaps) == 2
