"""Cases written to a folder and read again, and the cases that tests write."""

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cartox_core import Case, Treatment, read_case
from cartox_core.fields import Field, Items
from cartox_core.observation import OBSERVATION
from harness.exchange.chart import Chart, Named
from harness.exchange.format import FORMATS

ONE = {  # a case small enough to be written out by hand
    "id": "P1",
    "patient": {"age_years": 61.5, "weight_kg": 74},
    "observations": [
        {"time_h": -1, "temp_c": 36.8},
        {
            "time_h": 52,
            "temp_c": 39.1,
            "hypotension": True,
            "vasopressors": 1,
            "vasopressin": False,
            "o2_device": "nasal_cannula",
            "o2_flow_l_min": 2,
            "fio2": 0.28,
            "anc_per_ul": 450,
            "ferritin_ng_ml": 812.5,
            "ice_items": {"year": 1},
        },
    ],
    "treatments": [{"time_h": 50.5, "drug": "tocilizumab", "dose": 592, "unit": "mg", "route": "IV"}],
}


def case_of(chart: Chart) -> Case:
    """The case that a chart without two rows a minute is."""
    rows = [{"time_h": row.time_h, **row.values} for row in chart.rows]
    return read_case(
        {"id": chart.id, "patient": chart.patient, "observations": rows, "treatments": list(chart.treatments)}
    )


def again(name: str, cases: Sequence[Named]) -> tuple[list[Case], list[str]]:
    """What a format gives back of cases, and what its reader told."""
    told: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        FORMATS[name].write(cases, Path(place))
        charts = list(FORMATS[name].read(Path(place), lambda remark: told.append(str(remark))))
    return [case_of(chart) for chart in charts], told


def to_the_minute(case: Case, name: str) -> Case:
    """A case as a file holds it: times in whole minutes, items of which none is known and empty texts not there."""
    observations = [
        dataclasses.replace(o, time_h=o.minute / 60, **{k: None for k in OBSERVATION if _is_empty(getattr(o, k))})
        for o in case.observations
    ]
    treatments = tuple(_to_the_minute(given) for given in case.treatments)
    return Case(name, case.patient, tuple(observations), treatments)


def _to_the_minute(given: Treatment) -> Treatment:
    return dataclasses.replace(given, time_h=given.minute / 60, unit=given.unit or None, route=given.route or None)


def _is_empty(value: object) -> bool:
    return isinstance(value, Items) and all(getattr(value, item) is None for item in value.most)


def every_value() -> Case:
    """A course in which every field has each of its values, or of its edges and one between them."""
    rows: list[dict[str, Any]] = []
    for name, field in OBSERVATION.items():
        if field.role == "time" or field.snapshot_only:
            continue
        rows += [{"time_h": len(rows) + i, name: value} for i, value in enumerate(_values(field))]
    return read_case({"id": "all", "observations": rows})


def _values(field: Field) -> list[Any]:
    match field.kind:
        case "bool":
            return [True, False]
        case "enum":
            return list(field.values)
        case "items":
            assert field.items is not None
            return [dict(field.items.most), {next(iter(field.items.most)): 0}]
        case "integer":
            return [int(field.low), int(field.high)]
        case _:
            low, high = field.least or field.low, field.high
            return [low, high, low + (high - low) / 3, low + (high - low) * 0.7]
