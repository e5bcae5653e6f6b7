"""``cartox run`` inside the test process: what it prints, writes and answers."""

import dataclasses
import json
from concurrent.futures import BrokenExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from harness.cli import run as verb
from harness.cli.options import scenario_shelf
from harness.cohort import run as running
from harness.cohort.ledger import LedgerRow
from tests.harness.cli.conftest import Cartox

SMALL = ("run", "zuma-1", "--patients", "20", "--workers", "1")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_prints_the_report(cartox: Cartox) -> None:
    ended = cartox(*SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("The patients of ZUMA-1: 20 patients a trial, seed 1, graded by astct-2019")
    assert "All checks hold" in ended.out
    assert ended.out.rstrip().endswith("Not for treating patients.")


def test_json_on_stdout_is_all_there_is(cartox: Cartox, here: Path) -> None:
    told = json.loads(cartox(*SMALL, "--json", "-").out)
    assert told["patients"] == 20
    assert list(here.iterdir()) == [here / "stdin"]


def test_everything_is_written_where_it_is_wanted(cartox: Cartox, here: Path) -> None:
    ended = cartox(*SMALL, "--out", "cohort", "--json", "result.json")
    assert ended.code == 0
    assert "Written to cohort: report.html, run.json, patients, observations, treatments, grades, days" in ended.out
    names = {"report.html", "run.json", "patients", "observations", "treatments", "grades", "days"}
    assert {p.name for p in (here / "cohort").iterdir()} == names
    assert (here / "result.json").read_text() == (here / "cohort" / "run.json").read_text()
    assert (here / "cohort" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    quiet = cartox(*SMALL, "--out", "again", "--json", "-")
    assert json.loads(quiet.out) == json.loads((here / "result.json").read_text())


def test_a_result_may_be_put_into_the_folder_that_is_made(cartox: Cartox, here: Path) -> None:
    (here / "cohort").mkdir()
    assert cartox(*SMALL, "--out", "cohort", "--json", "cohort/extra.json").code == 0
    assert (here / "cohort" / "extra.json").is_file()


def test_a_failing_check_is_exit_code_1(cartox: Cartox, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = running.ledger
    monkeypatch.setattr(running, "ledger", lambda tally, held: [_failed(row) for row in own(tally, held)])
    ended = cartox(*SMALL, "--json", "result.json")
    assert ended.code == 1
    assert "CHECKS FAIL: ZUMA-1 any CRS" in ended.out
    assert json.loads((here / "result.json").read_text())["ok"] is False


def _failed(row: LedgerRow) -> LedgerRow:
    return dataclasses.replace(row, ok=False)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BrokenProcessPool(), "a worker process died, perhaps for want of memory; try --workers 1"),
        (OSError(28, "No space left on device"), "the cohort cannot be written: no space left on device"),
    ],
)
def test_a_run_that_breaks_is_one_line_and_leaves_nothing(
    cartox: Cartox, here: Path, monkeypatch: pytest.MonkeyPatch, error: BrokenExecutor | OSError, told: str
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise error

    monkeypatch.setattr(verb, "run_plan", broken)
    ended = cartox(*SMALL, "--out", "cohort")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"cartox: {told}\n"
    assert [p.name for p in here.iterdir()] == ["stdin"]


def test_a_report_that_cannot_be_written_leaves_nothing(
    cartox: Cartox, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    ended = cartox(*SMALL, "--out", "cohort")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "cartox: report.html cannot be written: no space left on device\n"
    assert [p.name for p in here.iterdir()] == ["stdin"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["zuma-8"], "did you mean 'zuma-"),
        (["--guideline", "astct-2018"], "did you mean 'astct-2019'?"),
        (["--guideline", "."], "is a directory"),
        (["--patients", "0"], "--patients"),
        (["--patients", "many"], "--patients"),
        (["--seed", "-1"], "--seed"),
        (["--workers", "0"], "--workers"),
        (["--json", "."], "is a directory"),
        (["--json", "nowhere/x.json"], "nowhere does not exist"),
        (["--patient", "5"], "--patient"),
    ],
)
def test_wrong_use_is_one_line_before_anything_is_simulated(cartox: Cartox, words: list[str], told: str) -> None:
    ended = cartox("run", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_a_guideline_without_the_scales_is_refused(cartox: Cartox, here: Path) -> None:
    text = """id = "other"
title = "t"
text = "x"
cite = ["lee-2019"]
[scale.other]
title = "t"
cite = ["lee-2019"]
top = 1
[[scale.other.domain]]
name = "fever"
title = "Fever"
[[scale.other.domain.clause]]
id = "other.fever"
grade = 1
when = { temp_c = ">= 38.0" }
text = "fever"
cite = ["lee-2019"]
[[scale.other.domain.clause]]
id = "other.none"
grade = 0
when = { temp_c = "< 38.0" }
text = "no fever"
cite = ["lee-2019"]
"""
    (here / "other.toml").write_text(text)
    ended = cartox("run", "--guideline", "other.toml")
    assert ended.code == 2
    assert "other has no scale crs and icans; a run grades crs and icans" in ended.err


def test_scenarios_are_completed_by_the_shell() -> None:
    assert scenario_shelf("zuma") == ["zuma-1", "zuma-2", "zuma-3", "zuma-5", "zuma-7"]
    assert scenario_shelf("")[0] == "table1"
