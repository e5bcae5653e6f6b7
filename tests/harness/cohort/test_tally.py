"""Counts of blocks, merged in any grouping to the same totals."""

from collections import Counter

import pytest

from harness.cohort.block import Block, grade_block
from harness.cohort.counts import grade_counts
from harness.cohort.tally import INTENDED_COUNTS, TrialTally, merge, tally
from harness.scenarios.loader import load_scenario
from tests.harness.simulated import graded, guideline


@pytest.fixture(scope="module")
def parts():
    """Three blocks of one trial and one of another."""
    scenario = load_scenario("table1")
    blocks = [("KarMMa", 0, 30), ("KarMMa", 30, 20), ("KarMMa", 50, 10), ("ZUMA-3", 0, 25)]
    return [tally(grade_block(Block(scenario, name, 1, a, n), guideline()), guideline()) for name, a, n in blocks]


def test_a_tally_counts_every_patient_once():
    block = graded("table1", "KarMMa", count=60)
    (counts,) = tally(block, guideline()).trials.values()
    assert counts.patients == 60
    for scale in ("crs", "icans"):
        low, high = block.peaks(scale)
        assert counts.peak_floors[scale] == Counter(low.tolist())
        assert counts.peak_ceilings[scale].total() == 60
        assert counts.onset_min[scale].total() == (low >= 1).sum()
        for grade in range(6):
            assert counts.reached(scale, grade) == (low >= grade).sum()
            assert counts.reached(scale, grade, ceilings=True) == (high >= grade).sum()


def test_the_daily_chart_adds_its_counts_and_its_invariant():
    whole, parts = (
        graded("table1", "KarMMa", count=60),
        [graded("table1", "KarMMa", a, n) for a, n in ((0, 40), (40, 20))],
    )
    found, *apart = (tally(b, guideline(), grade_counts(b)) for b in (whole, *parts))
    assert merge(apart).trials == found.trials
    assert set(found.trials["KarMMa"].others) == {
        "neutropenia_g3plus_unresolved",
        "thrombocytopenia_g3plus_unresolved",
        "infection_g3plus",
    }
    assert found.tested[INTENDED_COUNTS].checked > 0 == found.tested[INTENDED_COUNTS].failed
    assert INTENDED_COUNTS not in tally(whole, guideline()).tested


def test_blocks_add_up_to_the_whole(parts):
    whole = tally(graded("table1", "KarMMa", count=60), guideline())
    assert merge(parts[:3]).trials == whole.trials


@pytest.mark.parametrize("grouping", ["one by one", "in pairs", "backwards", "at once"])
def test_any_grouping_gives_the_same_totals(parts, grouping):
    a, b, c, d = parts
    merged = {
        "one by one": lambda: merge([merge([merge([a, b]), c]), d]),
        "in pairs": lambda: merge([merge([a, b]), merge([c, d])]),
        "backwards": lambda: merge([d, c, b, a]),
        "at once": lambda: merge(parts),
    }[grouping]()
    plain = merge(iter(parts))
    assert merged.trials == plain.trials
    assert {k: (t.checked, t.failed) for k, t in merged.tested.items()} == {
        k: (t.checked, t.failed) for k, t in plain.tested.items()
    }
    assert {name: t.patients for name, t in merged.trials.items()} == {"KarMMa": 60, "ZUMA-3": 25}


def test_trials_stay_in_the_order_in_which_they_came(parts):
    assert list(merge(parts).trials) == ["KarMMa", "ZUMA-3"]
    assert list(merge(reversed(parts)).trials) == ["ZUMA-3", "KarMMa"]


def test_merging_changes_none_of_its_parts(parts):
    before = [(t.trials, t.tested) for t in parts]
    first = parts[0].trials["KarMMa"].peak_floors["crs"].copy()
    merge(parts)
    assert [(t.trials, t.tested) for t in parts] == before
    assert parts[0].trials["KarMMa"].peak_floors["crs"] == first


def test_nothing_merged_is_nothing():
    assert merge([]).trials == {}
    assert merge([]).tested == {}


def test_reached_counts_peaks_of_that_grade_or_more():
    peaks = {"crs": Counter({0: 5, 1: 4, 3: 2, 5: 1})}
    counts = TrialTally(12, peaks, {"crs": Counter({4: 12})}, {"crs": Counter()})
    assert [counts.reached("crs", grade) for grade in range(6)] == [12, 7, 3, 3, 1, 1]
    assert counts.reached("crs", 4, ceilings=True) == 12
