"""What a plan finds in what was given: late, over a stated maximum, not read, or discouraged and yet given.

A finding is sure, or names the unknown fields that leave it open. For testing and teaching, not for treating patients.
"""

import dataclasses
from collections.abc import Iterator
from typing import Literal

from cartox_core.bedside import Bedside
from cartox_core.context import Context
from cartox_core.grade import Grade
from cartox_core.lateness import late
from cartox_core.management import Plan, Step
from cartox_core.maxima import over, unread
from cartox_core.recommend import held

_ANY = 4  # the highest grade that an illness has where nothing is known of it


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say of what was given: its kind, the step or the drug, at or since which hour, and in words."""

    kind: Literal["late", "over", "unread", "discouraged"]
    about: str
    time_h: float
    text: str
    unknown: tuple[str, ...] = ()


def findings(plan: Plan, at: Bedside) -> tuple[Finding, ...]:
    """Everything there is to say of a case, in the order of time.

    >>> from cartox_core import load_plan, read_case
    >>> from cartox_core.bedside import bedside, scales_of
    >>> case = read_case({"observations": [{"time_h": 1}],
    ...                   "treatments": [{"time_h": 0, "drug": "tocilizumab", "dose": 900, "unit": "mg"}]})
    >>> plan = load_plan("ferreri-2024")
    >>> [finding.text for finding in findings(plan, bedside(case, plan, scales_of(plan)))]
    ['900 mg; 800 mg at most']
    """
    found = [
        *(Finding("late", step.id, since_h, text) for step, since_h, text in late(plan, at)),
        *(Finding("over", one.dose.drug, one.dose.time_h, one.text, one.unknown) for one in over(plan, at)),
        *(Finding("unread", dose.drug, dose.time_h, text) for dose, text in unread(plan, at)),
        *_discouraged(plan, at),
    ]
    return tuple(sorted(found, key=lambda finding: finding.time_h))


def _discouraged(plan: Plan, at: Bedside) -> Iterator[Finding]:
    steps = [step for step in plan.steps if step.strength == "discouraged"]
    for dose in at.case.treatments:
        if (then := at.before(dose.minute)) is None or dose.dose == 0:
            continue
        for step in steps:
            found, unknown = held(step, then) if dose.drug in step.drugs else ("fails", ())
            if found == "holds" or (found == "may hold" and not _is_untold(plan, step, then)):
                yield Finding("discouraged", step.id, dose.time_h, step.what, unknown)


def _is_untold(plan: Plan, step: Step, then: Context) -> bool:
    """Whether nothing is known of the grade that a step is about: then nobody charted that illness."""
    grade = then.value(plan.toxicities[step.toxicity].grade)
    return grade is None or (isinstance(grade, Grade) and grade.floor == 0 and grade.ceiling >= _ANY)
