"""The rows of cases as their floors are graded: with what a course derives over what is charted."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from cartox_core import (
    Case,
    Columns,
    Scale,
    as_graded,
    columns_of,
    grade_columns,
    grade_course,
    grade_course_columns,
    load,
    read_case,
)
from cartox_core.derived import derive_states, told
from tests import strategies

ASTCT = load("astct-2019")
CRS, ICANS = ASTCT.scale("crs"), ASTCT.scale("icans")
HOT, WARM = {"temp_c": 38.5}, {"temp_c": 37.0}


def rows_of(*cases: Any, scale: Scale = CRS) -> Columns:
    """Cases of rows of hour and fields, with what was given after a bar."""
    read = [
        read_case({"observations": [{"time_h": h, **seen} for h, seen in case["seen"]], "treatments": case["given"]})
        for case in ({"given": [], **(one if isinstance(one, dict) else {"seen": one})} for one in cases)
    ]
    return columns_of(read, scale.fields)


def test_the_episode_of_a_course_and_what_a_snapshot_states() -> None:
    course = [(10, WARM), (14, HOT), (18, WARM), (42, WARM)]
    stated = [(5, {**WARM, "crs_onset_fever": True, "fever_masked": True})]
    masked = {"seen": [(14, HOT), (18, WARM)], "given": [{"time_h": 15, "drug": "ibuprofen"}]}
    found = as_graded(rows_of(course, stated, masked), CRS)
    # the course: a fever at hour 14 opens, none at 18 shows that it is quiet, 24 h after the fever it has resolved
    assert found.column("crs_onset_fever").tolist() == [0, 0, 1, 0, 1, 0, 1]
    literal = as_graded(rows_of(course, stated, masked, scale=load("astct-2019", {"C8": "literal"}).scale("crs")), CRS)
    assert literal.column("fever_masked").tolist() == [0, 0, 0, 0, 1, 0, 1]


def test_graded_by_themselves_the_rows_have_the_floors_of_their_courses() -> None:
    low = {**WARM, "hypotension": True, "vasopressors": 1}
    rows = rows_of([(10, low), (14, HOT), (18, low), (60, low)], [(5, low)], [(5, HOT), (8, low)])
    floors = grade_course_columns(rows, CRS).floor
    assert floors.tolist() == [0, 1, 3, 3, 0, 1, 3]
    assert grade_columns(as_graded(rows, CRS), CRS).floor.tolist() == floors.tolist()


def test_snapshots_and_scales_without_episodes_stay_as_charted() -> None:
    alone = rows_of([(5, {**WARM, "crs_onset_fever": True})], [(7, HOT)])
    assert as_graded(alone, CRS) is alone
    assert ICANS.episode is None
    rows = rows_of([(5, {"ice": 9}), (9, {"ice": 3})], scale=ICANS)
    assert as_graded(rows, ICANS) is rows


READINGS: list[dict[str, str]] = [{}, {"C11": "six_hours"}, {"C27": "elapsed"}, {"C8": "literal", "C11": "six_hours"}]


def states_of(case: Case, scale: Scale) -> list[tuple[bool, bool]]:
    """Whether an earlier fever opened the episode and whether it was masked, by one course after the other."""
    mild, _ = derive_states(case.observations, case.treatments, scale, case.patient)
    return [(state.opened, state.masked) for state in mild if state]


def in_columns(cases: list[Case], scale: Scale) -> list[tuple[bool, bool]]:
    found = as_graded(columns_of(cases, scale.fields), scale)
    opened, masked = (found.column(name).tolist() for name in ("crs_onset_fever", "fever_masked"))
    return [(o == 1, m == 1) for o, m in zip(opened, masked, strict=True)]


@pytest.mark.parametrize("readings", READINGS, ids=str)
@settings(max_examples=40)
@given(one=strategies.courses(longest=5), other=strategies.courses(longest=4))
def test_one_course_after_the_other_and_all_in_columns(readings: dict[str, str], one: Any, other: Any) -> None:
    scale = load("astct-2019", readings).scale("crs")
    cases = [read_case(one), read_case(other)]
    assert in_columns(cases, scale) == states_of(cases[0], scale) + states_of(cases[1], scale)
    assert in_columns(cases[1:], scale) == states_of(cases[1], scale)


def test_the_fever_of_another_case_masks_nothing() -> None:
    """The first has a drug and no fever, the second a fever before that hour."""
    first = {"seen": [(10, WARM), (14, WARM)], "given": [{"time_h": 12, "drug": "ibuprofen"}]}
    scale = load("astct-2019", {"C8": "literal"}).scale("crs")
    found = as_graded(rows_of(first, [(5, HOT), (6, WARM)], scale=scale), scale)
    assert found.column("fever_masked").tolist() == [0, 0, 0, 0]
    assert found.column("crs_onset_fever").tolist() == [0, 0, 0, 1]


def test_an_episode_reaches_back_six_hours_and_its_own_fever_is_no_earlier_one() -> None:
    scale = load("astct-2019", {"C11": "six_hours"}).scale("crs")
    early = [(7.9, WARM), (8, WARM), (13, WARM), (14, HOT), (15, HOT)]
    assert as_graded(rows_of(early, scale=scale), scale).column("crs_onset_fever").tolist() == [0, 1, 1, 0, 1]


@pytest.mark.parametrize(("from_h", "floors"), [(1.5, [0, 0, 0, 1, 2]), (None, [1, 2, 2, 1, 2])])
def test_a_course_before_its_scale_begins_opens_nothing(from_h: float | None, floors: list[int]) -> None:
    """A fever at minute 89, hypotension at 105 and 120; the other case has its fever at minute 90."""
    late = dataclasses.replace(CRS, from_h=from_h)
    low = {**WARM, "hypotension": True, "vasopressors": 0, "vasopressin": False}
    first, second = [(89 / 60, HOT), (1.75, low), (2, low)], [(1.5, HOT), (2, low)]
    assert grade_course_columns(rows_of(first, second), late).floor.tolist() == floors
    alone = [read_case({"observations": [{"time_h": h, **row} for h, row in seen]}) for seen in (first, second)]
    assert [g.floor for one in alone for g in grade_course(one.observations, (), late).grades] == floors


def test_the_doses_of_a_case_reach_no_other_and_no_snapshot() -> None:
    lee = load("lee-2014").scale("crs")
    dose = [{"time_h": 0, "drug": "norepinephrine", "dose": 25, "unit": "ug/min"}]
    seen = [(0, HOT), (6, HOT)]
    cases = [{"seen": seen, "given": dose}, seen, {"seen": [(6, HOT)], "given": dose}, {"seen": seen, "given": dose}]
    found = as_graded(rows_of(*cases, scale=lee), lee)
    high = found.column("vasopressor_dose_high").tolist()
    assert high == [0, 1, 2, 2, 2, 0, 1]  # 2 is unknown


def test_hours_of_vasopressors_are_at_their_mildest() -> None:
    """The entry of unknown dose at hour 10 may be a stop: at the mildest it is one, so hour 12 has none."""
    mskcc = load("mskcc-2018").scale("crs")
    given = [
        {"time_h": 1, "drug": "norepinephrine", "dose": 5, "unit": "ug/min"},
        {"time_h": 10, "drug": "norepinephrine"},
    ]
    seen = [(0, HOT), (6, HOT), (12, HOT), (13, {**HOT, "vasopressor_hours": 30.0})]
    found = as_graded(rows_of({"seen": seen, "given": given}, scale=mskcc), mskcc)
    assert found.column("vasopressor_hours").tolist() == [0, 5, 0, 30]


def test_a_scale_of_whole_courses_has_one_row_a_case_of_what_it_makes() -> None:
    """Rejeski 2023: days of an ANC of 500/µL or less, and of 100/µL or less, within the first 30 days."""
    early = load("eha-ebmt-2023").scale("icaht_early")

    def daily(low: float, first: int, days: int) -> list[tuple[float, dict[str, float]]]:
        return [(24 * d + 6, {"anc_per_ul": low if first <= d < first + days else 3000}) for d in range(31)]

    rows = rows_of(daily(400, 5, 8), daily(3000, 0, 0), daily(90, 2, 3), scale=early)
    found = as_graded(rows, early)
    assert found.starts is not None and found.starts.tolist() == [0, 1, 2]
    assert found.minute.tolist() == [60 * (24 * 30 + 6)] * 3
    assert found.column("days_anc_500").tolist() == [8, 0, 3]
    assert found.column("days_anc_100").tolist() == [0, 0, 3]
    assert np.array_equal(found.column("anc_500_never_recovered"), [0, 0, 0])


def test_what_is_told_of_a_whole_course_has_the_kinds_of_its_fields() -> None:
    early = load("eha-ebmt-2023").scale("icaht_early")
    daily = [{"time_h": 24 * day, "anc_per_ul": 400 if day == 5 else 3000} for day in range(31)]
    case = read_case({"observations": daily})
    ((last, mild, _),) = told(case.observations, (), early)
    assert last is case.observations[-1]
    assert mild == {"days_anc_500": 1, "days_anc_100": 0, "anc_500_never_recovered": False}
    assert mild["anc_500_never_recovered"] is False
