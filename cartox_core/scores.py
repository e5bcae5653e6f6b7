"""Additive and multiplicative scores over laboratory values; a missing component gives a range, never a zero.

EASIX and its relatives are products (Pennisi 2021; Ferreri 2024, CRS and ICANS risk): LDH in U/L, creatinine and
C-reactive protein in mg/dL, platelets in 10⁹/L. CAR-HEMATOTOX adds points before lymphodepletion (Rejeski 2021). For
testing and teaching, not for treating patients.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from cartox_core.observation import OBSERVATION, Observation


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """The lowest and highest value that some completion of what is unknown gives; infinity where there is no bound."""

    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The one value, None where it is not decided."""
        return self.low if self.low == self.high else None


def easix(observation: Observation) -> Span | None:
    """EASIX: LDH × creatinine ÷ platelets.

    >>> easix(Observation(time_h=0, ldh_u_l=300, creatinine_mg_dl=1.0, platelets_10e9_l=150)).value
    2.0
    """
    return _index(observation, ("ldh_u_l", "creatinine_mg_dl"))


def simplified_easix(observation: Observation) -> Span | None:
    """Simplified EASIX: LDH ÷ platelets."""
    return _index(observation, ("ldh_u_l",))


def m_easix(observation: Observation) -> Span | None:
    """Modified EASIX: LDH × C-reactive protein (mg/dL) ÷ platelets.

    >>> m_easix(Observation(time_h=0, ldh_u_l=300, crp_mg_dl=3.0, platelets_10e9_l=150)).value
    6.0
    >>> m_easix(Observation(time_h=0, ldh_u_l=300, platelets_10e9_l=150))
    Span(low=0.0, high=200.0)
    """
    return _index(observation, ("ldh_u_l", "crp_mg_dl"))


def _index(observation: Observation, factors: Sequence[str]) -> Span | None:
    """A product over the platelets. None where the platelets are 0, for which the index is not defined."""
    low, high = _ends(observation, "platelets_10e9_l")
    if high == 0:
        return None
    tops = [_ends(observation, name) for name in factors]
    least = math.prod(top[0] for top in tops) / high
    most = math.prod(top[1] for top in tops)
    return Span(least, (most / low) if low else (math.inf if most else 0.0))


def _ends(observation: Observation, name: str) -> tuple[float, float]:
    """The lowest and highest that a value may be: itself, or the ends of its range where it is unknown."""
    value = getattr(observation, name)
    field = OBSERVATION[name]
    return (field.low, field.high) if value is None else (value, value)


@dataclasses.dataclass(frozen=True, slots=True)
class Points:
    """Points of an additive score, and whether the risk is high: None where what is unknown decides that."""

    low: int
    high: int
    is_high_risk: bool | None


# Points from the value on, the least first (Rejeski 2021, recalled); an equal ANC, hemoglobin or CRP gives no point
# (register H14), and the printed ends of a range belong to it.
_HEMATOTOX: Mapping[str, tuple[tuple[float, bool, int], ...]] = {  # (bound, whether the bound itself is below, points)
    "platelets_10e9_l": ((75, False, 2), (175, True, 1), (math.inf, False, 0)),
    "anc_per_ul": ((1200, False, 1), (math.inf, False, 0)),
    "hemoglobin_g_dl": ((9.0, False, 1), (math.inf, False, 0)),
    "crp_mg_dl": ((3.0, True, 0), (math.inf, False, 1)),
    "ferritin_ng_ml": ((650, False, 0), (2000, True, 1), (math.inf, False, 2)),
}
HIGH_RISK = 2


def car_hematotox(observation: Observation) -> Points:
    """CAR-HEMATOTOX: 0 to 7 points, high risk from 2 on.

    >>> car_hematotox(Observation(time_h=-120, platelets_10e9_l=75, anc_per_ul=1200, hemoglobin_g_dl=9.0,
    ...                           crp_mg_dl=3.0, ferritin_ng_ml=649))
    Points(low=1, high=1, is_high_risk=False)
    >>> car_hematotox(Observation(time_h=-120, platelets_10e9_l=60))
    Points(low=2, high=7, is_high_risk=True)
    """
    low = high = 0
    for name, steps in _HEMATOTOX.items():
        value = getattr(observation, name)
        possible = [points for _, _, points in steps] if value is None else [_points(value, steps)]
        low, high = low + min(possible), high + max(possible)
    sure = low >= HIGH_RISK if (low >= HIGH_RISK) == (high >= HIGH_RISK) else None
    return Points(low, high, sure)


def _points(value: float, steps: Sequence[tuple[float, bool, int]]) -> int:
    return next(points for bound, inclusive, points in steps if value < bound or (inclusive and value == bound))
