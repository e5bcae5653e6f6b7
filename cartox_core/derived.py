"""What a course derives and puts over its charts: episodes, what its doses tell, what is made of it as a whole.

Everything comes twice, with all that is unknown at its mildest and at its worst.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core.case import Case
from cartox_core.columns import Column, columns_of
from cartox_core.fields import Field, Value
from cartox_core.grade import Chart, Overrides, before_start, bounds
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
