"""Snapshots derived from the guideline's own tables: edges, clauses alone, pairs, what is missing, every cell."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core import Guideline, Scale
from cartox_core.conditions import Between
from cartox_core.fields import Value
from cartox_core.guideline import Clause
from cartox_core.observation import READABLE
from cartox_core.tables import Axis, tables_of
from harness.charts import Chart, calm, chart, open_charts, snapshot, step_of, usual
from harness.verify.case import SuiteCase
from harness.verify.suite.right import right


def edges(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Both sides of every threshold, near and nearer, and every whole number of a count."""
    for clause, name, test in _numeric(scale):
        rest = {k: t for k, t in clause.when.items() if k != name}
        found = _behind_gate(scale, clause, rest, name)
        for value in _beside(name, test) if found is not None else ():
            why = f"{name} {value:g}, beside the edge of {clause.id} ({test})"
            raw = snapshot({**found, name: value})  # type: ignore[dict-item]
            yield right(f"edge/{clause.id}/{name}={value:g}", why, raw, guideline, scale.name, [clause.id])
        sign = _worst_sign(scale, name) if clause in scale.gate else None
        behind = None if sign is None else chart(scale, rest, sign.when)
        for value in _beside(name, test)[1:-1:2] if behind is not None else ():  # the edge and a step to each side
            why = f"{name} {value:g}, beside the edge of {clause.id} ({test}), which opens the way to a sign"
            raw = snapshot({**behind, name: value})  # type: ignore[dict-item]
            yield right(f"edge/{clause.id}/{name}={value:g}/sign", why, raw, guideline, scale.name, [clause.id])


def starts(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """A grave sign about the hour from which a scale grades."""
    sign = _worst_sign(scale, "")
    found = None if scale.from_h is None or sign is None else next(open_charts(scale, sign.when), None)
    for minutes in (-30, 0) if found is not None else ():
        raw = snapshot(found)  # type: ignore[arg-type]
        raw["observations"][0]["time_h"] = (scale.from_h or 0) + minutes / 60
        why = f"{sign.text if sign else ''}, {minutes} minutes from the hour at which grading begins"
        yield right(f"start/{minutes}", why, raw, guideline, scale.name)


def _worst_sign(scale: Scale, but: str) -> Clause | None:
    """The gravest clause behind the gate that does not read a field."""
    signs = [c for d in scale.domains if d.gated and but not in d.fields for c in d.clauses]
    return max(signs, key=lambda clause: clause.grade, default=None)


def _numeric(scale: Scale) -> Iterator[tuple[Clause, str, Between]]:
    for clause in scale.clauses:
        for name, test in clause.when.items():
            if isinstance(test, Between):
                yield clause, name, test


def _beside(name: str, test: Between) -> list[Value]:
    field = READABLE[name]
    if field.kind == "integer":
        return list(range(int(field.low), int(field.high) + 1))
    bounds = {b for b in (test.low, test.high) if field.low < b < field.high}
    near = [b + d for b in sorted(bounds) for d in (-step_of(field), -0.04, 0, 0.04, step_of(field))]
    return [round(v, 2) for v in [field.low, *near, field.high]]


def _behind_gate(scale: Scale, clause: Clause, rest: Mapping[str, Any], name: str) -> Chart | None:
    """A chart with the gate open by another field than the one that is tried."""
    others = [] if clause in scale.gate else [gate.when for gate in scale.gate if name not in gate.when][:1]
    return chart(scale, rest, *others)


def alone(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Every clause with nothing else wrong, under each way the gate opens, and with the gate shut."""
    for clause in scale.clauses:
        charts = list(open_charts(scale, clause.when))
        shut = chart(scale, clause.when)
        for i, found in enumerate([*charts, *([] if shut is None or shut in charts else [shut])]):
            why = f"{clause.text}, and nothing else"
            yield right(f"clause/{clause.id}/{i + 1}", why, snapshot(found), guideline, scale.name, [clause.id])


def pairs(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Every clause of a domain together with every clause of another."""
    for one, other in itertools.combinations(scale.domains, 2):
        for a, b in itertools.product(one.clauses, other.clauses):
            found = next(open_charts(scale, a.when, b.when), None)
            if found is not None:
                why = f"{a.text}; {b.text}"
                yield right(f"pair/{a.id}+{b.id}", why, snapshot(found), guideline, scale.name)


def missing(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Every clause alone with each charted field unknown in turn, and with only what the clause reads."""
    for clause in scale.clauses:
        for found in itertools.islice(open_charts(scale, clause.when), 1):
            for name in found:
                left = {k: v for k, v in found.items() if k != name}
                why = f"{clause.text}; {name} is unknown"
                yield right(f"missing/{clause.id}/{name}", why, snapshot(left), guideline, scale.name)
            only = {k: v for k, v in found.items() if k in clause.when}
            why = f"{clause.text}; nothing else is charted"
            yield right(f"missing/{clause.id}/rest", why, snapshot(only), guideline, scale.name, [clause.id])


def cells(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Every cell of every table, unknown included, with the other domains at their mildest and the gate open."""
    opened = next(open_charts(scale), calm(scale))
    for number, table in enumerate(tables_of(scale).tables):
        choices = [[(axis.field.name, value) for value in _values(axis)] for axis in table.axes]
        for place, combination in enumerate(itertools.product(*choices)):
            found = dict(combination)
            rest = {k: v for k, v in opened.items() if k not in found}
            known = {k: v for k, v in {**rest, **found}.items() if v is not None}
            said = ", ".join(f"{k} {'unknown' if v is None else v}" for k, v in found.items())
            yield right(f"cell/{number}.{place}", said, snapshot(known), guideline, scale.name)


def _values(axis: Axis) -> list[Value | None]:
    """One value of each band, a usual one where there is one, and unknown."""
    found: list[Value | None] = []
    for place, band in enumerate(axis.bands):
        sample = next((v for v in usual(axis.field) if axis.entry(v) == place), band.sample)
        found.append(int(sample) if axis.field.kind == "integer" else sample)
    return found if axis.field.default is not None else [*found, None]
