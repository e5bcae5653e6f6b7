"""A plan file is read whole: every part, regimen and step as it is written; and what else is wrong with one is told."""

import re
from dataclasses import replace

import pytest

from cartox_core import GuidelineError, Patient
from cartox_core.conditions import Between
from cartox_core.context import CONTEXT, GRADES
from cartox_core.dose_file import rate_in
from cartox_core.doses import Dose, dose_of
from cartox_core.library import parse_plan
from cartox_core.management import Despite, Regimen, Step, Toxicity
from tests.cartox_core.small_plan import SMALL, small

CITE = ("register",)
ADULTS, MILD = Between(low=18), Between(low=1, high=4)


def test_a_plan_as_it_is_written() -> None:
    plan = small()
    assert (plan.id, plan.title, plan.text, plan.cite) == ("small", "Small", "For tests.", CITE)
    assert plan.toxicities == {
        "all": Toxicity("all", "All", "", "", (), 0.0, {}),
        "crs": Toxicity("crs", "CRS", "crs_grade", "astct-2019", ("crs",), 12, {}),
    }
    assert plan.despite == (Despite("crs_despite_steroid", "crs_grade", ("dexamethasone",), 6),)
    assert plan.regimens == {
        "one": Regimen("one", (1, 2), "mg/kg", "IV", (4, 8), CITE, ages=ADULTS),
        "none": Regimen("none", None, "", "IV", None, CITE),
    }
    assert plan.step("b") == Step(
        "b", "crs", "monitoring", "should", "b", ({"crs_grade": MILD},), CITE, every_h=12, charts=("ice",)
    )
    assert plan.step("a").regimen == plan.regimens["one"] and plan.step("a").drugs == ("anakinra",)
    assert plan.chosen == {"R": "one"} and plan.readings["R"].choices["two"].text == "two"


def test_what_a_part_and_a_regimen_may_say_beside() -> None:
    part = small("fresh_h = 12", 'fresh_h = 12\nreadings = { C1 = "high" }').toxicities["crs"]
    assert part.readings == {"C1": "high"}
    told = ["cap_mg = 80", "least_h = 4", "most_doses = 3", "most_per_24h = 2", "most_mg_kg_24h = 5", "repeats = false"]
    child = ["light_below_kg = 30", "light_dose = 4"]
    regimen = small("[regimen.one]", "\n".join(["[regimen.one]", *told, *child])).regimens["one"]
    assert regimen == Regimen("one", (1, 2), "mg/kg", "IV", (4, 8), CITE, False, 4, 80, 3, 2, 5, ADULTS, 30, 4)


CITED, MISCITED = ('cite = ["register"]\n', 'cite = ["regster"]\n')


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "All"\n', "", "toxicity: 'title' is missing"),
        ('field = "crs_despite_steroid"\n', "", "despite: 'field' is missing"),
        ('id = "a"\n', "", "step ?: 'id' is missing"),
        (CITED + "[[toxicity]]", MISCITED + "[[toxicity]]", "top level: cites 'regster'"),
        (CITED + "[regimen.one]", MISCITED + "[regimen.one]", "despite crs_despite_steroid: cites"),
        (CITED + "[regimen.none]", MISCITED + "[regimen.none]", "regimen.one: cites 'regster'"),
        (CITED + '[[step]]\nid = "b"', MISCITED + '[[step]]\nid = "b"', "step a: cites 'regster'"),
        ('drugs = ["dexamethasone"]', 'drugs = ["water"]', "despite crs_despite_steroid: there is no drug 'water'"),
        ('charts = ["ice"]', 'charts = ["xyzzy"]', "step b: there is no field of an observation 'xyzzy'; there are "),
    ],
)  # fmt: skip
def test_where_it_is_wrong_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(GuidelineError, match=f"^small: {re.escape(told)}"):
        small(old, new)


def test_two_steps_without_an_id_are_told_as_such() -> None:
    with pytest.raises(GuidelineError, match=r"^small: two of step are called '\?'"):
        parse_plan(SMALL.replace('id = "a"\n', "").replace('id = "b"\n', ""), "small")


def test_doses_told_without_a_weight_or_an_age() -> None:
    one, none = small().regimens["one"], small().regimens["none"]
    assert dose_of(none, Patient(weight_kg=70)) == Dose(None, None, "")
    capped = replace(one, cap_mg=100)
    assert dose_of(capped, Patient()).note == "100 mg at most; for an age of ≥ 18 years"
    assert dose_of(capped, Patient(age_years=18)) == Dose(1, 2, "mg/kg", "100 mg at most")


def test_the_grades_of_a_context_have_the_tops_of_their_scales() -> None:
    """ICAHT ends at grade 4 (Rejeski 2023); the others know death."""
    assert {name: (CONTEXT[name].kind, CONTEXT[name].low, CONTEXT[name].high) for name in GRADES} == {
        "crs_grade": ("integer", 0, 5),
        "icans_grade": ("integer", 0, 5),
        "iechs_grade": ("integer", 0, 5),
        "icaht_grade": ("integer", 0, 4),
    }
    assert {CONTEXT[name].worse for name in GRADES} == {"up"}


def test_a_rate_may_have_blanks_around_its_stroke() -> None:
    assert rate_in("20 ug / min", "x") == rate_in("20 ug/min", "x")
