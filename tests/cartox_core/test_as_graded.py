"""The rows of cases as their floors are graded: with what a course derives over what is charted."""

from typing import Any

import numpy as np

from cartox_core import Columns, Scale, as_graded, columns_of, grade_columns, grade_course_columns, load, read_case

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
