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


def summary_told(found: Summary) -> str:
    """What a course came to, in a line.

    >>> from cartox_core import load, grade_course, Observation
    >>> fever = [Observation(time_h=h, temp_c=t) for h, t in ((4, 36.8), (28, 39.1), (32, 36.9))]
    >>> summary_told(grade_course(fever, (), load("astct-2019").scale("crs")).floors)
    'onset 28 h, peak grade 1 at 28 h, resolved 32 h, duration 4 h'
    """
    if found.onset_h is None:
        return "grade 0"
    return ", ".join(f"{name} {told}" for name, told in _words(found).items() if name != "time at grade")


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
