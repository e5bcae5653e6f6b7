"""Which doses are above what a plan states as the most: of one dose, in number, within a day, or too soon.

A dose that fits one of the regimens in force is not above it; where none is in force, one that fits any. A drug for
which a step in force has no dose in the source has no maximum. For testing and teaching, not for treating patients.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence

from cartox_core.amounts import is_by_weight, is_read, mg_per_kg, milligrams
from cartox_core.bedside import Bedside
from cartox_core.doses import times
from cartox_core.management import Plan, Regimen
from cartox_core.observation import Patient, Treatment
from cartox_core.recommend import held

_DAY_MIN = 24 * 60
_ROUNDING = 1e-9


@dataclasses.dataclass(frozen=True, slots=True)
class Over:
    """A dose above a maximum: what was given and what the most is, and the unknown fields that leave it open."""

    dose: Treatment
    text: str
    unknown: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class _Rule:
    """A regimen (None: the source has no dose) that is in force, or may be, as unknown fields turn out."""

    regimen: Regimen | None
    unknown: tuple[str, ...]

    @property
    def weighs(self) -> bool:
        """Whether it has a most by weight."""
        return self.regimen is not None and self.regimen.by_weight

    @property
    def caps(self) -> bool:
        """Whether it has a most in mg."""
        return self.regimen is not None and self.regimen.cap_mg < math.inf

    def faults(self, doses: Sequence[Treatment], patient: Patient) -> tuple[str, ...]:
        """What the last of some doses breaks."""
        if self.regimen is None:
            return ()
        return (*_too_much(doses, self.regimen, patient), *_too_often(doses, self.regimen))

    def open_fields(self, dose: Treatment, patient: Patient) -> tuple[str, ...]:
        """What must be known to say that a dose without fault fits."""
        weight_asked = self.caps if is_by_weight(dose) else self.weighs
        return (*self.unknown, *(["weight_kg"] if weight_asked and patient.weight_kg is None else []))


def over(plan: Plan, at: Bedside) -> Iterator[Over]:
    """The doses above a maximum, drug by drug in the order of time."""
    patient = at.case.patient
    for doses in _so_far(at):
        rules = _in_force(plan, doses[-1], at)
        found = [(rule.faults(doses, patient), rule.open_fields(doses[-1], patient)) for rule in rules]
        wrong = [words for words, _ in found if words]
        fits = [unknown for words, unknown in found if not words]
        if wrong and all(fits):
            unknown = tuple(dict.fromkeys(name for names in fits for name in names))
            yield from (Over(doses[-1], words, unknown) for words in min(wrong, key=len))


def unread(plan: Plan, at: Bedside) -> Iterator[tuple[Treatment, str]]:
    """The doses of which the plan states the most, but whose unit is not read, each with why."""
    for doses in _so_far(at):
        dose = doses[-1]
        limited = any(rule.weighs or rule.caps for rule in _in_force(plan, dose, at))
        if limited and dose.dose is not None and not is_read(dose):
            unit = f"unit {dose.unit} is not read" if (dose.unit or "").strip() else "unit is unknown"
            yield dose, f"given, but its {unit}: checked for number and time only; mg, g and mg/kg are read"


def _so_far(at: Bedside) -> Iterator[list[Treatment]]:
    """Each dose of a case behind those of its drug before it, drug by drug."""
    for drug in dict.fromkeys(t.drug for t in at.case.treatments):
        doses = sorted((t for t in at.case.treatments if t.drug == drug and t.dose != 0), key=lambda t: t.minute)
        yield from (doses[: i + 1] for i in range(len(doses)))


def _in_force(plan: Plan, dose: Treatment, at: Bedside) -> list[_Rule]:
    """The rules of the steps that hold, or may, when a drug is given; of all of them where none does.

    Those for another age are left out, unless there are no others.
    """
    steps = [s for s in plan.steps if s.drugs[:1] == (dose.drug,) and s.strength != "discouraged"]
    then = at.before(dose.minute)
    states = [(step, *held(step, then)) for step in steps] if then is not None else []
    rules = [_Rule(step.regimen, unknown) for step, state, unknown in states if state != "fails"]
    rules = rules or [_Rule(step.regimen, ()) for step in steps]
    return [rule for rule in rules if _fits_age(rule.regimen, at.case.patient)] or rules


def _fits_age(regimen: Regimen | None, patient: Patient) -> bool:
    if regimen is None or regimen.ages is None or patient.age_years is None:
        return True
    return regimen.ages.holds(patient.age_years)


def _too_much(doses: Sequence[Treatment], regimen: Regimen, patient: Patient) -> Iterator[str]:
    dose, weight = doses[-1], patient.weight_kg
    amount, rate = milligrams(dose, patient), mg_per_kg(dose, patient)
    if amount is not None and amount > regimen.cap_mg + _ROUNDING:
        yield f"{amount:.10g} mg; {regimen.cap_mg:g} mg at most"
    elif regimen.most_mg_kg_24h < math.inf:
        yield from _too_much_in_a_day(doses, regimen, patient)
    elif regimen.by_weight and rate is not None:
        most = _highest(regimen, weight)
        given = f"{rate:.10g} mg/kg" if amount is None else f"{amount:.10g} mg is {rate:.3g} mg/kg"
        if rate > most if amount is None or weight is None else amount > times(most, weight) + _ROUNDING:
            yield f"{given}; {most:g} mg/kg is the dose"


def _too_much_in_a_day(doses: Sequence[Treatment], regimen: Regimen, patient: Patient) -> Iterator[str]:
    """What the last of some doses makes too much within 24 hours, of those whose amount is known."""
    within = [dose for dose in doses if doses[-1].minute - dose.minute < _DAY_MIN]
    rates = [mg_per_kg(dose, patient) for dose in within]
    whole = sum(rate for rate in rates if rate is not None)
    if rates[-1] is not None and whole > regimen.most_mg_kg_24h + _ROUNDING:
        yield f"{whole:.6g} mg/kg within 24 h; {regimen.most_mg_kg_24h:g} mg/kg at most"


def _highest(regimen: Regimen, weight_kg: float | None) -> float:
    """The highest dose in mg/kg at a weight; where it is unknown, at any."""
    assert regimen.dose is not None
    if weight_kg is None:
        return max(regimen.dose[1], regimen.light_dose if regimen.light_below_kg else 0)
    return regimen.light_dose if weight_kg < regimen.light_below_kg else regimen.dose[1]


def _too_often(doses: Sequence[Treatment], regimen: Regimen) -> Iterator[str]:
    """What the last of some doses breaks by its number or its time."""
    last = doses[-1].minute
    if len(doses) > 1 and last - doses[-2].minute < 60 * regimen.least_h:
        yield f"{(last - doses[-2].minute) / 60:.4g} h after the dose before; {regimen.least_h:g} h at least"
    if len(doses) > regimen.most_doses:
        yield f"dose number {len(doses)}; {regimen.most_doses:g} in all at most"
    within = sum(last - dose.minute < _DAY_MIN for dose in doses)
    if within > regimen.most_per_24h:
        yield f"{within} doses within 24 h; {regimen.most_per_24h:g} at most"
