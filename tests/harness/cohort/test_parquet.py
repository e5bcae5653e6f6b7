"""A graded block as Parquet: types, nulls, and files that appear whole."""

import json
import os

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from harness.cohort import parquet
from harness.cohort.counts import grade_counts
from harness.cohort.parquet import arrow_column, tables, write_block
from tests.harness.simulated import graded

TABLES = {"patients", "observations", "treatments", "grades", "days"}
CASE = ("sparse-charting", "TRANSCEND NHL 001", 30, 40, True)


@pytest.fixture(scope="module")
def block():
    return graded(*CASE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory, block):
    where = tmp_path_factory.mktemp("cohort")
    write_block(block, grade_counts(block), where)
    first = graded("sparse-charting", "TRANSCEND NHL 001", 0, 30, True)
    write_block(first, grade_counts(first), where)
    return where


def test_each_table_has_a_file_for_each_block(folder):
    found = sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())
    place = "trial=TRANSCEND-NHL-001"
    assert found == sorted(f"{t}/{place}/{first:012d}.parquet" for t in TABLES for first in (0, 30))


def test_two_blocks_are_one_dataset(folder):
    whole = ds.dataset(folder / "patients", partitioning="hive").to_table().to_pydict()
    assert sorted(whole["index"]) == list(range(70))
    assert set(whole["trial"]) == {"TRANSCEND-NHL-001"}


def test_duckdb_and_polars_read_it(folder):
    query = f"select count(*), sum(crs_peak_floor >= 1) from '{folder}/patients/**/*.parquet'"
    both = [(graded("sparse-charting", "TRANSCEND NHL 001", first, n, True)) for first, n in ((0, 30), (30, 40))]
    ill = sum(int((b.peaks("crs")[0] >= 1).sum()) for b in both)
    assert duckdb.sql(query).fetchall() == [(70, ill)]
    frame = pl.read_parquet(f"{folder}/observations/**/*.parquet")
    assert frame.height == sum(len(b.chart.place) for b in both)
    assert frame["o2_device"].dtype == pl.Categorical or frame["o2_device"].dtype == pl.Enum


def test_the_tables_have_their_types(block):
    found = tables(block, grade_counts(block))
    assert set(found) == TABLES
    schema = found["observations"].schema
    assert schema.field("index").type == pa.int64()
    assert schema.field("time_h").type == schema.field("temp_c").type == pa.float64()
    assert schema.field("hypotension").type == pa.bool_()
    assert schema.field("vasopressors").type == pa.uint8()
    assert pa.types.is_dictionary(schema.field("o2_device").type)
    assert "age_years" not in schema.names
    assert found["patients"].schema.field("crs_onset_h").type == pa.float64()
    assert found["grades"].schema.field("crs_floor").type == pa.uint8()


def test_unknown_is_null_and_values_are_as_charted(block):
    observations = tables(block, grade_counts(block))["observations"]
    for name, column in block.chart.columns.fields.items():
        if name == "age_years":
            continue
        field, found = READABLE[name], observations[name].to_pylist()
        unknown = np.isnan(column) if field.kind == "number" else column == unknown_code(field)
        assert [value is None for value in found] == unknown.tolist(), name
        known = [value for value in found if value is not None]
        charted = column[~unknown].tolist()
        assert known == ([field.values[c] for c in charted] if field.kind == "enum" else charted), name


def test_the_quiet_have_no_onset_and_grades_stand_with_their_rounds(block):
    found = tables(block, grade_counts(block))
    patients = found["patients"].to_pydict()
    for scale in ("crs", "icans"):
        for peak, onset in zip(patients[f"{scale}_peak_floor"], patients[f"{scale}_onset_h"], strict=True):
            assert (onset is None) == (peak == 0)
        assert found["grades"][f"{scale}_floor"].to_pylist() == block.grades[scale].floor.tolist()
    assert found["grades"]["time_h"] == found["observations"]["time_h"]
    assert found["grades"]["index"] == found["observations"]["index"]
    assert set(found["treatments"]["index"].to_pylist()) <= set(range(30, 70))


def test_a_block_without_treatments_has_an_empty_table_of_the_same_types():
    quiet = next(i for i in range(100) if not graded("table1", "TRANSFORM", i, 1).log.given[0])
    nobody, some = graded("table1", "TRANSFORM", quiet, 1), graded("table1", "KarMMa", 0, 40)
    empty = tables(nobody, grade_counts(nobody))["treatments"]
    assert empty.num_rows == 0
    assert empty.schema == tables(some, grade_counts(some))["treatments"].schema


def test_the_days_stand_with_their_grades_and_the_worst_with_the_patients(block):
    counts = grade_counts(block)
    days, patients = tables(block, counts)["days"], tables(block, counts)["patients"]
    assert days.num_rows == len(counts.laboratory.columns)
    assert pa.types.is_dictionary(days.schema.field("infection").type)
    assert {"anc_per_ul", "ferritin_ng_ml", "neutropenia_floor", "infection_ceiling"} <= set(days.schema.names)
    assert days["neutropenia_floor"].to_pylist() == counts.grades["neutropenia"].floor.tolist()
    low, high = counts.worst("thrombocytopenia")
    assert patients["thrombocytopenia_peak_floor"].to_pylist() == low.tolist()
    assert patients["thrombocytopenia_peak_ceiling"].to_pylist() == high.tolist()


@pytest.mark.parametrize(
    ("name", "codes", "values"),
    [
        ("hypotension", [0, 1, 2], [False, True, None]),
        ("vasopressors", [0, 6, 7], [0, 6, None]),
        ("o2_device", [0, 9, 10], ["none", "mechanical_ventilation", None]),
        ("temp_c", [38.5, float("nan")], [38.5, None]),
    ],
)
def test_codes_become_values(name, codes, values):
    dtype = np.float64 if READABLE[name].kind == "number" else np.uint8
    assert arrow_column(name, np.array(codes, dtype)).to_pylist() == values


def test_the_same_block_is_the_same_bytes(tmp_path, block, folder):
    write_block(block, grade_counts(block), tmp_path)
    for file in tmp_path.rglob("*.parquet"):
        assert file.read_bytes() == (folder / file.relative_to(tmp_path)).read_bytes()


def test_a_file_that_cannot_be_written_whole_does_not_appear(tmp_path, block, monkeypatch):
    def torn(content, where, **_):
        where.write_bytes(b"PAR1")
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(pq, "write_table", torn)
    with pytest.raises(OSError, match="No space left"):
        write_block(block, grade_counts(block), tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))
    assert parquet.pq is pq


def test_what_is_written_can_be_told_as_json(folder):
    table = pq.read_table(next((folder / "observations").rglob("*.parquet")))
    json.dumps(table.slice(0, 50).to_pylist(), allow_nan=False)
