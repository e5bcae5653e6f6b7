"""Doses by the calendar."""

import pytest

from harness.patients.planned import Calendar
from harness.patients.policy import Planned, Policy
from harness.patients.prophylaxis import arms
from harness.scenarios.policy_file import load_policy

DAY = 1440
# Table 4, first column: drug, and the first and the last minute of a dose; -3 is three days before the infusion.
WHEN = {
    "dexamethasone-days-0-2": ("dexamethasone", [0, DAY, 2 * DAY]),
    "tocilizumab-day-2": ("tocilizumab", [2 * DAY]),
    "anakinra-days-0-7": ("anakinra", [day * DAY for day in range(8)]),
    "anakinra-days-2-10": ("anakinra", [h * 60 for h in range(48, 264, 12)]),
    "itacitinib-days-minus-3-26": ("itacitinib", [h * 60 for h in range(-72, 648, 12)]),
    "defibrotide-days-minus-5-7": ("defibrotide", [h * 60 for h in (*range(-120, -48, 6), *range(0, 192, 6))]),
    "lenzilumab-before-infusion": ("lenzilumab", [-360]),
}


def planned(**other: object) -> Calendar:
    plan = {
        "drug": "tocilizumab",
        "dose": 8.0,
        "unit": "mg/kg",
        "most_mg": 800.0,
        "route": "IV",
        "from_day": 2,
        **other,
    }
    return Calendar(Policy(name="p", title="", text="", cite=[], given=[Planned(**plan)]))


@pytest.mark.parametrize("name", arms())
def test_the_arms_give_what_table_4_says_when_it_says(name: str) -> None:
    drug, minutes = WHEN[name]
    found = Calendar(load_policy(name)).doses(70.0)
    assert [(dose.drug, dose.minute) for dose in found] == [(drug, minute) for minute in minutes]
    assert Calendar(load_policy(name)).minutes == {drug: minutes}


def test_the_dose_of_dexamethasone_is_the_printed_one() -> None:
    assert {(d.dose, d.unit) for d in Calendar(load_policy("dexamethasone-days-0-2")).doses(50.0)} == {(10.0, "mg")}


@pytest.mark.parametrize(("weight", "dose"), [(70.0, 560.0), (12.3, 98.4), (120.0, 800.0)])
def test_a_dose_by_weight_has_a_most(weight: float, dose: float) -> None:
    assert [(d.dose, d.unit) for d in planned().doses(weight)] == [(dose, "mg")]


def test_days_are_days_of_24_hours_from_the_infusion_and_the_last_is_whole() -> None:
    found = planned(from_day=-1, to_day=1, every_h=18).doses(70.0)
    assert [d.minute / 60 for d in found] == [-24, -6, 12, 30]


def test_several_plans_are_one_list_in_order_of_time() -> None:
    plans = [
        Planned(drug="anakinra", dose=100, unit="mg", route="SC", from_day=1, to_day=3, every_h=48),
        Planned(drug="dexamethasone", dose=10, unit="mg", route="IV", from_day=2),
    ]
    found = Calendar(Policy(name="p", title="", text="", cite=[], given=plans)).doses(70.0)
    assert [(d.minute, d.drug) for d in found] == [(1440, "anakinra"), (2880, "dexamethasone"), (4320, "anakinra")]
