"""The arms of Table 4 through the main job: ledger, persons, addresses, report, page and Parquet."""

import dataclasses
import functools
from collections import Counter

import numpy as np
import pytest

from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.counts import grade_counts
from harness.cohort.example import make_again
from harness.cohort.first_dose import before_first_dose
from harness.cohort.intervals import wilson
from harness.cohort.ledger import LedgerRow, ledger
from harness.cohort.ledger_table import ledger_heads, ledger_table
from harness.cohort.page import html_report
from harness.cohort.parquet import tables
from harness.cohort.report import json_report, summary_line, text_report
from harness.cohort.run import Outcome, Plan, run
from harness.cohort.tally import Tally, TrialTally
from harness.cohort.workers import worker_pool
from harness.patients.address import Address, AddressError
from harness.patients.prophylaxis import arm_rows, arms
from harness.scenarios.loader import load_scenario
from tests.harness.simulated import a_scenario, graded, guideline

TABLE4 = load_scenario("table4")
PRINTED = 37  # percentages in the columns Outcomes and Comparator of Table 4, counted by hand


@functools.cache
def outcome() -> Outcome:
    return run(Plan(TABLE4, 300, 1, "astct-2019"))


@functools.cache
def side(name: str, first: int = 0, count: int = 300) -> GradedBlock:
    return grade_block(Block(TABLE4, name, 1, first, count), guideline(), full=count < 100)


def rows(name: str, patients: int, crs: dict[int, int], icans: dict[int, int]) -> list[LedgerRow]:
    """The ledger of a side with so many patients of each worst grade; ceilings are one grade higher."""
    floors = {"crs": Counter(crs), "icans": Counter(icans)}
    ceilings = {scale: Counter({min(g + 1, 5): n for g, n in peaks.items()}) for scale, peaks in floors.items()}
    none: dict[str, Counter[int]] = {"crs": Counter(), "icans": Counter()}
    return ledger(Tally({name: TrialTally(patients, floors, ceilings, none)}, {}), True)


# ------------------------------------------------------------------------------------------------------- ledger


@pytest.mark.slow
def test_table_4_comes_out_at_20_000_patients_an_arm() -> None:
    with worker_pool(2) as pool:
        found = run(Plan(TABLE4, 20_000, 1, "astct-2019"), pool)
    assert found.ok, summary_line(found)
    assert len(found.ledger) == PRINTED
    assert {row.tolerance for row in found.ledger} == {0.015}
    assert max(abs(row.target - row.simulated) for row in found.ledger) <= 0.015


@pytest.mark.slow
def test_every_printed_percentage_is_a_row_with_the_name_as_printed_and_its_side() -> None:
    found = outcome()
    assert found.ok
    assert len(found.ledger) == PRINTED
    assert {(row.trial, row.arm) for row in found.ledger} == {(s.arm.name, s.which) for s in arm_rows().values()}
    near = [abs(row.target - row.simulated) for row in found.ledger]
    assert max(near) < 0.03  # draws are stratified: at 300 patients, too
    few = [row for row in found.ledger if row.arm == "comparator" and row.trial.startswith("Anakinra on days 0–7")]
    assert [(row.quantity, row.target) for row in few] == [("crs_g2plus", 0.50), ("neurotox_g3plus", 0.30)]


def test_exactly_grade_2_leaves_the_higher_grades_out() -> None:
    found = rows("itacitinib-days-minus-3-26-treated", 100, {0: 30, 1: 20, 2: 40, 3: 7, 4: 3}, {0: 90, 2: 6, 3: 4})
    by_quantity = {row.quantity: row for row in found}
    assert list(by_quantity) == ["crs_any", "crs_g2", "crs_g3plus", "neurotox_any", "neurotox_g2plus"]
    shares = [by_quantity[q].simulated for q in by_quantity]
    assert shares == [0.70, 0.40, 0.10, 0.10, 0.10]
    assert by_quantity["crs_g2"].ceiling == pytest.approx(0.60)  # with the 20 that may be grade 2


