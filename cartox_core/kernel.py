"""Whether a job goes through the compiled kernel: by its size, so that a small one never waits for a compiler."""

import functools
import importlib
from types import ModuleType

Kernel = ModuleType  # cartox_core.compiled

# Loading takes 0.4 s, and 3 s the first time on a machine; a row takes 10 ns by numpy and 5 ns by the kernel. Who has
# so many rows in one job waited longer for the rows, and mostly has more of them.
WORTH_LOADING_ROWS = 4_000_000
WORTH_CALLING_ROWS = 32_768  # to write the passes down takes as long as numpy needs for so many


@functools.cache
def load_kernel() -> Kernel | None:
    """The kernel, compiled or read from disk once a process; None without numba, which the extra ``fast`` brings.

    A program that grades many smaller jobs may call this first: from then on they go through the kernel, too.
    """
    try:
        return importlib.import_module("cartox_core.compiled")  # slow to import, and an extra
    except ImportError:
        return None


def kernel_for(rows: int) -> Kernel | None:
    """The kernel where a job of that many rows is worth it, else None."""
    loaded = load_kernel.cache_info().currsize > 0
    return load_kernel() if rows >= (WORTH_CALLING_ROWS if loaded else WORTH_LOADING_ROWS) else None
