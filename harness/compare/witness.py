"""A case that shows a rule: a calm chart with the findings of one of its cells, graded again by both forms."""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Case, Observation, Patient, Refused, Scale, grade, grade_course, read_case
from cartox_core.derived import told
from cartox_core.fields import Value
from cartox_core.guideline import Clause
from cartox_core.observation import PATIENT, READABLE
from cartox_core.tables import Axis
from harness.charts import Chart, calm, chart, snapshot
from harness.compare.region import Region
from harness.course_charts import courses

_TRIED = 200  # courses of a rule; one takes about a millisecond


def grave_sign(old: Scale, new: Scale, axes: Sequence[Axis]) -> Clause | None:
    """The gravest clause behind the gate that both forms have alike, and that reads nothing of these axes."""
    names = {axis.field.name for axis in axes}
    theirs = {c.id: (c.grade, dict(c.when)) for d in new.domains if d.gated for c in d.clauses}
    both = [
        clause
        for domain in old.domains
        if domain.gated and not set(domain.fields) & names
        for clause in domain.clauses
        if theirs.get(clause.id) == (clause.grade, dict(clause.when))
    ]
    return max(both, key=lambda clause: clause.grade, default=None)


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """A case that shows a rule, and what the two forms grade it: as the rule says, or beside a milder grade of all."""

    case: dict[str, Any]
    old: int
    new: int


def witness(
    old: Scale, new: Scale, found: Mapping[str, Value], was: int, now: int, sign: Clause | None
) -> Shown | None:
    """A case that the two forms grade so, made of a calm chart; None where there is none."""
    return _best(_snapshots(old, new, found, sign), was, now)


def course_witness(old: Scale, new: Scale, where: Region, was: int, now: int) -> Shown | None:
    """A course with the findings of a region that two scales of whole courses grade so.

    None where none of those tried is: one count makes several features, of which not all can be at their mildest.
    """
    return _best(_courses(old, new, where), was, now)


def _best(tried: Iterator[Shown], was: int, now: int) -> Shown | None:
    """The first case graded so; else the first that changes in that direction and has the worse of the two grades."""
    second = None
    for shown in tried:
        if (shown.old, shown.new) == (was, now):
            return shown
        same_way = (shown.new > shown.old) - (shown.new < shown.old) == (now > was) - (now < was)
        if second is None and same_way and max(shown.old, shown.new) == max(was, now):
            second = shown
    return second


def _snapshots(old: Scale, new: Scale, found: Mapping[str, Value], sign: Clause | None) -> Iterator[Shown]:
    for base in _bases(old, new, sign):
        case: dict[str, Any] = {n: v for n, v in {**base, **found}.items() if v != READABLE[n].default}
        charted = Observation(time_h=48.0, **{k: v for k, v in case.items() if k not in PATIENT})
        who = Patient(**{k: v for k, v in case.items() if k in PATIENT})
        one, other = (grade(charted, form, who).grade for form in (old, new))
        if one is not None and other is not None:
            yield Shown(snapshot(case), one, other)


def _courses(old: Scale, new: Scale, where: Region) -> Iterator[Shown]:
    for raw in itertools.islice(courses((old, new), dict(where)), _TRIED):
        try:
            case = read_case(raw)
        except Refused:  # between 0 and the least that is ever charted of a count
            continue
        one, other = (grade_course(case.observations, (), form, case.patient).grades[0].grade for form in (old, new))
        if one is not None and other is not None and all(_lies_in(case, form, where) for form in (old, new)):
            yield Shown(raw, one, other)


def _lies_in(case: Case, form: Scale, where: Region) -> bool:
    """Whether what a form makes of a course lies in a region, with what is unknown at its mildest and at its worst."""
    ((last, *bounds),) = told(case.observations, (), form, case.patient)
    for name, tests in where:
        if name in form.own:
            values = [made[name] for made in bounds]
        elif name in form.fields:
            values = [getattr(last, name)]
        else:
            continue
        if not all(value is not None and any(test.holds(value) for test in tests) for value in values):
            return False
    return True


def _bases(old: Scale, new: Scale, sign: Clause | None) -> Iterator[Chart]:
    """Calm charts of both forms, but for a sign where one is given; the gate of either open in each way, and shut."""
    rest = {**calm(new), **calm(old), **((chart(old, sign.when) or {}) if sign else {})}
    for form in (old, new):
        for gate in [clause.when for clause in form.gate]:
            opened = chart(form, gate)
            if opened is not None:
                yield {**rest, **opened}
    yield rest
