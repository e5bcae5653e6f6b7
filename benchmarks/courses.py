"""Onset, peak, resolution and duration of many patients, from their graded rows, by our core and by polars."""

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from benchmarks.measure import best_seconds
from benchmarks.rows import CHARTED_PATIENTS, GUIDELINE
from cartox_core import Columns, grade_course_columns, load_kernel, summary_columns
from harness.cohort.block import Block, simulate_block
from harness.scenarios.loader import load_scenario

SEED = 1
Rows = tuple[Columns, npt.NDArray[np.uint8]]


def courses(rows: int) -> Rows:
    """At least so many rows of simulated ZUMA-1 patients, the same ones again and again, and their CRS floors."""
    columns = simulate_block(Block(load_scenario("zuma-1"), "ZUMA-1", SEED, 0, CHARTED_PATIENTS))[2].columns
    floors = grade_course_columns(columns, GUIDELINE.scale("crs")).floor
    assert columns.starts is not None
    times = -(-rows // len(columns))
    starts = np.concatenate([columns.starts + i * len(columns) for i in range(times)])
    whole = dataclasses.replace(columns, minute=np.tile(columns.minute, times), fields={}, drug_minute=None)
    return dataclasses.replace(whole, starts=starts), np.tile(floors, times)


def frame(rows: Rows) -> pl.DataFrame:
    """The rows as polars likes them: patient after patient, and told so."""
    columns, floors = rows
    assert columns.starts is not None
    case = np.repeat(np.arange(len(columns.starts), dtype=np.int32), np.diff(columns.starts, append=len(columns)))
    made = pl.DataFrame({"case": case, "minute": columns.minute, "grade": floors})
    return made.with_columns(pl.col("case").set_sorted())


def summarize(rows: pl.DataFrame, engine: Any = "in-memory") -> pl.DataFrame:
    """The summary of every patient who was ill. Runs of one grade first: the fastest of five ways, as ours.

    Slower: aggregating all rows, grade and time packed in one number, only rows with a grade, a group unsorted.
    """
    grade, case, minute = pl.col("grade"), pl.col("case"), pl.col("minute")
    begins = ((grade != grade.shift()) | (case != case.shift())).fill_null(value=True)
    after = pl.when(case.shift(-1) == case).then(minute.shift(-1))
    runs = rows.lazy().filter(begins).with_columns(after=after).filter(grade > 0)
    found = runs.group_by("case").agg(
        onset=minute.first(), peak=grade.max(), peak_min=minute.get(grade.arg_max()), resolved=pl.col("after").last()
    )
    return found.with_columns(duration=pl.col("resolved") - pl.col("onset")).collect(engine=engine)


def measure_courses(rows: int, threads: int, repeats: int) -> dict[str, Any]:
    """Rows a second of each, all on as many threads."""
    load_kernel()
    made = courses(rows)
    columns, floors = made
    asked = frame(made)
    seconds = best_seconds(
        {
            "rows_per_s": lambda: summary_columns(columns, floors, threads),
            "polars_rows_per_s": lambda: summarize(asked),
            "polars_streaming_rows_per_s": lambda: summarize(asked, "streaming"),
        },
        repeats,
    )
    assert columns.starts is not None
    cases = {"rows": len(columns), "patients": len(columns.starts)}
    return {name: len(columns) / best for name, best in seconds.items()} | cases
