"""What a plan says should have been given, or charted, by now, and was not.

A drug is due when its step begins to hold, and again after the longest interval of a regimen that goes on. One that is
given again only where it is needed is late no more after its first dose. For testing and teaching only.
"""

from collections.abc import Iterator

from cartox_core.bedside import Bedside
from cartox_core.case import Case
from cartox_core.management import Plan, Step
from cartox_core.recommend import held

Late = tuple[Step, float, str]


def late(plan: Plan, at: Bedside) -> Iterator[Late]:
    """Steps that should be done and are late at the last observation, each with the hour since when, and in words."""
    case, now = at.case, at.case.observations[-1].minute
    for step in plan.steps:
        if step.strength != "should" or not step.timed or not (step.drugs or step.charts):
            continue
        since = _since(step, at)
        if since is None:
            continue
        due, words = _charted_by(step, case, since) if step.charts else _given_by(step, case, since)
        if due is not None and now > due:
            yield step, due / 60, f"{words}; {(now - due) / 60:.4g} h late"


def _since(step: Step, at: Bedside) -> int | None:
    """The first minute from which a step has surely held and never failed since; None where it does not hold now."""
    found = None
    for observation, context in reversed(list(zip(at.case.observations, at.contexts, strict=True))):
        holds = held(step, context)[0]
        if holds == "fails" or (found is None and holds != "holds"):
            break
        found = observation.minute if holds == "holds" else found
    return found


def _given_by(step: Step, case: Case, since: int) -> tuple[float | None, str]:
    """The minute by which the next dose is due, and what was given; None where none is."""
    now = case.observations[-1].minute
    doses = [t.minute for t in case.treatments if t.drug in step.drugs and t.minute <= now and t.dose != 0]
    if not doses:
        return since, f"no {' or '.join(step.drugs)} given"
    words = f"last given at {max(doses) / 60:.10g} h"
    regimen = step.regimen
    if regimen is None or len(doses) >= regimen.most_doses:
        return None, words
    if regimen.repeats and regimen.every_h is not None:
        return max(since, max(doses) + 60 * regimen.every_h[1]), words
    return None if max(doses) >= since else max(since, max(doses) + 60 * regimen.least_h), words


def _charted_by(step: Step, case: Case, since: int) -> tuple[float, str]:
    """The minute by which it should be charted again, and when it was."""
    assert step.every_h is not None
    charted = [o.minute for o in case.observations if any(getattr(o, name) is not None for name in step.charts)]
    last = max(charted, default=None)
    words = (
        f"{step.charts[0]} never charted" if last is None else f"{step.charts[0]} last charted at {last / 60:.10g} h"
    )
    return max(since, since if last is None else last) + 60 * step.every_h, words
