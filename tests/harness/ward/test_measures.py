"""Figures of waits, their intervals, and what the report says of them."""

import statistics

import pytest

from harness.scenarios.loader import load_scenario
from harness.scenarios.policy_file import load_policy
from harness.scenarios.ward_spec import Surge
from harness.ward.limits import Wait
from harness.ward.measures import Measure, t975, waits_of
from harness.ward.report import caution, heading, interval_words, number

SCENARIO = load_scenario("ward-surge")
assert SCENARIO.ward is not None


def test_intervals_are_those_of_student() -> None:
    measure = Measure("g", "n", "", (11.0, 12.0, 13.0, 16.0))
    low, high = measure.interval or (0, 0)
    half = 3.182 * statistics.stdev(measure.known) / 2
    assert (low, high) == pytest.approx((13.0 - half, 13.0 + half))
    assert Measure("g", "n", "", (1.0,)).interval is None
    assert [t975(df) for df in (2, 15, 16, 19, 29, 30, 500)] == [4.303, 2.131, 2.12, 2.12, 2.06, 2.042, 1.98]


@pytest.mark.parametrize(("unit", "most"), [("%", 100), ("per 1,000", 1000)])
def test_an_interval_stays_within_what_is_possible(unit: str, most: float) -> None:
    assert Measure("g", "n", unit, (0.0, most)).interval == (0, most)
    assert Measure("g", "n", "d", (0.0, most)).interval == (0, pytest.approx(most / 2 * (1 + 12.706), rel=0.01))


def test_a_replication_without_a_figure_is_left_out_of_the_mean() -> None:
    assert Measure("g", "n", "h", (2.0, None, 4.0)).mean == 3.0
    nothing = Measure("g", "n", "h", (None, None))
    assert (number(nothing.mean), interval_words(nothing)) == ("–", "–")


def test_who_had_it_at_once_waited_0_and_who_left_is_in_no_mean() -> None:
    """Four asked, one had it at once, two after 60 and 180 min, one left after 600; elsewhere one or none."""
    first = [
        Wait("tocilizumab", 0, 0, True),
        Wait("tocilizumab", 0, 60, True),
        Wait("tocilizumab", 100, 280, True),
        Wait("tocilizumab", 0, 600, False),
    ]
    found = {m.name: m.values for m in waits_of("tocilizumab", [first, [Wait("tocilizumab", 7, 7, True)], []])}
    assert found == {
        "asked": (4, 1, 0),
        "of them waited": (75, 0, None),
        "mean wait, 0 if there at once": (pytest.approx(80 / 60), 0, None),
        "mean wait of who waited": (2, None, None),
        "longest wait": (10, 0, 0),
        "better or dead before it came": (1, 0, 0),
    }
    assert [w.waited_min for w in first] == [0, 60, 180, None]


def test_waits_for_a_nurse_are_told_in_minutes() -> None:
    found = {m.name: m for m in waits_of("nurse", [[Wait("nurse", 0, 30, True)]])}
    longest = found["longest wait"]
    assert (longest.unit, longest.values) == ("min", (30,))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("standard", "under policy standard waiting makes nobody more ill (crs_progress and icans_progress are 0)"),
        ("early-tocilizumab", "under policy early-tocilizumab waiting makes nobody more ill"),
        ("no-treatment", "under policy no-treatment nobody is treated, whether they wait or not"),
    ],
)
def test_a_policy_under_which_no_grade_can_differ_is_told(policy: str, said: str) -> None:
    told = caution(load_policy(policy)) or ""
    assert said in told
    assert 'write policy = "standard-when-short" into the scenario' in told


def test_no_caution_where_waiting_harms() -> None:
    assert caution(SCENARIO.policy) is None


def test_one_of_a_thing_is_told_as_one() -> None:
    assert SCENARIO.ward is not None
    one = {"patients": 1, "icu_beds": 1, "tocilizumab_doses": 1, "restock_days": 1.0, "nurses": 1}
    spec = SCENARIO.ward.model_copy(update={**one, "surge": Surge(from_week=1, to_week=1, times=1.5)})
    assert heading(SCENARIO, spec, 1, 7) == (
        "A ward in a surge: 1 patient, 19 a week, 1.5 times as many in week 1; 1 bed of intensive care, 1 dose of "
        "tocilizumab every day, 1 nurse; policy standard-when-short; 1 replication from seed 7"
    )


def test_a_surge_after_the_last_infusion_is_told_as_such() -> None:
    """20 patients at 5 a week are infused in weeks 1 to 4."""
    assert SCENARIO.ward is not None
    few = {"patients": 20, "patients_a_week": 5}
    for from_week, comes in ((4, True), (5, False)):
        surge = Surge(from_week=from_week, to_week=500, times=1)
        head = heading(SCENARIO, SCENARIO.ward.model_copy(update={**few, "surge": surge}), 1, 1)
        assert (f"as many in weeks {from_week} to 500 (which would come after the last infusion); " in head) != comes
