"""Who moves, and by which rule: counts of columns held against each patient graded alone."""

from collections import Counter
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Case, Scale, Summary, columns_of, grade_course, load, read_case
from cartox_core.library import parse
from cartox_core.observation import READABLE
from harness.cohort.block import Block, simulate_block
from harness.compare.exact import difference
from harness.compare.moves import BESIDE, Moves, Pair, moves, total
from harness.compare.population import Sides, of_blocks, of_cases, on_block
from harness.compare.reach import reach
from harness.golden import golden_cases
from harness.patients.told import case_of
from harness.scenarios.loader import load_scenario
from tests.quick import quick

ASTCT = load("astct-2019")
SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")


def pair_of(old: Scale, new: Scale) -> Pair:
    return Pair(old, new, difference(old, new).rules)


def other(guideline: str, scale: str, **readings: str) -> Pair:
    return pair_of(load(guideline).scale(scale), load(guideline, readings).scale(scale))


PAIRS = {
    "C1": other("astct-2019", "crs", C1="high"),
    "C8": other("astct-2019", "crs", C8="literal"),
    "C26": other("astct-2019", "crs", C26="seven_days"),
    "lee": pair_of(ASTCT.scale("crs"), load("lee-2014").scale("crs")),
    "penn": pair_of(load("penn-2018").scale("crs"), ASTCT.scale("crs")),
    "cres": pair_of(ASTCT.scale("icans"), load("cartox-2018").scale("cres")),
    "ctcae": pair_of(load("ctcae-4").scale("neurotoxicity"), load("ctcae-5").scale("neurotoxicity")),
}
CASES = [read_case(case.raw) for case in golden_cases() if case.refused is None and not case.readings][::4]


def summaries(case: Case, pair: Pair) -> tuple[Summary, Summary] | None:
    """The floors of both; None where one knows the grade and the other leaves it open."""
    old, new = (grade_course(case.observations, case.treatments, form, case.patient) for form in (pair.old, pair.new))
    (low, high), (other_low, other_high) = ((c.floors.peak, c.ceilings.peak) for c in (old, new))
    known, other_known = low == high, other_low == other_high
    if known != other_known and (other_low <= low <= other_high if known else low <= other_low <= high):
        return None
    return old.floors, new.floors


def severe_min(case: Case, form: Scale) -> int:
    """The minutes at grade 3 or more: each grade until the next round that tells of one."""
    if form.is_whole:
        return 0
    minutes, stands = 0, 0
    found = grade_course(case.observations, case.treatments, form, case.patient).grades
    for grade, seen, following in zip(found, case.observations, case.observations[1:], strict=False):
        stands = stands if (grade.floor, grade.ceiling) == (0, 4) else grade.floor
        minutes += following.minute - seen.minute if stands >= 3 else 0
    return minutes


def counted_alone(cases: list[Case], pair: Pair) -> dict[str, Any]:
    """The counts of some cases, each graded alone."""
    told = [summaries(case, pair) for case in cases]
    both = [each for each in told if each is not None]
    stays = [
        severe_min(case, pair.new) - severe_min(case, pair.old)
        for case, each in zip(cases, told, strict=True)
        if each is not None
    ]
    shifts: dict[str, Counter[int]] = {"onset_h": Counter(), "duration_h": Counter()}
    for name, counter in shifts.items():
        for old, new in both:
            was, now = getattr(old, name), getattr(new, name)
            if was is not None and now is not None:
                counter[round(60 * (now - was))] += 1
    lines = pair.lines
    return {
        "patients": len(cases),
        "untold": told.count(None),
        "matrix": Counter((o.peak, n.peak) for o, n in both),
        "onset_shift_min": shifts["onset_h"],
        "duration_shift_min": shifts["duration_h"],
        "care": {
            name: (
                sum(o.peak < line <= n.peak for o, n in both),
                sum(n.peak < line <= o.peak for o, n in both),
            )
            for name, line in lines.items()
        },
        "intensive_min": (sum(max(s, 0) for s in stays), sum(max(-s, 0) for s in stays)),
    }


