"""The daily chart of one patient below the bedside chart."""

import dataclasses

from harness.cli.replay_days import SHOWN_DAYS, days_table
from harness.cohort.example import example, make_again
from harness.patients.address import Address
from tests.harness.simulated import graded, guideline


def test_a_few_days_are_shown_and_all_when_wanted() -> None:
    found = make_again(Address("table1", "KarMMa", 1, 3), guideline())
    few, whole = days_table(found, every_day=False).splitlines(), days_table(found, every_day=True).splitlines()
    assert [int(line.split()[0]) for line in few[2:]] == list(SHOWN_DAYS)
    assert [int(line.split()[0]) for line in whole[2:]] == list(range(-5, 101))
    day_28 = next(o for o in found.days if o["time_h"] == 28 * 24)
    line = next(line for line in few if line.split()[0] == "28").split()
    assert line[1:5] == [f"{day_28[k]:g}" for k in (
        "anc_per_ul", "lymphocytes_per_ul", "platelets_10e9_l", "hemoglobin_g_dl"
    )]  # fmt: skip


def test_infections_growth_factor_and_the_unknown_are_said() -> None:
    found = make_again(Address("table1", "KarMMa", 1, 3), guideline())
    days = [
        {"time_h": 168.0, "infection": "life_threatening"},
        {"time_h": 240.0, "infection": "none", "crp_mg_dl": 3.5},
    ]
    given = [{"time_h": 170.0, "drug": "gcsf", "dose": 300.0, "unit": "ug", "route": "SC"}]
    text = days_table(dataclasses.replace(found, days=days, case={**found.case, "treatments": given}), False)
    first, second = text.splitlines()[2:]
    assert first.split()[-3:] == ["life", "threatening", "gcsf"]
    assert first.count("?") == 13
    assert "3.5" in second and second.count("?") == 12 and "none" not in second


def test_a_block_without_the_days_shows_none() -> None:
    assert days_table(example(graded("table1", "KarMMa", count=20), 0, guideline()), True) == ""
