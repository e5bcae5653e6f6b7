"""Scales of a whole course: what is made of a series, against a second implementation, and what a file may ask for."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import (
    Columns,
    Grade,
    GuidelineError,
    Scale,
    columns_of,
    explain_course,
    grade_columns,
    grade_course,
    grade_course_columns,
    load,
    read_case,
)
from cartox_core.derived import told
from cartox_core.library import parse
from cartox_core.series import features_of
from harness.golden import daily_rows
from tests.plain_icaht import PLAIN

SCALES = [(g, s, name) for (g, s) in PLAIN for name in [load(g).scale(s).features[0].of[0]]]
LEVELS = {
    "anc_per_ul": (0, 10, 100, 100.5, 105, 400, 500, 505, 510, 515, 1000, 1005, 1500, 1510, 4000),
    "platelets_10e9_l": (0, 10, 19.9, 20, 25, 49, 50, 60, 99, 100, 250),
}


@st.composite
def series(draw: st.DrawFn, field: str) -> list[dict[str, Any]]:
    """Rows of a ward: a count that changes now and then, days left out, two draws a day, an end."""
    day = draw(st.sampled_from([-2, 0, 0, 0, 25, 31, 31, 40, 95]))
    hour = draw(st.sampled_from([0.0, 6.0, 23.98]))
    rows: list[dict[str, Any]] = []
    for value, days, gap in draw(
        st.lists(
            st.tuples(st.none() | st.sampled_from(LEVELS[field]), st.integers(1, 15), st.integers(0, 9)),
            min_size=1,
            max_size=6,
        )
    ):
        for _ in range(days):
            rows.append({"time_h": 24 * day + hour} | ({} if value is None else {field: value}))
            day += 1
        day += gap
    if draw(st.booleans()) and hour < 20:
        again = draw(st.sampled_from(rows))
        rows.append({"time_h": again["time_h"] + 2, field: draw(st.sampled_from(LEVELS[field]))})
        rows.sort(key=lambda row: row["time_h"])
    if draw(st.integers(0, 4)) == 0:
        draw(st.sampled_from(rows))["next_therapy_or_progression"] = True
    return rows


@pytest.mark.parametrize(("guideline", "scale", "field"), SCALES, ids=lambda v: v)
@given(data=st.data())
def test_scalar_columns_and_the_plain_implementation_agree(
    guideline: str, scale: str, field: str, data: st.DataObject
) -> None:
    rows = data.draw(series(field))
    readings = {
        key: data.draw(st.sampled_from(sorted(reading.choices))) for key, reading in load(guideline).readings.items()
    }
    expected = Grade(*PLAIN[guideline, scale](rows, **readings))
    case, made = read_case({"observations": rows}), load(guideline, readings).scale(scale)
    assert grade_course(case.observations, (), made).grades == (expected,)
    ((explained, why),) = explain_course(case.observations, (), made)
    assert explained == expected
    assert why
    other = read_case({"observations": [{"time_h": 800.0, field: 30}]})
    columns = grade_course_columns(columns_of([other, case, other], made.fields), made)
    assert (columns.floor[1], columns.ceiling[1]) == (expected.floor, expected.ceiling)


@pytest.mark.slow
@pytest.mark.parametrize(("guideline", "scale", "field"), SCALES, ids=lambda v: v)
@given(data=st.data())
def test_a_lower_count_is_never_graded_lower(guideline: str, scale: str, field: str, data: st.DataObject) -> None:
    rows = data.draw(series(field))
    worse = [dict(row) for row in rows]
    for row in worse:
        if row.get(field) is not None and data.draw(st.booleans()):
            row[field] = 0
    made = load(guideline).scale(scale)
    before, after = (
        grade_course(read_case({"observations": told}).observations, (), made).grades[0] for told in (rows, worse)
    )
    assert before.floor <= after.floor
    assert before.ceiling <= after.ceiling


def early(values: str, **readings: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    scale = load("eha-ebmt-2023", readings).scale("icaht_early")
    case = read_case({"observations": list(daily_rows(values, "anc_per_ul"))})
    ((_, mild, worst),) = told(case.observations, (), scale)
    return mild, worst


def test_what_is_made_of_a_series_is_told_at_its_mildest_and_its_worst() -> None:
    mild, worst = early("4000*5 400 -*8 400 4000*16")
    assert mild == {"days_anc_500": 1, "days_anc_100": 0, "anc_500_never_recovered": False}
    assert worst == {"days_anc_500": 10, "days_anc_100": 8, "anc_500_never_recovered": False}


def test_a_scale_says_whether_it_grades_a_course_as_a_whole_and_what_it_reads() -> None:
    late = load("eha-ebmt-2023").scale("icaht_late")
    assert late.is_whole
    assert late.fields == ("anc_per_ul", "next_therapy_or_progression")
    assert late.field("lowest_anc_per_ul").unit == "/uL"
    assert late.field("temp_c").unit == "Cel"
    assert not load("astct-2019").scale("crs").is_whole


def test_the_summary_of_a_whole_course_is_its_grade() -> None:
    scale = load("eha-ebmt-2023").scale("icaht_late")
    case = read_case({"observations": list(daily_rows("400 - 400", "anc_per_ul", 40))})
    course = grade_course(case.observations, (), scale)
    assert (course.floors.peak, course.floors.onset_h, course.floors.hours_at_grade) == (3, None, ())


def test_a_column_that_is_absent_is_unknown() -> None:
    scale = load("eha-ebmt-2023").scale("icaht_early")
    rows = Columns(np.array([600, 2100], np.int32), {}, np.array([0]))
    found = grade_course_columns(rows, scale)
    assert (found.floor.tolist(), found.ceiling.tolist()) == ([0], [4])
    assert features_of(rows, scale)[0]["days_anc_500"].tolist() == [0]


def test_rows_cannot_be_graded_one_by_one() -> None:
    scale = load("eha-ebmt-2023").scale("icaht_late")
    with pytest.raises(ValueError, match="icaht_late grades courses, not rows"):
        grade_columns(Columns(np.array([600], np.int32), {}), scale)


# ------------------------------------------------------------------------------------------------ files

SMALL = """
id = "small"
title = "Small"
text = "For tests."
cite = ["lee-2019"]
[scale.worst]
title = "Worst"
cite = ["lee-2019"]
top = 1
[[scale.worst.feature]]
name = "peak"
text = "the highest of two grades"
made = "highest"
of = ["creatinine_grade", "transaminase_grade"]
first_day = 0
last_day = 5
cite = ["lee-2019"]
[[scale.worst.feature]]
name = "ever"
text = "ever hypotensive"
made = "highest"
of = ["hypotension"]
first_day = 0
last_day = 5
cite = ["lee-2019"]
[[scale.worst.feature]]
name = "hottest"
text = "highest temperature"
made = "highest"
of = ["temp_c"]
first_day = 0
last_day = 5
cite = ["lee-2019"]
[[scale.worst.domain]]
name = "d"
title = "D"
clause = [
  { id = "d.0", grade = 0, when = { peak = "< 3" }, text = "mild", cite = ["lee-2019"] },
  { id = "d.1", grade = 1, when = { peak = ">= 3" }, text = "severe", cite = ["lee-2019"] },
]
[[scale.worst.domain]]
name = "e"
title = "E"
clause = [
  { id = "e.0", grade = 0, when = { ever = false }, text = "never", cite = ["lee-2019"] },
  { id = "e.1", grade = 1, when = { ever = true, hottest = ">= 38" }, text = "with fever", cite = ["lee-2019"] },
  { id = "e.2", grade = 0, when = { hottest = "< 38" }, text = "without", cite = ["lee-2019"] },
]
"""


def worst(*rows: dict[str, Any]) -> str:
    scale: Scale = parse(SMALL, "small").scale("worst")
    case = read_case({"observations": list(rows)})
    return str(grade_course(case.observations, (), scale).grades[0])


def test_the_highest_value_on_its_days_counts_and_what_was_never_charted_is_unknown() -> None:
    calm = {"hypotension": False, "temp_c": 37.0}
    low = {"creatinine_grade": 1, "transaminase_grade": 2}
    assert worst({"time_h": 10, **calm, **low}, {"time_h": 30, **calm}) == "0"
    assert worst({"time_h": 10, **calm, **low}, {"time_h": 30, "creatinine_grade": 3}) == "1"
    assert worst({"time_h": 10, **calm, **low}, {"time_h": 150, "creatinine_grade": 3}) == "0"
    assert worst({"time_h": 10, **calm, "creatinine_grade": 1}, {"time_h": 30}) == "0–1"
    assert worst({"time_h": 10, **calm, **low}, {"time_h": 30, "hypotension": True, "temp_c": 38.0}) == "1"
    assert worst({"time_h": 10, **low}) == "0–1"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "peak"', 'name = "temp_c"', "temp_c: a charted field has that name"),
        ('of = ["temp_c"]', 'of = ["temp_f"]', "there is no field 'temp_f'; did you mean 'temp_c'?"),
        ('of = ["temp_c"]', 'of = ["temp_c", "hypotension"]', "highest is made of fields of one kind"),
        ('of = ["temp_c"]', 'of = ["o2_device"]', "highest is made of fields of one kind"),
        ('of = ["temp_c"]', 'of = ["temp_c"]\nuntil = "fio2"', "until is 'fio2'; it must be a field that is true"),
        ('of = ["temp_c"]', 'of = ["temp_c"]\ntest = "> 38"', "highest takes no test"),
        ("last_day = 5", "last_day = -1", "last_day is -1; it must be a whole number from 0"),
        ("first_day = 0", "first_day = 9", "its days end before they begin, or are more than 200"),
        ('made = "highest"', 'made = "high"', "made is 'high'; it must be one of longest_days"),
        ('made = "highest"', 'made = "lowest"', "lowest is made of one field that is a number"),
    ],
)
def test_a_feature_that_cannot_be_made_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(GuidelineError) as refusal:
        parse(SMALL.replace(old, new), "small")
    assert message in str(refusal.value)


ICAHT_DAYS = """made = "total_days"
of = ["temp_c"]
test = "> 38"
first_day = 0
last_day = 5"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('test = "> 38"\n', "", "total_days needs a test"),
        ('"> 38"', '"-"', "a test that anything passes counts every day"),
        ('"> 38"', '"> 3x"', "temp_c tests '> 3x'"),
        ("last_day = 5", "last_day = 1000", "its days end before they begin, or are more than 200"),
    ],
)
def test_days_need_a_test_and_an_end(old: str, new: str, message: str) -> None:
    counted = SMALL.replace('made = "highest"\nof = ["temp_c"]\nfirst_day = 0\nlast_day = 5', ICAHT_DAYS)
    counted = counted.replace('hottest = ">= 38"', 'hottest = ">= 2"').replace('hottest = "< 38"', 'hottest = "< 2"')
    assert parse(counted, "small").scale("worst").field("hottest").unit == "d"
    with pytest.raises(GuidelineError) as refusal:
        parse(counted.replace(old, new), "small")
    assert message in str(refusal.value)
