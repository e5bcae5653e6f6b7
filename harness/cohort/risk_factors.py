"""The risk factors that the review names, patient by patient, as charted: for Parquet and for a replayed patient."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from harness.patients.laboratory import Laboratory
from harness.patients.trials import Trial

M_EASIX_DAYS = {"m_easix_pre": -1, "m_easix_day_1": 1, "m_easix_day_3": 3}  # days since the infusion
BEFORE_DAY = -1
Values = npt.NDArray[np.float64]


def risk_factors(found: Laboratory, trial: Trial) -> Mapping[str, npt.NDArray[np.generic]]:
    """Columns with one entry a patient: burden (high, low), costimulation, platelets (10⁹/L) and modified EASIX.

    The last are NaN where a value that they need was not charted on the day, or the patient had died.
    """
    high = found.risk.tumor_burden_high
    platelets = _on_day(found, "platelets_10e9_l", BEFORE_DAY)
    return {
        "tumor_burden": np.where(high, "high", "low"),
        "costimulation": np.full(len(high), trial.costimulation),
        "platelets_pre_10e9_l": platelets,
        **{name: m_easix(found, day) for name, day in M_EASIX_DAYS.items()},
    }


def m_easix(found: Laboratory, day: int) -> Values:
    """LDH (U/L) × CRP (mg/dL) ÷ platelets (10⁹/L) of each patient on a day; NaN without platelets."""
    ldh, crp, platelets = (_on_day(found, name, day) for name in ("ldh_u_l", "crp_mg_dl", "platelets_10e9_l"))
    return ldh * crp / np.where(platelets > 0, platelets, np.nan)


def _on_day(found: Laboratory, name: str, day: int) -> Values:
    """The charted value of each patient on a day, NaN where there is none."""
    values = np.full(len(found.starts), np.nan)
    if name in found.columns.fields:
        rows = np.flatnonzero(found.day == day)
        values[found.place[rows]] = found.columns.fields[name][rows]
    return values


def risk_words(factors: Mapping[str, npt.NDArray[np.generic]], place: int) -> str:
    """The risk factors of one patient in a line."""
    value = {name: column[place].item() for name, column in factors.items()}
    told = [_number(value[name]) for name in M_EASIX_DAYS]
    return (
        f"tumor burden {value['tumor_burden']}, {value['costimulation']}, platelets before "
        f"{_number(value['platelets_pre_10e9_l'])} × 10⁹/L, modified EASIX {told[0]} before, {told[1]} on day 1, "
        f"{told[2]} on day 3"
    )


def _number(value: float) -> str:
    return "?" if np.isnan(value) else f"{value:.3g}"
