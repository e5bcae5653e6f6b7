"""What charting faults do to the grades: counted by hand on small cohorts, the same in any division into blocks."""

import functools
import json
from collections import Counter

import pytest

from cartox_core import load
from harness.cohort import SCALES
from harness.cohort.block import Block, grade_block
from harness.cohort.example import make_again
from harness.cohort.fault_effects import (
    ALL,
    ANTIPYRETICS,
    KINDS,
    Effect,
    Onsets,
    fault_effects,
    switched_on,
)
from harness.cohort.fault_report import FAULT_HEADS, ONSET_HEADS, fault_objects, fault_rows, onset_rows
from harness.cohort.page import html_report
from harness.cohort.report import NOT_THE_TRUTH, json_report, text_report
from harness.cohort.run import Plan, run
from harness.cohort.tally import merge, tally
from harness.patients.address import Address
from harness.patients.signs import NO_GRADE
from tests.harness.simulated import a_scenario, graded, guideline

FAULTY = "[charting]\nmissed_rounds = 0.2\nfahrenheit = 0.2\ntransposed_digits = 0.05\nbaseline_ice = 0.3\n"


@functools.cache
def effects(extra: str, name: str = "ZUMA-1", first: int = 0, count: int = 80):
    block = grade_block(Block(a_scenario(extra), name, 1, first, count), guideline())
    return fault_effects(block, guideline())


def by_hand(block, scale: str) -> dict[str, list[int]]:
    """Patients by kind: the true course as intended, what was found where it was charted and looked for."""
    chart, meant, found = block.chart, {"crs": "crs_intended", "icans": "icans_intended"}[scale], block.grades[scale]
    kinds: dict[str, list[int]] = {kind: [] for kind in KINDS}
    for place in range(block.block.count):
        intended = getattr(block.true_chart, meant)[block.true_chart.place == place]
        true = max(g for g in intended.tolist() if g != NO_GRADE)
        rows = [r for r in range(len(chart.place)) if chart.place[r] == place]
        looked = [r for r in rows if scale == "crs" or chart.examined[r]]
        low = max(int(found.floor[r]) for r in rows)
        high = max([low, *(int(found.ceiling[r]) for r in looked)])
        if low > true:
            kinds["too_high"].append(place)
        elif high < true:
            kinds["too_low"].append(place)
        elif (low, high) != (true, true):
            kinds["range"].append(place)
        elif any(
            (found.floor[r], found.ceiling[r]) != (getattr(chart, meant)[r],) * 2
            for r in looked
            if getattr(chart, meant)[r] != NO_GRADE
        ):
            kinds["other_hours"].append(place)
    return kinds


@pytest.mark.parametrize(
    "extra",
    [
        "[charting]\nmissed_rounds = 0.4",
        "[charting]\nfahrenheit = 0.3",
        "[charting]\ntransposed_digits = 0.1",
        "[charting]\nlate_entries = 0.3",
        "[charting]\nsecond_infection = 0.5",
        "[charting]\nhome_cpap = 0.5",
        "[charting]\nbaseline_ice = 0.5",
        "[charting]\nice_while_intubated = 1.0",
        "[charting]\nunknown_fields = 0.02",
        "[charting]\nprophylactic_antipyretics = 1.0",
        "[charting]\nprophylactic_antipyretics = 1.0\ncauses_charted = 1.0",
    ],
)
@pytest.mark.parametrize("scale", SCALES)
def test_each_fault_is_counted_as_by_hand(extra, scale):
    block = grade_block(Block(a_scenario(extra), "ZUMA-3", 1, 0, 60), guideline())
    ((fault, found),) = [(f, e) for (f, s), e in fault_effects(block, guideline()).items() if s == scale]
    places = by_hand(block, scale)
    assert found.patients == 60
    assert found.counts == tuple(len(who) for who in places.values())
    assert [Address.read(a).index for a in found.firsts if a] == [who[0] for who in places.values() if who]
    assert fault in extra
    assert found.onsets == onsets_by_hand(block, scale)


