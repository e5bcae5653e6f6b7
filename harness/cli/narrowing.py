"""Which unknown fields could change a grade: those of which some value would narrow its range."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from cartox_core import Case, Grade, Observation, Patient, Scale, grade
from cartox_core.derived import Passes, passes
from cartox_core.grade import Chart, Overrides
from cartox_core.observation import ITEMS_OF, PATIENT
from cartox_core.tables import Axis, tables_of

LONGEST_RETRIED = 200  # observations of a course that is derived again for each value that is tried


def narrowing_fields(case: Case, scale: Scale, at: int, derived: Passes | None = None) -> tuple[str, ...]:
    """The unknown fields of observation ``at`` of which some value would narrow its grade.

    ``derived`` is what the course derives, where it is known already. In long courses a value is tried at its own
    observation alone, not for what it would do to the episode.

    >>> from cartox_core import load, read_case
    >>> chart = {"time_h": 9, "temp_c": 39, "hypotension": False, "vasopressors": 0, "vasopressin": False}
    >>> case = read_case({"observations": [{**chart, "o2_device": "nasal_cannula"}]})
    >>> narrowing_fields(case, load("astct-2019").scale("crs"), 0)
    ('o2_flow_l_min',)
    """
    mild, worst = derived or passes(case.observations, case.treatments, scale, case.patient)
    here = mild[at], worst[at]
    before = _range(case.observations[at], case.patient, scale, here)
    if before.grade is not None:
        return ()
    axes = [axis for table in tables_of(scale).tables for axis in table.axes]
    return tuple(
        _asked(axis, case.observations[at])
        for axis in axes
        if _unknown(axis, case, scale, at, here) and _narrows(axis, case, scale, at, before, here)
    )


Derived = tuple[Overrides, Overrides]


def _derived_at(observations: Sequence[Observation], case: Case, scale: Scale, at: int) -> Derived:
    """What the course derives at one observation: with every unknown sign at its mildest, and at its worst."""
    mild, worst = passes(observations, case.treatments, scale, case.patient)
    return mild[at], worst[at]


def _range(observation: Observation, patient: Patient, scale: Scale, derived: Derived) -> Grade:
    mild, worst = derived
    return Grade(
        grade(observation, scale, patient, mild).floor,
        grade(observation, scale, patient, worst).ceiling,
    )


def _unknown(axis: Axis, case: Case, scale: Scale, at: int, derived: Derived) -> bool:
    field = axis.field
    if field.default is not None or any(a.field == field.name and not a.when for a in scale.assumptions):
        return False
    if field.snapshot_only and not case.is_snapshot:
        return False
    if field.name in derived[0] and derived[0][field.name] == derived[1].get(field.name):
        return False
    return getattr(case.patient if field.name in PATIENT else case.observations[at], field.name) is None


def _narrows(axis: Axis, case: Case, scale: Scale, at: int, before: Grade, derived: Derived) -> bool:
    name = axis.field.name
    moves = derived[0] != derived[1]  # else no value of this observation can change what the course derives
    for value in _possible(axis, case.observations[at]):
        observation, patient = case.observations[at], case.patient
        if name in PATIENT:
            patient = dataclasses.replace(patient, **{name: value})
        else:
            observation = dataclasses.replace(observation, **{name: value})
        then = derived
        if moves and len(case.observations) <= LONGEST_RETRIED:
            rows = [*case.observations[:at], observation, *case.observations[at + 1 :]]
            then = _derived_at(rows, case, scale, at)
        if _range(observation, patient, scale, then) != before:
            return True
    return False


def _possible(axis: Axis, observation: Observation) -> list[Any]:
    if (items := Chart(observation).items(axis.field.name)) is not None:
        low, high = items.possible
        return list(range(low, high + 1))
    return [band.sample for band in axis.bands]


def _asked(axis: Axis, observation: Observation) -> str:
    name = axis.field.name
    return name if Chart(observation).items(name) is None else ITEMS_OF[name]
