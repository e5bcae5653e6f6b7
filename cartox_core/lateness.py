"""What a plan says should have been given, or charted, by now, and was not.

A drug is due when a step of its toxicity begins to call for it, and again after the longest interval of the regimens
that its last dose fits; a change of grade, by which another step calls for it, starts no new clock. One that is given
again only where it is needed is late no more after its first dose. For testing and teaching only.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cartox_core.amounts import fitted
from cartox_core.bedside import Bedside
from cartox_core.case import Case
from cartox_core.context import Context
from cartox_core.management import Plan, Regimen, Step
from cartox_core.observation import Treatment
from cartox_core.recommend import held

Late = tuple[Step, float, str]
_Due = tuple[float | None, str]


def late(plan: Plan, at: Bedside) -> Iterator[Late]:
    """Steps that should be done and are late at the time asked, each with the hour since when, and in words.

    Nothing is late after death.
    """
    now = at.now.observation.minute
    for step in () if at.now.is_dead else plan.steps:
        spell = _spell(step, at) if _has_a_time(step) else []
        if not spell:
            continue
        if step.charts:
            due, words = _charted_by(step, at.case, spell[0].observation.minute)
        else:
            due, words = _given_by(plan, step, at)
        if due is not None and now > due:
            yield step, due / 60, f"{words}; {(now - due) / 60:.4g} h late"


def next_due_h(plan: Plan, step: Step, at: Bedside) -> float | None:
    """The hour at which the next dose of a step that goes on is due, where it is still to come; None where one is now.

    A stronger equivalent counts as long as its own regimen goes: see the drugs of the step.
    """
    if not _has_a_time(step) or step.charts or at.now.is_dead or not _goes_on(step.regimen) or not _spell(step, at):
        return None
    due = _given_by(plan, step, at)[0]
    return due / 60 if due is not None and due > at.now.observation.minute else None


def _has_a_time(step: Step) -> bool:
    return step.strength == "should" and step.timed and bool(step.drugs or step.charts)


def _gives_the_same(one: Step, other: Step) -> bool:
    return one.toxicity == other.toxicity and one.drugs[:1] == other.drugs[:1]


def _spell(step: Step, at: Bedside) -> list[Context]:
    """The moments at which a step surely holds, since it last failed; none where it does not hold now."""
    found: list[Context] = []
    for context in reversed(at.moments):
        holds = held(step, context)[0]
        if holds == "fails" or (not found and holds != "holds"):
            break
        if holds == "holds":
            found.insert(0, context)
    return found


def _given_by(plan: Plan, step: Step, at: Bedside) -> _Due:
    """The minute by which the next dose is due, and what was given; None where none is.

    The steps of the toxicity that give the same drug are taken together: one or another called for it.
    """
    giving = [s for s in plan.steps if _has_a_time(s) and _gives_the_same(s, step)]
    spell = _spell(dataclasses.replace(step, when=tuple(when for s in giving for when in s.when)), at)
    since, now = spell[0].observation.minute, at.now.observation.minute
    given = [t for t in at.case.treatments if t.drug in step.drugs and t.minute <= now and t.dose != 0]
    if not given:
        return since, f"no {' or '.join(step.drugs)} given"
    given.sort(key=lambda dose: dose.minute)
    last, regimen = given[-1].minute, step.regimen
    words = f"last given at {last / 60:.10g} h"
    if regimen is None or len(given) >= regimen.most_doses:
        return None, words
    if regimen.repeats and regimen.every_h is not None:
        return _again(plan, step, spell, given[-1]), words
    return None if last >= since else max(since, last + 60 * regimen.least_h), words


def _again(plan: Plan, step: Step, spell: Sequence[Context], last: Treatment) -> float:
    """The first minute at which the next dose was due, by the steps that called for it then."""
    minutes = [context.observation.minute for context in spell]
    spans = zip(spell, pairwise([*minutes, math.inf]), strict=True)
    waits = ((_wait_h(plan, step, last, context), span) for context, span in spans)
    dues = ((max(begin, last.minute + 60 * wait_h), end) for wait_h, (begin, end) in waits)
    return next(due for due, end in dues if due < end)


def _wait_h(plan: Plan, step: Step, last: Treatment, context: Context) -> float:
    """The longest interval of the regimens of a toxicity that the last dose may fit; where it fits none, of the step's.

    For the step stand those that should give the same drug, as one or another called for it.
    """
    steps = [s for s in plan.steps if s.toxicity == step.toxicity]
    own = [s for s in steps if _has_a_time(s) and _gives_the_same(s, step)]
    fitting = fitted(last, _going_on(steps, last.drug, context), context.patient)
    return max(_longest_h(regimen) for regimen in fitting or _going_on(own, step.drugs[0], context))


def _going_on(steps: Sequence[Step], drug: str, context: Context) -> list[Regimen]:
    """The regimens by which steps give a drug again and again: those that are, or may be, in force; all, where none."""
    mine = [step for step in steps if step.drugs[:1] == (drug,) and _goes_on(step.regimen)]
    in_force = [step for step in mine if held(step, context)[0] != "fails"]
    return [step.regimen for step in in_force or mine if step.regimen is not None]


def _goes_on(regimen: Regimen | None) -> bool:
    return regimen is not None and regimen.repeats and regimen.every_h is not None


def _longest_h(regimen: Regimen) -> float:
    assert regimen.every_h is not None
    return regimen.every_h[1]


def _charted_by(step: Step, case: Case, since: int) -> _Due:
    """The minute by which it should be charted again, and when it was."""
    assert step.every_h is not None
    charted = [o.minute for o in case.observations if any(getattr(o, name) is not None for name in step.charts)]
    last = max(charted, default=None)
    words = (
        f"{step.charts[0]} never charted" if last is None else f"{step.charts[0]} last charted at {last / 60:.10g} h"
    )
    return max(since, since if last is None else last) + 60 * step.every_h, words
