"""Summaries of many courses are those of ``course.py``, one case at a time; the kernel's are numpy's."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Columns
from cartox_core.course import Summary, summarize
from cartox_core.kernel import WORTH_CALLING_ROWS, kernel_for, load_kernel
from cartox_core.summary_columns import NEVER, STRETCH_CASES, SummaryColumns, summary_columns

COURSES = st.lists(st.lists(st.tuples(st.integers(1, 600), st.integers(0, 5)), min_size=1, max_size=12), min_size=1)
Course = list[tuple[int, int]]  # minutes since the row before, grade


def rows_of(courses: list[Course]) -> tuple[Columns, np.ndarray]:
    minute = np.concatenate([np.cumsum([later for later, _ in course]) - 700 for course in courses])
    starts = np.cumsum([0, *map(len, courses)])[:-1]
    return Columns(minute.astype(np.int32), {}, starts), np.array([g for c in courses for _, g in c], np.uint8)


def entry(found: SummaryColumns, case: int) -> tuple[float | None, ...]:
    """Onset, peak, its time, resolution and duration as ``Summary`` has them."""
    named = (found.onset_min, found.peak_min, found.resolved_min, found.duration_min)
    onset, peak_at, resolved, duration = (None if m[case] == NEVER else m[case] / 60 for m in named)
    return onset, int(found.peak[case]), peak_at, resolved, duration


def alone(course: Course) -> tuple[float | None, ...]:
    minutes = [int(m) for m in np.cumsum([later for later, _ in course]) - 700]
    found: Summary = summarize([m / 60 for m in minutes], minutes, [g for _, g in course], 5)
    return found.onset_h, found.peak, found.peak_h, found.resolved_h, found.duration_h


def same(a: SummaryColumns, b: SummaryColumns) -> bool:
    return all(np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))


def cases_of(found: SummaryColumns, some: slice) -> SummaryColumns:
    return SummaryColumns(*(getattr(found, field.name)[some] for field in dataclasses.fields(found)))


@given(COURSES)
@settings(deadline=None)
def test_each_case_is_summarized_like_one_course(courses: list[Course]) -> None:
    found = summary_columns(*rows_of(courses))
    assert [entry(found, i) for i in range(len(courses))] == [alone(course) for course in courses]


def test_a_course_by_hand() -> None:
    """Grades 0 1 3 3 0 2 0 at every 4 hours from 8 on: ill from 12 to 32 hours, worst at 16."""
    course = [(700 + 480, 0), *((240, g) for g in (1, 3, 3, 0, 2, 0))]
    found = summary_columns(*rows_of([[(700, 0)], course, course[:-1]]))
    assert entry(found, 0) == (None, 0, None, None, None)
    assert entry(found, 1) == (12, 3, 16, 32, 20)
    assert entry(found, 2) == (12, 3, 16, None, None)


def test_the_kernel_and_threads_give_the_same() -> None:
    pytest.importorskip("numba")
    assert load_kernel() is not None
    rng, cases = np.random.default_rng(1), 3 * STRETCH_CASES
    lengths = rng.integers(1, 30, cases)
    grades = np.where(rng.random(lengths.sum()) < 0.8, 0, rng.integers(0, 6, lengths.sum())).astype(np.uint8)
    minute = np.cumsum(rng.integers(1, 90, lengths.sum())).astype(np.int32)
    ends = np.cumsum(lengths)
    columns = Columns(minute, {}, ends - lengths)
    assert kernel_for(len(columns)) is not None
    found = summary_columns(columns, grades)
    assert same(found, summary_columns(columns, grades, threads=2))
    several = 1000  # few enough for numpy
    assert ends[several - 1] < WORTH_CALLING_ROWS
    for first in range(0, cases - several, several):
        begin, end = ends[first] - lengths[first], ends[first + several - 1]
        part = Columns(minute[begin:end], {}, columns.starts[first : first + several] - begin)  # type: ignore[index]
        assert same(summary_columns(part, grades[begin:end]), cases_of(found, slice(first, first + several)))


def test_what_cannot_be_summarized_is_refused() -> None:
    rows = Columns(np.zeros(3, np.int32), {})
    with pytest.raises(ValueError, match="starts"):
        summary_columns(rows, np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match="2 grades are not those of 3 rows"):
        summary_columns(Columns(rows.minute, {}, np.array([0])), np.zeros(2, np.uint8))
