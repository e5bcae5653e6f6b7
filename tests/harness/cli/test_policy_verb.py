"""``cartox policy``, and ``--policy`` of run and replay, as they are used."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from harness.cli.options import policy_shelf
from harness.scenarios.policy_file import load_policy, policy_names
from harness.scenarios.policy_words import policy_lines
from tests.harness.cli.conftest import Cartox

SMALL = ("--scenario", "zuma-1", "--patients", "40", "--workers", "1")


def test_the_effect_is_printed_and_ends_with_the_purpose(cartox: Cartox) -> None:
    ended = cartox("policy", "standard", "early-tocilizumab", *SMALL)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("OLD standard: Standard care\n  Tables 3 and 7: ")
    assert "\nNEW early-tocilizumab: Early tocilizumab\n  Everybody with CRS has the first dose" in ended.out
    assert "  - course: CRS lasts 0.75 times as long\n" in ended.out
    assert "crs: nobody's worst grade changes." in ended.out
    assert "duration: shorter in " in ended.out
    assert ended.out.rstrip().endswith(PURPOSE)


def test_the_shelf_is_listed_with_what_each_is(cartox: Cartox) -> None:
    ended = cartox("policy")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.rstrip().endswith(PURPOSE)
    assert max(map(len, ended.out.splitlines())) <= 120
    first_words = [line.split()[0] for line in ended.out.splitlines() if line and not line.startswith((" ", "-"))]
    assert first_words[1 : 1 + len(policy_names())] == list(policy_names())
    assert [one["name"] for one in json.loads(cartox("policy", "--json").out)] == list(policy_names())


@pytest.mark.parametrize("name", policy_names())
def test_one_policy_is_told_in_words_with_assumptions_and_stages(cartox: Cartox, name: str) -> None:
    found, told = load_policy(name), cartox("policy", name).out
    flat = " ".join(told.split())
    assert told.startswith(f"{found.title} ({name})\n")
    assert "1 are those of grade 2, 2 of grade 3, 3 of grade 4" in flat
    for line in policy_lines(found):
        assert f"{'*' if line.differs else '-'} {line.what}: {line.told}" in flat
    for assumed in found.assumed:
        assert assumed.text in flat
        assert assumed.source.rstrip(".") in flat
    assert json.loads(cartox("policy", name, "--json").out)["words"][0]["what"] == "antipyretic"


def test_the_file_that_is_printed_is_the_policy(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "early-tocilizumab.toml"
    file.write_text(cartox("policy", "early-tocilizumab", "--toml").out, encoding="utf-8")
    assert load_policy(str(file)) == load_policy("early-tocilizumab")
    assert "Early tocilizumab (early-tocilizumab)" in cartox("policy", str(file)).out


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


def test_a_drug_that_is_given_too_often_is_told(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "much.toml"
    dose = '[[given]]\ndrug = "tocilizumab"\ndose = 8\nunit = "mg/kg"\nroute = "IV"\nfrom_day = 0\n'
    file.write_text(f'title = "Much"\ntext = "x"\ncite = []\n{dose}to_day = 10\nevery_h = 8\n', "utf-8")
    ended = cartox("policy", str(file))
    told = "tocilizumab by the calendar: 33 doses a patient; ferreri-2024 has 4 in all at most"
    assert ended.code == 0
    assert f"\nCaution: {told}.\n" in ended.out
    assert json.loads(cartox("policy", str(file), "--json").out)["cautions"] == [told]


@pytest.mark.parametrize("name", policy_names())
def test_no_policy_on_the_shelf_gives_too_much(cartox: Cartox, name: str) -> None:
    assert "Caution" not in cartox("policy", name).out


def test_run_lists_the_policies(cartox: Cartox) -> None:
    told = cartox("run", "--help").out
    assert "--policy" in told
    assert "steroid-sparing" in told
    assert policy_shelf("s") == ["standard", "standard-when-short", "steroid-sparing"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("policy", "standard", "--patients", "10"), "--patients is for a comparison; name two policies"),
        (("policy", "--seed", "0"), "--seed is for a comparison"),
        (("policy", "--toml"), "--toml prints one file; name one policy"),
        (("policy", "standard", "no-treatment", "--toml"), "--toml prints one file; name one policy"),
        (("policy", "standard", "--toml", "--json"), "--toml and --json exclude each other"),
        (("policy", "no-treatmnt"), "did you mean 'no-treatment'?"),
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


def test_a_comparison_says_when_withholding_cannot_harm(cartox: Cartox) -> None:
    caution = "Caution: under both policies nobody becomes more ill for want of treatment"
    assert caution in " ".join(cartox("policy", "standard", "steroid-sparing", *SMALL).out.split())
    assert "Caution" not in cartox("policy", "standard", "no-treatment", *SMALL).out
    found = json.loads(cartox("policy", "standard", "steroid-sparing", *SMALL, "--json").out)
    assert len(found["cautions"]) == 1
