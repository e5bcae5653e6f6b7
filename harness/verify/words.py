"""A case in plain words: what is charted that is not normal, and what is not charted."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core import Scale
from cartox_core.fields import Field
from cartox_core.observation import ITEMS_OF, READABLE
from harness.charts import mildest
from harness.verify.case import SuiteCase


def in_words(case: SuiteCase, scale: Scale) -> str:
    """What is charted in a case, observation by observation; of an invalid one, what is wrong with it."""
    rows = case.raw.get("observations")
    if case.expected is None or not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return case.why
    patient = _said(case.raw.get("patient") or {})
    given = [
        f"{t.get('drug')} at {_value(t.get('time_h'))} h"
        for t in case.raw.get("treatments") or ()
        if isinstance(t, Mapping)
    ]
    if len(rows) == 1:
        early = _value(rows[0].get("time_h")) + " h: " if _is_early(rows[0]) else ""
        lines = [early + _row(rows[0], scale)]
    else:
        lines = list(_rows(rows, scale))
    ends = [f"patient: {', '.join(patient)}"] if patient else []
    return "; ".join([*ends, *lines, *given])


def _rows(rows: list[Mapping[str, Any]], scale: Scale) -> Iterator[str]:
    """Observation by observation; of a long series, stretches that say the same."""
    told = [(_value(row.get("time_h")), _row(row, scale, course=True)) for row in rows]
    for words, stretch in itertools.groupby(told, key=lambda t: t[1]):
        hours = [hour for hour, _ in stretch]
        if scale.is_whole and len(hours) > 1:
            yield f"{hours[0]} to {hours[-1]} h, {len(hours)} times: {words}"
        else:
            yield from (f"{hour} h: {words}" for hour in hours)


def _is_early(row: Mapping[str, Any]) -> bool:
    """Whether the hour may be what matters: before the infusion, or about it."""
    hour = row.get("time_h")
    return isinstance(hour, int | float) and hour < 1


def _row(row: Mapping[str, Any], scale: Scale, course: bool = False) -> str:
    signs = _said({k: v for k, v in row.items() if k != "time_h"})
    unknown = [name for name in scale.fields if _is_unknown(READABLE[name], row, course)]
    parts = [", ".join(signs) or "nothing wrong"]
    if unknown:
        parts.append("not charted: " + (", ".join(unknown) if len(unknown) <= 4 else f"{len(unknown)} signs"))
    return "; ".join(parts)


def _said(row: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} {_value(value)}"
        for name, value in row.items()
        if value is not None and (name not in READABLE or value != mildest(READABLE[name]))
    ]


def _is_unknown(field: Field, row: Mapping[str, Any], course: bool) -> bool:
    if field.default is not None or row.get(field.name) is not None or (course and field.snapshot_only):
        return False
    if field.role == "patient" or field.name in ("fever_masked", "capd"):
        return False
    if field.name == "o2_flow_l_min":
        return row.get("o2_device") in ("nasal_cannula", "high_flow_nasal_cannula")
    if field.name == "ice" and row.get("capd") is not None:
        return False
    return row.get(ITEMS_OF.get(field.name, "")) is None


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
