"""A simulated patient as a protocol object: what an outside grader would be told."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Columns, code_of
from cartox_core.observation import PATIENT, READABLE
from harness.patients.charting import Chart
from harness.patients.laboratory import Laboratory
from harness.patients.log import Log
from harness.patients.people import People
from harness.patients.written import written_in


def case_of(people: People, log: Log, chart: Chart, place: int) -> dict[str, Any]:
    """The case of the patient at a place in the block; unknown fields are left out."""
    first, stop = np.searchsorted(chart.place, [place, place + 1])
    rows = np.arange(first, stop)
    return {
        "patient": {"age_years": float(people.age_years[place]), "weight_kg": float(people.weight_kg[place])},
        "observations": observations_of(chart.columns, rows),
        "treatments": treatments_of(log, place),
    }


def days_of(found: Laboratory, place: int) -> list[dict[str, Any]]:
    """The daily chart of the patient at a place in the block, as observations."""
    return observations_of(found.columns, np.flatnonzero(found.place == place))


def observations_of(columns: Columns, rows: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    """The charted rounds of some rows; unknown fields, and those that hold their default, are left out."""
    observations: list[dict[str, Any]] = [{"time_h": int(m) / 60} for m in columns.minute[rows]]
    for name, column in columns.fields.items():
        if name in PATIENT:
            continue
        field, codes = READABLE[name], column[rows]
        told = written_in(name, codes)
        if field.default is not None:
            told &= codes != code_of(field, field.default)
        values: Iterable[Any] = codes[told].tolist()
        match field.kind:
            case "bool":
                values = map(bool, values)
            case "enum":
                values = map(field.values.__getitem__, values)
        for row, value in zip(np.flatnonzero(told).tolist(), values, strict=True):
            observations[row][name] = value
    return observations


def treatments_of(log: Log, place: int) -> list[dict[str, Any]]:
    """What was given to the patient at a place in the block."""
    return [
        {"time_h": g.minute / 60, "drug": g.drug, "dose": g.dose, "unit": g.unit, "route": g.route}
        for g in log.given[place]
    ]
