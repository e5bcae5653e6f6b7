"""What the doses of courses put into columns where nothing is charted."""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, Columns, unknown_code
from cartox_core.guideline import Scale
from cartox_core.observation import READABLE
from cartox_core.vasopressors import DOSE_HIGH, HOURS, derive


def infused(columns: Columns, scale: Scale) -> tuple[Columns, Columns]:
    """The columns with what the doses of each course put where nothing is charted, at its mildest and at its worst."""
    derived = (HOURS, DOSE_HIGH) if scale.infusions is not None and scale.infusions.high_dose is not None else (HOURS,)
    names = [name for name in derived if name in scale.fields]
    if scale.infusions is None or columns.starts is None or not columns.vasopressors or not names:
        return columns, columns
    passes = [{name: columns.column(name).copy() for name in names} for _ in range(2)]
    ends = [*columns.starts[1:].tolist(), len(columns)]
    for case, given in columns.vasopressors.items():
        rows = slice(int(columns.starts[case]), ends[case])
        if rows.stop - rows.start > 1:  # a snapshot's treatments are not used
            found = derive(columns.minute[rows].tolist(), given, scale.infusions)
            for fields, filled in zip(passes, found, strict=True):
                for name in names:
                    silent = _is_unknown(fields[name][rows], name)
                    fields[name][rows][silent] = np.array([row[name] for row in filled])[silent]
    mild, worst = (dataclasses.replace(columns, fields={**columns.fields, **fields}) for fields in passes)
    alike = all(np.array_equal(passes[0][n], passes[1][n], equal_nan=n == HOURS) for n in names)
    return mild, mild if alike else worst


def _is_unknown(column: Column, name: str) -> npt.NDArray[np.bool_]:
    return np.isnan(column) if READABLE[name].kind == "number" else column == unknown_code(READABLE[name])
