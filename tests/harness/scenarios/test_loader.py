"""Scenario files: the shelf, and what a wrong one is told."""

from pathlib import Path
from typing import Any

import pytest

from harness.patients.charting import Charting
from harness.patients.faults import FAULTS
from harness.patients.policy import Policy
from harness.patients.prophylaxis import arm_rows
from harness.patients.trials import trials
from harness.scenarios.loader import Scenario, ScenarioError, load_scenario, parse_scenario, scenario_names

GOOD = 'title = "t"\ntext = "x"\ncite = ["c"]\ntrials = ["ZUMA-1"]\n'
WARD = "[ward]\npatients_a_week = 5\nicu_beds = 1\ntocilizumab_doses = 1\nrestock_days = 7\nnurses = 1\n"


def parsed(extra: str = "", base: str = GOOD) -> Scenario:
    return parse_scenario(base + extra, "own")


# ------------------------------------------------------------------------------------------------ the shelf


def test_the_shelf_has_the_table_a_trial_each_and_every_charting_fault() -> None:
    names = scenario_names()
    assert names[0] == "table1"
    assert len(set(names)) == len(names) >= 25
    special = {"table1", "table1-as-graded", "table4", "late-icans", "masked-fever", "pediatric", "sparse-charting"}
    assert set(names) > special | {name.lower().replace(" ", "-") for name in trials()}
    alone = {load_scenario(name).how_charted.faults for name in names}
    assert alone >= {(fault,) for fault in FAULTS}
    assert tuple(FAULTS) in alone


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_on_the_shelf_can_be_read(name: str) -> None:
    found = load_scenario(name)
    assert found.name == name
    assert found.title
    assert found.text
    assert found.cite
    assert set(found.trial_names) <= (set(arm_rows()) if name == "table4" else set(trials()))
    assert found.good_for
    assert found.ledger == ("held" if found.how_charted.complete and found.ward is None else "shown")


@pytest.mark.parametrize("trial", trials())
def test_a_trial_has_its_scenario_without_any_change_to_care(trial: str) -> None:
    found = load_scenario(trial.lower().replace(" ", "-"))
    assert found.trial_names == (trial,)
    assert found == load_scenario("table1").model_copy(
        update={
            "name": found.name,
            "title": found.title,
            "text": found.text,
            "good_for": found.good_for,
            "trials": [trial],
        }
    )


def test_the_special_scenarios_differ_in_what_they_say() -> None:
    assert load_scenario("table1").trial_names == tuple(trials())
    assert load_scenario("masked-fever").care.antipyretic_every_h == 6
    assert load_scenario("masked-fever").illness.febrile_share == 0.15
    assert load_scenario("late-icans").people.late_neurotoxicity
    assert load_scenario("pediatric").people.age_years == (1, 6, 11.9)
    assert load_scenario("sparse-charting").how_charted == Charting(0.25, 0.10)


def test_table_4_has_seven_arms_and_the_four_comparators_that_are_printed() -> None:
    names = load_scenario("table4").trial_names
    assert len(names) == 11
    assert sum(name.endswith("-treated") for name in names) == 7
    without = parsed(base=GOOD.replace("trials", "arms").replace("ZUMA-1", "lenzilumab-before-infusion"))
    assert without.trial_names == ("lenzilumab-before-infusion-treated",)


def test_a_scenario_has_the_policy_it_names(tmp_path: Path) -> None:
    assert parsed().policy.is_standard
    assert parsed('policy = "no-treatment"').policy.gives_nothing
    file = tmp_path / "mine.toml"
    file.write_text('title = "t"\ntext = "x"\ncite = []\nantipyretic = false\n', encoding="utf-8")
    own = parsed(f'policy = "{file}"').policy
    assert (own.name, own.antipyretic) == ("mine", False)


