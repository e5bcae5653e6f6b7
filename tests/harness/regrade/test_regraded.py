"""Peaks of cases and of simulated patients are those that each case alone has."""

from typing import Any

import numpy as np
import pytest

from cartox_core import Case, grade_course, load, read_case
from harness.cohort.block import Block, simulate_block
from harness.golden import golden_cases
from harness.patients.told import case_of
from harness.regrade import regraded as module
from harness.regrade.regraded import regrade_blocks, regrade_cases
from harness.regrade.under import chosen_under, every_under
from harness.scenarios.loader import load_scenario

CASES = [read_case(case.raw) for case in golden_cases() if case.refused is None][::5]
NAMES = [str(i) for i in range(len(CASES))]


def alone(case: Case) -> list[tuple[int, int]]:
    """Peaks of one case under every scale."""
    found = []
    for under in every_under():
        grades = grade_course(case.observations, case.treatments, under.scale, case.patient).grades
        found.append((max(g.floor for g in grades), max(g.ceiling for g in grades)))
    return found


def test_the_peaks_of_golden_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH_CASES", 7)
    found = regrade_cases(CASES, NAMES, every_under())
    assert found.patients == tuple(NAMES)
    both = np.stack([found.floors, found.ceilings], axis=2)
    assert [[tuple(p) for p in row] for row in both.tolist()] == [alone(case) for case in CASES]
    assert found.has_doses
    assert {"temp_c", "ice", "fio2"} <= found.charted
    assert list(found.families) == ["crs", "neurotoxicity"]


def test_the_peaks_of_simulated_patients() -> None:
    block = Block(load_scenario("juliet"), "JULIET", 3, 5, 6)
    done: list[int] = []
    found = regrade_blocks([block], every_under(), done.append)
    assert done == [6]
    assert found.patients[0] == "v1/juliet/JULIET/3/5"
    people, log, chart, _ = simulate_block(block, full=True)
    for place in range(6):
        peaks = alone(read_case(case_of(people, log, chart, place)))
        assert list(zip(found.floors[place].tolist(), found.ceilings[place].tolist(), strict=True)) == peaks


def test_simulated_patients_chart_all_that_crs_scales_read() -> None:
    block = Block(load_scenario("juliet"), "JULIET", 1, 0, 80)
    unders = [u for u in every_under() if u.family == "crs"]
    found = regrade_blocks([block], unders, lambda _: None)
    assert (found.floors == found.ceilings).all()


def test_what_is_charted_daily_is_graded_from_the_days() -> None:
    block = Block(load_scenario("juliet"), "JULIET", 1, 0, 80)
    unders = chosen_under(["eha-ebmt-2023:icaht_early", "ctcae-5:neutropenia", "astct-2019:crs"])
    found = regrade_blocks([block], unders, lambda _: None)
    place = {u.scale.name: i for i, u in enumerate(found.unders)}
    icaht, counts = found.floors[:, place["icaht_early"]], found.floors[:, place["neutropenia"]]
    assert (found.floors == found.ceilings).all()
    assert (icaht >= 1).sum() > 30
    assert (counts[icaht >= 1] >= 3).all()  # 500 per µL is severe by ICAHT, and grade 3 by CTCAE


def told(raw: dict[str, Any], *wanted: str) -> list[tuple[str, ...]]:
    found = regrade_cases([read_case(raw)], ["x"], chosen_under(wanted))
    return [found.never_charted(u) for u in found.unders]


def test_what_is_charted_for_nobody() -> None:
    seen = {"temp_c": 39.0, "hypotension": False, "vasopressors": 1, "vasopressin": False}
    raw = {"observations": [{"time_h": 1, **seen}, {"time_h": 2, "ice": 9}]}
    assert told(raw, "astct-2019", "mskcc-2018") == [
        ("o2_device", "o2_flow_l_min"),
        ("vasopressor_hours", "hypotension_refractory", "o2_device", "fio2"),
        tuple(n for n in load("astct-2019").scale("icans").fields if n in UNSEEN),
    ]
    dosed = {**raw, "treatments": [{"time_h": 1, "drug": "norepinephrine", "dose": 5, "unit": "ug/min"}]}
    assert told(dosed, "mskcc-2018", "astct-2019:crs") == [
        ("hypotension_refractory", "o2_device", "fio2"),
        ("o2_device", "o2_flow_l_min"),
    ]


UNSEEN = {"consciousness", "seizure", "motor_weakness", "cerebral_edema", "posturing", "cn6_palsy", "papilledema",
          "cushing_triad"}  # fmt: skip


def test_a_scale_of_a_whole_course_gives_its_one_grade() -> None:
    raw = {"observations": [{"time_h": 24 * day + 8, "anc_per_ul": 90} for day in range(20)]}
    cases = [read_case(raw), read_case({"observations": raw["observations"][:1]}), read_case(raw)]
    unders = chosen_under(["eha-ebmt-2023:icaht_early", "astct-2019:crs"])
    found = regrade_cases(cases, ["a", "b", "c"], unders)
    whole = next(i for i, u in enumerate(found.unders) if u.scale.is_whole)
    for place, case in enumerate(cases):
        (grade,) = grade_course(case.observations, case.treatments, unders[whole].scale).grades
        assert (found.floors[place, whole], found.ceilings[place, whole]) == (grade.floor, grade.ceiling)
