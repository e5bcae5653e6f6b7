"""Charts made to order: a patient in whom nothing is wrong, and the same with some tests of clauses met."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Scale
from cartox_core.conditions import Between, Test
from cartox_core.fields import Field, Value
from cartox_core.observation import PATIENT, READABLE

Chart = dict[str, Value | None]
TIME_H = 48.0
_USUAL: Mapping[str, tuple[float, ...]] = {  # tried first, so that a chart looks like one of a ward
    "temp_c": (36.8, 39.0),
    "age_years": (61, 8),
    "o2_flow_l_min": (3.0, 10.0),
    "fio2": (0.21, 0.5),
    "anc_per_ul": (4000,),
    "lymphocytes_per_ul": (2000,),
    "platelets_10e9_l": (250,),
    "hemoglobin_g_dl": (14.0,),
    "ast_u_l": (25,),
    "ast_times_baseline": (1.0,),
    "alt_u_l": (25,),
    "alt_times_baseline": (1.0,),
    "bilirubin_mg_dl": (0.6,),
    "bilirubin_times_baseline": (1.0,),
    "creatinine_mg_dl": (0.8,),
    "creatinine_times_baseline": (1.0,),
    "fibrinogen_mg_dl": (300,),
    "fibrinogen_times_baseline": (1.0,),
    "ferritin_ng_ml": (200.0,),
}


def step_of(field: Field) -> float:
    """The smallest step in which a field is charted."""
    return 1.0 if field.kind == "integer" else 0.1


def usual(field: Field) -> tuple[float, ...]:
    """Values as they stand in a ward's charts; empty for most fields."""
    return _USUAL.get(field.name, ())


def values_of(field: Field, tests: Iterable[Test] = ()) -> Iterator[Value]:
    """Values to try for a field: the usual ones, the mildest, those at the edges of tests, the worst."""
    yield from usual(field)
    if field.default is not None:
        yield field.default
    match field.kind:
        case "bool":
            yield from (False, True)
        case "enum":
            yield from field.values
        case _:
            mildest, worst = (field.high, field.low) if field.worse == "down" else (field.low, field.high)
            yield mildest
            for bound in [b for test in tests if isinstance(test, Between) for b in (test.low, test.high)]:
                yield from (round(bound + d * step_of(field), 2) for d in (0, -1, 1))
            yield worst


def met(name: str, tests: Sequence[Test]) -> Value | None:
    """A value of a field that passes all tests, None where there is none.

    >>> met("temp_c", [Between(low=38)]), met("vasopressors", [Between(low=2)])
    (39.0, 2)
    """
    field = READABLE[name]
    for value in values_of(field, tests):
        if field.fault(value) is None and all(test.holds(value) for test in tests):
            return int(value) if field.kind == "integer" else value
    return None


def chart(scale: Scale, *whens: Mapping[str, Test]) -> Chart | None:
    """A chart of a scale on which all tests hold and nothing else is wrong; None where they exclude each other."""
    asked: dict[str, list[Test]] = {}
    for name, test in itertools.chain.from_iterable(when.items() for when in whens):
        asked.setdefault(name, []).append(test)
    found = calm(scale)
    for name, tests in asked.items():
        if name in found and found[name] is not None and all(t.holds(found[name]) for t in tests):  # type: ignore[arg-type]
            continue
        value = met(name, tests)
        if value is None:
            return None
        found[name] = value
    unread = "ice" if float(found.get("age_years") or 18) < 12 else "capd"
    if unread not in asked:
        found.pop(unread, None)
    return found


def calm(scale: Scale) -> Chart:
    """Every sign that a scale reads, charted and at its mildest; fields with a default are left to it."""
    found: Chart = {}
    for name in scale.fields:
        field = READABLE[name]
        if field.default is not None or name == "o2_flow_l_min":
            continue
        found[name] = mildest(field)
    return found


def mildest(field: Field) -> Value:
    """The value of a field that is no sign of illness: its default where it has one."""
    if field.default is not None:
        return field.default
    if isinstance(field.worse, tuple):
        return field.values[field.worse.index(0)]
    return next(int(v) if field.kind == "integer" else v for v in values_of(field))


def open_charts(scale: Scale, *whens: Mapping[str, Test]) -> Iterator[Chart]:
    """The charts on which all tests hold, one for each clause that opens the gate."""
    for gate in [clause.when for clause in scale.gate] or [{}]:
        found = chart(scale, gate, *whens)
        if found is not None:
            yield found


def observed(chart: Mapping[str, Any], time_h: float = TIME_H) -> dict[str, Any]:
    """The observation of a chart."""
    return {"time_h": time_h, **{k: v for k, v in chart.items() if k not in PATIENT}}


def snapshot(chart: Mapping[str, Any]) -> dict[str, Any]:
    """A case with one observation."""
    patient = {k: v for k, v in chart.items() if k in PATIENT}
    return {"patient": patient, "observations": [observed(chart)], "treatments": []}