def onsets_by_hand(block, scale: str) -> Onsets:
    """The first round that is surely ill, and the first that may be, beside the first that was meant to be."""
    chart, meant, found = block.chart, {"crs": "crs_intended", "icans": "icans_intended"}[scale], block.grades[scale]
    counts, later_min = Counter(), Counter()
    for place in range(block.block.count):
        true = block.true_chart
        at = zip(true.columns.minute, getattr(true, meant), true.place, strict=True)
        ill = [int(m) for m, g, p in at if p == place and 1 <= g < NO_GRADE]
        rows = [r for r in range(len(chart.place)) if chart.place[r] == place]
        sure = [int(chart.columns.minute[r]) for r in rows if found.floor[r] >= 1]
        looked = [r for r in rows if scale == "crs" or chart.examined[r]]
        perhaps = sure + [int(chart.columns.minute[r]) for r in looked if found.ceiling[r] >= 1]
        if ill and not perhaps:
            counts["never"] += 1
        elif ill and min(perhaps) > ill[0]:
            counts["later"] += 1
            later_min[min(perhaps) - ill[0]] += 1
        elif sure and (not ill or sure[0] < ill[0]):
            counts["earlier"] += 1
        elif (sure[:1], sorted(perhaps)[:1]) != (ill[:1], ill[:1]):
            counts["open"] += 1
    return Onsets(counts["later"], counts["never"], counts["earlier"], counts["open"], later_min)


def test_hidden_fevers_make_crs_late_mild_or_none_at_all():
    """Nobody is graded too high; where the chart says that a fever may be hidden, the range holds the true grade."""
    silent = effects("[charting]\nprophylactic_antipyretics = 1.0")
    told = effects("[charting]\nprophylactic_antipyretics = 1.0\ncauses_charted = 1.0")
    crs, ranges = silent["prophylactic_antipyretics", "crs"], told["prophylactic_antipyretics", "crs"]
    assert crs.counts[0] == 0 < crs.counts[1]
    assert crs.onsets.earlier == 0 < crs.onsets.never
    assert crs.onsets.later > 40
    assert ranges.counts[:2] == (0, 0)
    assert (ranges.onsets.later, ranges.onsets.never, ranges.onsets.open) == (0, 0, 80)
    assert silent["prophylactic_antipyretics", "icans"] == Effect(80)


def test_antipyretics_that_begin_later_hide_less():
    late = effects("[charting]\nprophylactic_antipyretics = 1.0\nantipyretics_from_h = 72")
    soon = effects("[charting]\nprophylactic_antipyretics = 1.0")
    one, other = (found["prophylactic_antipyretics", "crs"].onsets for found in (late, soon))
    assert one.later + one.never < other.later + other.never


def test_nothing_switched_on_changes_nothing():
    assert effects("") == {}
    assert graded().chart is graded().true_chart


def test_what_only_leaves_out_values_makes_no_grade_wrong():
    for fault in ("fahrenheit", "unknown_fields"):
        for effect in effects(f"[charting]\n{fault} = 0.2").values():
            high, low, *_ = effect.counts
            assert high == low == 0


def test_a_cause_that_is_charted_leaves_every_grade():
    for fault in ("home_cpap", "second_infection"):
        silent, told = (
            effects(f"[charting]\n{fault} = 0.5\ncauses_charted = {share}")[fault, "crs"] for share in (0.0, 1.0)
        )
        assert silent.counts[0] > 0
        assert told.counts == (0, 0, 0, 0)
        assert told.example == ""


def test_each_fault_alone_is_as_if_it_were_the_only_one():
    together = effects(FAULTY)
    assert [name for name, scale in together if scale == "crs"] == [
        "baseline_ice", "transposed_digits", "fahrenheit", "missed_rounds", ALL
    ]  # fmt: skip
    for fault, share in (("fahrenheit", 0.2), ("transposed_digits", 0.05), ("missed_rounds", 0.2)):
        alone = effects(f"[charting]\n{fault} = {share}")
        for scale in SCALES:
            assert alone[fault, scale] == together[fault, scale]


def test_antipyretics_are_held_against_standard_care():
    found = effects("[illness]\nfebrile_share = 0.15\n[care]\nantipyretic_every_h = 6")
    crs = found[ANTIPYRETICS, "crs"]
    assert crs.counts[:3] == (0, 0, 0)
    assert crs.counts[3] > 30
    assert found[ANTIPYRETICS, "icans"].counts == (0, 0, 0, 0)
    both = a_scenario("[care]\nantipyretic_every_h = 6\n[charting]\nfahrenheit = 0.1")
    assert switched_on(both) == (ANTIPYRETICS, "fahrenheit", ALL)


