"""The main job as a whole: Table 1 comes out, and every check can fail."""

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cartox_core import GradeColumns, Guideline, load
from cartox_core.library import parse
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.example import make_again
from harness.cohort.intervals import median_interval, wilson
from harness.cohort.invariants import check_block
from harness.cohort.ledger import ledger, tolerance
from harness.cohort.report import json_report, text_report
from harness.cohort.run import Plan, run
from harness.cohort.tally import Tally, TrialTally, merge, tally
from harness.cohort.workers import worker_pool
from harness.patients.address import Address
from harness.patients.told import case_of
from harness.scenarios.loader import load_scenario, scenario_names
from tests.quick import quick

ASTCT = load("astct-2019")
SHELF = "cartox_core/guidelines/astct-2019.toml"


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_table_1_comes_out_at_20_000_patients_a_trial(seed: int) -> None:
    with worker_pool(2) as pool:
        outcome = run(Plan(load_scenario("table1"), 20_000, seed, "astct-2019"), pool)
    assert [row for row in outcome.ledger if not row.ok] == []
    assert {row.tolerance for row in outcome.ledger} == {0.01, 0.015, 0.5}
    assert len(outcome.ledger) == 85
    assert outcome.ok


@pytest.mark.parametrize(
    "name", quick(["zuma-1", "first-week", "home-cpap"], [n for n in scenario_names() if n != "table1"])
)
def test_every_scenario_holds(name: str) -> None:
    outcome = run(Plan(load_scenario(name), 100, 3, "astct-2019"))
    assert outcome.ok, text_report(outcome)
    intended = outcome.tally.tested["intended course = found course"]
    assert intended.checked


def test_sparse_charting_gives_ranges_that_hold_what_was_intended() -> None:
    graded = grade_block(Block(load_scenario("sparse-charting"), "ZUMA-1", 1, 0, 200), ASTCT)
    found, meant = graded.grades["crs"], graded.chart.crs_intended
    assert (found.floor < found.ceiling).mean() > 0.1
    assert (found.floor <= meant).mean() > 0.99
    children = grade_block(Block(load_scenario("pediatric"), "ELIANA", 1, 0, 50), ASTCT)
    assert max(children.people.age_years) < 12
    assert children.chart.columns.fields["capd"].min() < 33


def test_a_patient_alone_is_the_same_as_in_a_block() -> None:
    scenario = load_scenario("masked-fever")
    block = grade_block(Block(scenario, "KarMMa", 9, 40, 30), ASTCT, full=True)
    for place in (0, 7, 29):
        alone = make_again(Address("masked-fever", "KarMMa", 9, 40 + place), ASTCT)
        told = case_of(block.people, block.log, block.chart, place)
        assert alone.case["treatments"] == told["treatments"]
        for mine, theirs in zip(alone.case["observations"], told["observations"], strict=True):
            assert mine == theirs
        rows = block.chart.place == place
        assert alone.floors["crs"] == block.grades["crs"].floor[rows].tolist()


def counts(any_crs: int, patients: int, onset: Counter[int]) -> TrialTally:
    reached = Counter({1: any_crs, 0: patients - any_crs})
    peaks = {"crs": reached, "icans": reached}
    return TrialTally(patients, peaks, peaks, {"crs": onset})


@pytest.mark.parametrize(("found", "ok"), [(18600, True), (18800, True), (18801, False), (18400, True), (18399, False)])
def test_a_share_may_be_off_by_one_point_at_20_000(found: int, ok: bool) -> None:
    row = ledger(Tally({"ZUMA-1": counts(found, 20_000, Counter({2880: 5}))}, {}), held=True)[0]
    assert (row.target, row.tolerance, row.ok) == (0.93, 0.01, ok)
    assert ledger(Tally({"ZUMA-1": counts(found, 20_000, Counter())}, {}), held=False)[0].ok is None


@pytest.mark.parametrize(("minute", "ok"), [(2880, True), (3600, True), (3601, False), (2160, True), (2159, False)])
def test_a_median_may_be_off_by_half_a_day(minute: int, ok: bool) -> None:
    row = ledger(Tally({"ZUMA-1": counts(18600, 20_000, Counter({minute: 9}))}, {}), held=True)[2]
    assert (row.quantity, row.ok) == ("crs_onset_median_days", ok)


