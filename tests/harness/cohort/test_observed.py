"""Parquet back as columns: what was written comes back, of other writers too, and what cannot be is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.rows import FIELDS, SCALES, uniform
from cartox_core import Columns, grade_scales
from cartox_core.kernel import WORTH_LOADING_ROWS, kernel_for, load_kernel
from cartox_core.observation import READABLE
from harness.cohort import observed
from harness.cohort.observed import BATCH_ROWS, grade_files, read_columns
from harness.cohort.parquet import arrow_column

ROWS = 3000


def table_of(columns: Columns) -> pa.Table:
    fields = {name: arrow_column(name, column) for name, column in columns.fields.items()}
    return pa.table({"index": np.zeros(len(columns), np.int64), "time_h": columns.minute / 60, **fields})


def written(table: pa.Table, file: Path, rows: int = 1000) -> Path:
    pq.write_table(table, file, compression="zstd", row_group_size=rows)
    return file


def same(found: Columns, expected: Columns) -> None:
    assert np.array_equal(found.minute, expected.minute)
    assert set(found.fields) == set(expected.fields)
    for name, column in expected.fields.items():
        assert found.fields[name].dtype == column.dtype
        assert np.array_equal(found.fields[name], column, equal_nan=column.dtype == np.float64), name


def test_what_a_run_writes_comes_back_group_by_group(tmp_path: Path) -> None:
    rows = uniform(ROWS + 7)
    file = written(table_of(rows), tmp_path / "a.parquet")
    parts = list(read_columns([file, file], FIELDS))
    assert [len(part) for part in parts] == [1000, 1000, 1000, 7] * 2
    for first, part in zip((0, 1000, 2000, 3000), parts[4:], strict=True):
        same(part, rows.rows(first, first + len(part)))


def test_grades_of_files_are_those_of_their_rows(tmp_path: Path) -> None:
    """Two files, one of a group larger than a batch, on one thread and on two."""
    small, large = uniform(ROWS, 1), uniform(BATCH_ROWS + 500, 2)
    files = [written(table_of(small), tmp_path / "a.parquet"), written(table_of(large), tmp_path / "b.parquet", 2**20)]
    expected = [grade_scales(columns, SCALES) for columns in (small, large)]
    for threads in (1, 2):
        found = grade_files(files, SCALES, threads)
        for scale in SCALES:
            for end in ("floor", "ceiling"):
                whole = np.concatenate([getattr(part[scale.name], end) for part in expected])
                assert np.array_equal(getattr(found[scale.name], end), whole)


def test_a_job_of_many_files_goes_through_the_kernel(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    file = written(pa.table({"time_h": np.zeros(WORTH_LOADING_ROWS // 4)}), tmp_path / "a.parquet", 2**22)
    load_kernel.cache_clear()
    assert np.all(grade_files([file] * 3, SCALES)["crs"].floor == 0)
    assert kernel_for(BATCH_ROWS) is None
    assert np.all(grade_files([file] * 4, SCALES)["crs"].floor == 0)
    assert kernel_for(BATCH_ROWS) is not None


def one(name: str, values: Any, tmp_path: Path) -> list[Any]:
    """The codes of one column of a file."""
    table = pa.table({"time_h": np.arange(float(len(values))), name: values})
    (found,) = read_columns([written(table, tmp_path / "one.parquet")], [name])
    return list(found.fields[name])


def test_columns_of_other_writers_are_read_too(tmp_path: Path) -> None:
    assert one("temp_c", pa.array([38, None, 39], pa.int64()), tmp_path)[::2] == [38.0, 39.0]
    assert one("temp_c", pa.array([38.5, 39], pa.float32()), tmp_path) == [38.5, 39.0]
    assert one("ice", pa.array([10, None, 0], pa.int64()), tmp_path) == [10, 11, 0]
    assert one("ice", pa.array([10, 3], pa.uint8()), tmp_path) == [10, 3]
    assert one("seizure", pa.array(["brief", None, "none"]), tmp_path) == [1, 3, 0]
    assert one("seizure", pa.array(["brief", "none"], pa.large_string()), tmp_path) == [1, 0]
    turned = pa.DictionaryArray.from_arrays(pa.array([1, 0, None], pa.int16()), ["none", "brief"])
    assert one("seizure", turned, tmp_path) == [1, 0, 3]
    assert one("hypotension", pa.array([True, None, False]), tmp_path) == [1, 2, 0]
    assert one("hypotension", pa.array([True, False]), tmp_path) == [1, 0]
    assert one("hypotension", pa.nulls(2), tmp_path) == [2, 2]
    assert np.isnan(one("temp_c", pa.nulls(2), tmp_path)).all()


def test_slices_of_arrow_arrays_are_read_from_where_they_begin() -> None:
    """Bits begin within a byte."""
    flags = pa.array([True, False, None, True, None, True, False, True, True, None, False])[3:]
    assert observed.codes(READABLE["hypotension"], flags).tolist() == [1, 2, 1, 0, 1, 1, 2, 0]
    words = pa.array(["none", "brief", None, "brief"]).dictionary_encode()[1:]
    assert observed.codes(READABLE["seizure"], words).tolist() == [1, 3, 1]
    assert observed.codes(READABLE["ice"], pa.array([1, 2, None, 4])[1:]).tolist() == [2, 11, 4]


def test_a_time_is_the_whole_minute_of_the_protocol(tmp_path: Path) -> None:
    hours = [-0.5 / 60, 0.49 / 60, 0.5 / 60, 1.5 / 60, 24.0]  # floor(60 h + 0.5)
    (found,) = read_columns([written(pa.table({"time_h": hours}), tmp_path / "a.parquet")], ["temp_c"])
    assert (found.minute.tolist(), dict(found.fields)) == ([0, 0, 1, 2, 1440], {})
    (found,) = read_columns([written(pa.table({"time_h": [3]}), tmp_path / "b.parquet")], [])
    assert found.minute.tolist() == [180]


@pytest.mark.parametrize(
    ("name", "values", "fault"),
    [
        ("temp_c", ["warm"], "temp_c is string; it must be a number"),
        ("temp_c", [380.0], "temp_c is 380; it must be a number from 25 to 45"),
        ("temp_c", [float("inf")], "temp_c is inf; it must be a number"),
        ("ice", [11], "ice is 11; it must be a whole number from 0 to 10"),
        ("ice", [9.5], "ice is double; it must be a whole number"),
        ("hypotension", [1], "hypotension is int64; it must be true or false"),
        ("seizure", [1], "seizure is int64; it must be one of none, brief"),
        ("seizure", ["none", "short"], "seizure is 'short'; it must be one of none, brief"),
        ("time_h", [1.0, None], "time_h is null in 1 rows"),
        ("time_h", ["noon"], "time_h is string, no number"),
        ("time", [1.0], "there is no column time_h"),
    ],
)
def test_what_a_field_cannot_be_is_refused(name: str, values: list[Any], fault: str, tmp_path: Path) -> None:
    columns = {name: values} if name.startswith("time") else {"time_h": [1.0] * len(values), name: values}
    file = written(pa.table(columns), tmp_path / "bad.parquet")
    with pytest.raises(ValueError, match=r"bad\.parquet: ") as raised:
        list(read_columns([file], [] if name.startswith("time") else [name]))
    assert fault in str(raised.value)


def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_text("index,time_h\n")
    with pytest.raises(ValueError, match="Parquet"):
        grade_files([tmp_path / "a.parquet"], SCALES)
    with pytest.raises(OSError, match=r"No such file"):
        grade_files([tmp_path / "none.parquet"], SCALES)
