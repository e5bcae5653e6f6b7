"""A case that shows a rule: a calm chart with the findings of one of its cells, graded again by both forms."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Observation, Patient, Scale, grade
from cartox_core.fields import Value
from cartox_core.guideline import Clause
from cartox_core.observation import PATIENT, READABLE
from cartox_core.tables import Axis
from harness.charts import Chart, calm, chart, snapshot


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


def witness(
    old: Scale, new: Scale, found: Mapping[str, Value], was: int, now: int, sign: Clause | None
) -> dict[str, Any] | None:
    """A case that the two forms grade so, made of a calm chart; None for scales of a whole course."""
    if old.is_whole or new.is_whole:
        return None
    for base in _bases(old, new, sign):
        case: dict[str, Any] = {n: v for n, v in {**base, **found}.items() if v != READABLE[n].default}
        told = Observation(time_h=48.0, **{k: v for k, v in case.items() if k not in PATIENT})
        who = Patient(**{k: v for k, v in case.items() if k in PATIENT})
        if [grade(told, form, who).grade for form in (old, new)] == [was, now]:
            return snapshot(case)
    return None


def _bases(old: Scale, new: Scale, sign: Clause | None) -> Iterator[Chart]:
    """Calm charts of both forms, but for a sign where one is given; the gate of either open in each way, and shut."""
    rest = {**calm(new), **calm(old), **((chart(old, sign.when) or {}) if sign else {})}
    for form in (old, new):
        for gate in [clause.when for clause in form.gate]:
            opened = chart(form, gate)
            if opened is not None:
                yield {**rest, **opened}
    yield rest