def test_without_any_onset_the_median_does_not_hold() -> None:
    row = ledger(Tally({"ZUMA-1": counts(18600, 20_000, Counter())}, {}), held=True)[2]
    assert (row.simulated, row.ok) == (None, False)
    assert median_interval(Counter()) is None


def test_tolerance_and_intervals() -> None:
    assert tolerance(0.01, 100_000) == 0.01
    assert tolerance(0.01, 200) == pytest.approx(0.1)
    assert wilson(0, 10) == (0.0, pytest.approx(0.27753, abs=1e-4))
    assert median_interval(Counter({1: 1, 2: 1})) == (1.5, 1.0, 2.0)


@pytest.fixture(scope="module")
def graded() -> GradedBlock:
    return grade_block(Block(load_scenario("zuma-1"), "ZUMA-1", 4, 0, 80), ASTCT)


def test_the_invariants_hold_and_check_something(graded: GradedBlock) -> None:
    for name, tested in check_block(graded, ASTCT).items():
        assert tested.failed == 0, name
        assert tested.checked > 0, name


def otherwise(old: str, new: str) -> Guideline:
    """The shipped guideline with something else in it."""
    text = (Path(__file__).parents[3] / SHELF).read_text(encoding="utf-8")
    assert old in text
    return parse(text.replace(old, new), "otherwise")


def regraded(graded: GradedBlock, change: Callable[[GradeColumns], GradeColumns]) -> GradedBlock:
    grades = {k: change(v) for k, v in graded.grades.items()}
    return dataclasses.replace(graded, grades=grades, true_grades=grades)


def test_each_check_of_a_whole_course_can_fail(graded: GradedBlock) -> None:
    wrong = regraded(graded, lambda g: GradeColumns(np.minimum(g.floor + 1, 5).astype(np.uint8), g.ceiling))
    tested = check_block(wrong, ASTCT)
    for name in (
        "intended course = found course",
        "scalar = columns",
        "what a scale does not read never matters",
        "order of keys and cases never matters",
        "masking never lowers a grade of 2 or more in an open episode",
    ):
        assert tested[name].failed > 0, name
    assert tested["scalar = columns"].first.startswith("v1/zuma-1/ZUMA-1/4/")


def test_a_clause_that_changed_is_no_longer_what_was_intended(graded: GradedBlock) -> None:
    """One vasopressor graded like none."""
    changed = otherwise('id = "crs.hypotension.g3"\ngrade = 3', 'id = "crs.hypotension.g3"\ngrade = 2')
    again = grade_block(graded.block, changed)
    assert check_block(again, changed)["intended course = found course"].failed > 0


def test_a_milder_grade_for_a_worse_sign_is_found(graded: GradedBlock) -> None:
    crs = ASTCT.scale("crs")
    upside_down = tuple(
        dataclasses.replace(d, clauses=tuple(dataclasses.replace(c, grade=max(4 - c.grade, 0)) for c in d.clauses))
        for d in crs.domains
    )
    wrong = dataclasses.replace(ASTCT, scales={**ASTCT.scales, "crs": dataclasses.replace(crs, domains=upside_down)})
    assert check_block(graded, wrong)["worse sign, never a lower grade"].failed > 0


def test_tallies_merge_to_the_same_in_any_grouping(graded: GradedBlock) -> None:
    scenario = load_scenario("zuma-1")
    parts = [tally(grade_block(Block(scenario, "ZUMA-1", 4, first, 40), ASTCT), ASTCT) for first in (0, 40)]
    whole = tally(graded, ASTCT)
    assert merge(parts).trials == merge(reversed(parts)).trials == merge([whole]).trials


def test_the_reports_of_a_failing_run_say_so() -> None:
    outcome = run(Plan(load_scenario("zuma-1"), 40, 1, "astct-2019"))
    rows = tuple(dataclasses.replace(r, ok=False) for r in outcome.ledger)
    failing = dataclasses.replace(outcome, ledger=rows)
    assert not failing.ok
    assert "CHECKS FAIL: ZUMA-1 any CRS" in text_report(failing)
    assert json_report(failing)["ok"] is False
    assert json_report(outcome)["ok"] is True
