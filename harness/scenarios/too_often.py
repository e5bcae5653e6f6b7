"""Drugs that a policy gives by the calendar oftener than the management plan states as the most."""

import itertools
from collections.abc import Iterator, Sequence

from cartox_core import Plan, load_plan
from harness.patients.planned import Calendar
from harness.patients.policy import Policy
from harness.scenarios.ward_words import counted

PLAN = "ferreri-2024"


def too_often(policy: Policy) -> list[str]:
    """What to say of each such drug, by the number of its doses or the hours between two of them.

    >>> from harness.scenarios.policy_file import load_policy
    >>> too_often(load_policy("tocilizumab-day-2"))
    []
    """
    plan = load_plan(PLAN)
    planned = Calendar(policy).minutes
    return [f"{drug} by the calendar: {told}" for drug, at in planned.items() for told in _told(plan, drug, at)]


def _told(plan: Plan, drug: str, minutes: Sequence[int]) -> Iterator[str]:
    regimens = [step.regimen for step in plan.steps if step.drugs[:1] == (drug,) and step.strength != "discouraged"]
    known = [regimen for regimen in regimens if regimen is not None]
    if not known or len(known) < len(regimens):  # a step without a dose in the source has no most
        return
    most, least_h = max(regimen.most_doses for regimen in known), min(regimen.least_h for regimen in known)
    if len(minutes) > most:
        yield f"{counted(len(minutes), 'dose')} a patient; {PLAN} has {most:g} in all at most"
    closest = min((after - before for before, after in itertools.pairwise(minutes)), default=None)
    if closest is not None and closest < 60 * least_h:
        yield f"doses {closest / 60:.4g} h apart; {PLAN} has {least_h:g} h at least"
