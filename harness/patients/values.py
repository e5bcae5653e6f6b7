"""Vital signs at every round and laboratory values once a day, to fill the chart as a ward's is filled.

They follow the stages of the illness plausibly and are never read by ASTCT grades; curves and sizes are
assumptions. Cohorts that only count grades leave them out.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import FIRST_DAY
from harness.patients.laboratory import Laboratory
from harness.patients.log import Log
from harness.patients.people import DAY_MIN, People
from harness.patients.rounds import MOST_ROUNDS, Rounds, stages
from harness.patients.signs import Signs

Numbers = npt.NDArray[np.float64]


def with_values(people: People, log: Log, signs: Signs, found: Laboratory) -> Signs:
    """The signs with vital signs, and the laboratory values of each day, beside them."""
    rounds = signs.rounds
    hypotension, oxygen = stages(log, "hypotension", rounds), stages(log, "oxygen", rounds)
    febrile = signs.fields["temp_c"] >= 38.0
    ill = np.maximum(hypotension, oxygen)
    age = signs.fields["age_years"]

    def about(name: str, middle: npt.ArrayLike, spread: float, digits: int = 0) -> Numbers:
        shorts = rounds.of_grid(people.draws.shorts(f"value/{name}", MOST_ROUNDS))
        scatter = shorts.astype(np.float64) / 32768.0 - 1
        scattered: Numbers = np.asarray(middle, np.float64) * (1 + spread * scatter)
        return np.round(scattered.clip(0), digits)

    young = np.maximum(12 - age, 0)  # small children's hearts beat, and they breathe, faster
    systolic = np.minimum(122.0, 90 + 2 * age) * np.where(hypotension > 0, 0.70, 1.0)
    vital: dict[str, Column] = {
        "heart_rate_bpm": about("heart", 74 + 4 * young + 22.0 * febrile + 12 * ill, 0.08),
        "resp_rate_min": about("breath", 15 + young + 3.0 * febrile + 4 * oxygen, 0.12),
        "sbp_mmhg": about("systolic", systolic, 0.05),
        "dbp_mmhg": about("diastolic", 0.6 * systolic, 0.05),
        "spo2_pct": np.minimum(about("oxygen", 97.5 - 1.5 * oxygen, 0.015), 100.0),
    }
    daily = {name: column for name, column in _daily(rounds, found).items() if name not in signs.fields}
    return dataclasses.replace(signs, fields={**signs.fields, **vital, **daily})


def _daily(rounds: Rounds, found: Laboratory) -> dict[str, Column]:
    """The laboratory values at the first round of each day, unknown at the others."""
    rows = np.flatnonzero(rounds.minute % DAY_MIN == 0)
    place, day = rounds.place[rows], rounds.minute[rows] // DAY_MIN - FIRST_DAY
    columns: dict[str, Column] = {}
    for name, series in found.series.items():
        column = np.full(len(rounds.minute), unknown_code(READABLE[name]), series.dtype)
        column[rows] = series[place, day]
        columns[name] = column
    return columns
