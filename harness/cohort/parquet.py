"""A graded block as Parquet: patients, observations, treatments, grades and days, one file a block and trial.

Each file is written beside its place and renamed when whole.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import PATIENT, READABLE
from harness.cohort import SCALES
from harness.cohort.block import Block, GradedBlock
from harness.cohort.counts import GradedCounts
from harness.cohort.examined import examined_peaks
from harness.cohort.risk_factors import risk_factors

Named = dict[str, Any]  # columns of a table, numpy or Arrow


def write_block(graded: GradedBlock, counts: GradedCounts, folder: Path) -> dict[str, str]:
    """Write the five tables of a block under ``folder``/TABLE/trial=TRIAL/: SHA-256 by path there. Raises OSError."""
    block, written = graded.block, {}
    name = f"{block.first:012d}.parquet"
    for table, made in _TABLES.items():
        place = folder / table / f"trial={block.trial.replace(' ', '-')}"
        place.mkdir(parents=True, exist_ok=True)
        beside = place / f".{name}.part"
        pq.write_table(pa.table(made(graded, counts)), beside, compression="zstd")  # one in memory at a time
        written[str((place / name).relative_to(folder))] = _sha256(beside)
        os.replace(beside, place / name)
    return written


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def tables(graded: GradedBlock, counts: GradedCounts) -> Mapping[str, pa.Table]:
    """The five tables of a block; unknown is null, an enumeration its word, times in hours since infusion.

    docs/cohort-files.md says what each column is.
    """
    return {name: pa.table(made(graded, counts)) for name, made in _TABLES.items()}


def _index(block: Block) -> npt.NDArray[np.int64]:
    return block.first + np.arange(block.count)


def _patients(graded: GradedBlock, counts: GradedCounts) -> Named:
    who, index = graded.people, _index(graded.block)
    patients: Named = {"index": index, "age_years": who.age_years, "weight_kg": who.weight_kg}
    patients |= {name: pa.array([word] * len(index), pa.string()) for name, word in _cared_for(graded.block).items()}
    for scale in SCALES:
        patients[f"{scale}_true_peak_floor"], patients[f"{scale}_true_peak_ceiling"] = graded.true_peaks(scale)
        onset = graded.onset_min(scale)
        patients[f"{scale}_peak_floor"], patients[f"{scale}_peak_ceiling"] = graded.peaks(scale)
        patients |= _examined(scale, graded)
        patients[f"{scale}_onset_h"] = pa.array(onset / 60, mask=onset < 0)
    for scale in counts.grades:
        patients[f"{scale}_peak_floor"], patients[f"{scale}_peak_ceiling"] = counts.worst(scale)
    for factor, column in risk_factors(counts.laboratory, graded.block.row.trial).items():
        patients[factor] = pa.array(column, from_pandas=True)  # NaN is null
    return patients


def _of_rounds(graded: GradedBlock) -> Named:
    chart = graded.chart
    return {"index": _index(graded.block)[chart.place], "time_h": chart.columns.minute / 60}


def _observations(graded: GradedBlock, _counts: GradedCounts) -> Named:
    fields = {k: v for k, v in graded.chart.columns.fields.items() if k not in PATIENT}
    return _of_rounds(graded) | {name: arrow_column(name, column) for name, column in fields.items()}


def _treatments(graded: GradedBlock, _counts: GradedCounts) -> Named:
    doses = [(index, g) for index, given in enumerate(graded.log.given, graded.block.first) for g in given]
    return {
        "index": pa.array([i for i, _ in doses], pa.int64()),
        "time_h": pa.array([g.minute / 60 for _, g in doses], pa.float64()),
        "drug": pa.array([g.drug for _, g in doses], pa.string()),
        "dose": pa.array([g.dose for _, g in doses], pa.float64()),
        "unit": pa.array([g.unit for _, g in doses], pa.string()),
        "route": pa.array([g.route for _, g in doses], pa.string()),
    }


def _grades(graded: GradedBlock, _counts: GradedCounts) -> Named:
    grades = _of_rounds(graded)
    for scale in SCALES:
        found = graded.grades[scale]
        grades[f"{scale}_floor"], grades[f"{scale}_ceiling"] = found.floor, found.ceiling
    return grades


def _examined(scale: str, graded: GradedBlock) -> dict[str, npt.NDArray[np.uint8]]:
    """The worst ceilings that the report of charting faults counts by, true and found."""
    true = examined_peaks(scale, graded.true_chart, graded.true_grades[scale])
    found = examined_peaks(scale, graded.chart, graded.grades[scale])
    return {f"{scale}_true_examined_peak_ceiling": true[1], f"{scale}_examined_peak_ceiling": found[1]}


def _cared_for(block: Block) -> dict[str, str]:
    """Columns that say how the patients were cared for, where it is not standard care of a trial's patients."""
    found, policy = block.row, block.policy
    if found.arm is not None:
        return {"study": found.arm.name, "arm": found.which, "policy": policy.name}
    return {} if policy.is_standard else {"policy": policy.name}


def _days(graded: GradedBlock, counts: GradedCounts) -> Named:
    """The daily chart with its grades."""
    found = counts.laboratory
    days: Named = {"index": _index(graded.block)[found.place], "time_h": found.columns.minute / 60}
    for field, column in found.columns.fields.items():
        days[field] = arrow_column(field, column)
    for scale, grades in counts.grades.items():
        days[f"{scale}_floor"], days[f"{scale}_ceiling"] = grades.floor, grades.ceiling
    return days


_TABLES: Mapping[str, Callable[[GradedBlock, GradedCounts], Named]] = {
    "patients": _patients,
    "observations": _observations,
    "treatments": _treatments,
    "grades": _grades,
    "days": _days,
}


def arrow_column(name: str, column: Column) -> pa.Array:
    """A column of codes as Arrow values with nulls."""
    field = READABLE[name]
    if field.kind == "number":
        return pa.array(column, mask=np.isnan(column))
    unknown = column == unknown_code(field)
    if field.kind == "enum":
        codes = pa.array(np.where(unknown, 0, column).astype(np.int8), mask=unknown)
        return pa.DictionaryArray.from_arrays(codes, list(field.values))
    values = column.astype(bool) if field.kind == "bool" else column
    return pa.array(values, mask=unknown)
