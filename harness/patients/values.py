"""Vital signs at every round and laboratory values once a day, to fill the chart as a ward's is filled.

They follow the stages of the illness plausibly and are never read by ASTCT grades; curves and sizes are
assumptions. Cohorts that only count grades leave them out.
"""

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column
from harness.patients.courses import Log
from harness.patients.draws import Uniforms
from harness.patients.people import DAY_MIN, People
from harness.patients.signs import MOST_ROUNDS, Rounds, Signs, stages

Numbers = npt.NDArray[np.float64]


def with_values(people: People, log: Log, signs: Signs) -> Signs:
    """The signs with vital signs and laboratory values beside them."""
    rounds = signs.rounds
    hypotension, oxygen = stages(log, "hypotension", rounds), stages(log, "oxygen", rounds)
    febrile = signs.fields["temp_c"] >= 38.0
    ill = np.maximum(hypotension, oxygen)
    age = people.age_years[rounds.place]

    def about(name: str, middle: npt.ArrayLike, spread: float, digits: int = 0) -> Numbers:
        shorts = people.draws.shorts(f"value/{name}", MOST_ROUNDS)[rounds.place, rounds.number]
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
    laboratory = _laboratory(people, rounds, about, febrile, ill)
    daily = rounds.minute % DAY_MIN == 0
    drawn = {k: np.where(daily, v, np.nan) for k, v in laboratory.items()}
    return dataclasses.replace(signs, fields={**signs.fields, **vital, **drawn})


def _laboratory(
    people: People,
    rounds: Rounds,
    about: Callable[[str, npt.ArrayLike, float, int], Numbers],
    febrile: npt.NDArray[np.bool_],
    ill: npt.NDArray[np.int64],
) -> dict[str, Numbers]:
    """Laboratory values: counts fall after lymphodepletion and recover, markers rise with the illness."""
    day = rounds.minute / DAY_MIN
    own: Uniforms = people.draws.uniforms("laboratory", 4)[rounds.place]
    lowest = 7 + 6 * own[:, 0]
    depth = np.exp(-((day - lowest) ** 2) / (2 * (4 + 5 * own[:, 1]) ** 2))
    counts = about("anc", 3200 * np.exp(-4.0 * depth), 0.2, 0)
    return {
        "anc_per_ul": np.where(counts < 10, 0.0, counts),
        "lymphocytes_per_ul": np.maximum(about("lymphocytes", 150 + 900 * day / 30, 0.3, 0), 10.0),
        "platelets_10e9_l": about("platelets", 160 * np.exp(-(1 + own[:, 2]) * depth), 0.1, 0),
        "hemoglobin_g_dl": np.maximum(about("hemoglobin", 10.5 - 2 * depth, 0.05, 1), 1.0),
        "crp_mg_dl": about("crp", 0.8 + 6.0 * febrile + 5 * ill, 0.3, 1),
        "ferritin_ng_ml": about("ferritin", 450 * np.exp(0.5 * febrile + 0.8 * ill), 0.2, 0),
        "ldh_u_l": about("ldh", 230 + 90.0 * ill, 0.15, 0),
        "ast_u_l": about("ast", 26 * np.exp(0.4 * ill), 0.2, 0),
        "alt_u_l": about("alt", 28 * np.exp(0.35 * ill), 0.2, 0),
        "creatinine_mg_dl": about("creatinine", 0.8 + 0.2 * np.maximum(ill - 1, 0), 0.1, 2),
        "fibrinogen_mg_dl": about("fibrinogen", 420 - 70.0 * ill, 0.1, 0),
    }
