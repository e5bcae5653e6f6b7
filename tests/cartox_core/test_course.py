"""Courses: where an episode opens, what keeps it open, when it has resolved, and what is said of the whole."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from cartox_core import (
    Guideline,
    Observation,
    Summary,
    Treatment,
    columns_of,
    explain_course,
    grade_course,
    grade_course_columns,
    load,
)
from cartox_core.case import Case
from cartox_core.conditions import OneOf
from cartox_core.course import summarize
from cartox_core.derived import derive_states
from cartox_core.guideline import Assumption
from cartox_core.observation import MASKING_DRUGS, TREATMENT, Patient

ASTCT = load("astct-2019")
DAY = 1440
CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
HOT = {"temp_c": 39.0, **CALM}
QUIET = {"temp_c": 36.5, **CALM}
LOW = {**QUIET, "hypotension": True}  # grade 2 while the episode is open
OXYGEN = {**QUIET, "o2_device": "blow_by"}
NOTHING: dict[str, Any] = {}
Charted = tuple[int, dict[str, Any]]  # minute, fields


def observations(*charted: Charted) -> list[Observation]:
    return [Observation(time_h=minute / 60, **fields) for minute, fields in charted]


def course(*charted: Charted, drugs: Sequence[int] = (), guideline: Guideline = ASTCT, scale: str = "crs") -> list[str]:
    """The grades of a course as text, after holding the columns and the explanation against them."""
    seen = observations(*charted)
    given = [Treatment(time_h=minute / 60, drug="tocilizumab") for minute in drugs]
    rules = guideline.scale(scale)
    graded = grade_course(seen, given, rules)
    columns = grade_course_columns(columns_of([Case(None, Patient(), tuple(seen), tuple(given))], rules.fields), rules)
    assert [(g.floor, g.ceiling) for g in graded.grades] == list(zip(columns.floor, columns.ceiling, strict=True))
    assert [found for found, _ in explain_course(seen, given, rules)] == list(graded.grades)
    return [str(g) for g in graded.grades]


def test_an_episode_opens_with_a_fever_and_lasts_while_there_is_a_sign() -> None:
    assert course((0, LOW), (60, HOT), (120, LOW), (180, QUIET)) == ["0", "1", "2", "0"]


@pytest.mark.parametrize("sign", [HOT, LOW, OXYGEN], ids=["fever", "hypotension", "hypoxia"])
def test_each_of_the_three_signs_keeps_an_episode_open(sign: dict[str, Any]) -> None:
    grades = course((0, HOT), (1439, sign), (1500, QUIET), (1439 + 1439, LOW), (1439 + 1439 + 1440, LOW))
    assert grades[3:] == ["2", "2"]
    assert course((0, HOT), (1439, QUIET), (1500, QUIET), (1439 + 1439, LOW))[3] == "0"


@pytest.mark.parametrize(("minutes", "grade"), [(1439, "2"), (1440, "0"), (1441, "0")])
def test_an_episode_has_resolved_exactly_24_h_after_its_last_sign(minutes: int, grade: str) -> None:
    assert course((0, HOT), (1000, QUIET), (minutes, LOW)) == ["1", "0", grade]
    assert course((0, HOT), (700, LOW), (1000, QUIET), (700 + minutes, LOW))[3] == grade


def test_an_uncharted_gap_resolves_nothing() -> None:
    assert course((0, HOT), (5 * DAY, LOW)) == ["1", "2"]
    assert course((0, HOT), (5 * DAY, QUIET), (5 * DAY + 1, LOW)) == ["1", "0", "0"]
    assert course((0, HOT), (5 * DAY, NOTHING), (5 * DAY + 60, LOW)) == ["1", "0–4", "0–2"]


def test_the_observation_without_a_sign_may_come_at_any_time_between() -> None:
    assert course((0, HOT), (1, QUIET), (DAY, LOW)) == ["1", "0", "0"]
    assert course((0, HOT), (1, QUIET), (2, LOW), (DAY + 1, LOW), (DAY + 2, LOW)) == ["1", "0", "2", "2", "2"]


def test_a_sign_after_a_quiet_observation_starts_the_24_h_again() -> None:
    """The quiet observation before that sign no longer counts."""
    assert course((0, HOT), (600, QUIET), (1200, LOW), (1200 + 5 * DAY, LOW)) == ["1", "0", "2", "2"]


def test_a_fever_after_resolution_opens_a_new_episode() -> None:
    assert course((0, HOT), (DAY, QUIET), (DAY + 60, LOW), (DAY + 120, HOT), (DAY + 180, LOW)) == [
        "1", "0", "0", "1", "2",
    ]  # fmt: skip
    assert course((0, HOT), (700, QUIET), (DAY, HOT), (DAY + 60, LOW)) == ["1", "0", "1", "2"]


def test_a_fever_with_another_cause_opens_nothing() -> None:
    other = {**HOT, "fever_other_cause": True}
    assert course((0, other), (60, LOW), (120, HOT), (180, {**LOW, "fever_other_cause": True})) == ["0", "0", "1", "2"]


def test_excused_support_is_no_sign() -> None:
    excused = {**QUIET, "vasopressors": 1, "vasopressor_other_cause": True, "o2_device": "cpap",
               "positive_pressure_reason": "chronic"}  # fmt: skip
    assert course((0, HOT), (1439, excused), (1440, LOW)) == ["1", "0", "0"]


def test_death_is_no_sign_and_is_graded_in_any_state() -> None:
    dead = {**QUIET, "death_from_crs": True}
    assert course((0, dead), (60, HOT), (1499, dead), (1500, LOW)) == ["5", "1", "5", "0"]


def test_nothing_before_the_infusion_opens_an_episode_or_keeps_it() -> None:
    assert course((-1, HOT), (0, LOW), (60, HOT), (120, LOW)) == ["0", "0", "1", "2"]
    assert course((-60, {**HOT, "death_from_crs": True}), (-1, HOT), (0, HOT)) == ["0", "0", "1"]


def test_at_the_very_minute_of_the_infusion_a_fever_counts() -> None:
    assert course((-1, QUIET), (0, HOT), (60, LOW)) == ["0", "1", "2"]


def test_unknown_signs_are_mildest_for_the_floor_and_worst_for_the_ceiling() -> None:
    assert course((0, NOTHING), (60, QUIET), (120, LOW)) == ["0–4", "0", "0–2"]
    assert course((0, HOT), (1439, NOTHING), (1440, LOW)) == ["1", "0–4", "0–2"]
    assert course((0, HOT), (1439, {**QUIET, "temp_c": None}), (1440, LOW)) == ["1", "0–1", "0–2"]


def test_one_observation_is_a_snapshot_and_two_are_a_course() -> None:
    alone = {**LOW, "crs_onset_fever": None}
    assert course((60, alone)) == ["0–2"]
    assert course((60, alone), (120, QUIET)) == ["0", "0"]
    assert derive_states(observations((60, HOT)), [], ASTCT.scale("crs")) == ([None], [None])


def test_a_scale_without_an_episode_grades_each_observation_alone() -> None:
    drowsy = {"consciousness": "voice", "ice": 10, "seizure": "none", "motor_weakness": "none",
              "cerebral_edema": "none", "posturing": False, "cn6_palsy": False, "papilledema": False,
              "cushing_triad": False}  # fmt: skip
    assert course((0, drowsy), (60, {**drowsy, "consciousness": "spontaneous"}), scale="icans") == ["2", "0"]
    assert derive_states(observations((0, HOT), (1, HOT)), [], ASTCT.scale("icans")) == ([None] * 2, [None] * 2)


# ---- named readings


LITERAL = load("astct-2019", {"C8": "literal"})


@pytest.mark.parametrize(("drug", "grade"), [(59, "0"), (60, "2"), (120, "2"), (121, "0")])
def test_a_masking_drug_counts_from_the_fever_that_opened_the_episode_on(drug: int, grade: str) -> None:
    """C8 literal: fever is waived after a drug, from the opening minute to the observation, both included."""
    assert course((60, HOT), (120, LOW), drugs=[drug], guideline=LITERAL) == ["1", grade]
    assert course((60, HOT), (120, LOW), drugs=[drug]) == ["1", "2"]


def test_a_drug_stays_in_force_while_its_episode_lasts_and_no_longer() -> None:
    first = [(0, HOT), (60, LOW), (700, LOW), (701, QUIET), (700 + DAY, HOT), (701 + DAY, LOW)]
    assert course(*first, drugs=[30], guideline=LITERAL) == ["1", "2", "2", "0", "1", "0"]
    assert course(*first, drugs=[30, 700 + DAY], guideline=LITERAL) == ["1", "2", "2", "0", "1", "2"]


def test_a_drug_before_the_first_fever_waives_nothing_but_one_of_several_may() -> None:
    assert course((60, HOT), (120, LOW), drugs=[10, 70], guideline=LITERAL) == ["1", "2"]
    assert course((60, HOT), (120, LOW), drugs=[70, 10], guideline=LITERAL) == ["1", "2"]
    assert course((60, HOT), (120, LOW), (180, LOW), drugs=[150], guideline=LITERAL) == ["1", "0", "2"]


@pytest.mark.parametrize("drug", TREATMENT["drug"].values)
def test_only_masking_drugs_mask(drug: str) -> None:
    seen = observations((0, HOT), (60, LOW))
    states, _ = derive_states(seen, [Treatment(time_h=0.5, drug=drug)], LITERAL.scale("crs"))
    assert [s is not None and s.masked for s in states] == [False, drug in MASKING_DRUGS]


def test_a_masking_drug_does_not_lengthen_the_24_h() -> None:
    assert course((0, HOT), (1439, QUIET), (1440, LOW), drugs=[1430]) == ["1", "0", "0"]


SEVEN_DAYS = load("astct-2019", {"C26": "seven_days"})


def test_under_c26_an_episode_lasts_seven_days() -> None:
    assert course((0, HOT), (DAY, QUIET), (7 * DAY - 1, LOW), guideline=SEVEN_DAYS) == ["1", "0", "2"]
    assert course((0, HOT), (DAY, QUIET), (7 * DAY, LOW), guideline=SEVEN_DAYS) == ["1", "0", "0"]


ELAPSED = load("astct-2019", {"C27": "elapsed"})


@pytest.mark.parametrize(("minutes", "grade"), [(1439, "2"), (1440, "0")])
def test_under_c27_time_alone_ends_an_episode(minutes: int, grade: str) -> None:
    assert course((0, HOT), (minutes, LOW), guideline=ELAPSED) == ["1", grade]
    assert course((0, HOT), (60, LOW), (60 + minutes, LOW), guideline=ELAPSED) == ["1", "2", grade]


SIX_HOURS = load("astct-2019", {"C11": "six_hours"})


def test_under_c11_an_episode_reaches_six_hours_back() -> None:
    rows = [(0, LOW), (1, LOW), (2, QUIET), (361, HOT), (362, QUIET)]
    assert course(*rows, guideline=SIX_HOURS) == ["0", "2", "0", "1", "0"]
    assert course(*rows) == ["0", "0", "0", "1", "0"]


def test_under_c11_each_episode_reaches_back_but_not_before_the_infusion() -> None:
    later = [(-1, LOW), (0, LOW), (359, HOT), (360, QUIET), (359 + DAY, LOW), (360 + DAY, HOT)]
    assert course(*later, guideline=SIX_HOURS) == ["0", "2", "1", "0", "2", "1"]
    assert course((0, LOW), (300, HOT), (301, LOW), (302, HOT), guideline=SIX_HOURS) == ["2", "1", "2", "1"]


def test_under_c11_what_lies_before_the_fever_is_not_masked() -> None:
    both = load("astct-2019", {"C11": "six_hours", "C8": "literal"})
    assert course((0, LOW), (60, HOT), (120, LOW), drugs=[0, 60], guideline=both) == ["0", "1", "2"]
    states, _ = derive_states(
        observations((0, LOW), (60, HOT), (90, HOT)), [Treatment(time_h=1, drug="ibuprofen")], both.scale("crs")
    )
    assert [s is not None and s.masked for s in states] == [False, True, True]


def test_under_c11_the_fever_of_the_next_patient_reaches_no_further() -> None:
    rules = SIX_HOURS.scale("crs")
    cases = [
        Case(None, Patient(), tuple(observations(*rows)), ())
        for rows in ([(0, LOW), (60, LOW)], [(90, HOT), (99, LOW)])
    ]
    found = grade_course_columns(columns_of(cases, rules.fields), rules)
    assert found.floor.tolist() == found.ceiling.tolist() == [0, 0, 1, 2]


# ---- reasons


def test_a_sure_grade_has_the_clauses_that_give_it() -> None:
    (_, opened), (_, later) = explain_course(observations((0, HOT), (60, LOW)), [], ASTCT.scale("crs"))
    assert [str(b) for b in opened] == ["crs.fever.g1: temperature of 38.0 °C or more, not explained otherwise"]
    assert [str(b) for b in later] == ["crs.hypotension.g2: hypotension without a vasopressor"]


def test_a_range_has_reasons_for_the_floor_and_then_for_the_ceiling() -> None:
    unsure = {**QUIET, "temp_c": None}
    _, (found, why) = explain_course(observations((0, unsure), (60, LOW)), [], ASTCT.scale("crs"))
    assert str(found) == "0–2"
    assert [b.bound for b in why] == ["floor", "ceiling"]
    assert str(why[0]).startswith("floor: the gate is closed")
    assert str(why[1]) == "ceiling: crs.hypotension.g2: hypotension without a vasopressor"


def test_the_reasons_of_two_ranges_are_the_floor_of_one_and_the_ceiling_of_the_other() -> None:
    _, (found, why) = explain_course(observations((0, NOTHING), (60, NOTHING)), [], ASTCT.scale("crs"))
    assert str(found) == "0–4"
    assert [b.bound for b in why] == ["floor"] + ["ceiling"] * (len(why) - 1)
    assert {b.clause.id for b in why[1:] if b.clause} == {"crs.hypotension.g4", "crs.hypoxia.positive_pressure"}


def test_a_sure_grade_has_the_reasons_of_the_floor() -> None:
    """The episode is open in one pass only, and the grade is 0 in both."""
    unsure = {**QUIET, "temp_c": None}
    _, (found, why) = explain_course(observations((0, unsure), (60, QUIET)), [], ASTCT.scale("crs"))
    assert str(found) == "0"
    assert [str(b) for b in why] == [f"the gate is closed; it opens with {ASTCT.scale('crs').gate_text}"]


def test_a_snapshot_is_explained_like_an_observation() -> None:
    ((found, why),) = explain_course(observations((60, {**LOW, "crs_onset_fever": True})), [], ASTCT.scale("crs"))
    assert (str(found), [b.clause.id for b in why if b.clause]) == ("2", ["crs.hypotension.g2"])


# ---- the course as a whole


def summary(minutes: list[int], grades: list[int], top: int = 5) -> Summary:
    return summarize([m / 60 for m in minutes], minutes, grades, top)


def test_onset_is_the_first_grade_and_resolution_the_first_observation_after_the_last() -> None:
    found = summary([0, 60, 120, 180, 240, 300], [0, 1, 0, 2, 2, 0])
    assert found == Summary(1.0, 2, 3.0, 5.0, 4.0, (2.0, 1.0, 2.0, 0.0, 0.0, 0.0))


def test_what_is_not_seen_is_none() -> None:
    assert summary([0, 60], [0, 0]) == Summary(None, 0, None, None, None, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert summary([0, 60], [0, 3]) == Summary(1.0, 3, 1.0, None, None, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert summary([], [], top=1) == Summary(None, 0, None, None, None, (0.0, 0.0))


def test_a_grade_of_1_from_the_first_observation_on() -> None:
    assert summary([30, 90], [1, 0], top=2) == Summary(0.5, 1, 0.5, 1.5, 1.0, (0.0, 1.0, 0.0))


def test_the_peak_is_first_reached_at_its_first_time() -> None:
    found = summary([0, 60, 120, 180], [1, 4, 2, 4])
    assert (found.peak, found.peak_h) == (4, 1.0)


def test_times_are_repeated_as_charted_and_spans_counted_in_minutes() -> None:
    found = summarize([0.001, 1.004], [0, 60], [1, 0], 1)
    assert found == Summary(0.001, 1, 0.001, 1.004, 1.0, (0.0, 1.0))


def test_floors_and_ceilings_are_summed_up_apart() -> None:
    graded = grade_course(observations((0, NOTHING), (60, HOT), (120, QUIET)), [], ASTCT.scale("crs"))
    assert (graded.floors.onset_h, graded.floors.peak, graded.floors.resolved_h) == (1.0, 1, 2.0)
    assert (graded.ceilings.onset_h, graded.ceilings.peak, graded.ceilings.duration_h) == (0.0, 4, 2.0)
    assert len(graded.floors.hours_at_grade) == ASTCT.scale("crs").top + 1


def test_no_observation_makes_an_empty_course() -> None:
    graded = grade_course([], [], ASTCT.scale("crs"))
    assert (graded.grades, graded.floors.peak, graded.floors.onset_h) == ((), 0, None)


def test_an_episode_may_have_its_fever_for_a_sign_without_naming_it() -> None:
    """The fever that opens an episode is always one of its signs."""
    crs = ASTCT.scale("crs")
    assert crs.episode is not None
    silent = dataclasses.replace(crs, episode=dataclasses.replace(crs.episode, signs=("hypotension",)))
    seen = observations((0, HOT), (1439, HOT), (1440, LOW), (1441, QUIET))
    assert [str(g) for g in grade_course(seen, [], silent).grades] == ["1", "1", "2", "0"]


def test_an_assumption_holds_for_the_signs_of_an_episode_too() -> None:
    taken = Assumption("vasopressors", 0, {"hypotension": OneOf((False,))}, "")
    crs = dataclasses.replace(ASTCT.scale("crs"), assumptions=(taken,))
    seen = observations((0, HOT), (60, {**QUIET, "vasopressors": None}), (DAY, LOW))
    assert [str(g) for g in grade_course(seen, [], crs).grades] == ["1", "0", "0"]


def test_columns_without_the_place_of_each_case_are_no_courses() -> None:
    rows = columns_of([Case(None, Patient(), tuple(observations((0, HOT), (60, LOW))), ())])
    with pytest.raises(ValueError, match=r"^courses need columns\.starts, the first row of each case$"):
        grade_course_columns(dataclasses.replace(rows, starts=None), ASTCT.scale("crs"))


def test_columns_without_drugs_have_none() -> None:
    rows = columns_of([Case(None, Patient(), tuple(observations((0, HOT), (60, LOW))), ())])
    found = grade_course_columns(dataclasses.replace(rows, drug_minute=None), LITERAL.scale("crs"))
    assert np.array_equal(found.floor, [1, 0])
