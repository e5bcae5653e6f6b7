"""``cartox ward``: the report, the JSON, and what it cannot run."""

import json
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox

SMALL = ("ward", "--patients", "60", "--replications", "2", "--beds", "1", "--doses", "2")


def test_the_report_and_the_checklist(cartox: Cartox) -> None:
    ended = cartox(*SMALL, "--stress", "--workers", "1")
    assert (ended.code, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    assert "A ward in a surge: 60 patients" in told
    assert "1 bed of intensive care, 2 doses of tocilizumab" in told
    assert "waiting for a dose" in told
    assert "STRESS-DES" in told
    assert told.endswith("For testing and teaching. Not for treating patients.")


def test_the_json_is_the_same_with_one_worker_or_two(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "ward.json"
    assert cartox(*SMALL, "--json", str(file), "--workers", "1").code == 0
    found = json.loads(file.read_text(encoding="utf-8"))
    assert json.loads(cartox(*SMALL, "--json", "-", "--workers", "2").out) == found
    infused = found["measures"][0]
    assert (infused["name"], infused["values"], infused["interval"]) == ("infused", [60.0, 60.0], [60.0, 60.0])
    assert len(found["stress_des"]) == 24


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("ward", "table1"),
            "scenario table1 has no [ward] table; start from cartox scenarios ward-surge --toml",
        ),
        (("ward", "ward-serge"), "did you mean 'ward-surge'?"),
        (("ward", "--json", "nowhere/ward.json"), "does not exist"),
        (("ward", "--html", "-"), "only --json goes to standard output; name a file for --html"),
        (("ward", "--json", "ward.x", "--html", "ward.x"), "--json and --html name the same file"),
        (("ward", "--guideline", "lee-2014"), "lee-2014 has no scale"),
        (("ward", "--beds", "0"), "it should be greater than or equal to 1"),
    ],
)
def test_what_cannot_be_run_is_one_line_and_exit_code_2(cartox: Cartox, words: tuple[str, ...], said: str) -> None:
    ended = cartox(*words)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err


def test_the_help_names_the_table_and_a_file_to_start_from(cartox: Cartox) -> None:
    told = " ".join(cartox("ward", "--help").out.replace("│", " ").split())
    assert "A scenario with a [ward] table, on the shelf or in a file." in told
    assert "cartox scenarios ward-surge --toml" in told


def test_a_ward_of_ones_own_from_the_file_that_is_printed(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "my-ward.toml"
    text = cartox("scenarios", "ward-surge", "--toml").out
    file.write_text(text.replace("standard-when-short", "standard").replace("nurses = 2", "nurses = 1"))
    told = " ".join(cartox("ward", str(file), "-n", "30", "-R", "1").out.split())
    assert "1 nurse; policy standard; 1 replication from seed 1 Caution: under policy standard waiting makes" in told


def test_the_page_is_written(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "ward.html"
    assert cartox(*SMALL, "--html", str(file)).code == 0
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_ward_has_trials_and_no_arms(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "arms.toml"
    about = 'title = "t"\ntext = "x"\ncite = []\narms = ["tocilizumab-day-2"]\n'
    file.write_text(
        f"{about}[ward]\npatients_a_week = 5\nicu_beds = 1\ntocilizumab_doses = 1\nrestock_days = 7\nnurses = 1\n"
    )
    ended = cartox("ward", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert "has the arms of Table 4, each with its own policy; a ward has one: name trials" in ended.err
