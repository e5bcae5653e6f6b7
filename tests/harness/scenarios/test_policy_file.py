"""Policy files: the shelf, and what a wrong one is told."""

from pathlib import Path

import pytest

from harness.patients.policy import RULES, STANDARD, Policy
from harness.patients.prophylaxis import arms
from harness.scenarios.policy_file import PolicyError, load_policy, parse_policy, policy_names, source_of

GOOD = 'title = "t"\ntext = "x"\ncite = []\n'
DOSE = '[[given]]\ndrug = "anakinra"\ndose = 100\nunit = "mg"\nroute = "SC"\nfrom_day = 0\n'


def parsed(extra: str = "") -> Policy:
    return parse_policy(GOOD + extra, "own")


def test_the_shelf_has_standard_care_four_others_and_the_arms_of_table_4() -> None:
    assert policy_names()[0] == "standard"
    treatments = {"standard", "standard-when-short", "early-tocilizumab", "steroid-sparing", "no-treatment"}
    assert set(policy_names()) == treatments | set(arms())


@pytest.mark.parametrize("name", policy_names())
def test_every_policy_says_what_it_is_and_what_it_assumes(name: str) -> None:
    found = load_policy(name)
    assert found.name == name
    assert found.title
    assert found.text
    assert found.cite or name == "no-treatment"
    assert found.assumed
    assert found.is_standard == (name == "standard")
    assert (found.effect.arm == name) == bool(found.given) == (name in arms())


def test_the_file_of_standard_care_says_what_the_defaults_are() -> None:
    found = load_policy("standard")
    assert [getattr(found, rule) for rule in RULES] == [getattr(STANDARD, rule) for rule in RULES]


def test_what_is_left_out_is_as_under_standard_care() -> None:
    assert parsed().is_standard
    assert parsed("[tocilizumab]\nmost_doses = 2").steroids == STANDARD.steroids


