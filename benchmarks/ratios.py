"""Ours beside what else one could have used, in one run: ``python -m benchmarks.ratios``.

Columns: both scales, floor and ceiling, of the same rows by our core, polars, DuckDB, by hand, and the memory limit.
Parquet: the same from a file, by our core and polars. Courses: onset, peak and duration of every patient, by both.
Simulation: the same patients by one worker of ours (simulate, render, chart, grade) and by a naive SimPy model.
Verify: a grader that answers at once, asked many cases at a time, one at a time, as a function, and a whole suite.
Compare: a change told exactly and by sampling charts, and patients under both guidelines at once or one by one.
Care: patients under every policy beside standard care, and a year of a ward.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tabulate import tabulate

from benchmarks import naive_simpy
from benchmarks.care import measure_care
from benchmarks.change import measure_change
from benchmarks.columns import Figures, measure_columns, measure_parquet
from benchmarks.courses import measure_courses
from benchmarks.doors import measure_verify
from benchmarks.machine import machine
from benchmarks.measure import best_seconds
from benchmarks.rows import GUIDELINE, MIXES
from harness.cohort.block import Block, grade_block
from harness.scenarios.loader import load_scenario

TRIAL, SEED = "ZUMA-1", 1
REPEATS = 7
NAIVE_SHARE = 10  # the naive model gets a tenth of the patients: it is compared by the second, and a turn stays short
POLARS_THREADS = "POLARS_MAX_THREADS"


def measure_simulation(patients: int, repeats: int = REPEATS) -> Figures:
    """Patients a second on one worker. The naive model's plans are drawn outside its time."""
    block = Block(load_scenario("zuma-1"), TRIAL, SEED, 0, patients)
    few = max(patients // NAIVE_SHARE, 1)
    plans = naive_simpy.plans_of(TRIAL, SEED, few)
    seconds = best_seconds(
        {
            "ours": lambda: grade_block(block, GUIDELINE),
            "naive": lambda: naive_simpy.simulate(plans, SEED),
        },
        repeats,
    )
    return {
        "patients_per_s": patients / seconds["ours"],
        "naive_patients_per_s": few / seconds["naive"],
        "patients": patients,
        "naive_patients": few,
    }


def table_of(parts: Figures) -> str:
    """The figures as a table; the ratio says how many times the other's speed ours is."""
    columns, simulation, verify, change = (parts[name] for name in ("columns", "simulation", "verify", "change"))
    ours, patients = columns["rows_per_s"], simulation["patients_per_s"]
    named = {
        "columns: cartox_core": "rows_per_s",
        "columns: polars": "polars_rows_per_s",
        "columns: DuckDB": "duckdb_rows_per_s",
        "columns: by hand": "hand_rows_per_s",
        "columns: memory limit": "limit_rows_per_s",
    }
    lines = [[what, columns[key], "rows/s", ours / columns[key]] for what, key in named.items()]
    named = {"cartox": "rows_per_s", "polars": "polars_rows_per_s", "polars, streaming": "polars_streaming_rows_per_s"}
    for part in ("parquet", "courses"):
        found = parts[part]
        lines += [
            [f"{part}: {who}", found[key], "rows/s", found["rows_per_s"] / found[key]] for who, key in named.items()
        ]
    for what, key in (("simulation: cartox", "patients_per_s"), ("simulation: naive SimPy", "naive_patients_per_s")):
        lines.append([what, simulation[key], "patients/s", patients / simulation[key]])
    asked = {"verify: cmd, pipelined": "cmd", "verify: cmd, one at a time": "cmd_one_at_a_time", "verify: call": "call"}
    for what, door in asked.items():
        speed = verify[f"{door}_cases_per_s"]
        lines.append([what, speed, "cases/s", verify["cmd_cases_per_s"] / speed])
    for what, key in (("compare: under both", "under_both"), ("compare: one by one", "alone")):
        speed = change[f"{key}_patients_per_s"]
        lines.append([what, speed, "patients/s", change["under_both_patients_per_s"] / speed])
    head = ["what", "a second", "of", "ours is … times this"]
    return str(tabulate(lines, head, floatfmt=("", ",.0f", "", ".2f")))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the file that was asked for."""
    asked = _parser().parse_args(arguments)
    columns = measure_columns(asked.rows, asked.threads, asked.mix, asked.repeats)
    parquet = measure_parquet(asked.rows, asked.threads, asked.repeats)
    courses = measure_courses(asked.rows, asked.threads, asked.repeats)
    simulation = measure_simulation(asked.patients, asked.repeats)
    verify = measure_verify(asked.sealed, asked.repeats)
    change = measure_change(asked.compared, asked.charts, asked.repeats)
    care = measure_care(asked.patients, asked.ward, asked.repeats)
    where = machine()
    parts = {"columns": columns, "parquet": parquet, "courses": courses, "simulation": simulation}
    parts |= {"verify": verify, "change": change, "care": care}
    print(table_of(parts))
    print(
        f"\n{asked.rows:,} rows ({asked.mix}) of {columns['bytes_per_row']} bytes, {asked.threads} threads; "
        f"{asked.patients:,} patients of {TRIAL}, one worker; best of {asked.repeats}\n"
        f"a whole verification, {verify['suite_cases']:,} cases, {asked.sealed:,} sealed: {verify['suite_s']:.1f} s\n"
        f"a change told exactly: {change['exact_s']:.3f} s, {change['rules']} rules (slowest two guidelines "
        f"{change['slowest_exact_s']:.2f} s); {change['sampled_charts']:,} random charts: {change['sampled_s']:.1f} s, "
        f"{change['sampled_rules']} of them; {change['patients']:,} simulated patients under both, two workers: "
        f"{change['under_both_s']:.1f} s\n"
        f"the slowest of {care['policies']} policies, {care['slowest_policy']}: {care['slowest_policy_times']:.2f} "
        f"times standard care; a ward of {care['ward_patients']:,} patients and the same where nothing is short: "
        f"{care['ward_s']:.2f} s"
    )
    print(", ".join(f"{name} {value}" for name, value in where.items()))
    if asked.json:
        found = {**parts, "machine": where}
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.ratios", description=__doc__)
    parser.add_argument("--rows", type=int, default=8_000_000)
    parser.add_argument("--patients", type=int, default=4000)
    parser.add_argument("--sealed", type=int, default=10_000)
    parser.add_argument("--compared", type=int, default=20_000)
    parser.add_argument("--charts", type=int, default=5000)
    parser.add_argument("--ward", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mix", choices=tuple(MIXES), default="charted")
    parser.add_argument("--repeats", type=int, default=REPEATS)
    parser.add_argument("--json", type=Path)
    return parser


def _again_with_polars_threads() -> None:
    """Polars reads its number of threads when it is imported, so start anew with the number in place."""
    threads = str(_parser().parse_args().threads)
    if os.environ.get(POLARS_THREADS) != threads:
        command = [sys.executable, "-m", "benchmarks.ratios", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, POLARS_THREADS: threads})


if __name__ == "__main__":
    _again_with_polars_threads()
    main()
