"""Both scales over the same rows by our core, polars, DuckDB and by hand, beside the memory limit; and from Parquet."""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import astct_duckdb, astct_polars, hand_written, memory_limit
from benchmarks.layout import arrow_table
from benchmarks.measure import best_seconds
from benchmarks.rows import MIXES, OUTPUT_BYTES, SCALES, input_bytes
from cartox_core import Columns, grade_scales, load_kernel
from harness.cohort.observed import grade_files

SEED = 1
Figures = dict[str, Any]


def measure_columns(rows: int, threads: int, mix: str, repeats: int) -> Figures:
    """Rows a second of each grader of columns, all on as many threads. What is compiled was compiled before."""
    load_kernel()
    columns = MIXES[mix](rows, SEED)
    table = arrow_table(columns)
    frame, connection = astct_polars.frame(table), astct_duckdb.connect(table, threads)
    del table
    seconds = best_seconds(
        {
            "rows_per_s": lambda: grade_scales(columns, SCALES, threads),
            "polars_rows_per_s": lambda: astct_polars.grade(frame),
            "duckdb_rows_per_s": lambda: astct_duckdb.grade(connection),
            "hand_rows_per_s": lambda: hand_written.grade(columns, threads),
            "limit_rows_per_s": lambda: memory_limit.touch(columns, threads),
        },
        repeats,
    )
    bytes_per_row = input_bytes(columns) + OUTPUT_BYTES
    figures: Figures = {name: rows / best for name, best in seconds.items()}
    return figures | {"bytes_per_row": bytes_per_row, "threads": threads, "rows": rows, "mix": mix}


def write_rows(columns: Columns, file: Path) -> None:
    """Rows as ``cartox run --out`` writes them, the patient's age beside; a field with a default holds it."""
    table = arrow_table(columns).drop_columns(["minute"])
    pq.write_table(table.append_column("time_h", pa.array(columns.minute / 60)), file, compression="zstd")


def scan(file: Path, engine: Any) -> pl.DataFrame:
    """The query of ``astct_polars`` on a file. What is before hour 0 is before minute 0; words stay a dictionary."""
    rows = pl.scan_parquet(file).with_columns(minute=pl.col("time_h"))
    return rows.select(**astct_polars.QUERY).collect(engine=engine)


def measure_parquet(rows: int, threads: int, repeats: int) -> Figures:
    """Rows a second from a file to new grades in memory."""
    load_kernel()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.parquet"
        write_rows(MIXES["charted"](rows, SEED), file)
        seconds = best_seconds(
            {
                "rows_per_s": lambda: grade_files([file], SCALES, threads),
                "polars_rows_per_s": lambda: scan(file, "in-memory"),
                "polars_streaming_rows_per_s": lambda: scan(file, "streaming"),
            },
            repeats,
        )
        size = file.stat().st_size
    return {name: rows / best for name, best in seconds.items()} | {"rows": rows, "bytes_per_row": size / rows}
