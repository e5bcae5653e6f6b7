"""The switches of a scenario in words: one line for each that is not at its usual place."""

import pytest

from harness.patients.faults import FAULTS
from harness.scenarios.loader import CAUSES, ChartingSpec, Scenario, load_scenario, scenario_names
from harness.scenarios.policy_file import load_policy
from harness.scenarios.words import SECTIONS, percent, switches
from tests.harness.simulated import a_scenario


def test_standard_care_charted_whole_has_no_switch() -> None:
    assert switches(a_scenario()) == []
    assert switches(load_scenario("table1")) == []


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ("follow_up_days = 7", "followed for 7 days, or until they are well"),
        ('ledger = "shown"', "Table 1 is only shown, and no number is held to it"),
        ("[mix]\nZUMA-1 = 1.0", "mix of one center: 100 % ZUMA-1"),
        ("[people]\nage_years = [1, 6, 11.9]", "people: ages from 1 to 11.9 years, half of them up to 6"),
        (
            "[people]\nlate_neurotoxicity = true",
            "people: two thirds of the neurotoxicity come late, after CRS or without any",
        ),
        ("[people]\nown_scale = true", "people: each trial's own scale gives the printed numbers"),
        ("[illness]\nfebrile_share = 0.15", "illness: 15 % of the rounds of a fever are febrile (usually 80 %)"),
        ("[care]\nantipyretic_every_h = 6", "care: an antipyretic every 6 h from the first fever on"),
        ("[charting]\nmissed_rounds = 0.255", "charting: 25.5 % of the rounds: not charted at all"),
    ],
)
def test_a_switch_is_told(extra: str, line: str) -> None:
    assert switches(a_scenario(extra)) == [line]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_told_by_its_own_words(fault: str) -> None:
    (line,) = switches(a_scenario(f"[charting]\n{fault} = 0.1"))
    assert line == f"charting: 10 % of {FAULTS[fault].of}: {FAULTS[fault].text}"


@pytest.mark.parametrize("fault", CAUSES)
def test_whose_cause_is_charted_is_told(fault: str) -> None:
    lines = switches(a_scenario(f"[charting]\n{fault} = 0.1\ncauses_charted = 0.5"))
    assert lines[1] == f"charting: the other cause is charted in 50 % of those concerned ({fault.replace('_', ' ')})"


def test_a_key_without_words_is_told_as_it_is_written() -> None:
    class Odd(ChartingSpec):
        odd: int = 0

    scenario = a_scenario().model_copy(update={"charting": Odd(odd=3)})
    assert switches(scenario) == ["charting: odd = 3"]


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_but_those_of_table_1_has_something_to_tell(name: str) -> None:
    found = load_scenario(name)
    plain = all(getattr(found, section) == Scenario.model_fields[section].default for section in SECTIONS)
    plain = plain and not found.mix and not found.arms and found.follow_up_days == 30
    assert bool(switches(found)) != plain


def test_shares_are_told_without_needless_digits() -> None:
    assert [percent(share) for share in (0.0, 0.005, 0.1, 1.0)] == ["0 %", "0.5 %", "10 %", "100 %"]


def test_another_policy_is_told_by_name_and_title() -> None:
    found = load_scenario("zuma-1").under(load_policy("no-treatment"))
    assert switches(found) == ["cared for by policy no-treatment: No treatment; Table 1 is only shown"]
