"""Which doses are above what a plan states as the most: of one dose, in number, within a day, or too soon.

Where several regimens of a drug are in force the loosest decides; where none is, the loosest of all. For testing and
teaching, not for treating patients.
"""

from collections.abc import Iterator, Sequence

from cartox_core.bedside import Bedside
from cartox_core.doses import times
from cartox_core.management import Plan, Regimen
from cartox_core.observation import Patient, Treatment
from cartox_core.recommend import held

_DAY_MIN = 24 * 60
_MG = {"mg": 1.0, "g": 1000.0}
_ROUNDING = 1e-9


def over(plan: Plan, at: Bedside) -> Iterator[tuple[Treatment, str]]:
    """The doses above a maximum, each with what was given and what the most is."""
    case = at.case
    for drug in dict.fromkeys(t.drug for t in case.treatments):
        doses = sorted((t for t in case.treatments if t.drug == drug and t.dose != 0), key=lambda t: t.minute)
        for i, dose in enumerate(doses):
            if regimens := _in_force(plan, dose, at):
                for words in (*_too_much(dose, regimens, case.patient), *_too_often(doses[: i + 1], regimens)):
                    yield dose, words


def _in_force(plan: Plan, dose: Treatment, at: Bedside) -> list[Regimen]:
    """The regimens of a drug whose steps hold, or may, when it is given; all of them where none does."""
    steps = [(s, s.regimen) for s in plan.steps if s.regimen and s.drugs[:1] == (dose.drug,)]
    then = at.before(dose.minute)
    found = [regimen for step, regimen in steps if then is not None and held(step, then)[0] != "fails"]
    return found or [regimen for _, regimen in steps]


def milligrams(dose: Treatment, patient: Patient) -> float | None:
    """A dose in mg; None where its unit, or the weight that it needs, is unknown.

    >>> milligrams(Treatment(time_h=1, drug="tocilizumab", dose=8, unit="mg/kg"), Patient(weight_kg=70))
    560.0
    """
    unit = (dose.unit or "").strip().lower().replace(" ", "")
    if dose.dose is None:
        return None
    if unit == "mg/kg":
        return None if patient.weight_kg is None else times(dose.dose, patient.weight_kg)
    return dose.dose * _MG[unit] if unit in _MG else None


def _too_much(dose: Treatment, regimens: Sequence[Regimen], patient: Patient) -> Iterator[str]:
    amount = milligrams(dose, patient)
    cap = max(regimen.cap_mg for regimen in regimens)
    if amount is None:
        return
    if amount > cap + _ROUNDING:
        yield f"{amount:.10g} mg; {cap:g} mg at most"
    elif patient.weight_kg is not None and all(regimen.by_weight for regimen in regimens):
        weight = patient.weight_kg
        rate = max(_highest(regimen, weight) for regimen in regimens)
        if amount > times(rate, weight) + _ROUNDING:
            yield f"{amount:.10g} mg is {amount / weight:.3g} mg/kg; {rate:g} mg/kg is the dose"


def _highest(regimen: Regimen, weight_kg: float) -> float:
    assert regimen.dose is not None
    return regimen.light_dose if weight_kg < regimen.light_below_kg else regimen.dose[1]


def _too_often(doses: Sequence[Treatment], regimens: Sequence[Regimen]) -> Iterator[str]:
    """What the last of some doses breaks by its number or its time."""
    last = doses[-1].minute
    least_h = min(regimen.least_h for regimen in regimens)
    if len(doses) > 1 and last - doses[-2].minute < 60 * least_h:
        yield f"{(last - doses[-2].minute) / 60:.4g} h after the dose before; {least_h:g} h at least"
    if len(doses) > (most := max(regimen.most_doses for regimen in regimens)):
        yield f"dose number {len(doses)}; {most:g} in all at most"
    within = sum(last - dose.minute < _DAY_MIN for dose in doses)
    if within > (a_day := max(regimen.most_per_24h for regimen in regimens)):
        yield f"{within} doses within 24 h; {a_day:g} at most"