@pytest.mark.parametrize(("severe", "ok"), [(2600, True), (2900, True), (2901, False), (2300, True), (2299, False)])
def test_a_number_holds_up_to_1_5_points(severe: int, ok: bool) -> None:
    found = rows("dexamethasone-days-0-2-comparator", 20_000, {1: 18_600 - severe, 3: severe}, {})
    assert next(row.ok for row in found if row.quantity == "crs_g3plus") is ok


def test_a_small_study_carries_its_own_interval() -> None:
    by_arm = {(row.trial.split()[0], row.arm, row.quantity): row for row in outcome().ledger}
    six = by_arm["Lenzilumab", "treated", "neurotox_g3plus"]
    assert (six.study_patients, six.study_low, six.study_high) == (6, *wilson(1, 6))
    for row in outcome().ledger:
        small = row.study_patients is not None and row.study_patients <= 40
        assert (row.study_low is not None) == small
        assert not small or row.study_low <= row.target + 0.005
        assert not small or row.target <= row.study_high + 0.005
    sizes = {row.study_patients for row in outcome().ledger}
    assert sizes == {40, 101, 34, 20, None, 31, 23, 6}


def test_under_another_policy_nothing_is_held() -> None:
    found = run(Plan(a_scenario('policy = "no-treatment"'), 40, 1, "astct-2019"))
    assert {row.ok for row in found.ledger} == {None}
    assert "Table 1 is only shown" in summary_line(found)


# ------------------------------------------------------------------------------------------------------ persons


@pytest.mark.parametrize("name", [name for name in arms() if f"{name}-comparator" in arm_rows()])
def test_treated_and_comparator_are_the_same_persons(name: str) -> None:
    treated, other = (side(f"{name}-{which}").people for which in ("treated", "comparator"))
    for field in dataclasses.fields(treated):
        if field.name not in ("draws", "crs_level", "neuro_level"):
            assert np.array_equal(getattr(treated, field.name), getattr(other, field.name)), field.name
    assert not np.array_equal(treated.crs_level, other.crs_level) or name == "anakinra-days-0-7"


def test_a_comparator_with_the_numbers_of_zuma_1_is_zuma_1() -> None:
    one, other = side("dexamethasone-days-0-2-comparator"), graded("table1", "ZUMA-1", count=300)
    assert one.log.given == other.log.given
    assert np.array_equal(one.grades["crs"].floor, other.grades["crs"].floor)


def test_an_arm_is_the_policy_on_its_comparator() -> None:
    scenario = load_scenario("table1").under(side("dexamethasone-days-0-2-treated").block.policy)
    other = grade_block(Block(scenario, "ZUMA-1", 1, 0, 300), guideline())
    one = side("dexamethasone-days-0-2-treated")
    assert one.log.given == other.log.given
    assert all(np.array_equal(one.peaks(scale)[0], other.peaks(scale)[0]) for scale in ("crs", "icans"))


def test_those_treated_are_given_the_drug_and_the_comparator_is_not() -> None:
    for which, given_to in (("treated", 300), ("comparator", 0)):
        log = side(f"itacitinib-days-minus-3-26-{which}").log
        assert sum(any(d.drug == "itacitinib" for d in doses) for doses in log.given) == given_to


@pytest.mark.parametrize("name", ["tocilizumab-day-2-treated", "anakinra-days-0-7-comparator"])
def test_an_address_of_an_arm_is_read_and_made_again(name: str) -> None:
    address = Address.read(f"v1/table4/{name.upper()}/1/17")
    assert str(address) == f"v1/table4/{name}/1/17"
    again = make_again(address, guideline())
    block = side(name)
    ends = np.append(block.starts[1:], len(block.chart.place))
    part = slice(int(block.starts[17]), int(ends[17]))
    assert again.floors["crs"] == block.grades["crs"].floor[part].tolist()
    assert again.case["patient"]["weight_kg"] == block.people.weight_kg[17]


