"""What a plan says should have been given, or charted, by now, and was not.

A drug is due when a step of its toxicity begins to call for it, and again after the longest interval of a regimen that
goes on; a change of grade, by which another step calls for it, starts no new clock. One that is given again only where
it is needed is late no more after its first dose. For testing and teaching only.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from cartox_core.bedside import Bedside
from cartox_core.case import Case
from cartox_core.context import Context
from cartox_core.management import Plan, Step
from cartox_core.recommend import held

Late = tuple[Step, float, str]
_Due = tuple[float | None, str]


def late(plan: Plan, at: Bedside) -> Iterator[Late]:
    """Steps that should be done and are late at the last observation, each with the hour since when, and in words.

    Nothing is late after death.
    """
    now = at.case.observations[-1].minute
    for step in () if at.now.is_dead else plan.steps:
        spell = _spell(step, at) if _has_a_time(step) else []
        if not spell:
            continue
        if step.charts:
            due, words = _charted_by(step, at.case, at.case.observations[spell[0]].minute)
        else:
            giving = [s for s in plan.steps if _has_a_time(s) and _gives_the_same(s, step)]
            due, words = _given_by(step, giving, at)
        if due is not None and now > due:
            yield step, due / 60, f"{words}; {(now - due) / 60:.4g} h late"


def _has_a_time(step: Step) -> bool:
    return step.strength == "should" and step.timed and bool(step.drugs or step.charts)


def _gives_the_same(one: Step, other: Step) -> bool:
    return one.toxicity == other.toxicity and one.drugs[:1] == other.drugs[:1]


def _spell(step: Step, at: Bedside) -> list[int]:
    """The observations at which a step surely holds, since it last failed; none where it does not hold now."""
    found: list[int] = []
    for i in reversed(range(len(at.contexts))):
        holds = held(step, at.contexts[i])[0]
        if holds == "fails" or (not found and holds != "holds"):
            break
        if holds == "holds":
            found.insert(0, i)
    return found


def _given_by(step: Step, giving: Sequence[Step], at: Bedside) -> _Due:
    """The minute by which the next dose is due, and what was given; None where none is.

    ``giving`` are the steps of the toxicity that give the same drug, of which one or another called for it.
    """
    spell = _spell(dataclasses.replace(step, when=tuple(when for s in giving for when in s.when)), at)
    since, now = at.case.observations[spell[0]].minute, at.case.observations[-1].minute
    doses = [t.minute for t in at.case.treatments if t.drug in step.drugs and t.minute <= now and t.dose != 0]
    if not doses:
        return since, f"no {' or '.join(step.drugs)} given"
    last, regimen = max(doses), step.regimen
    words = f"last given at {last / 60:.10g} h"
    if regimen is None or len(doses) >= regimen.most_doses:
        return None, words
    if regimen.repeats and regimen.every_h is not None:
        return _again(giving, spell, last, at), words
    return None if last >= since else max(since, last + 60 * regimen.least_h), words


def _again(giving: Sequence[Step], spell: Sequence[int], last: int, at: Bedside) -> float:
    """The first minute at which the next dose was due, by the step that called for it then."""
    minutes = [at.case.observations[i].minute for i in spell]
    spans = zip(spell, pairwise([*minutes, math.inf]), strict=True)
    dues = ((max(begin, last + 60 * _interval_h(giving, at.contexts[i])), end) for i, (begin, end) in spans)
    return next(due for due, end in dues if due < end)


def _interval_h(giving: Sequence[Step], context: Context) -> float:
    """The longest interval of the step that holds; where it is open which one does, the longest of them."""
    states = [(held(step, context)[0], _longest_h(step)) for step in giving]
    sure = [every for state, every in states if state == "holds"]
    return min(sure) if sure else max(every for state, every in states if state != "fails")


def _longest_h(step: Step) -> float:
    return step.regimen.every_h[1] if step.regimen is not None and step.regimen.every_h is not None else math.inf


def _charted_by(step: Step, case: Case, since: int) -> _Due:
    """The minute by which it should be charted again, and when it was."""
    assert step.every_h is not None
    charted = [o.minute for o in case.observations if any(getattr(o, name) is not None for name in step.charts)]
    last = max(charted, default=None)
    words = (
        f"{step.charts[0]} never charted" if last is None else f"{step.charts[0]} last charted at {last / 60:.10g} h"
    )
    return max(since, since if last is None else last) + 60 * step.every_h, words
