"""The report as text and as JSON says what was found, and what does not hold."""

import dataclasses
import json

import pytest

from harness.cohort.checks import Checks
from harness.cohort.ledger import LedgerRow
from harness.cohort.ledger_table import ledger_table, shown, verdict, words
from harness.cohort.report import (
    CHECKS_ARE_NOT_CHARTS,
    NOT_FOR_TREATING,
    TOO_FEW,
    golden_table,
    invariant_table,
    json_report,
    summary_line,
    text_report,
)
from harness.cohort.run import Golden, Plan, run
from harness.golden import GoldenFailure
from tests.harness.simulated import a_scenario

TRIALS = ["ZUMA-1", "TRANSFORM"]


@pytest.fixture(scope="module")
def good():
    return run(Plan(a_scenario("follow_up_days = 7", TRIALS), 40, 1, "astct-2019"))


@pytest.fixture(scope="module")
def sparse():
    extra = 'follow_up_days = 7\nledger = "shown"\n[charting]\nmissed_rounds = 0.3\nunknown_fields = 0.2'
    return run(Plan(a_scenario(extra, TRIALS), 20, 1, "astct-2019"))


@pytest.fixture(scope="module")
def bad(good):
    """A number, an invariant and a golden case that do not hold."""
    rows = (dataclasses.replace(good.ledger[1], ok=False), *good.ledger[1:])
    tested = {**good.tally.tested, "scalar = columns": Checks(9, 2, "v1/own/ZUMA-1/1/3")}
    golden = dataclasses.replace(good.golden, failures=(GoldenFailure(good.golden.cases[0], "2", "3"),))
    tally = dataclasses.replace(good.tally, tested=tested)
    return dataclasses.replace(good, ledger=rows, tally=tally, golden=golden)


def a_row(**change: object) -> LedgerRow:
    row = LedgerRow("T", "P", "crs_any", "Lee", 0.93, 0.9312, 0.92, 0.94, 0.01, 0.95, True)
    return dataclasses.replace(row, **change)


@pytest.mark.parametrize(
    ("row", "value", "text"),
    [
        (a_row(), 0.9312, "93.1 %"),
        (a_row(), None, "–"),
        (a_row(quantity="crs_onset_median_days"), 2.0, "2.00 d"),
        (a_row(), 0.0, "0.0 %"),
    ],
)
def test_numbers_have_their_unit(row, value, text):
    assert shown(row, value) == text


def test_verdicts_are_words():
    assert [verdict(ok) for ok in (True, False, None)] == ["ok", "FAILS", "shown"]


def test_a_row_of_the_ledger_as_text():
    assert ledger_table((a_row(),)) == [
        ["T", "any CRS", "Lee", "93.0 %", "93.1 %", "92.0–94.0", "95.0 %", "± 1.0 %", "ok"]
    ]
    days = a_row(quantity="crs_onset_median_days", target=2.0, simulated=None, low=None, high=None, ceiling=None,
                 tolerance=0.5, ok=False)  # fmt: skip
    assert ledger_table((days,)) == [["T", "median CRS onset", "Lee", "2.00 d", "–", "–", "–", "± 0.50 d", "FAILS"]]


def test_a_trial_is_named_once(good):
    assert [row[0] for row in ledger_table(good.ledger)] == ["ZUMA-1", *[""] * 7, "TRANSFORM", *[""] * 6]


def test_a_good_run_says_that_all_holds(good):
    text = text_report(good)
    assert text.startswith("t: 40 patients a trial, seed 1, graded by astct-2019")
    assert "All checks hold: 15 numbers of Table 1, " in summary_line(good)
    assert summary_line(good) in text
    assert text.endswith(NOT_FOR_TREATING)
    assert "FAILS" not in text
    for told in (*(words(row) for row in good.ledger), *TRIALS, *good.tally.tested, "crs", "icans", "refusals"):
        assert told in text
    assert "cytopenia grade ≥ 3, day 35" in text


