"""How much a dose that was given is: in mg, in mg for each kg of the patient, and beside the doses of regimens.

For testing and teaching, not for treating patients.
"""

from collections.abc import Sequence

from cartox_core.doses import times
from cartox_core.management import Regimen
from cartox_core.observation import Patient, Treatment

_MG = {"mg": 1.0, "g": 1000.0}
_BY_WEIGHT = "mg/kg"
_ROUNDING = 1e-9


def unit_of(dose: Treatment) -> str:
    """The unit of a dose as units are compared; empty where it has none.

    >>> unit_of(Treatment(time_h=1, drug="tocilizumab", dose=8, unit="MG / kg"))
    'mg/kg'
    """
    return (dose.unit or "").strip().lower().replace(" ", "")


def is_read(dose: Treatment) -> bool:
    """Whether the unit of a dose is one that is read: mg, g or mg/kg."""
    return unit_of(dose) in (*_MG, _BY_WEIGHT)


def is_by_weight(dose: Treatment) -> bool:
    """Whether a dose is written for each kg."""
    return unit_of(dose) == _BY_WEIGHT


def milligrams(dose: Treatment, patient: Patient) -> float | None:
    """A dose in mg; None where its unit, or the weight that it needs, is unknown.

    >>> milligrams(Treatment(time_h=1, drug="tocilizumab", dose=8, unit="mg/kg"), Patient(weight_kg=70))
    560.0
    """
    if dose.dose is None or not is_read(dose):
        return None
    if is_by_weight(dose):
        return None if patient.weight_kg is None else times(dose.dose, patient.weight_kg)
    return dose.dose * _MG[unit_of(dose)]


def mg_per_kg(dose: Treatment, patient: Patient) -> float | None:
    """A dose in mg/kg; None where its unit, or the weight that it needs, is unknown.

    >>> mg_per_kg(Treatment(time_h=1, drug="anakinra", dose=700, unit="mg"), Patient(weight_kg=70))
    10.0
    """
    if is_by_weight(dose):
        return dose.dose
    amount = milligrams(dose, patient)
    return None if amount is None or patient.weight_kg is None else amount / patient.weight_kg


def fitted(dose: Treatment, regimens: Sequence[Regimen], patient: Patient) -> list[Regimen]:
    """The regimens whose dose a dose may be; where it is none of them, those whose dose it is less than.

    What is unknown of it, of the weight or of a unit rules nothing out.

    >>> from cartox_core import load_plan
    >>> some = [load_plan("ferreri-2024").regimens[name] for name in ("anakinra_iechs", "anakinra_by_weight")]
    >>> [[r.name for r in fitted(Treatment(time_h=1, drug="anakinra", dose=mg, unit="mg"), some, Patient(weight_kg=70))]
    ...  for mg in (200, 600, 701)]
    [['anakinra_iechs'], ['anakinra_by_weight'], []]
    """
    beside = [(regimen, _beside(dose, regimen, patient)) for regimen in regimens]
    same = [regimen for regimen, place in beside if place == 0]
    return same or [regimen for regimen, place in beside if place < 0]


def _beside(dose: Treatment, regimen: Regimen, patient: Patient) -> int:
    """Whether a dose is below (-1), within (0) or above (1) that of a regimen; within, where that is unknown."""
    amount = milligrams(dose, patient) if regimen.unit == "mg" else mg_per_kg(dose, patient)
    if amount is None or regimen.dose is None or regimen.unit not in ("mg", _BY_WEIGHT):
        return 0
    low, high = regimen.dose
    return (amount > high + _ROUNDING) - (amount < low - _ROUNDING)
