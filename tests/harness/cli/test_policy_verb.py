"""``cartox policy``, and ``--policy`` of run and replay, as they are used."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from harness.cli.options import policy_shelf
from tests.harness.cli.conftest import Cartox

SMALL = ("--scenario", "zuma-1", "--patients", "40", "--workers", "1")


def test_the_effect_is_printed_and_ends_with_the_purpose(cartox: Cartox) -> None:
    ended = cartox("policy", "standard", "early-tocilizumab", *SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("OLD standard: Standard care\nNEW early-tocilizumab: Early tocilizumab")
    assert "crs: no peak moves." in ended.out
    assert "duration: shorter in " in ended.out
    assert ended.out.rstrip().endswith(PURPOSE)


def test_json_is_all_there_is(cartox: Cartox) -> None:
    told = json.loads(cartox("policy", "standard", "no-treatment", *SMALL, "--json").out)
    assert (told["scenario"], told["seed"], told["patients"]) == ("zuma-1", 1, 40)
    assert (told["old"]["name"], told["new"]["name"]) == ("standard", "no-treatment")
    assert told["note"] == PURPOSE


def test_what_is_told_to_be_replayed_can_be(cartox: Cartox) -> None:
    told = cartox("policy", "standard", "no-treatment", *SMALL).out
    lines = [line.split("cartox ")[1].split() for line in told.splitlines() if line.startswith("  again: ")]
    charts = [cartox(*words).out for words in lines]
    assert "Cared for by: Standard care" in charts[0]
    assert "Cared for by: No treatment" in charts[1]
    assert "acetaminophen" in charts[0]
    assert "acetaminophen" not in charts[1]


def test_a_file_may_be_a_policy(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "mild.toml"
    file.write_text('title = "Nobody severe"\ntext = "x"\ncite = []\n[effect]\ncrs = [1, 1, 0, 0, 0]\n', "utf-8")
    ended = cartox("policy", "standard", str(file), *SMALL)
    assert "NEW mild: Nobody severe" in ended.out
    assert "--policy mild.toml" in ended.out
    ran = cartox("run", "zuma-1", "--policy", str(file), "--patients", "20", "--workers", "1")
    assert ran.code == 0
    assert "Cared for by policy mild: Nobody severe." in ran.out


def test_run_lists_the_policies(cartox: Cartox) -> None:
    told = cartox("run", "--help").out
    assert "--policy" in told
    assert "steroid-sparing" in told
    assert policy_shelf("s") == ["standard", "standard-when-short", "steroid-sparing"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("policy", "standard"), "missing argument 'NEW'"),
        (("policy", "standard", "no-treatmnt"), "did you mean 'no-treatment'?"),
        (("policy", "standard", "."), "there is no policy '.'"),
        (("policy", "standard", "no-treatment", "--scenario", "table4"), "each with its own policy"),
        (("policy", "standard", "no-treatment", "--scenario", "tabel1"), "did you mean 'table1'?"),
        (("policy", "standard", "no-treatment", "-g", "ctcae-5"), "ctcae-5 has no scale icans"),
        (("policy", "standard", "no-treatment", "-n", "0"), "greater than or equal to 1"),
        (("run", "table4", "--policy", "no-treatment"), "each with its own policy"),
        (("run", "--policy", "x"), "there is no policy 'x'"),
        (("replay", "v1/table1/ZUMA-1/1/2", "--policy", "x"), "there is no policy 'x'"),
        (("replay", "v1/table4/dexamethasone-days-0-2-treated/1/2", "--policy", "standard"), "each with its own"),
        (("replay", "v1/table4/x/1/2"), "and the arms of scenario table4"),
    ],
)
def test_wrong_use_is_one_line(cartox: Cartox, words: tuple[str, ...], told: str) -> None:
    ended = cartox(*words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1
