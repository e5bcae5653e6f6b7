"""Grade a patient's course: episodes, onset, peak, resolution and duration.

Two passes give the range: every unknown sign at its mildest, then every one at its worst. Both are exact,
because the grade never falls when a sign gets worse (grading protocol, version 1, section 3).
"""

import dataclasses
from collections.abc import Sequence

from cartox_core.derived import told
from cartox_core.grade import Because, Grade, Overrides, explain, grade
from cartox_core.guideline import Scale
from cartox_core.observation import Observation, Patient, Treatment

_NOBODY = Patient()


@dataclasses.dataclass(frozen=True, slots=True)
class Summary:
    """Onset, peak, resolution (hours since infusion) and duration of one course; None where not seen.

    ``hours_at_grade`` counts each grade from its observation to the next.
    """

    onset_h: float | None
    peak: int
    peak_h: float | None
    resolved_h: float | None
    duration_h: float | None
    hours_at_grade: tuple[float, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class CourseGrades:
    """The grade at each observation, and the summaries of the floors and of the ceilings."""

    grades: tuple[Grade, ...]
    floors: Summary
    ceilings: Summary


def grade_course(
    observations: Sequence[Observation],
    treatments: Sequence[Treatment],
    scale: Scale,
    patient: Patient = _NOBODY,
) -> CourseGrades:
    """The grades of a case: a snapshot when it has one observation, else a course.

    >>> from cartox_core.library import load
    >>> crs = load("astct-2019").scale("crs")
    >>> calm = dict(hypotension=False, vasopressors=0, vasopressin=False, o2_device="none")
    >>> chart = [Observation(time_h=t, temp_c=c, **calm) for t, c in [(20, 37.0), (24, 38.4), (28, 37.2)]]
    >>> course = grade_course(chart, [], crs)
    >>> [str(g) for g in course.grades], course.floors.onset_h, course.floors.duration_h
    (['0', '1', '0'], 24, 4.0)
    """
    grades = []
    for observation, low, high in told(observations, treatments, scale, patient):
        floor = grade(observation, scale, patient, low).floor
        ceiling = grade(observation, scale, patient, high).ceiling
        grades.append(Grade(floor, ceiling))
    if scale.is_whole:
        (whole,) = grades
        return CourseGrades((whole,), peak_alone(whole.floor), peak_alone(whole.ceiling))
    times, minutes = [o.time_h for o in observations], [o.minute for o in observations]
    return CourseGrades(
        tuple(grades),
        summarize(times, minutes, [g.floor for g in grades], scale.top),
        summarize(times, minutes, [g.ceiling for g in grades], scale.top),
    )


def explain_course(
    observations: Sequence[Observation],
    treatments: Sequence[Treatment],
    scale: Scale,
    patient: Patient = _NOBODY,
) -> list[tuple[Grade, tuple[Because, ...]]]:
    """The grade of each entry of the answer and what decides it."""
    return [
        explain_between(observation, scale, patient, low, high)
        for observation, low, high in told(observations, treatments, scale, patient)
    ]


def explain_between(
    observation: Observation, scale: Scale, patient: Patient, mild: Overrides, worst: Overrides
) -> tuple[Grade, tuple[Because, ...]]:
    """The grade of an observation and what decides it, by what a course derives at its mildest and at its worst."""
    under = explain(observation, scale, patient, mild)
    over = explain(observation, scale, patient, worst)
    found = Grade(under[0].floor, over[0].ceiling)
    if found.grade is not None:
        return found, under[1] if under[0] == found else over[1]
    lower = tuple(dataclasses.replace(b, bound="floor") for b in under[1] if b.bound != "ceiling")
    upper = tuple(dataclasses.replace(b, bound="ceiling") for b in over[1] if b.bound != "floor")
    return found, (*lower, *upper)


def peak_alone(peak: int) -> Summary:
    """The summary of a course that is graded as a whole: its grade, and no times."""
    return Summary(None, peak, None, None, None, ())


def summarize(times_h: Sequence[float], minutes: Sequence[int], grades: Sequence[int], top: int) -> Summary:
    """Onset, peak, resolution, duration and hours at each grade of a step function.

    Times are repeated as charted; spans are counted in the whole minutes that the protocol reads.

    >>> summarize([0, 4, 8, 12], [0, 240, 480, 720], [0, 2, 3, 0], top=5).hours_at_grade
    (4.0, 0.0, 4.0, 4.0, 0.0, 0.0)
    """
    ill = [i for i, g in enumerate(grades) if g >= 1]
    spans = [0] * (top + 1)
    for grade_now, start, end in zip(grades, minutes, minutes[1:], strict=False):
        spans[grade_now] += end - start
    hours = tuple(span / 60 for span in spans)
    if not ill:
        return Summary(None, 0, None, None, None, hours)
    onset, after = ill[0], ill[-1] + 1
    seen = after < len(grades)
    return Summary(
        onset_h=times_h[onset],
        peak=max(grades),
        peak_h=times_h[list(grades).index(max(grades))],
        resolved_h=times_h[after] if seen else None,
        duration_h=(minutes[after] - minutes[onset]) / 60 if seen else None,
        hours_at_grade=hours,
    )
