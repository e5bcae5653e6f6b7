"""Which clause a grader has broken, from which cases it fails: spectrum-based fault localization.

A clause is suspected by Ochiai's coefficient: the share of failures among the cases that stand on it, weighed with the
share of all failures that it explains (Abreu 2007). Cases that stand on one clause alone weigh as any other.
"""

import dataclasses
import math
from collections import Counter
from collections.abc import Iterable, Sequence

from harness.verify.judge import Judged


@dataclasses.dataclass(frozen=True, slots=True)
class ClauseTally:
    """A clause, how many cases stood on it, how many of those failed, and how suspicious that is (0 to 1)."""

    id: str
    cases: int
    failed: int
    suspicion: float


def tallies(judged: Sequence[Judged]) -> list[ClauseTally]:
    """The clauses of these cases, the most suspicious first."""
    asked, failed = Counter(_clauses(judged)), Counter(_clauses(j for j in judged if j.is_failure))
    all_failed = sum(1 for j in judged if j.is_failure and j.case.clauses)
    found = [
        ClauseTally(name, count, failed[name], failed[name] / math.sqrt(count * all_failed) if failed[name] else 0.0)
        for name, count in asked.items()
    ]
    return sorted(found, key=lambda t: (-t.suspicion, t.id))


def _clauses(judged: Iterable[Judged]) -> Iterable[str]:
    return (name for j in judged for name in j.case.clauses)