def test_a_bad_run_names_everything_that_does_not_hold(bad):
    assert summary_line(bad) == "CHECKS FAIL: ZUMA-1 CRS grade ≥ 3; scalar = columns; 1 golden cases"
    text = text_report(bad)
    assert text.count("FAILS") == 3
    assert "v1/own/ZUMA-1/1/3" in text
    assert str(bad.golden.failures[0]) in text


def test_a_run_that_only_shows_says_so(sparse):
    assert "Table 1 is only shown" in summary_line(sparse)
    assert {row[-1] for row in ledger_table(sparse.ledger)} == {"shown"}
    assert {row[0]: row[3] for row in invariant_table(sparse)}["intended course = found course"] == "ok"


def test_charting_faults_stand_first_and_are_no_check(sparse, good):
    text = text_report(sparse)
    assert text.index("Charting faults") < text.index("Golden cases")
    assert text.index("Charting faults") < text.index("trial ")
    assert (CHECKS_ARE_NOT_CHARTS in text) == sparse.ok
    assert CHECKS_ARE_NOT_CHARTS not in text_report(good)


def test_golden_cases_stand_by_scale_and_refusals_apart(good, bad):
    table = golden_table(good.golden)
    assert {row[0] for row in table} == {"crs", "icans", "refusals"}
    assert sum(int(row[1]) for row in table) == len(good.golden.cases)
    assert {row[2] for row in table} == {"0"}
    case = bad.golden.failures[0].case
    name = "refusals" if case.refused else case.scale
    assert [row[2:] for row in golden_table(bad.golden) if row[0] == name] == [["1", "FAILS"]]


def test_no_more_than_twenty_golden_failures_are_listed(good):
    failures = tuple(GoldenFailure(case, "2", "3") for case in good.golden.cases[:30])
    many = dataclasses.replace(good, golden=dataclasses.replace(good.golden, failures=failures))
    assert sum(line.startswith("  ") and "expected 2, got 3" in line for line in text_report(many).splitlines()) == 20
    assert "30 golden cases" in summary_line(many)
    assert len(json_report(many)["golden"]["failures"]) == 30


def test_json_holds_what_a_program_needs(good, bad):
    told = json.loads(json.dumps(json_report(good), allow_nan=False))
    assert {k: told[k] for k in ("scenario", "seed", "guideline", "patients", "ok")} == {
        "scenario": "own", "seed": 1, "guideline": "astct-2019", "patients": 40, "ok": True,
    }  # fmt: skip
    assert [row["quantity"] for row in told["ledger"]] == [row.quantity for row in good.ledger]
    assert set(told["ledger"][0]) == {field.name for field in dataclasses.fields(LedgerRow)}
    assert told["golden"] == {"cases": len(good.golden.cases), "failed": 0, "failures": []}
    assert {i["name"] for i in told["invariants"]} == set(good.tally.tested)
    assert told["note"] == NOT_FOR_TREATING
    wrong = json_report(bad)
    assert wrong["ok"] is False
    assert wrong["golden"]["failures"][0]["id"] == bad.golden.cases[0].id
    assert {i["first"] for i in wrong["invariants"] if i["failed"]} == {"v1/own/ZUMA-1/1/3"}


def test_a_guideline_without_golden_cases_is_said_not_to_be_vouched_for(good):
    nobody = dataclasses.replace(good, golden=Golden((), ()))
    text = text_report(nobody)
    assert f"NOT CHECKED: no golden case is about {good.plan.guideline}" in text
    assert "NO golden case" in summary_line(nobody)


def test_few_patients_are_said_to_be_few(good):
    few = dataclasses.replace(good, plan=dataclasses.replace(good.plan, patients=20))
    many = dataclasses.replace(good, plan=dataclasses.replace(good.plan, patients=20_000))
    assert TOO_FEW in text_report(few)
    assert TOO_FEW not in text_report(many)