def held(counts: Moves, alone: dict[str, Any]) -> None:
    assert {name: getattr(counts, name) for name in alone} == alone
    assert sum(counts.up.values()) == sum(n for (was, now), n in counts.matrix.items() if now > was)
    assert sum(counts.down.values()) == sum(n for (was, now), n in counts.matrix.items() if now < was)


@pytest.mark.parametrize("name", ["C1", "C8", "C26", "lee", "penn"])
@pytest.mark.parametrize("scenario", quick(["table1"], ["masked-fever", "sparse-charting", "table1"]))
def test_counts_are_those_of_each_simulated_patient_alone(name: str, scenario: str) -> None:
    pair = PAIRS[name]
    block = Block(load_scenario(scenario), load_scenario(scenario).trial_names[0], 5, 3, 40)
    people, log, chart, _ = simulate_block(block, full=True)
    cases = [read_case(case_of(people, log, chart, place)) for place in range(block.count)]
    counts, moved = moves(pair, chart.columns, None, str)
    alone = counted_alone(cases, pair)
    held(counts, alone)
    assert moved.sum() == counts.moved


@pytest.mark.parametrize("name", PAIRS)
def test_counts_are_those_of_each_golden_case_alone(name: str) -> None:
    pair = PAIRS[name]
    names = [str(i) for i in range(len(CASES))]
    (counts,) = of_cases("golden cases", CASES, names, (pair,)).moves
    held(counts, counted_alone(CASES, pair))


def test_a_whole_course_moves_too() -> None:
    pair = other("eha-ebmt-2023", "icaht_early", H3="cumulative")
    cases = [read_case(c.raw) for c in golden_cases() if c.scale == "icaht_early" and c.refused is None]
    (counts,) = of_cases("golden cases", cases, [str(i) for i in range(len(cases))], (pair,)).moves
    both = [each for case in cases if (each := summaries(case, pair)) is not None]
    assert counts.matrix == Counter((o.peak, n.peak) for o, n in both)
    assert counts.moved > 0
    assert (counts.care, counts.onset_shift_min) == ({}, Counter())
    assert counts.up + counts.down == Counter({BESIDE: counts.moved})


def rule_at(pair: Pair, **found: Any) -> str:
    """The rule that moves a patient of one observation."""
    case = read_case({"observations": [{"time_h": 48, "temp_c": 39.0, **found}]})
    counts, _ = moves(pair, columns_of([case]), None, str)
    (place,) = counts.up | counts.down
    assert counts.reached[place] == 1
    assert counts.first(place) == "0"
    return str(pair.rules[place])


def test_the_rule_that_moves_a_patient_is_the_one_with_the_findings() -> None:
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False}
    calm |= {"organ_toxicity_grade": 0, "creatinine_grade": 0, "transaminase_grade": 0}
    lee = PAIRS["lee"]
    assert "o2_device cpap or bipap" in rule_at(
        lee, **calm, o2_device="cpap", fio2=0.3, positive_pressure_reason="hypoxia"
    )
    two = {**calm, "hypotension": True, "vasopressors": 2, "vasopressor_dose_high": True}
    assert rule_at(lee, **two, o2_device="none").startswith("vasopressor_other_cause no, vasopressors 2–6: 4 → 3")


def test_a_fever_that_no_longer_opens_the_episode_moves_by_its_own_rule() -> None:
    crs = ASTCT.scale("crs")
    text = SHIPPED.replace('fever = ">= 38.0", no_fever = "< 38.0"', 'fever = ">= 38.5", no_fever = "< 38.5"')
    pair = pair_of(crs, parse(text, "warmer").scale("crs"))
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
    rows = [
        {"time_h": 24, "temp_c": 38.2, **calm},
        {"time_h": 28, "temp_c": 37.0, **calm, "hypotension": True},
    ]
    case = read_case({"observations": rows, "treatments": [{"time_h": 25, "drug": "tocilizumab"}]})
    counts, _ = moves(pair, columns_of([case]), None, str)
    assert counts.matrix == Counter({(2, 0): 1})
    (place,) = counts.down
    assert "temp_c 38 to below 38.5" in pair.rules[place].found


