"""How cost grows with the patients: ``python -m benchmarks.cost`` measures whole runs, and draws benchmarks/cost.svg.

Each run is a command of its own, started as a user starts it: simulate, grade, count, check and report, without files.
Wall seconds, and the memory of the largest process among the run and its workers.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.log_plot import Curve, log_plot
from benchmarks.machine import machine

SCENARIO, SEED = "zuma-1", 1
MOST = 7
Point = dict[str, Any]


def measure(patients: int, workers: int) -> Point:
    """One whole run: patients, seconds of wall time, MiB of its largest process."""
    command = [sys.executable, "-m", "harness.cli", "run", SCENARIO, "--seed", str(SEED), "--json", "-"]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, "--patients", str(patients), "--workers", str(workers)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise RuntimeError(f"the run of {patients:,} patients ended with {process.returncode}")
    return {"patients": patients, "workers": workers, "seconds": seconds, "mib": used.ru_maxrss / 1024}


def drawn(points: Sequence[Point]) -> str:
    """The points as a picture: seconds by patients, a curve a number of workers, in logarithms."""
    curves = []
    for workers in sorted({p["workers"] for p in points}):
        own = [(p["patients"], p["seconds"]) for p in points if p["workers"] == workers]
        curves.append(Curve(f"{workers} worker{'s' * (workers > 1)}", own))
    return log_plot("Seconds of a whole run by patients", "patients", "seconds", curves)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure powers of ten, print each point as it comes, and write the picture and the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.cost", description=__doc__)
    parser.add_argument("--most", type=int, default=MOST, help="the last power of ten")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--svg", type=Path, default=Path(__file__).with_name("cost.svg"))
    parser.add_argument("--json", type=Path, default=Path(__file__).with_name("cost.json"))
    asked = parser.parse_args(arguments)
    points: list[Point] = []
    for power in range(3, asked.most + 1):
        for workers in asked.workers:
            points.append(measure(10**power, workers))
            last = points[-1]
            rate = last["patients"] / last["seconds"]
            print(f"{last['patients']:>12,} {workers} {last['seconds']:8.1f} s {rate:8,.0f}/s {last['mib']:6.0f} MiB")
            asked.json.write_text(
                json.dumps({"points": points, "machine": machine()}, indent=2) + "\n", encoding="utf-8"
            )
    asked.svg.write_text(drawn(points) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
