"""Grade a patient's course: episodes, onset, peak, resolution and duration.

Two passes give the range: every unknown sign at its mildest, then every one at its worst. Both are exact,
because the grade never falls when a sign gets worse (grading protocol, version 1, section 3).
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core.case import Case
from cartox_core.columns import Column, columns_of
from cartox_core.fields import Field, Value
from cartox_core.grade import Because, Chart, Grade, Overrides, before_start, bounds, explain, grade
from cartox_core.guideline import Episode, Scale
from cartox_core.observation import MASKING_DRUGS, Observation, Patient, Treatment
from cartox_core.series import features_of
from cartox_core.tables import Table, tables_of
from cartox_core.vasopressors import fill, given_of

_NOBODY = Patient()
_NOTHING: Overrides = {}
Passes = tuple[Sequence[Overrides], Sequence[Overrides]]  # a row an observation


@dataclasses.dataclass(frozen=True, slots=True)
class State:
    """What a course derives at one time: did an earlier fever open the episode, and was fever masked since?"""

    opened: bool
    masked: bool


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
    explained = []
    for observation, low, high in told(observations, treatments, scale, patient):
        under = explain(observation, scale, patient, low)
        over = explain(observation, scale, patient, high)
        found = Grade(under[0].floor, over[0].ceiling)
        if found.grade is not None:
            explained.append((found, under[1] if under[0] == found else over[1]))
        else:
            lower = tuple(dataclasses.replace(b, bound="floor") for b in under[1] if b.bound != "ceiling")
            upper = tuple(dataclasses.replace(b, bound="ceiling") for b in over[1] if b.bound != "floor")
            explained.append((found, (*lower, *upper)))
    return explained


def told(
    observations: Sequence[Observation], treatments: Sequence[Treatment], scale: Scale, patient: Patient = _NOBODY
) -> Iterator[tuple[Observation, Overrides, Overrides]]:
    """For each entry of the answer an observation, and what the course puts over it, at its mildest and its worst.

    A scale that grades a course as a whole has one entry: the last observation, with what is made of all.
    """
    if scale.is_whole:
        mild, worst = features_of(columns_of([Case(None, patient, tuple(observations), ())], scale.fields), scale)
        yield observations[-1], _values(mild, scale), _values(worst, scale)
        return
    yield from zip(observations, *passes(observations, treatments, scale, patient), strict=True)


def _values(made: Mapping[str, Column], scale: Scale) -> Overrides:
    return {name: _value(column[0], scale.own[name]) for name, column in made.items()}


def _value(code: Any, field: Field) -> Value | None:
    """What one place of a column holds; None is unknown."""
    if field.kind == "number":
        return None if math.isnan(code) else float(code)
    return bool(code) if field.kind == "bool" else int(code)


def peak_alone(peak: int) -> Summary:
    """The summary of a course that is graded as a whole: its grade, and no times."""
    return Summary(None, peak, None, None, None, ())


def passes(
    observations: Sequence[Observation], treatments: Sequence[Treatment], scale: Scale, patient: Patient = _NOBODY
) -> Passes:
    """What a course puts over each chart: with all that is unknown at its mildest, and at its worst."""
    filled = _filled(observations, treatments, scale, patient)
    states = derive_states(observations, treatments, scale, patient, filled)
    mild, worst = (
        [{**row, **_overrides(scale, state)} for row, state in zip(rows, states_there, strict=True)]
        for rows, states_there in zip(filled, states, strict=True)
    )
    return mild, worst


def _overrides(scale: Scale, state: State | None) -> dict[str, bool]:
    """The state fields that a course puts over what is charted; none for a snapshot."""
    if state is None or scale.episode is None:
        return {}
    return {scale.episode.opened: state.opened, scale.episode.masked: state.masked}


def _filled(
    observations: Sequence[Observation], treatments: Sequence[Treatment], scale: Scale, patient: Patient
) -> Passes:
    """What the doses of a course put where nothing is charted; nothing in a snapshot."""
    given = given_of(treatments, patient) if scale.infusions is not None and len(observations) > 1 else None
    if given is None or scale.infusions is None:
        nothing = [_NOTHING] * len(observations)
        return nothing, nothing
    return fill(observations, given, scale.infusions)


def derive_states(
    observations: Sequence[Observation],
    treatments: Sequence[Treatment],
    scale: Scale,
    patient: Patient = _NOBODY,
    filled: Passes | None = None,
) -> tuple[list[State] | list[None], list[State] | list[None]]:
    """The states with every unknown sign at its mildest, and at its worst; None for a snapshot."""
    episode = scale.episode
    if episode is None or len(observations) == 1:
        return [None] * len(observations), [None] * len(observations)
    tables = tables_of(scale)
    assert tables.fever is not None
    fevers, signs = [], []
    rows = filled or _filled(observations, treatments, scale, patient)
    for observation, low, high in zip(observations, *rows, strict=True):
        chart = Chart(observation, patient, low)
        charts = chart, chart if low is high else Chart(observation, patient, high)
        quiet = before_start(observation, scale)
        fever = (0, 0) if quiet else _span(tables.fever, charts)
        found = [fever] + ([] if quiet else [_span(t, charts) for t in tables.signs])
        fevers.append(fever)
        signs.append((max(f for f, _ in found), max(c for _, c in found)))
    minutes = [o.minute for o in observations]
    drugs = sorted(t.minute for t in treatments if t.drug in MASKING_DRUGS)
    passes = (
        _follow(minutes, [bool(f[i]) for f in fevers], [bool(s[i]) for s in signs], drugs, episode) for i in (0, 1)
    )
    mild, worst = passes
    return mild, worst


def _span(table: Table, charts: tuple[Chart, Chart]) -> tuple[int, int]:
    """The lowest grade of one table by the first chart, the highest by the second."""
    low = bounds(table, charts[0])
    return low if charts[0] is charts[1] else (low[0], bounds(table, charts[1])[1])


def _follow(
    minutes: Sequence[int], fevers: Sequence[bool], signs: Sequence[bool], drugs: Sequence[int], episode: Episode
) -> list[State]:
    """Follow the episodes of one course through its observations."""
    states = []
    openings = []
    opened_at = last_sign = None
    seen_quiet = episode.gap_resolves
    for minute, fever, sign in zip(minutes, fevers, signs, strict=True):
        if opened_at is not None and last_sign is not None:
            seen_quiet = seen_quiet or not sign
            if seen_quiet and minute - last_sign >= 60 * episode.quiet_h:
                opened_at = None
        earlier = opened_at is not None
        if fever and opened_at is None:
            opened_at = minute
            openings.append(minute)
        if opened_at is not None and sign:
            last_sign, seen_quiet = minute, episode.gap_resolves
        masked = opened_at is not None and any(opened_at <= drug <= minute for drug in drugs)
        states.append(State(earlier, masked))
    return _look_back(states, minutes, openings, episode)


def _look_back(states: list[State], minutes: Sequence[int], openings: Sequence[int], episode: Episode) -> list[State]:
    """Under reading C11 an episode reaches back some hours before the fever that opened it."""
    reach = 60 * episode.look_back_h
    if not reach:
        return states
    return [
        State(True, state.masked) if any(0 < opening - minute <= reach for opening in openings) else state
        for minute, state in zip(minutes, states, strict=True)
    ]


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
