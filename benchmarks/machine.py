"""What the figures were taken on: the processor and the versions, and nothing that names the machine."""

import importlib.metadata
import os
import platform
from pathlib import Path

PACKAGES = ("numpy", "polars", "duckdb", "pyarrow", "simpy")


def machine() -> dict[str, str | int]:
    """CPU model, cores that we may use, system, and versions.

    >>> {"cpu", "cores", "python", "numpy"} <= set(machine())
    True
    """
    facts: dict[str, str | int] = {
        "cpu": _cpu_model(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }
    return facts | {name: importlib.metadata.version(name) for name in PACKAGES}


def _cpu_model() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
