"""Onset, peak, resolution and duration of many courses at once, from the grades of their rows.

What ``course.py`` says of one course, in whole minutes. A grade mostly stays for many rows, so numpy looks at the rows
once, for where a run of one grade begins; all else is asked of the runs, which are few. The kernel reads each case.
"""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Columns
from cartox_core.kernel import kernel_for

NEVER = np.iinfo(np.int32).min
STRETCH_CASES = 2048
Minutes = npt.NDArray[np.int32]
Grades = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class SummaryColumns:
    """One entry a case: minutes since infusion, int32 (cases), ``NEVER`` where it was not seen; the peak as uint8."""

    onset_min: Minutes
    peak: Grades
    peak_min: Minutes
    resolved_min: Minutes
    duration_min: Minutes


def summary_columns(columns: Columns, grades: Grades, threads: int = 1) -> SummaryColumns:
    """Summarize the floors, or the ceilings, of the rows (uint8) of cases, each of which has a row at least.

    Raises ValueError without ``columns.starts``, or for grades of other rows.

    >>> rows = Columns(np.array([0, 240, 480, 720], np.int32), {}, np.array([0, 3]))
    >>> found = summary_columns(rows, np.array([0, 2, 0, 1], np.uint8))
    >>> found.onset_min.tolist(), found.peak.tolist(), found.duration_min.tolist() == [240, NEVER]
    ([240, 720], [2, 1], True)
    """
    if columns.starts is None:
        raise ValueError("summaries need columns.starts, the first row of each case")
    if grades.shape != columns.minute.shape:
        raise ValueError(f"{len(grades)} grades are not those of {len(columns)} rows")
    minute, grades = np.ascontiguousarray(columns.minute), np.ascontiguousarray(grades)
    cases, limits = len(columns.starts), np.append(columns.starts, len(columns))
    peak, minutes = np.empty(cases, np.uint8), np.empty((4, cases), np.int32)
    kernel = kernel_for(len(columns))
    summarize = _summarize if kernel is None else kernel.summarize_cases

    def stretch(first: int) -> None:
        here = slice(first, first + STRETCH_CASES)
        summarize(limits[first : first + STRETCH_CASES + 1], minute, grades, peak[here], minutes[:, here])

    starts = range(0, cases, STRETCH_CASES)
    if threads == 1:
        for first in starts:
            stretch(first)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(stretch, starts))
    onset, peak_min, resolved, duration = minutes
    return SummaryColumns(onset, peak, peak_min, resolved, duration)


def _summarize(limits: Places, minute: Minutes, grades: Grades, peak: Grades, minutes: Minutes) -> None:
    """Write the peaks (cases), and onset, peak, resolution and duration (4, cases), of cases between limits."""
    rows = slice(limits[0], limits[-1])
    run, limits = _runs(grades[rows], limits - limits[0])
    grade, at = grades[rows][run], minute[rows][run]
    ill = np.flatnonzero(grade)
    bounds = np.searchsorted(ill, limits)
    some = np.flatnonzero(bounds[:-1] < bounds[1:])  # cases that were ever ill
    first, beyond = bounds[some], bounds[some + 1]
    peak[:], minutes[:] = 0, NEVER
    if not len(some):
        return
    onset, highest_at, resolved, duration = minutes
    peak[some] = np.maximum.reduceat(grade[ill], first)
    highest = np.flatnonzero(grade[ill] == np.repeat(peak[some], beyond - first))
    highest_at[some] = at[ill[highest[np.searchsorted(highest, first)]]]
    onset[some] = at[ill[first]]
    after = ill[beyond - 1] + 1
    seen = after < limits[some + 1]
    resolved[some[seen]] = at[after[seen]]
    duration[some[seen]] = resolved[some[seen]] - onset[some[seen]]


def _runs(grades: Grades, limits: Places) -> tuple[Places, Places]:
    """The rows at which a run of one grade, or a case, begins; and where the runs of each case begin and end."""
    begins = np.empty(len(grades), np.bool_)
    np.not_equal(grades[1:], grades[:-1], begins[1:])
    begins[limits[:-1]] = True
    run = np.flatnonzero(begins)
    return run, np.searchsorted(run, limits)