def test_the_file_of_a_policy_is_looked_for_beside_the_scenario_and_then_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "doc"
    folder.mkdir()
    (folder / "scenario.toml").write_text(f'{GOOD}policy = "own.toml"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ScenarioError, match=r"policy: there is no policy 'own\.toml', and no such file"):
        load_scenario("doc/scenario.toml")
    for place, title in ((tmp_path, "here"), (folder, "beside")):
        (place / "own.toml").write_text(f'title = "{title}"\ntext = "x"\ncite = []\n', encoding="utf-8")
        for named in ("doc/scenario.toml", "doc/scenario", str(folder / "scenario.toml")):
            assert load_scenario(named).policy.title == title
    (folder / "scenario.toml").write_text(f'{GOOD}policy = "{tmp_path / "own.toml"}"\n', encoding="utf-8")
    assert load_scenario("doc/scenario.toml").policy.title == "here"


def test_a_table_is_held_under_standard_care_alone() -> None:
    assert parsed().is_held
    assert not parsed('ledger = "shown"').is_held
    assert not parsed('policy = "early-tocilizumab"').is_held
    assert not parsed().under(parsed('policy = "no-treatment"').policy).is_held


def test_arms_take_no_other_policy() -> None:
    with pytest.raises(ScenarioError, match="table4 has the arms of Table 4, each with its own policy"):
        load_scenario("table4").under(Policy(name="p", title="", text="", cite=[]))


# ------------------------------------------------------------------------------------------------ own files


def test_a_file_is_called_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "my own.toml"
    file.write_text(GOOD, encoding="utf-8")
    found = load_scenario(str(file))
    assert (found.name, found.trial_names) == ("my own", ("ZUMA-1",))


def test_defaults_are_standard_care_charted_whole() -> None:
    found = parsed()
    assert (found.follow_up_days, found.ledger, found.illness.febrile_share) == (30, "held", 0.8)
    assert found.care.antipyretic_every_h is None
    assert found.people.age_years is None
    assert found.how_charted == Charting()


def test_all_trials_are_meant_by_a_star_and_others_stay_in_their_order() -> None:
    assert parsed(base=GOOD.replace('"ZUMA-1"', '"*"')).trial_names == tuple(trials())
    assert parsed(base=GOOD.replace('"ZUMA-1"', '"ZUMA-1", "*"')).trial_names == tuple(trials())
    assert parsed(base=GOOD.replace('"ZUMA-1"', '"KarMMa", "ZUMA-1"')).trial_names == ("KarMMa", "ZUMA-1")


MIX = 'title = "t"\ntext = "x"\ncite = []\ntrials = ["ZUMA-7", "TRANSFORM", "KarMMa"]\n[mix]\n'


def test_a_mix_divides_the_patients_by_largest_remainders() -> None:
    found = parsed("ZUMA-7 = 0.5\nTRANSFORM = 0.3\nKarMMa = 0.2\n", base=MIX)
    assert found.patients_of(10) == {"ZUMA-7": 5, "TRANSFORM": 3, "KarMMa": 2}
    assert found.patients_of(1) == {"ZUMA-7": 1, "TRANSFORM": 0, "KarMMa": 0}
    assert found.patients_of(4) == {"ZUMA-7": 2, "TRANSFORM": 1, "KarMMa": 1}
    for patients in range(1, 200):
        assert sum(found.patients_of(patients).values()) == patients
    thirds = parsed("ZUMA-7 = 0.3333333\nTRANSFORM = 0.3333333\nKarMMa = 0.3333334\n", base=MIX)
    assert sum(thirds.patients_of(100).values()) == 100


def test_without_a_mix_each_trial_has_as_many() -> None:
    assert parsed(base=GOOD.replace('"ZUMA-1"', '"ZUMA-1", "KarMMa"')).patients_of(7) == {"ZUMA-1": 7, "KarMMa": 7}


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ("ZUMA-7 = 1.0", "mix has ZUMA-7; give a share to each of its trials: ZUMA-7, TRANSFORM, KarMMa"),
        ("ZUMA-7 = 0.5\nTRANSFORM = 0.3\nJULIET = 0.2", "mix has ZUMA-7, TRANSFORM, JULIET; give a share to each"),
        ("ZUMA-7 = 0.5\nTRANSFORM = 0.3\nKarMMa = 0.3", "mix sums to 1.1; the shares of the trials sum to 1"),
        ("ZUMA-7 = 1.0\nTRANSFORM = 0.0\nKarMMa = 0.0", "mix.TRANSFORM is 0.0: "),
        ("ZUMA-7 = 60\nTRANSFORM = 20\nKarMMa = 20", "mix.ZUMA-7 is 60: "),
        ("ZUMA-7 = nan\nTRANSFORM = 0.3\nKarMMa = 0.3", "mix"),
    ],
)
def test_a_wrong_mix_is_told(shares: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parsed(shares, base=MIX)
    assert told in str(error.value)


def test_an_hour_of_antipyretics_that_nobody_takes_is_refused() -> None:
    with pytest.raises(ScenarioError, match="antipyretics_from_h is 24, and nobody takes them; say how many do"):
        parsed("[charting]\nantipyretics_from_h = 24")


def test_nobody_takes_antipyretics_before_a_fever_where_the_policy_has_none() -> None:
    extra = "[charting]\nprophylactic_antipyretics = 1.0"
    assert parsed(extra).how_charted.faults == ("prophylactic_antipyretics",)
    assert parsed(f'policy = "no-treatment"\n{extra}').how_charted.faults == ()


def test_a_cause_without_a_fault_that_has_one_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"causes_charted is 0\.5, and nothing has another cause; switch on one of"):
        parsed("[charting]\nmissed_rounds = 0.1\ncauses_charted = 0.5")