def test_a_scenario_without_that_arm_says_so() -> None:
    with pytest.raises(AddressError, match="scenario table1 has no patients of tocilizumab-day-2-treated"):
        make_again(Address.read("v1/table1/tocilizumab-day-2-treated/1/2"), guideline())


# --------------------------------------------------------------------------------------- report, page, Parquet


def test_the_report_shows_arms_their_studies_and_what_was_assumed() -> None:
    text = text_report(outcome())
    assert "The arms of Table 4: 300 patients an arm and comparator, seed 1" in text
    assert ledger_heads(outcome().ledger)[:6] == [
        "study", "arm", "quantity", "the study's scale", "Table 4", "its 95 % interval (patients)",
    ]  # fmt: skip
    assert "All checks hold: 37 numbers of Table 4" in text
    assert "(D9)" in text
    assert "as in the comparator, since the table prints grade 3 or more alone (L)." in " ".join(text.split())
    assert "Table 1" not in text
    table = ledger_table(outcome().ledger)
    assert [line[1] for line in table if line[1]] == [s.which for s in arm_rows().values()]
    assert [line[0] for line in table if line[0]] == [arm.name for arm in arms().values()]


def test_the_report_says_that_printed_shares_are_input_and_what_began_before_the_drug() -> None:
    text = " ".join(text_report(outcome()).split())
    assert "The printed numbers are the model's input" in text
    told = before_first_dose(outcome())
    assert [line.split(":")[0] for line in told] == [
        arms()[name].name for name in ("tocilizumab-day-2", "anakinra-days-2-10")
    ]
    for which in ("treated", "comparator"):
        onset = side(f"tocilizumab-day-2-{which}").onset_min("crs")
        share = 100 * ((onset >= 0) & (onset < 2 * 1440)).sum() / (onset >= 0).sum()
        assert f"{share:.0f} % of the {which}" in told[0]
    assert all(line in html_report(outcome(), guideline()) for line in told)
    assert json_report(outcome())["arms"][-2:] == told


def test_json_names_arm_and_policy() -> None:
    told = json_report(outcome())
    assert told["policy"] == "standard"
    assert {row["arm"] for row in told["ledger"]} == {"treated", "comparator"}
    assert told["ledger"][0]["study_patients"] == 40
    assert len(told["arms"]) == 7 + 2


def test_the_page_shows_the_arms_and_no_onset_that_is_not_printed() -> None:
    page = html_report(outcome(), guideline())
    assert "Table 4, printed and simulated" in page
    assert "Onset of CRS" not in page
    assert "Table 1" not in page
    assert all(arm.name in page for arm in arms().values())
    assert ">treated<" in page
    assert ">comparator<" in page


def test_parquet_says_study_arm_and_policy() -> None:
    treated, other = (side(f"tocilizumab-day-2-{which}", 0, 20) for which in ("treated", "comparator"))
    for block, which, policy in ((treated, "treated", "tocilizumab-day-2"), (other, "comparator", "standard")):
        patients = tables(block, grade_counts(block))["patients"].to_pydict()
        assert set(patients["arm"]) == {which}
        assert set(patients["policy"]) == {policy}
        assert set(patients["study"]) == {arms()["tocilizumab-day-2"].name}
    plain = graded("table1", "ZUMA-1", 0, 20, full=True)
    assert not {"arm", "policy", "study"} & set(tables(plain, grade_counts(plain))["patients"].column_names)


def test_a_report_under_a_policy_says_which_and_how_to_replay() -> None:
    found = run(Plan(a_scenario('policy = "early-tocilizumab"'), 30, 1, "astct-2019"))
    text = " ".join(text_report(found).split())
    assert "Cared for by policy early-tocilizumab: Early tocilizumab." in text
    assert "What differs from standard care: tocilizumab: 8 mg/kg, 800 mg at most, the first at stage 1" in text
    assert "cartox replay ADDRESS --policy early-tocilizumab" in text
    assert "Assumed (L): CRS lasts three quarters as long" in text
    assert json_report(found)["policy"] == "early-tocilizumab"
