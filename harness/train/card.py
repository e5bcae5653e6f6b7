"""The card of advice: what the review advises at an hour, with doses as they are written, as it is stored.

For testing and teaching, not for treating patients.
"""

import dataclasses
import functools
import math
from collections.abc import Iterable, Iterator
from typing import Any

from cartox_core import Case, Plan, load_plan
from cartox_core.doses import span
from cartox_core.management import Regimen
from cartox_core.observation import Patient
from cartox_core.recommend import Advice
from harness.train.next_steps import Now, doses_of, word_of

_KINDS = ("drug", "place", "support")
_WHOLE_FROM_MG = 100.0  # from there on in tens
_LABEL = ("M2", "label")


def card(now: Now, plan: Plan) -> list[dict[str, Any]]:
    """The rows of a card: how strongly, what, which dose, and of a drug that is not to be given now, why not."""
    rows = [_row(one, now, plan) for one in _shown(now.advice.advised)]
    able = [row for row in rows if row["strength"] != "too soon"]
    not_now = _not_now(now, plan)
    for row in able:
        row["beside"] = [late["doses"] for drug, late in not_now.items() if f"together with {drug}" in row["what"]]
    return [*able, *not_now.values()]


def _not_now(now: Now, plan: Plan) -> dict[str, dict[str, Any]]:
    """The drugs of which no dose is left, or the next one is too soon, each with its row."""
    found: dict[str, dict[str, Any]] = {}
    for one in _shown(now.advice.used_up):
        if not one.unknown:
            row = {"strength": "used up", "what": one.step.drugs[0], "dose": "", "doses": _doses(one, now)}
            found.setdefault(one.step.drugs[0], row)
    for one in _shown(now.advice.advised):
        if (row := _row(one, now, plan))["strength"] == "too soon":
            found.setdefault(one.step.drugs[0], {**row, "doses": _doses(one, now)})
    return found


def _shown(some: Iterable[Advice]) -> Iterator[Advice]:
    return (one for one in some if one.step.toxicity != "all" and one.step.kind in _KINDS)


def _row(one: Advice, now: Now, plan: Plan) -> dict[str, Any]:
    dose = dose_words(one, now.context.patient, plan)
    return {"strength": word_of(one, now), "what": one.step.what, "dose": dose}


def _doses(one: Advice, now: Now) -> dict[str, Any] | None:
    counted = doses_of(one, now)
    return None if counted is None else dataclasses.asdict(counted)


def in_question(now: Now, plan: Plan, case: Case) -> dict[str, Any] | None:
    """What is advised if IEC-HS, to which the chart points, is there: the bedside alone can tell; None otherwise."""
    some = [one for one in _shown(now.advice.perhaps) if one.step.toxicity == "iec_hs"]
    asked = [one for one in some if one.unknown and set(one.unknown) <= now.in_doubt]
    if not asked:
        return None
    ferritin = [o.ferritin_ng_ml for o in case.observations if o.ferritin_ng_ml is not None]
    return {
        "ferritin_ng_ml": ferritin[-1],
        "first_ng_ml": ferritin[0],
        "fibrinogen_mg_dl": now.context.observation.fibrinogen_mg_dl,
        "underway": sorted(now.underway),
        "advice": [_row(one, now, plan) for one in asked if one.step.strength != "discouraged"],
    }


def dose_words(one: Advice, patient: Patient, plan: Plan) -> str:
    """A dose with its route, how often and at most; by weight in steps that somebody would draw up.

    >>> from cartox_core import Context, Grade, Observation, recommend
    >>> plan, adult = load_plan("ferreri-2024"), Patient(age_years=60, weight_kg=58.7)
    >>> at = Context(observation=Observation(time_h=52), patient=adult, crs_grade=Grade(3, 3), tocilizumab_doses=0)
    >>> for one in recommend(plan, at).advised:
    ...     if one.dose is not None:
    ...         print(dose_words(one, adult, plan))
    about 470 mg IV (8 mg/kg), again where needed every 8 h, at most 4 doses, 3 of them in 24 h
    10 mg IV every 6 h
    """
    dose, regimen = one.dose, one.step.regimen
    if dose is None or regimen is None:
        return ""
    if dose.low is None or dose.high is None:
        return str(dose)
    amount = span(dose.low, dose.high)
    unit = dose.unit.replace("ug", "µg").replace("m2", "m²")
    if regimen.by_weight and dose.unit == "mg":
        low, high = _round(dose.low), _round(dose.high)
        amount = f"{'' if (low, high) == (dose.low, dose.high) else 'about '}{span(low, high)}"
    route = f" {regimen.route}" if regimen.route else ""
    rate = f" ({_rate(regimen, patient)})" if regimen.by_weight else ""
    return f"{amount} {unit}{route}{rate}{_how_often(regimen)}{_of_children(regimen, patient, plan)}"


def _round(mg: float) -> float:
    return float(round(mg, -1 if mg >= _WHOLE_FROM_MG else 0))


def _rate(regimen: Regimen, patient: Patient) -> str:
    assert regimen.dose is not None
    light = patient.weight_kg is not None and patient.weight_kg < regimen.light_below_kg
    rate = f"{regimen.light_dose:g} mg/kg" if light else f"{span(*regimen.dose)} mg/kg"
    is_capped = patient.weight_kg is None or regimen.dose[1] * patient.weight_kg > regimen.cap_mg
    return f"{rate}, {regimen.cap_mg:g} mg at most" if is_capped and regimen.cap_mg < math.inf else rate


def _how_often(regimen: Regimen) -> str:
    if regimen.every_h is None:
        return ", once"
    words = f" every {span(*regimen.every_h)} h" if regimen.repeats else ""
    words = words or f", again where needed every {span(*regimen.every_h)} h"
    words += f", at most {regimen.most_doses:g} doses" if regimen.most_doses < math.inf else ""
    return words + (f", {regimen.most_per_24h:g} of them in 24 h" if regimen.most_per_24h < math.inf else "")


@functools.cache
def _labelled(plan_id: str, name: str) -> Regimen:
    """A regimen as the labels of the products have it (register M2)."""
    return load_plan(plan_id, dict([_LABEL])).regimens[name]


def _of_children(regimen: Regimen, patient: Patient, plan: Plan) -> str:
    """That the labels have another dose for a small child, where the review has none of its own."""
    if _LABEL[0] not in plan.readings or regimen.light_below_kg or patient.weight_kg is None:
        return ""
    label = _labelled(plan.id, regimen.name)
    if patient.weight_kg >= label.light_below_kg:
        return ""
    return f" (the review's dose; product labels give {label.light_dose:g} mg/kg under {label.light_below_kg:g} kg)"
