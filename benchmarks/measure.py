"""Fair timing: everybody takes a turn in every round, and the best turn of each counts.

On a shared machine a slow minute would otherwise fall on one of them alone. The best turn is the one that was
least disturbed; means of disturbed turns measure the neighbours.
"""

import gc
import time
from collections.abc import Callable, Mapping

Work = Callable[[], object]


def best_seconds(works: Mapping[str, Work], repeats: int) -> dict[str, float]:
    """Wall seconds of each work's best turn, after one turn that does not count.

    A turn makes its outputs anew, and they are dropped after the clock stops: filling a page is part of the work,
    giving it back is not.

    >>> sorted(best_seconds({"a": list, "b": dict}, 2))
    ['a', 'b']
    """
    best = dict.fromkeys(works, float("inf"))
    for work in works.values():
        work()
    for _ in range(repeats):
        for name, work in works.items():
            best[name] = min(best[name], _turn(work))
    return best


def _turn(work: Work) -> float:
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        kept = work()
        seconds = time.perf_counter() - start
    finally:
        gc.enable()
    del kept
    return seconds
