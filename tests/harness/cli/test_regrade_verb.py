"""``cartox regrade`` inside the test process: files and scenarios in, tables, JSON and pages out."""

import json
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, COURSE, RANGE, SURE, lines


def test_cases_of_a_file_side_by_side(cartox: Cartox, cases: Path) -> None:
    ended = cartox("regrade", str(cases), "--under", "lee-2014", "-u", "astct-2019:crs")
    assert (ended.code, ended.err) == (0, "")
    assert f"Cases of {cases}: 3 graded by 2 CRS scales" in ended.out
    assert "sure" in ended.out
    assert "Same grade in all 2" in ended.out


def test_every_scale_by_default_and_standard_input(cartox: Cartox) -> None:
    told = json.loads(cartox("regrade", "-", "--json", "-", stdin=lines(SURE, {**RANGE, "id": None})).out)
    assert (told["source"], told["patients"], told["simulated"]) == ("Cases of stdin", 2, False)
    assert {f["family"] for f in told["families"]} == {"crs", "neurotoxicity"}
    assert [row["patient"] for row in told["rows"]] == ["sure", "line 2"]
    assert told["rows"][0]["peaks"]["astct-2019:crs"] == {"floor": 3, "ceiling": 3}
    assert told["rows"][0]["peaks"]["lee-2014:crs"] == {"floor": 2, "ceiling": 4}


def test_a_scenario_with_everything_written(cartox: Cartox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ("regrade", "juliet", "-n", "30", "--seed", "4", "--rows", "r.csv", "--json", "j.json", "--html", "p.html")
    ended = cartox(*asked)
    assert (ended.code, ended.err) == (0, "")
    assert "Simulated patients of scenario juliet, seed 4: 30 graded by 6 CRS scales" in ended.out
    assert "This simulation does not chart at every time all that the scales read" in ended.out
    assert "v1/juliet" not in ended.out
    rows = (tmp_path / "r.csv").read_text().splitlines()
    assert len(rows) == 31
    assert rows[1].startswith("v1/juliet/JULIET/4/0,")
    told = json.loads((tmp_path / "j.json").read_text())
    assert told["patients"] == 30
    assert (tmp_path / "p.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert cartox(*asked).out == ended.out


def test_bad_cases_are_left_out_told_and_exit_code_2(cartox: Cartox) -> None:
    ended = cartox("regrade", "-", "-u", "lee-2014", stdin=lines(SURE, BAD, COURSE) + b"\n")
    assert ended.code == 2
    assert "2 graded by 1 CRS scale" in ended.out
    assert ended.err.startswith("stdin: 1 of 3 cases refused and left out (line 2); line 2: ")
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("juliett",), "there is no scenario 'juliett', and no such file; did you mean 'juliet'?"),
        (("casse.jsonl",), "there is no file casse.jsonl"),
        (("own.toml",), "there is no scenario 'own.toml', and no such file"),
        (("juliet", "-u", "lee"), "there is no guideline 'lee'"),
        (("juliet", "-u", "lee-2014:icans"), "lee-2014 has no scale 'icans'; it has crs"),
        (("juliet", "-n", "0"), "it should be greater than or equal to 1"),
        (("juliet", "--html", "no/where.html"), "does not exist; make it first"),
        (("-", "--patients", "5"), "--patients and --seed draw the patients of a scenario; - is a file of cases"),
        (("-", "--seed", "5"), "--patients and --seed draw the patients of a scenario; - is a file of cases"),
        (("-",), "stdin holds no case that can be graded; write one JSON object a line"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(cartox: Cartox, words: tuple[str, ...], said: str) -> None:
    ended = cartox("regrade", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1


def test_a_file_of_nothing_good_says_what_is_wrong_first(cartox: Cartox) -> None:
    ended = cartox("regrade", "-", stdin=lines(BAD))
    assert (ended.code, ended.out) == (2, "")
    assert "stdin holds no case that can be graded; line 1: " in ended.err


def test_many_refused_lines_are_not_all_named(cartox: Cartox) -> None:
    ended = cartox("regrade", "-", "-u", "lee-2014", stdin=lines(SURE, *[BAD] * 12))
    assert "12 of 13 cases refused and left out (line 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …)" in ended.err


def test_help_has_examples(cartox: Cartox) -> None:
    shown = cartox("regrade", "--help").out
    assert "cartox regrade juliet --patients 2000" in shown
    assert "Not for treating patients" in shown


def test_without_an_argument_it_takes_the_patients_of_the_trials_own_scales(cartox: Cartox) -> None:
    ended = cartox("regrade", "--patients", "3", "--under", "penn-2018:crs", "--under", "astct-2019:crs")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("Simulated patients of scenario table1-as-graded, seed 1: 33 graded by 2 CRS scales")


def test_no_file_takes_the_place_of_another(cartox: Cartox, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "\\ud800", "observations": [{"time_h": 1, "temp_c": 39}]}\n')
    before = cases.read_bytes()
    for words, said in (
        (("--rows", str(cases)), "holds the cases; name another file"),
        (("--json", str(tmp_path / "x"), "--html", str(tmp_path / "x")), "name the same file"),
        (("--rows", "-"), "only --json goes to standard output"),
    ):
        ended = cartox("regrade", str(cases), *words)
        assert (ended.code, said in ended.err) == (2, True), ended.err
    assert cases.read_bytes() == before
    ended = cartox("regrade", str(cases), "--rows", str(tmp_path / "rows.csv"), "--json", str(tmp_path / "all.json"))
    assert ended.code == 0, ended.err
