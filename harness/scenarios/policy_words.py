"""A policy of care in words: what is given, when and how much, and what it is assumed to do.

A stage is that of the signs of CRS: 1 are those of grade 2, 2 of grade 3, 3 of grade 4.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from harness.patients.policy import STANDARD, Effect, Planned, Policy, Steroids
from harness.patients.prophylaxis import arms

STAGES = "A stage is that of the signs of CRS: 1 are those of grade 2, 2 of grade 3, 3 of grade 4."
_SOURCES = {"H": "high", "M": "medium", "L": "low"}


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One rule of a policy in words; ``differs`` from standard care or not."""

    what: str
    told: str
    differs: bool


def policy_lines(policy: Policy) -> list[Line]:
    """All that a policy does, rule by rule.

    >>> print(policy_lines(STANDARD)[1].told)
    8 mg/kg, 800 mg at most, from stage 1 of CRS (signs of grade 2) on, every 8 h until it yields, 4 doses at most
    """
    usual = dict(_rules(STANDARD))
    return [Line(what, told, usual.get(what) != told) for what, told in _rules(policy)]


def differences(policy: Policy) -> list[str]:
    """What differs from standard care, a line each.

    >>> from harness.scenarios.policy_file import load_policy
    >>> differences(load_policy("no-treatment"))[:2]
    ['antipyretic: none', 'tocilizumab: none']
    """
    return [f"{line.what}: {line.told}" for line in policy_lines(policy) if line.differs]


def assumptions(policy: Policy) -> list[str]:
    """What is assumed of a policy, with source and confidence."""
    return [f"{a.text} Source: {a.source.rstrip('.')}. Confidence: {_SOURCES[a.confidence]}." for a in policy.assumed]


def _rules(policy: Policy) -> Iterator[tuple[str, str]]:
    fever = "acetaminophen 15 mg/kg, 650 mg at most, once, at the first round after the first fever"
    yield "antipyretic", fever if policy.antipyretic else "none"
    yield "tocilizumab", _tocilizumab(policy)
    yield "corticosteroid for CRS", _for_crs(policy.steroids)
    yield "corticosteroid for ICANS", _for_icans(policy.steroids)
    yield from (("by the calendar", _planned(plan)) for plan in policy.given)
    yield from (("course", told) for told in _course(policy))
    yield from (("severity", told) for told in _effect(policy.effect))


def _stage(stage: int) -> str:
    return f"stage {stage} of CRS (signs of grade {stage + 1})"


def _tocilizumab(policy: Policy) -> str:
    rule = policy.tocilizumab
    if not rule.most_doses:
        return "none"
    dose, doses = "8 mg/kg, 800 mg at most", f"{rule.most_doses} dose{'s' * (rule.most_doses > 1)} at most"
    again = f"every {rule.every_h:g} h until it yields, {doses}"
    if rule.within_h is None:
        return f"{dose}, from {_stage(rule.from_stage)} on, {again}"
    clock = f"less than {rule.within_h:g} h after the first fever in everybody with CRS"
    return f"{dose}, the first at {_stage(rule.from_stage)} or {clock}, if sooner; more from that stage on, {again}"


_METHYLPREDNISOLONE = "at signs of grade 4 methylprednisolone 1,000 mg (30 mg/kg in the small) instead"
_BETWEEN = "12 h at least between two, 6 h of dexamethasone at signs of grade 3 or more"


def _for_crs(rule: Steroids) -> str:
    if rule.crs_from_stage == "never":
        return "none"
    dose = "dexamethasone 10 mg (0.5 mg/kg in the small)"
    if rule.crs_from_stage == "refractory":
        when = "only when two doses of tocilizumab have not helped, with each that would follow"
        return f"{dose} {when}; {_METHYLPREDNISOLONE}; {_BETWEEN}"
    return (
        f"{dose} with each dose of tocilizumab from {_stage(rule.crs_from_stage)} on, and when two have not helped; "
        f"{_METHYLPREDNISOLONE}, from the second dose on; {_BETWEEN}"
    )


def _for_icans(rule: Steroids) -> str:
    start = rule.icans_from_grade
    if start == "never":
        return "none"
    dose = "dexamethasone 10 mg (0.5 mg/kg in the small)"
    if start == "persistent":
        when = "only for what is still of grade 2 or more at the next neurological round, 12 h later: "
    else:
        when = f"from grade {max(start, 2)} on "
    once = "; at grade 1 one dose in half of the patients" if start == 1 else ""
    third = "; at grade 4 methylprednisolone 1,000 mg (30 mg/kg in the small) after two doses"
    return f"{dose} {when}every 12 h until it yields{once}{third}"


def _planned(plan: Planned) -> str:
    most = f", {plan.most_mg:g} mg at most" if plan.most_mg else ""
    what = f"{plan.drug} {plan.dose:,g} {plan.unit}{most} {plan.route}"
    if plan.to_day is None or plan.every_h is None:
        return f"{what} once, on day {plan.from_day:g}"
    return (
        f"{what} every {plan.every_h:g} h from day {plan.from_day:g} to day {plan.to_day:g}, {len(plan.minutes)} doses"
    )


def _course(policy: Policy) -> Iterator[str]:
    course = policy.course
    if course.crs_duration_times != 1:
        yield f"CRS lasts {course.crs_duration_times:g} times as long"
    after = f"go on to the next grade when nobody relieves them, about {course.progress_h:g} h later"
    if course.crs_progress:
        grade = course.crs_progress_from_stage + 1
        yield f"of those with CRS of grade {grade} or more {_percent(course.crs_progress)} {after}"
    if course.icans_progress:
        yield f"of those with ICANS of grade 3 or more {_percent(course.icans_progress)} {after}"


def _effect(effect: Effect) -> Iterator[str]:
    if effect.arm is not None:
        arm = arms()[effect.arm]
        beside = arm.comparator.name if arm.comparator else f"{arm.base}, for the study had no comparator"
        yield f"as in Table 4, {arm.name}, beside {beside}"
    for name, times in zip(("CRS", "ICANS"), effect.times, strict=True):
        if any(factor != 1 for factor in times):
            yield f"{name}: {_grades(times)}"


def _grades(times: Sequence[float]) -> str:
    """The factors, grade by grade.

    >>> _grades((1, 0.8, 0.5, 0.5, 0))
    'as many reach grade 1, 0.8 times as many grade 2, 0.5 times as many grade 3 and 4; nobody dies of it'
    """
    runs = [(factor, list(run)) for factor, run in itertools.groupby(range(1, 5), key=lambda grade: times[grade - 1])]
    told = [f"{_as_many(factor)} grade {' and '.join(map(str, run))}" for factor, run in runs]
    told[0] = told[0].replace(" grade", " reach grade" if times[0] else " reaches grade", 1)
    dies = "dies" if not times[4] else "die"
    return f"{', '.join(told)}; {_as_many(times[4])} {dies} of it"


def _as_many(factor: float) -> str:
    return "nobody" if not factor else "as many" if factor == 1 else f"{factor:.2g} times as many"


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
