"""The dose of a regimen for one patient, worked out exactly from the decimals as written.

For testing and teaching, not for treating patients.
"""

import dataclasses
from fractions import Fraction

from cartox_core.management import Regimen
from cartox_core.observation import Patient


@dataclasses.dataclass(frozen=True, slots=True)
class Dose:
    """The lowest and the highest single dose in a unit; None where the source has none. ``note`` says what bounds it.

    >>> str(Dose(100, 200, "mg", "adults"))
    '100–200 mg (adults)'
    """

    low: float | None
    high: float | None
    unit: str
    note: str = ""

    def __str__(self) -> str:
        note = f" ({self.note})" if self.note else ""
        if self.low is None or self.high is None:
            return f"no dose in the source{note}"
        return f"{span(self.low, self.high)} {self.unit}{note}"


def span(low: float, high: float) -> str:
    """Two numbers as one or as a range.

    >>> span(8, 8), span(6, 12)
    ('8', '6–12')
    """
    return f"{low:,.10g}" if low == high else f"{low:,.10g}–{high:,.10g}"


def schedule(regimen: Regimen) -> str:
    """Route, interval and maxima of a regimen, to stand after its dose.

    >>> from cartox_core.library import load_plan
    >>> schedule(load_plan("ferreri-2024").regimens["tocilizumab"])
    ' IV, again where needed, every 8 h; 4 doses at most; 3 in 24 h at most'
    """
    again = "" if regimen.repeats else "again where needed, "
    route = f" {regimen.route}" if regimen.route else ""
    words = [route + (f", {again}every {span(*regimen.every_h)} h" if regimen.every_h else "")]
    words += [f"{regimen.most_doses:g} doses at most"] if regimen.most_doses < float("inf") else []
    words += [f"{regimen.most_per_24h:g} in 24 h at most"] if regimen.most_per_24h < float("inf") else []
    return "; ".join(words)


def dose_of(regimen: Regimen, patient: Patient) -> Dose:
    """The single dose of a regimen for a patient; by weight in mg where the weight is known, never above the cap.

    >>> from cartox_core.library import load_plan
    >>> tocilizumab = load_plan("ferreri-2024").regimens["tocilizumab"]
    >>> str(dose_of(tocilizumab, Patient(weight_kg=70))), str(dose_of(tocilizumab, Patient(weight_kg=120)))
    ('560 mg (8 mg/kg)', '800 mg (8 mg/kg would be 960 mg; 800 mg at most)')
    """
    if regimen.dose is None:
        return Dose(None, None, "")
    age = patient.age_years
    if regimen.ages is not None and age is not None and not regimen.ages.holds(age):
        return Dose(None, None, "", f"its dose is for an age of {regimen.ages} years")
    for_age = f"for an age of {regimen.ages} years" if regimen.ages is not None and age is None else ""
    low, high = regimen.dose
    weight = patient.weight_kg
    if not regimen.by_weight:
        return Dose(low, high, regimen.unit, for_age)
    if weight is None:
        return Dose(low, high, regimen.unit, "; ".join(filter(None, [_bounds(regimen), for_age])))
    if weight < regimen.light_below_kg:
        low = high = regimen.light_dose
    return _weighed(low, high, weight, regimen, for_age)


def _bounds(regimen: Regimen) -> str:
    """What bounds a dose by weight while the weight is unknown."""
    cap = f"{regimen.cap_mg:g} mg at most" if regimen.cap_mg < float("inf") else ""
    light = f"{regimen.light_dose:g} mg/kg below {regimen.light_below_kg:g} kg" if regimen.light_below_kg else ""
    return "; ".join(filter(None, [cap, light]))


def _weighed(low: float, high: float, weight: float, regimen: Regimen, for_age: str) -> Dose:
    rate = f"{span(low, high)} {regimen.unit}"
    whole_low, whole_high = times(low, weight), times(high, weight)
    if whole_high > regimen.cap_mg:
        rate += f" would be {span(whole_low, whole_high)} mg; {regimen.cap_mg:g} mg at most"
    note = "; ".join(filter(None, [rate, for_age]))
    return Dose(min(whole_low, regimen.cap_mg), min(whole_high, regimen.cap_mg), "mg", note)


def times(dose: float, weight_kg: float) -> float:
    """A dose by weight for a weight, without the rounding of binary fractions.

    >>> times(8, 70.1), 8 * 70.1 == 560.8
    (560.8, True)
    """
    return float(Fraction(str(dose)) * Fraction(str(weight_kg)))
