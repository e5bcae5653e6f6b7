"""Neurologic events in the words of CTCAE, at the rounds that look for them: those of ICANS, and those that are none.

In ICANS the encephalopathy is as bad as the grade, and what else shows is no worse. An event that is no ICANS shows as
tremor, headache or confusion, for as long as ICANS would have lasted. What the daily chart has is seen at the rounds.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import DAYS, FIRST_DAY, Series
from harness.patients.people import DAY_MIN, People
from harness.patients.signs import NO_GRADE, Signs

NEUROLOGIC_EVENTS = (
    "encephalopathy",
    "confusion",
    "dysphasia",
    "alertness",
    "tremor_severity",
    "headache_severity",
    "seizure_loss_of_consciousness",
    "seizure_new_onset",
    "seizure_multiple_despite_treatment",
)
_ALONE = ("tremor_severity", "headache_severity", "confusion")  # how an event shows that is no ICANS
_ALERTNESS = np.array([0, 2, 3, 4, 0], np.uint8)  # by what the patient awakens to; unknown is put in later
_LEVELS = 4


def neurologic_events(people: People, signs: Signs, days: Mapping[str, Series]) -> dict[str, Column]:
    """The columns of :data:`NEUROLOGIC_EVENTS`, one entry a round; unknown at the rounds between.

    ``days`` are the findings of each day, of shape (patients, DAYS).
    """
    rounds, fields = signs.rounds, signs.fields
    examined = (signs.icans_intended != NO_GRADE) & (fields["seizure"] != unknown_code(READABLE["seizure"]))
    rows = np.flatnonzero(examined)
    place, minute = rounds.place[rows], rounds.minute[rows]
    grade, seizure = np.minimum(signs.icans_intended[rows], _LEVELS), fields["seizure"][rows]
    u = people.draws.uniforms("events", 5)[place]
    since = minute - people.neuro_onset_min[place]
    event = np.where((since >= 0) & (since <= people.neuro_duration_min[place]), people.event_level[place], 0)
    alone = (u[:, 4] * len(_ALONE)).astype(np.int64)
    found = {
        "encephalopathy": grade,
        "confusion": np.where(u[:, 0] < 0.7, np.minimum(grade, 3), 0),
        "dysphasia": np.where(u[:, 1] < 0.4, np.minimum(grade, 3), 0),
        "alertness": _ALERTNESS[fields["consciousness"][rows]],
        "tremor_severity": (u[:, 2] < 0.35) & (grade > 0),
        "headache_severity": (u[:, 3] < 0.3) & (grade > 0),
        "seizure_loss_of_consciousness": (seizure > 0) & (u[:, 0] < 0.5),
        "seizure_new_onset": seizure > 0,
        "seizure_multiple_despite_treatment": np.zeros(len(rows), bool),
    }
    for i, name in enumerate(_ALONE):
        found[name] = np.where(alone == i, np.maximum(found[name], event), found[name])
    day = (minute // DAY_MIN - FIRST_DAY).clip(max=len(DAYS) - 1)
    for name in found.keys() & days.keys():
        seen = days[name][place, day]
        found[name] = np.maximum(found[name], np.where(seen == unknown_code(READABLE[name]), 0, seen))
    return {name: _at(rows, values, unknown_code(READABLE[name]), len(examined)) for name, values in found.items()}


def _at(rows: npt.NDArray[np.int64], values: npt.NDArray[Any], unknown: float, length: int) -> Column:
    column = np.full(length, unknown, np.uint8)
    column[rows] = values
    return column
