"""What the doses given so far leave of a regimen: whether it is used up, and from which hour the next may be given.

The first drug of a step is the one that its regimen is about. For testing and teaching, not for treating patients.
"""

import math

from cartox_core.context import CONTEXT, Context
from cartox_core.management import Step

_DAY_MIN = 24 * 60


def counting_field(step: Step) -> str | None:
    """The field of a context that counts the doses of a step's drug; None where there is none."""
    name = f"{step.drugs[0]}_doses" if step.drugs else ""
    return name if name in CONTEXT else None


def doses_so_far(step: Step, context: Context) -> int | None:
    """How many doses of a step's drug were given; None where that is unknown."""
    if name := counting_field(step):
        found: int | None = getattr(context, name)
        return found
    return len(_minutes(step, context))


def used_up(step: Step, context: Context) -> bool | None:
    """Whether as many doses were given as the regimen of a step has at most; None where their number is unknown.

    >>> from cartox_core import Observation, load_plan
    >>> step = load_plan("ferreri-2024").step("crs.tocilizumab.g2")
    >>> [used_up(step, Context(observation=Observation(time_h=5), tocilizumab_doses=n)) for n in (3, 4, None)]
    [False, True, None]
    """
    if step.regimen is None or step.regimen.most_doses == math.inf:
        return False
    given = doses_so_far(step, context)
    return None if given is None else given >= step.regimen.most_doses


def not_before_h(step: Step, context: Context) -> float | None:
    """The hour since infusion before which the next dose of a step is too soon; None where it may be given now."""
    minutes, regimen = _minutes(step, context), step.regimen
    if regimen is None or not minutes:
        return None
    free = [minutes[-1] + 60 * regimen.least_h]
    if len(minutes) >= regimen.most_per_24h:
        free.append(minutes[-int(regimen.most_per_24h)] + _DAY_MIN)
    return max(free) / 60 if max(free) > context.observation.minute else None


def _minutes(step: Step, context: Context) -> list[int]:
    return sorted(dose.minute for dose in context.given if dose.drug in step.drugs[:1])