def test_antipyretics_do_not_leak_into_the_other_faults():
    care = "[illness]\nfebrile_share = 0.15\n[care]\nantipyretic_every_h = 6\n"
    plain, masked = (effects(f"{extra}[charting]\ntransposed_digits = 0.1") for extra in ("", care))
    assert plain["transposed_digits", "crs"] == masked["transposed_digits", "crs"]
    assert masked[ALL, "crs"] != masked["transposed_digits", "crs"]


def test_any_division_into_blocks_gives_the_same():
    whole = effects(FAULTY, count=60)
    scenario = a_scenario(FAULTY)
    parts = [grade_block(Block(scenario, "ZUMA-1", 1, *at), guideline()) for at in ((0, 7), (7, 40), (47, 13))]
    assert merge(tally(part, guideline()) for part in parts).faults == whole


def test_an_example_is_graded_otherwise_than_it_was():
    scenario = a_scenario(FAULTY)
    for (fault, scale), effect in effects(FAULTY).items():
        if fault == ALL and effect.counts[0]:
            found = make_again(Address.read(effect.firsts[0]), guideline(), scenario)
            assert max(found.floors[scale]) > found.true_peaks[scale]


def test_kinds_add_up_and_the_worst_is_the_example():
    one, two = Effect(5, (1, 0, 2, 0), ("a", "", "b", "")), Effect(7, (0, 0, 1, 3), ("", "", "c", "d"))
    assert one + two == Effect(12, (1, 0, 3, 3), ("a", "", "b", "d"))
    assert (two.example, Effect(3).example) == ("c", "")


# ------------------------------------------------------------------------------------------------ the report


@pytest.fixture(scope="module")
def outcome():
    return run(Plan(a_scenario(f'ledger = "shown"\n{FAULTY}'), 60, 1, "astct-2019"))


def test_the_report_has_a_row_a_fault_and_scale(outcome):
    rows = fault_rows(outcome)
    assert {len(row) for row in rows} == {len(FAULT_HEADS)}
    assert [row[0] for row in rows if row[0]] == [
        "baseline ice", "transposed digits", "fahrenheit", "missed rounds", "all together"
    ]  # fmt: skip
    assert "30 % of the patients" in {row[1] for row in rows}
    text = text_report(outcome)
    assert "Charting faults" in text
    assert "transposed digits  5 % of the temperatures" in text
    page = html_report(outcome, load("astct-2019"))
    assert "<h2>Charting faults</h2>" in page
    assert "When toxicity is found" in page
    assert "When toxicity is found" in text
    assert {len(row) for row in onset_rows(outcome)} == {len(ONSET_HEADS)}
    assert "Only rounds that are charted are compared" in " ".join(text.split())
    assert page.count("% of the temperatures") == 2


def test_the_json_has_whole_numbers_and_addresses(outcome):
    told = json.loads(json.dumps(json_report(outcome)))["charting_faults"]
    assert told == json.loads(json.dumps(fault_objects(outcome)))
    for one in told:
        assert sum(one[kind] for kind in KINDS) <= one["patients"] == 60
        assert (one["onset"]["later_median_h"] is None) == (one["onset"]["later"] == 0)
        for kind in KINDS:
            assert bool(one[kind]) == bool(one["examples"][kind])


def test_a_ledger_that_is_held_in_spite_of_faults_is_remarked_upon(outcome):
    assert NOT_THE_TRUTH not in text_report(outcome)
    assert NOT_THE_TRUTH in text_report(run(Plan(a_scenario(FAULTY), 10, 1, "astct-2019")))


def test_a_run_without_faults_says_nothing_of_them():
    plain = run(Plan(a_scenario("follow_up_days = 7"), 10, 1, "astct-2019"))
    assert json_report(plain)["charting_faults"] == []
    assert "Charting faults" not in text_report(plain)
    assert "Charting faults" not in html_report(plain, load("astct-2019"))