@pytest.mark.parametrize("name", ["lee", "cres", "C8"])
def test_a_region_reaches_the_rows_whose_cells_it_has(name: str) -> None:
    """Each row of the golden cases is in a region exactly when its known values pass the tests."""
    pair = PAIRS[name]
    columns = columns_of(CASES)
    rows = np.arange(len(columns))
    observed = [(case, o) for case in CASES for o in case.observations]
    for rule in pair.rules:
        found = reach(rule.where, columns, rows)
        for i, (case, observation) in enumerate(observed):
            values = [(value_of(case, observation, n), READABLE[n].default, tests) for n, tests in rule.where]
            known = [(v if v is not None else d, tests) for v, d, tests in values]
            if any(partial(observation, name) for name, _ in rule.where):
                continue
            fits = [None if v is None else any(t.holds(v) for t in tests) for v, tests in known]
            assert found.surely[i] == all(f is True for f in fits)
            assert found.perhaps[i] == all(f is not False for f in fits)


def value_of(case: Case, observation: Any, name: str) -> Any:
    return getattr(case.patient, name, None) if READABLE[name].role == "patient" else getattr(observation, name)


def partial(observation: Any, name: str) -> bool:
    return name in ("ice", "capd", "cartox10") and getattr(observation, name) is None


def test_items_of_a_score_that_leave_its_total_open_reach_perhaps() -> None:
    pair = PAIRS["cres"]
    rule = next(r for r in pair.rules if dict(r.when).get("ice") == "3–6")
    items = {"year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 0}  # 4 to 7
    case = read_case({"observations": [{"time_h": 48, "ice_items": items, "consciousness": "spontaneous"}]})
    found = reach(rule.where, columns_of([case]), np.array([0]))
    assert (found.surely.tolist(), found.perhaps.tolist()) == ([False], [True])


SIDES = Sides("astct-2019", (), "lee-2014", (), (("crs", "crs"),))


def test_blocks_add_up_in_any_grouping() -> None:
    scenario = load_scenario("zuma-1")
    whole, moved = on_block(SIDES, Block(scenario, "ZUMA-1", 1, 0, 60))
    parts = [on_block(SIDES, Block(scenario, "ZUMA-1", 1, first, 20)) for first in (0, 20, 40)]
    assert total(part[0] for part, _ in parts) == whole[0]
    assert sum(n for _, n in parts) == moved
    done: list[int] = []
    blocks = [Block(scenario, "ZUMA-1", 1, first, 20) for first in (0, 20, 40)]
    found = of_blocks("x", blocks, SIDES, None, 2, done.append)
    assert (found.moves, found.moved, found.patients, done) == ((whole[0],), moved, 60, [20, 20, 20])


@settings(max_examples=4)
@given(st.integers(0, 3))
def test_what_nobody_has_is_not_exercised_with_a_case_that_has_it(seed: int) -> None:
    blocks = [Block(load_scenario("zuma-1"), "ZUMA-1", seed, 0, 10)]
    found = of_blocks("x", blocks, SIDES, None, 1, lambda _: None)
    (pair,) = found.pairs
    left = {str(each.rule) for each in found.not_exercised}
    assert left | {str(pair.rules[i]) for i in found.moves[0].reached} == {str(rule) for rule in pair.rules}
    for rule in (each.rule for each in found.not_exercised):
        assert rule.witness is not None
        counts, _ = moves(pair, columns_of([read_case(rule.witness)]), None, str)
        assert counts.matrix == Counter({(rule.old, rule.new): 1})
        assert counts.reached[pair.rules.index(rule)] == 1
