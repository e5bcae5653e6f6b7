"""The summary of a course in words: rows of what, from the floors, from the ceilings."""

from cartox_core import CourseGrades, Summary
from harness.cli.story import number


def hours(value: float | None, never: str) -> str:
    """A time or a span in hours.

    >>> hours(52.0, "never")
    '52 h'
    """
    return never if value is None else f"{number(value)} h"


def course_rows(course: CourseGrades) -> list[tuple[str, str, str]]:
    """What a course came to: (what, from the floors, from the ceilings)."""
    low, high = _words(course.floors), _words(course.ceilings)
    return [(name, low[name], high[name]) for name in low]


def _words(found: Summary) -> dict[str, str]:
    ill = found.onset_h is not None
    spent = [f"grade {g}: {number(round(h, 2))} h" for g, h in enumerate(found.hours_at_grade) if h and (g or not ill)]
    return {
        "onset": hours(found.onset_h, "none"),
        "peak": f"grade {found.peak} at {hours(found.peak_h, '')}" if ill else "grade 0",
        "resolved": hours(found.resolved_h, "not seen" if ill else "nothing to resolve"),
        "duration": hours(found.duration_h, "not known" if ill else "none"),
        "time at grade": ", ".join(spent) or "none",
    }
