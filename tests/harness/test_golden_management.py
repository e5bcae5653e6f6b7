"""The golden cases of plans: all come out, they cover every step and reading, and a malformed file is refused."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cartox_core import load_plan, plan_ids
from cartox_core.bibliography import bibliography
from harness.golden import GoldenError, golden_cases
from harness.golden_management import PlanCase, came_out, golden_management

CASES = golden_management()
BY_ID = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@BY_ID
def test_a_case_comes_out(case: PlanCase) -> None:
    found = came_out(case)
    assert {step: found.states.get(step, "absent") for step in case.expect} == case.expect
    assert {step: found.doses.get(step) for step in case.doses} == case.doses
    assert {step: found.not_before.get(step) for step in case.not_before} == case.not_before
    if case.found is not None:
        assert sorted(found.found) == sorted(case.found)


def test_they_stand_apart_from_those_of_grades() -> None:
    assert not {case.id for case in golden_cases()} & {case.id for case in CASES}
    assert {case.plan for case in CASES} == set(plan_ids())


@pytest.mark.parametrize("name", plan_ids())
def test_every_step_is_told_by_a_case_and_every_drug_step_is_absent_from_another(name: str) -> None:
    plan = load_plan(name)
    told = {s for c in CASES if c.plan == name for s, state in c.expect.items() if state != "absent"}
    spared = {s for c in CASES if c.plan == name for s, state in c.expect.items() if state == "absent"}
    assert {step.id for step in plan.steps} - told == UNTOLD
    drugs = {step.id for step in plan.steps if step.kind == "drug" and step.strength == "should"}
    assert drugs <= spared


UNTOLD = {"all.seizure_prophylaxis"}


@pytest.mark.parametrize(
    ("name", "reading", "choice"),
    [(n, r.id, c) for n in plan_ids() for r in load_plan(n).readings.values() for c in r.choices if c != r.default],
)
def test_every_choice_of_a_reading_has_a_case_that_the_default_tells_otherwise(
    name: str, reading: str, choice: str
) -> None:
    asked = [case for case in CASES if case.plan == name and case.readings == {reading: choice}]
    assert any(came_out(case) != came_out(replace(case, readings={})) for case in asked)


@BY_ID
def test_a_case_says_why_it_exists_whence_it_is_and_what_a_wrong_answer_does(case: PlanCase) -> None:
    assert (case.why.endswith(".") and case.effect and case.source and case.expect) or case.found is not None
    assert {source.split(" ")[0] for source in case.source} <= set(bibliography())
    assert {*case.expect, *case.doses, *case.not_before} <= {step.id for step in load_plan(case.plan).steps}


GOOD = """plan = "ferreri-2024"
[[case]]
id = "x"
why = "y."
source = ["register"]
effect = "z"
know = { crs_grade = 2 }
advised = ["crs.oxygen"]
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('why = "y."\n', "", "KeyError: 'why'"),
        ("know =", "knows =", "x: unknown key knows"),
        ("crs_grade = 2", 'crs_grade = "much"', "ValueError"),
        ('plan = "ferreri-2024"', "plan =", "TOMLDecodeError"),
        ("[[case]]", "[case]", "AttributeError"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    (tmp_path / "a.toml").write_text(GOOD)
    assert [case.id for case in golden_management(tmp_path)] == ["x"]
    (tmp_path / "a.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(GoldenError, match=re.escape(told)):
        golden_management(tmp_path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD)
    with pytest.raises(GoldenError, match="golden ids stand twice: x"):
        golden_management(tmp_path)
