"""Which readings of a plan would change what it says of one patient."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from cartox_core import Plan
from cartox_core.bedside import Bedside
from cartox_core.findings import findings
from cartox_core.recommend import Advice, recommend


@dataclasses.dataclass(frozen=True, slots=True)
class Other:
    """A choice of a reading that is not in force, and the plan under it."""

    reading: str
    choice: str
    plan: Plan


def others(plan: Plan, read: Callable[[dict[str, str]], Plan]) -> tuple[Other, ...]:
    """Every other choice of each reading of a plan, the others as they are. ``read`` reads the plan under readings."""
    return tuple(
        Other(name, choice, read({**plan.chosen, name: choice}))
        for name, reading in plan.readings.items()
        for choice in reading.choices
        if choice != plan.chosen[name]
    )


def changing(
    plan: Plan, at: Bedside, some: Sequence[Other], parts: frozenset[str], seen: Callable[[Plan], Bedside]
) -> Iterator[Other]:
    """Those choices under which some parts of a plan advise a patient otherwise, or find something else.

    ``seen`` gives the patient as a plan sees him; it is asked only where the plans see differently.
    """
    told = _told(plan, at, parts)
    for other in some:
        if _told(other.plan, at if _sees_alike(plan, other.plan) else seen(other.plan), parts) != told:
            yield other


def _sees_alike(one: Plan, other: Plan) -> bool:
    def eyes(plan: Plan) -> object:
        return plan.toxicities, plan.despite, {name for step in plan.steps for name in step.fields}

    return eyes(one) == eyes(other)


def _told(plan: Plan, at: Bedside, parts: frozenset[str]) -> object:
    found = recommend(plan, at.now)
    blocks = (found.advised, found.perhaps, found.discouraged, found.used_up)
    steps = [[_of(advice) for advice in some if advice.step.toxicity in parts] for some in blocks]
    return steps, [(one.kind, one.about, one.time_h, one.text, one.unknown) for one in findings(plan, at)]


def _of(advice: Advice) -> object:
    return advice.ids, advice.step.strength, str(advice.dose), advice.not_before_h, advice.unknown
