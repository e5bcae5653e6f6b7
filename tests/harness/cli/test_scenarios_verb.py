"""``cartox scenarios``: the shelf, one scenario, and files of one's own."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from harness.scenarios.loader import load_scenario, parse_scenario, scenario_names
from tests.harness.cli.conftest import Cartox


def test_the_shelf_says_what_each_is_good_for(cartox: Cartox) -> None:
    ended = cartox("scenarios")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.rstrip().endswith(PURPOSE)
    assert max(map(len, ended.out.splitlines())) <= 120
    told = " ".join(ended.out.split())
    for name in scenario_names():
        assert name in told
    told_at_once = json.loads(cartox("scenarios", "--json").out)
    assert [one["name"] for one in told_at_once] == list(scenario_names())
    assert len(told_at_once) >= 25
    for one in told_at_once:
        assert one["good_for"].endswith(".")


def test_one_scenario_with_its_switches_and_how_to_run_it(cartox: Cartox) -> None:
    out = cartox("scenarios", "home-cpap").out
    for words in (
        "A CPAP from home (home-cpap)",
        "Good for: showing how a sleep apnea",
        "  - charting: 15 % of the patients: adults breathe under their own CPAP",
        "  cartox run home-cpap\n",
        "  cartox replay v1/home-cpap/JULIET/1/0\n",
        "Sources: register C21",
    ):
        assert words in out
    assert out.rstrip().endswith(PURPOSE)
    assert "nothing: standard care" in cartox("scenarios", "table1").out


def test_the_commands_that_are_printed_run(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "ward.toml"
    file.write_text('title = "t"\ntext = "x"\ncite = []\ntrials = ["KarMMa"]\nfollow_up_days = 7\n')
    lines = [
        line.strip().split()[1:] for line in cartox("scenarios", str(file)).out.splitlines() if "  cartox " in line
    ]
    assert [line[0] for line in lines] == ["run", "replay", "regrade"]
    for line in lines:
        few = ["--patients", "20"] if line[0] != "replay" else []
        assert cartox(*line, *few).code == 0


def test_a_file_of_ones_own_needs_no_good_for(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "t"\ntext = "x"\ncite = []\ntrials = ["*"]\n[mix]\nKarMMa = 1.0\n')
    told = cartox("scenarios", str(file)).err
    assert f"scenario {file}: mix has KarMMa; give a share to each of its trials: ELIANA" in told
    file.write_text('title = "t"\ntext = "x"\ncite = []\ntrials = ["KarMMa"]\n[care]\nantipyretic_every_h = 4\n')
    told = json.loads(cartox("scenarios", str(file), "--json").out)
    assert (told["name"], told["good_for"], told["trials"]) == ("own", None, ["KarMMa"])
    assert told["switches"] == ["care: an antipyretic every 4 h from the first fever on"]
    assert "Good for" not in cartox("scenarios", str(file)).out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["home-cpa"], "there is no scenario 'home-cpa', and no such file; did you mean 'home-cpap'? cartox scenarios"),
        (["nonsense"], "cartox scenarios lists those on the shelf"),
        (["."], "there is no scenario '.'"),
        (["table1", "zuma-1"], "unexpected extra argument"),
        (["--yaml"], "--yaml"),
    ],
)
def test_wrong_use_is_one_line(cartox: Cartox, words: list[str], told: str) -> None:
    ended = cartox("scenarios", *words)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_completion_knows_the_scenarios(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CARTOX_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "cartox scenarios home")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert cartox().out.split() == [name for name in scenario_names() if name.startswith("home")]


@pytest.mark.parametrize("name", scenario_names())
def test_each_is_a_few_lines_with_a_sentence(name: str) -> None:
    found = load_scenario(name)
    assert found.good_for is not None
    assert 20 < len(found.good_for) < 120
    assert found.good_for[0].islower() or found.good_for[:3].isupper()


def test_the_file_of_a_scenario_is_printed_as_it_is(cartox: Cartox) -> None:
    out = cartox("scenarios", "ward-surge", "--toml").out
    assert parse_scenario(out, "ward-surge") == load_scenario("ward-surge")
    assert out.startswith('title = "A ward in a surge"')


@pytest.mark.parametrize("words", [("--toml",), ("ward-surge", "--toml", "--json")])
def test_a_file_is_printed_of_one_scenario_alone(cartox: Cartox, words: tuple[str, ...]) -> None:
    ended = cartox("scenarios", *words)
    assert (ended.code, ended.out) == (2, "")
    assert "--toml prints the file of one scenario" in ended.err


def test_a_scenario_tells_its_ward(cartox: Cartox) -> None:
    out = " ".join(cartox("scenarios", "ward-surge").out.split())
    assert (
        "- ward: 1,000 patients, 19 a week, 2 times as many in weeks 20 to 25; infused at 8 h on Monday, Tuesday, "
        "Wednesday, Thursday, Friday"
    ) in out
    assert (
        "- ward: 4 beds of intensive care, 24 doses of tocilizumab every 7 days, 2 nurses; a round takes 20 min"
    ) in out
    assert "cartox ward ward-surge" in out
