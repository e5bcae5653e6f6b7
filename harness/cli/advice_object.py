"""What a plan advises for a case, as the object that ``cartox recommend --json`` answers with."""

import dataclasses
import math
from typing import Any

from cartox_core import Grade, Plan, Treatment
from cartox_core.bedside import Bedside
from cartox_core.findings import Finding, findings
from cartox_core.lateness import next_due_h
from cartox_core.notes import notes
from cartox_core.recommend import Advice, recommend
from harness.cli.answers import Answer
from harness.cli.app import PURPOSE


def advised(at: Bedside, plan: Plan, toxicities: frozenset[str]) -> Answer:
    """Grades, advice, what was given and what is found in it, with the signs of the last observation of a case.

    >>> from cartox_core import load_plan, read_case
    >>> from cartox_core.bedside import bedside, scales_of
    >>> plan = load_plan("ferreri-2024")
    >>> at = bedside(read_case({"observations": [{"time_h": 5, "ice": 5}]}), plan, scales_of(plan))
    >>> advised(at, plan, frozenset(["icans"]))["grades"]["icans"]
    {'low': 2, 'high': 4, 'as_of_h': 5.0}
    """
    found = recommend(plan, at.now)

    def told(some: tuple[Advice, ...]) -> list[Answer]:
        return [_advice(one, plan, at) for one in some if one.step.toxicity in toxicities]

    return {
        "plan": plan.id,
        "purpose": PURPOSE,
        "time_h": at.case.observations[-1].time_h,
        "asked_h": at.now.observation.time_h,
        **({"dead": True} if at.now.is_dead else {}),
        "grades": {p.name: _grade(at, p.grade) for p in plan.toxicities.values() if p.grade},
        "advised": told(found.advised),
        "perhaps": told(found.perhaps),
        "discouraged": told(found.discouraged),
        "used_up": told(found.used_up),
        "given": [_given(t) for t in sorted(at.case.treatments, key=lambda t: t.minute)],
        "findings": [_finding(one) for one in findings(plan, at) if _is_of(one, plan, toxicities)],
        "notes": list(notes(plan, at)),
    }


def _grade(at: Bedside, field: str) -> Answer:
    found = at.now.value(field)
    low, high = (found.floor, found.ceiling) if isinstance(found, Grade) else (None, None)
    return {"low": low, "high": high, "as_of_h": at.as_of_h[field]}


def _advice(one: Advice, plan: Plan, at: Bedside) -> Answer:
    step, regimen = one.step, one.step.regimen
    told: dict[str, Any] = {
        "step": step.id,
        **({"or_steps": list(one.or_steps)} if one.or_steps else {}),
        "toxicity": step.toxicity,
        "kind": step.kind,
        "strength": step.strength,
        "what": step.what,
        "drugs": list(step.drugs),
        "dose": None if one.dose is None else dataclasses.asdict(one.dose),
    }
    if regimen is not None:
        limits = {k: getattr(regimen, k) for k in ("least_h", "cap_mg", "most_doses", "most_per_24h")}
        told |= {"route": regimen.route or None, "every_h": regimen.every_h, "repeats": regimen.repeats}
        told |= {name: value for name, value in limits.items() if value and math.isfinite(value)}
        told |= {} if one.given is None else {"given": one.given}
        told |= {} if one.not_before_h is None else {"not_before_h": one.not_before_h}
        due_h = None if one.unknown else next_due_h(plan, step, at)
        told |= {} if due_h is None else {"next_due_h": due_h}
    told |= {"because": [str(reason) for reason in one.why]}
    told |= {"unknown": list(one.unknown)} if one.unknown else {}
    beside = {"evidence": step.evidence, "note": step.note, "see": list(step.see)}
    return {**told, **{name: value for name, value in beside.items() if value}, "cite": list(step.cite)}


def _given(dose: Treatment) -> Answer:
    return {name: value for name, value in dataclasses.asdict(dose).items() if value is not None}


def _finding(one: Finding) -> Answer:
    told = {"kind": one.kind, "about": one.about, "time_h": one.time_h, "text": one.text}
    return {**told, "unknown": list(one.unknown)} if one.unknown else told


def _is_of(one: Finding, plan: Plan, toxicities: frozenset[str]) -> bool:
    """Whether a finding is about a step of some parts; what is about a drug is told for all."""
    return one.kind in ("over", "unread") or plan.step(one.about).toxicity in toxicities