def test_a_policy_is_named_as_the_command_line_takes_it(tmp_path: Path) -> None:
    assert source_of(load_policy("steroid-sparing")) == "steroid-sparing"
    file = tmp_path / "standard.toml"
    file.write_text(GOOD + "antipyretic = false", encoding="utf-8")
    assert source_of(load_policy(str(file))) == "standard.toml"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title = ", "not TOML: "),
        (GOOD + "name = 'x'", "unknown key 'name'; a policy is called by the name of its file"),
        (GOOD.replace('title = "t"', ""), "title is missing"),
        (GOOD + "[tocilizumab]\nmost_dose = 2", "unknown key 'tocilizumab.most_dose'; did you mean 'most_doses'?"),
        (GOOD + "[tocilizumab]\nmost_doses = 5", "tocilizumab.most_doses is 5: "),
        (GOOD + "[tocilizumab]\nevery_h = 4", "tocilizumab.every_h is 4: "),
        (GOOD + "[tocilizumab]\nwithin_h = 4", "tocilizumab.within_h is 4: "),
        (GOOD + "[tocilizumab]\nfrom_stage = 0", "tocilizumab.from_stage is 0: "),
        (
            GOOD + "[tocilizumab]\nwithin_h = 12\nmost_doses = 0",
            "tocilizumab: most_doses is 0, so that within_h gives nothing",
        ),
        (GOOD + '[steroids]\ncrs_from_stage = "late"', "steroids.crs_from_stage"),
        (GOOD + "[course]\ncrs_progress = 30", "course.crs_progress is 30: "),
        (GOOD + DOSE.replace("anakinra", "aspirin"), "given.0.drug is 'aspirin': "),
        (GOOD + DOSE.replace("anakinra", "norepinephrine"), "given.0.drug is 'norepinephrine': "),
        (GOOD + DOSE + "evry_h = 3", "unknown key 'given.0.evry_h'; did you mean 'every_h'?"),
        (GOOD + "[tocilizumab]\nfrom_stage = true", "tocilizumab.from_stage is true: write 1, 2 or 3"),
        (GOOD + "[tocilizumab]\nmost_doses = true", "tocilizumab.most_doses is true: write a whole number from 0 to 4"),
        (GOOD + "[steroids]\ncrs_from_stage = true", "steroids.crs_from_stage is true: write 1, 2, 3, 'refractory' or"),
        (GOOD + "[steroids]\nicans_from_grade = true", "steroids.icans_from_grade is true: write 1, 2, 3, 4, 'persist"),
        (GOOD + "[course]\ncrs_progress_from_stage = true", "course.crs_progress_from_stage is true: write 1 or 2"),
        (GOOD + "[effect]\ncrs = [1, true, 1, 1, 1]", "effect.crs.1 is true: "),
        (GOOD + DOSE.replace("100", "true"), "given.0.dose is true: "),
        (GOOD + DOSE + "most_mg = true", "given.0.most_mg is true: "),
        (GOOD + DOSE + "most_mg = 100", "given.0: most_mg is of a dose in mg/kg; leave it out where unit is 'mg'"),
        (GOOD + DOSE.replace("100", "100001"), "given.0: dose is 100001 mg; write 100,000 or less"),
        (GOOD + DOSE.replace("100", "1e308"), "given.0: dose is 1e+308 mg; write 100,000 or less"),
        (
            GOOD + DOSE.replace("100", "1001").replace("mg", "mg/kg"),
            "given.0: dose is 1001 mg/kg; write 1,000 or less",
        ),
        (GOOD + DOSE + "to_day = 3\nevery_h = 0.99", "given.0.every_h is 0.99: write a number from 1 to 1440"),
        (GOOD + DOSE + "to_day = 3", "given.0: to_day and every_h go together"),
        (GOOD + DOSE + "to_day = -1\nevery_h = 24", "given.0: to_day -1 is before from_day 0"),
        (GOOD + '[effect]\narm = "x"', "effect: there is no arm 'x' in Table 4; there are dexamethasone-days-0-2"),
        (GOOD + '[effect]\narm = "tocilizumab-day-2"\ncrs = [1, 1, 1, 1, 1]', "effect: an arm has its factors"),
        (GOOD + "[effect]\ncrs = [1, 1]", "effect.crs"),
        (GOOD + "[effect]\ncrs = [1, 1, -1, 1, 1]", "effect.crs.2 is -1: "),
        (GOOD + '[[assumed]]\ntext = "x"\nsource = "y"\nconfidence = "sure"', "assumed.0.confidence is 'sure': "),
    ],
)
def test_a_wrong_policy_is_told_what_is_wrong(text: str, told: str) -> None:
    with pytest.raises(PolicyError) as error:
        parse_policy(text, "own")
    assert str(error.value).startswith("policy own: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value).removeprefix("policy own: not TOML: ")


def test_a_dose_may_be_as_high_and_as_frequent_as_the_bounds_themselves() -> None:
    assert parsed(DOSE.replace("100", "100_000")).given[0].dose == 100_000
    by_weight = parsed(DOSE.replace("100", "1000").replace("mg", "mg/kg") + "most_mg = 100_000").given[0]
    assert (by_weight.dose, by_weight.most_mg) == (1000, 100_000)
    assert len(parsed(DOSE + "to_day = 0\nevery_h = 1").given[0].minutes) == 24


def test_true_and_false_are_taken_where_they_are_asked_for() -> None:
    assert parsed("antipyretic = true").antipyretic
    assert not parsed("antipyretic = false").antipyretic


def test_an_unknown_policy_is_answered_with_the_nearest() -> None:
    with pytest.raises(PolicyError, match=r"no policy 'no-treatmnt', and no such file; did you mean 'no-treatment'\?"):
        load_policy("no-treatmnt")
    with pytest.raises(PolicyError, match="no such file; on the shelf: standard, "):
        load_policy("xyzzy")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_bytes(b"title = \x80")
    with pytest.raises(PolicyError, match=r"own\.toml cannot be read: "):
        load_policy(str(file))
