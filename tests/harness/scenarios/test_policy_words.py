"""A policy in words: every key that differs changes a line, and the words say what the care team does."""

import pytest

from harness.patients.policy import STANDARD, Policy
from harness.scenarios.policy_file import load_policy, parse_policy, policy_names
from harness.scenarios.policy_words import assumptions, differences, policy_lines

DOSE = '[[given]]\ndrug = "anakinra"\ndose = 100\nunit = "mg"\nroute = "SC"\nfrom_day = 0\n'


def parsed(extra: str) -> Policy:
    return parse_policy(f'title = "t"\ntext = "x"\ncite = []\n{extra}', "own")


@pytest.mark.parametrize(
    ("extra", "lines"),
    [
        ("antipyretic = false", ["antipyretic: none"]),
        ("[tocilizumab]\nmost_doses = 0", ["tocilizumab: none"]),
        (
            "[tocilizumab]\nfrom_stage = 3\nmost_doses = 1\nevery_h = 24",
            [
                "tocilizumab: 8 mg/kg, 800 mg at most, from stage 3 of CRS (signs of grade 4) on, every 24 h until it "
                "yields, 1 dose at most"
            ],
        ),
        (
            "[tocilizumab]\nfrom_stage = 2\nwithin_h = 24",
            [
                "tocilizumab: 8 mg/kg, 800 mg at most, the first at stage 2 of CRS (signs of grade 3) or less than 24 "
                "h after the first fever in everybody with CRS, if sooner; more from that stage on, every 8 h until it "
                "yields, 4 doses at most"
            ],
        ),
        ('[steroids]\ncrs_from_stage = "never"', ["corticosteroid for CRS: none"]),
        ('[steroids]\nicans_from_grade = "never"', ["corticosteroid for ICANS: none"]),
        (
            "[steroids]\nicans_from_grade = 3",
            [
                "corticosteroid for ICANS: dexamethasone 10 mg (0.5 mg/kg in the small) from grade 3 on every 12 h "
                "until it yields; at grade 4 methylprednisolone 1,000 mg (30 mg/kg in the small) after two doses"
            ],
        ),
        ("[course]\ncrs_duration_times = 0.5", ["course: CRS lasts 0.5 times as long"]),
        (
            "[course]\nicans_progress = 0.2\nprogress_h = 24",
            [
                "course: of those with ICANS of grade 3 or more 20 % go on to the next grade when nobody relieves "
                "them, about 24 h later"
            ],
        ),
        (DOSE, ["by the calendar: anakinra 100 mg SC once, on day 0"]),
        (
            f"{DOSE}to_day = 3\nevery_h = 12",
            ["by the calendar: anakinra 100 mg SC every 12 h from day 0 to day 3, 8 doses"],
        ),
        (
            "[effect]\ncrs = [1, 0.8, 0.5, 0.5, 0]",
            [
                "severity: CRS: as many reach grade 1, 0.8 times as many grade 2, 0.5 times as many grade 3 and 4; "
                "nobody dies of it"
            ],
        ),
    ],
)
def test_what_differs_is_told(extra: str, lines: list[str]) -> None:
    assert differences(parsed(extra)) == lines


def test_standard_care_differs_in_nothing() -> None:
    assert differences(STANDARD) == differences(load_policy("standard")) == []
    assert [line.what for line in policy_lines(STANDARD)] == [
        "antipyretic", "tocilizumab", "corticosteroid for CRS", "corticosteroid for ICANS"
    ]  # fmt: skip


@pytest.mark.parametrize("name", policy_names())
def test_every_other_policy_differs_and_assumes_something(name: str) -> None:
    assert bool(differences(load_policy(name))) == (name != "standard")
    assert all(" Confidence: " in line for line in assumptions(load_policy(name)))


def test_an_arm_names_its_comparator_or_that_there_was_none() -> None:
    told = " ".join(differences(load_policy("tocilizumab-day-2")))
    assert "beside ZUMA-1, cohorts 1–2 (no prophylactic toci)" in told
    assert "beside ZUMA-1, for the study had no comparator" in " ".join(differences(load_policy("anakinra-days-2-10")))
