"""EASIX and its relatives: products of laboratory values over the platelets; a missing value gives a range, not a zero.

LDH in U/L, creatinine and C-reactive protein in mg/dL, platelets in 10⁹/L (Pennisi 2021; Ferreri 2024, risk of CRS and
ICANS). No cut-off is printed in the review, so there are no bands. For testing and teaching, not for treating patients.
"""

import dataclasses
import math
from collections.abc import Mapping

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


@dataclasses.dataclass(frozen=True, slots=True)
class Index:
    """The product of some values over the platelets."""

    id: str
    title: str
    text: str
    cite: tuple[str, ...]
    factors: tuple[str, ...]
    over: str = "platelets_10e9_l"
    note: str = ""


INDICES: Mapping[str, Index] = {
    index.id: index
    for index in (
        Index(
            "easix",
            "EASIX",
            "Activation of the endothelium: LDH (U/L) × creatinine (mg/dL) ÷ platelets (10⁹/L).",
            ("pennisi-2021", "ferreri-2024 CRS risk"),
            ("ldh_u_l", "creatinine_mg_dl"),
        ),
        Index(
            "simplified-easix",
            "Simplified EASIX",
            "EASIX without creatinine: LDH (U/L) ÷ platelets (10⁹/L).",
            ("pennisi-2021",),
            ("ldh_u_l",),
        ),
        Index(
            "m-easix",
            "Modified EASIX",
            "EASIX with inflammation in place of the kidney: LDH (U/L) × CRP (mg/dL) ÷ platelets (10⁹/L).",
            ("pennisi-2021", "ferreri-2024 CRS risk"),
            ("ldh_u_l", "crp_mg_dl"),
            note="In 118 patients a higher value before the infusion went with CRS of any grade and severe CRS, "
            "on days 1 and 3 with severe CRS, on day 3 with severe ICANS; before the infusion not with ICANS.",
        ),
    )
}


def span(observation: Observation, index: Index) -> Span | None:
    """The value of an index, or its range. None where the platelets are 0, for which it is not defined.

    >>> span(Observation(time_h=0, ldh_u_l=300, creatinine_mg_dl=1.0, platelets_10e9_l=150), INDICES["easix"]).value
    2.0
    >>> span(Observation(time_h=0, ldh_u_l=300, platelets_10e9_l=150), INDICES["m-easix"])
    Span(low=0.0, high=200.0)
    """
    low, high = _ends(observation, index.over)
    if high == 0:
        return None
    tops = [_ends(observation, name) for name in index.factors]
    least = math.prod(top[0] for top in tops) / high
    most = math.prod(top[1] for top in tops)
    return Span(least, (most / low) if low else (math.inf if most else 0.0))


def _ends(observation: Observation, name: str) -> tuple[float, float]:
    """The lowest and highest that a value may be: itself, or the ends of its range where it is unknown."""
    value = getattr(observation, name)
    field = OBSERVATION[name]
    return (field.low, field.high) if value is None else (value, value)
