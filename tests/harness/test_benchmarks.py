"""What is raced must do the same work: the other graders give our grades, the naive model our incidence."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from benchmarks import astct_duckdb, astct_polars, hand_written, memory_limit, naive_simpy, ratios
from benchmarks.columns import scan, write_rows
from benchmarks.courses import courses, frame, summarize
from benchmarks.layout import arrow_table
from benchmarks.rows import FIELDS, GUIDELINE, MIXES, SCALES, input_bytes
from cartox_core import Columns, grade_scales, summary_columns
from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from cartox_core.summary_columns import NEVER
from harness.cohort.block import Block, grade_block
from harness.cohort.observed import grade_files
from harness.scenarios.loader import load_scenario

ROWS = 40_000
GRADERS: dict[str, Callable[[pa.Table], Any]] = {
    "polars": lambda table: astct_polars.grade(astct_polars.frame(table)).to_arrow(),
    "duckdb": lambda table: astct_duckdb.grade(astct_duckdb.connect(table, 2)),
}


def one_field_unknown(columns: Columns) -> Columns:
    """The same rows, each without one of the fields in turn."""
    fields = {name: column.copy() for name, column in columns.fields.items()}
    for i, name in enumerate(FIELDS):
        fields[name][i :: len(FIELDS)] = unknown_code(READABLE[name])
    return Columns(columns.minute, fields)


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("grader", GRADERS)
def test_other_graders_of_columns_give_our_grades(grader: str, mix: str) -> None:
    for columns in (MIXES[mix](ROWS, 5), one_field_unknown(MIXES[mix](ROWS, 6))):
        ours = grade_scales(columns, SCALES)
        theirs = GRADERS[grader](arrow_table(columns))
        for scale, found in ours.items():
            for bound in ("floor", "ceiling"):
                name = f"{scale}_{bound}"
                assert np.array_equal(theirs[name].to_numpy(), getattr(found, bound)), name


@pytest.mark.slow
@pytest.mark.parametrize("mix", MIXES)
def test_the_kernel_by_hand_gives_our_grades(mix: str) -> None:
    for columns in (MIXES[mix](ROWS, 5), one_field_unknown(MIXES[mix](ROWS, 6))):
        found = grade_scales(columns, SCALES)
        ours = [getattr(found[scale], bound) for scale in ("crs", "icans") for bound in ("floor", "ceiling")]
        assert np.array_equal(hand_written.grade(columns, 2), np.stack(ours))


def test_polars_from_a_file_gives_our_grades(tmp_path: Path) -> None:
    rows = MIXES["charted"](ROWS, 5)
    write_rows(rows, tmp_path / "rows.parquet")
    ours = grade_files([tmp_path / "rows.parquet"], SCALES)
    for engine in ("in-memory", "streaming"):
        theirs = scan(tmp_path / "rows.parquet", engine)
        for scale, found in ours.items():
            for bound in ("floor", "ceiling"):
                assert np.array_equal(theirs[f"{scale}_{bound}"].to_numpy(), getattr(found, bound))


def test_polars_summarizes_patients_as_we_do() -> None:
    rows = courses(1)
    columns, floors = rows
    ours = summary_columns(columns, floors)
    ill = np.flatnonzero(ours.peak)
    assert 100 < len(ill) < len(ours.peak)
    for engine in ("in-memory", "streaming"):
        theirs = summarize(frame(rows), engine).sort("case")
        assert theirs["case"].to_list() == ill.tolist()
        named = {"onset": ours.onset_min, "peak": ours.peak, "peak_min": ours.peak_min,
                 "resolved": ours.resolved_min, "duration": ours.duration_min}  # fmt: skip
        for name, found in named.items():
            assert theirs[name].fill_null(NEVER).to_list() == found[ill].tolist(), name


def test_the_mixes_show_every_grade_and_many_unknowns() -> None:
    uniform = grade_scales(MIXES["uniform"](ROWS, 1), SCALES)
    for found in uniform.values():
        assert set(np.unique(found.floor)) == set(np.unique(found.ceiling)) == set(range(6))
    charted = MIXES["charted"](500_000, 1)
    grades = grade_scales(charted, SCALES)
    assert set(np.unique(grades["crs"].floor)) == set(range(6))
    assert set(np.unique(grades["icans"].floor)) >= set(range(5))
    assert 0.04 < np.isnan(charted.fields["temp_c"]).mean() < 0.06
    assert input_bytes(charted) == 52


def test_the_memory_limit_reads_every_byte() -> None:
    columns = MIXES["uniform"](1003, 1)
    before = memory_limit.touch(columns, 2)
    assert before.shape == (4, 1003)
    for name, column in {"minute": columns.minute, **columns.fields}.items():
        for at in (0, 500, column.nbytes - 1):
            column.view(np.uint8)[at] ^= 1
            assert not np.array_equal(memory_limit.touch(columns, 2), before), name
            column.view(np.uint8)[at] ^= 1


def test_the_naive_model_has_our_incidence() -> None:
    patients = naive_simpy.simulate(naive_simpy.plans_of("ZUMA-1", 3, 300), 3)
    naive = np.array(naive_simpy.peaks(patients))
    block = grade_block(Block(load_scenario("zuma-1"), "ZUMA-1", 3, 0, 300), GUIDELINE)
    ours = np.stack([block.peaks(scale)[0] for scale in ("crs", "icans")], axis=1)
    for scale, grade in ((0, 1), (0, 3), (1, 1)):
        assert abs((naive[:, scale] >= grade).mean() - (ours[:, scale] >= grade).mean()) <= 0.02


@pytest.mark.slow
def test_ratios_print_a_table_and_write_their_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ratios.json"
    small = "--rows 20000 --patients 40 --threads 1 --repeats 1 --sealed 11 --compared 60 --charts 30 --ward 25"
    ratios.main([*small.split(), "--json", str(file)])
    found = json.loads(file.read_text(encoding="utf-8"))
    speeds = {"rows_per_s", "polars_rows_per_s", "duckdb_rows_per_s", "hand_rows_per_s", "limit_rows_per_s"}
    assert speeds | {"bytes_per_row", "threads", "rows", "mix"} == set(found["columns"])
    assert found["columns"]["bytes_per_row"] == 56
    assert all(found["columns"][name] > 0 for name in speeds)
    for part in ("parquet", "courses"):
        assert found[part]["rows_per_s"] > 0 < found[part]["polars_streaming_rows_per_s"]
    assert found["courses"]["patients"] > 0 < found["parquet"]["bytes_per_row"]
    assert found["simulation"]["patients_per_s"] > 0 < found["simulation"]["naive_patients_per_s"]
    assert found["verify"]["cmd_cases_per_s"] > 0 < found["verify"]["call_cases_per_s"]
    assert found["verify"]["suite_s"] > 0 < found["verify"]["cmd_one_at_a_time_cases_per_s"]
    change = found["change"]
    assert change["under_both_patients_per_s"] > 0 < change["alone_patients_per_s"]
    assert 0 < change["sampled_rules"] <= change["rules"]
    assert found["care"]["ward_s"] > 0 < found["care"]["slowest_policy_times"]
    assert found["machine"]["cores"] >= 1
    printed = capsys.readouterr().out
    assert "memory limit" in printed and "naive SimPy" in printed


@pytest.mark.slow
def test_every_benchmark_runs() -> None:
    command = [sys.executable, "-m", "pytest", "benchmarks", "--benchmark-disable", "-q", "-p", "no:cacheprovider"]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:]
