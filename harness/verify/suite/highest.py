"""Courses for scales that look for the highest of each finding: every cell, on one day or spread over several."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cartox_core import Guideline, Scale
from cartox_core.fields import Value
from cartox_core.guideline import Feature
from cartox_core.observation import LATEST_H, OBSERVATION
from cartox_core.tables import Axis, tables_of
from harness.charts import mildest, step_of
from harness.verify.case import SuiteCase
from harness.verify.suite.right import right

Row = dict[str, Any]
Chosen = Sequence[tuple[Feature, Value | None]]
_DAYS = (1, 3, 4)  # the second of several observations has what is told


def highest(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """Courses of a scale whose features are all the highest of something."""
    yield from _cases((*_edges(scale), *_windows(scale), *_cells(scale)), guideline, scale)


def edges_of_highest(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    """The courses about the edges of what each clause asks; none for a scale that is not of this kind."""
    if all(feature.made == "highest" for feature in scale.features):
        yield from _cases(_edges(scale), guideline, scale)


def _cases(charts: Iterable[tuple[str, str, list[Row]]], guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    for name, (why, rows) in {name: (why, rows) for name, why, rows in charts}.items():
        raw: Row = {"patient": {}, "observations": rows, "treatments": []}
        yield right(f"course/{name}", why, raw, guideline, scale.name)


def _axes(scale: Scale) -> list[tuple[Feature, Axis]]:
    axes = {axis.field.name: axis for table in tables_of(scale).tables for axis in table.axes}
    return [(feature, axes[feature.name]) for feature in scale.features if feature.name in axes]


def _row(chosen: Chosen, day: float, which: int = 0) -> Row:
    """An observation that has the findings chosen, each in one of its fields, and the others at their mildest."""
    row: Row = {"time_h": 24 * day + 6}
    for feature, value in chosen:
        if value is None:
            continue
        for place, name in enumerate(feature.of):
            here = place == which % len(feature.of)
            row[name] = _clean(feature, value) if here else mildest(OBSERVATION[name])
    return row


def _clean(feature: Feature, value: Value) -> Value:
    return int(value) if feature.field.kind == "integer" else value


def _cells(scale: Scale) -> Iterator[tuple[str, str, list[Row]]]:
    """Every cell of the table, unknown included, told at once, and finding by finding on several days."""
    axes = _axes(scale)
    for place, values in enumerate(itertools.product(*[[*(b.sample for b in a.bands), None] for _, a in axes])):
        chosen = [(feature, value) for (feature, _), value in zip(axes, values, strict=True)]
        said = ", ".join(f"{f.name} {'never charted' if v is None else v}" for f, v in chosen)
        yield f"cell/{place}", said, [_row(chosen, 2, place)]
        calm = [(f, None if v is None else a.bands[0].sample) for (f, v), (_, a) in zip(chosen, axes, strict=True)]
        spread = [_row(calm, _DAYS[0]), *(_row([one], _DAYS[1] + 0.1 * i, place) for i, one in enumerate(chosen))]
        yield f"spread/{place}", f"{said}; each at another time", [*spread, _row(calm, _DAYS[2] + 1)]


def _edges(scale: Scale) -> Iterator[tuple[str, str, list[Row]]]:
    """The findings that each clause asks for, one of them about its edge, and the others at their mildest."""
    axes = _axes(scale)
    for clause in scale.clauses:
        met = {
            feature.name: next(b.sample for b in reversed(axis.bands) if clause.when[feature.name].holds(b.sample))
            for feature, axis in axes
            if feature.name in clause.when
        }
        for feature, axis in axes:
            step = step_of(feature.field)
            for cut, by in itertools.product(axis.cuts if feature.name in met else (), (-step, 0, step)):
                value = round(cut.at + by, 2)
                chosen = [(f, value if f is feature else met.get(f.name, a.bands[0].sample)) for f, a in axes]
                for which in range(len(feature.of)):
                    name = f"edge/{clause.id}/{feature.name}/{value:g}/{which}"
                    yield name, f"{feature.name} {value:g}, and what {clause.id} asks", [_row(chosen, 2, which)]


def _windows(scale: Scale) -> Iterator[tuple[str, str, list[Row]]]:
    """Each finding about the first and the last day on which it counts, what goes with it there all along."""
    axes = _axes(scale)
    for feature, axis in axes:
        worst = [(f, a.bands[-1].sample) for f, a in axes if f is not feature]
        for many, day, by in itertools.product((1, 2, len(worst)), (feature.first_day, feature.last_day), (-1, 0, 1)):
            at = 24.0 * (day + by)
            if at > LATEST_H:
                continue
            calm = [(f, a.bands[0].sample) for f, a in axes if f not in [w[0] for w in worst[:many]]]
            rows = [_row([*worst[:many], *calm], 2), {**_row([(feature, axis.bands[-1].sample)], 0), "time_h": at}]
            yield f"window/{feature.name}/{day + by}/{many}", f"{feature.name} on day {day + by}", _in_order(rows)


def _in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: float(row["time_h"]))