def test_a_scenario_cannot_be_changed_after_reading() -> None:
    with pytest.raises(ValueError, match="frozen"):
        parsed().title = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "not TOML: "),
        (GOOD + "titel = 1", "unknown key 'titel'; did you mean 'title'? allowed: title, text, good_for, cite, trials"),
        (GOOD + "name = 'x'", "unknown key 'name'; a scenario is called by the name of its file"),
        (GOOD + "xyzzy = 1", "unknown key 'xyzzy'; allowed: title"),
        (GOOD + "[charting]\nmised_rounds = 0.1", "unknown key 'charting.mised_rounds'; did you mean 'missed_rounds'?"),
        (GOOD + "[people]\nage = [1, 2, 3]", "unknown key 'people.age'; did you mean 'age_years'?"),
        (GOOD + "[care]\nantipyretics_every_h = 6", "did you mean 'antipyretic_every_h'?"),
        (GOOD + "[ilness]\nx = 1", "unknown key 'ilness'; did you mean 'illness'?"),
        (GOOD.replace('title = "t"', ""), "title is missing"),
        (GOOD.replace('trials = ["ZUMA-1"]', ""), "trials is missing"),
        (GOOD.replace('["ZUMA-1"]', "[]"), "trials is []"),
        (GOOD.replace('["ZUMA-1"]', '"ZUMA-1"'), "trials is 'ZUMA-1'"),
        (GOOD.replace("ZUMA-1", "ZUMA-8"), "there is no trial 'ZUMA-8'; did you mean 'ZUMA-"),
        (GOOD.replace('"ZUMA-1"', '"*", "ZUMA-8"'), "there is no trial 'ZUMA-8'"),
        (GOOD + "follow_up_days = 3", "follow_up_days is 3: "),
        (GOOD + "follow_up_days = 46", "follow_up_days is 46: "),
        (GOOD + "follow_up_days = 30.5", "follow_up_days is 30.5: "),
        (GOOD + 'ledger = "kept"', "ledger is 'kept': "),
        (GOOD + "[charting]\nmissed_rounds = 25", "charting.missed_rounds is 25: "),
        (GOOD + "[charting]\nunknown_fields = -0.1", "charting.unknown_fields is -0.1: "),
        (GOOD + "[charting]\nunknown_fields = nan", "charting.unknown_fields is nan: "),
        (GOOD + '[charting]\nunknown_fields = "0.1"', "charting.unknown_fields is '0.1': "),
        (GOOD + "[illness]\nfebrile_share = true", "illness.febrile_share is true: write a number from 0 to 1"),
        (GOOD + "[care]\nantipyretic_every_h = 0", "care.antipyretic_every_h is 0: "),
        (GOOD + "[care]\nantipyretic_every_h = 0.01", "care.antipyretic_every_h is 0.01: "),
        (GOOD + "[people]\nage_years = [1, 2]", "people.age_years"),
        (GOOD + "[people]\nage_years = [9, 6, 12]", "people.age_years is [9.0, 6.0, 12.0]; write lowest,"),
        (GOOD + "[people]\nage_years = [1, 6, 121]", "write lowest, median, highest"),
        (GOOD + "[people]\nage_years = [nan, 6, 12]", "write lowest, median, highest"),
        ("people = 3\n" + GOOD, "people is 3: "),
        (GOOD + 'policy = "early"', "policy: there is no policy 'early', and no such file; on the shelf: standard, "),
        (GOOD + "policy = 3", "policy: write the name of a policy or its file"),
        (GOOD + "[policy]\ntitle = 'x'", "policy: write the name of a policy or its file"),
        (GOOD + "policy = true", "policy: write the name of a policy or its file"),
        (GOOD + "follow_up_days = true", "follow_up_days is true: write a whole number from 7 to 45"),
        (GOOD + "[people]\nage_years = [true, 6, 12]", "people.age_years.0 is true: "),
        (GOOD + "[mix]\nZUMA-1 = true", "mix.ZUMA-1 is true: "),
        (GOOD.replace('"ZUMA-1"', '"ZUMA-1", "ZUMA-1"'), "trials has 'ZUMA-1' more than once; name each once"),
        (GOOD.replace('trials = ["ZUMA-1"]', 'arms = ["*", "*"]'), "arms has '*' more than once; name each once"),
        (GOOD + f"{WARD}weekdays = [0, 0]", "ward.weekdays: [0, 0] has a day more than once; name each once"),
        (GOOD + f"{WARD}weekdays = [0, true]", "ward.weekdays.1 is true: write a whole number from 0 to 6"),
        (GOOD + WARD.replace("nurses = 1", "nurses = true"), "ward.nurses is true: "),
        (GOOD + f"{WARD}[ward.surge]\nfrom_week = true\nto_week = 2\ntimes = 2", "ward.surge.from_week is true: "),
        (GOOD + 'arms = ["*"]', "trials and arms are both there; name one of them"),
        (GOOD.replace("trials", "arms"), "there is no arm 'ZUMA-1'; there are dexamethasone-days-0-2, "),
        (
            GOOD.replace("trials", "arms").replace("ZUMA-1", "anakinra-day-0-7"),
            "there is no arm 'anakinra-day-0-7'; did you mean 'anakinra-days-0-7'?",
        ),
        (
            GOOD.replace("trials", "arms").replace("ZUMA-1", "*") + 'policy = "no-treatment"',
            "policy is 'no-treatment'; arms are cared for by policies of their own",
        ),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_told_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse_scenario(text, "own")
    assert str(error.value).startswith("scenario own: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value).removeprefix("scenario own: not TOML: ")


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as error:
        parsed("trails = []\n[charting]\nmissed_round = 1", base='title = "t"\ncite = []\ntrials = ["ZUMA-1"]\n')
    for part in ("text is missing", "'trails'", "'charting.missed_round'"):
        assert part in str(error.value)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("zuma-8", r"no scenario 'zuma-8', and no such file; did you mean 'zuma-\d'\? cartox scenarios lists those"),
        ("Table1", r"did you mean 'table1'\?"),
        ("xyzzy", r"no scenario 'xyzzy', and no such file; cartox scenarios lists those"),
        ("", "no scenario ''"),
    ],
)
def test_an_unknown_scenario_is_answered_with_the_nearest(source: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load_scenario(source)


def test_a_folder_is_no_scenario(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        load_scenario(str(tmp_path))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"title = \x80"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=r"own\.toml cannot be read: "):
        load_scenario(str(file))


def test_a_file_is_called_by_its_name_and_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('title = "t"\ntext = "x"\ncite = []\ntrials = ["ZUMA-1"]', encoding="utf-8-sig")
    found = load_scenario(str(file))
    assert (found.name, found.trial_names) == ("own", ("ZUMA-1",))


@pytest.mark.parametrize("source", ["no\0name", "x" * 5000])
def test_what_can_be_no_file_is_none(source: str) -> None:
    with pytest.raises(ScenarioError, match=r"^there is no scenario|cannot be read"):
        load_scenario(source)


def test_a_key_has_a_meaning_of_its_own() -> None:
    """Every key of a scenario changes the scenario that is read."""
    changes: dict[str, Any] = {
        "follow_up_days = 7": "follow_up_days",
        'ledger = "shown"': "ledger",
        "[people]\nage_years = [1, 2, 3]": "people",
        "[people]\nlate_neurotoxicity = true": "people",
        "[illness]\nfebrile_share = 0.5": "illness",
        "[care]\nantipyretic_every_h = 4": "care",
        "[charting]\nmissed_rounds = 0.5": "charting",
        'good_for = "something"': "good_for",
        "[mix]\nZUMA-1 = 1.0": "mix",
        **{f"[charting]\n{fault} = 0.5": "charting" for fault in FAULTS},
        "[charting]\nhome_cpap = 0.1\ncauses_charted = 0.5": "charting",
        "[charting]\nprophylactic_antipyretics = 0.1\nantipyretics_from_h = 24": "charting",
    }
    for extra, key in changes.items():
        assert getattr(parsed(extra), key) != getattr(parsed(), key)


def test_a_file_is_found_without_its_ending_as_an_address_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text('title = "Mine"\ntext = "x"\ncite = []\ntrials = ["ZUMA-1"]\n')
    monkeypatch.chdir(tmp_path)
    assert load_scenario("mine") == load_scenario("mine.toml")
