"""A ward day by day: beds taken, patients waiting and hours of nurses, over replications."""

import dataclasses
import math
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from harness.ward.limits import DAY_MIN, For, Span
from harness.ward.replication import Replication

Floats = npt.NDArray[np.float64]
MOST_POINTS = 730  # of a line; beyond that, several days make one


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A figure over time: mean, least and most of the replications at each point, ``every_days`` days apart."""

    name: str
    every_days: int
    mean: Floats
    least: Floats
    most: Floats


@dataclasses.dataclass(frozen=True, slots=True)
class Daily:
    """The lines of a ward: how many at a time, on the mean of each day; ``nurse_h`` in hours a day."""

    beds: Line
    waiting_bed: Line
    waiting_dose: Line
    nurse_h: Line


def daily(found: Sequence[Replication]) -> Daily:
    """The days of some replications, until the last of them ends."""
    days = math.ceil(max(each.days for each in found))
    every = math.ceil(days / MOST_POINTS)
    edges = np.arange(0, days + every, every).astype(np.float64) * DAY_MIN

    def line(name: str, spans: Iterable[Iterable[Span]], times: float = 1) -> Line:
        each = times * np.stack([at_a_time(some, edges) for some in spans])
        return Line(name, every, each.mean(axis=0), each.min(axis=0), each.max(axis=0))

    def waiting(what: For) -> list[list[Span]]:
        return [[(w.asked_min, w.until_min) for w in each.waits if w.what == what] for each in found]

    return Daily(
        line("beds taken", (each.stays for each in found)),
        line("for a bed", waiting("intensive care")),
        line("for a dose", waiting("tocilizumab")),
        line("hours at rounds", (each.rounds for each in found), 24),
    )


def at_a_time(spans: Iterable[Span], edges: Floats) -> Floats:
    """How many spans there are at a time, on the mean between each edge and the next.

    >>> at_a_time([(0.0, 10.0), (5.0, 20.0)], np.array([0.0, 10.0, 20.0, 30.0])).tolist()
    [1.5, 1.0, 0.0]
    """
    minutes = np.array(list(spans), float).reshape(-1, 2)
    passed = _passed(minutes[:, 0], edges) - _passed(minutes[:, 1], edges)
    found: Floats = np.diff(passed) / np.diff(edges)
    return np.maximum(found, 0)


def _passed(minutes: Floats, edges: Floats) -> Floats:
    """The sum of the times that have passed since some minutes, at each edge."""
    ordered = np.sort(minutes)
    before = np.searchsorted(ordered, edges)
    passed: Floats = before * edges - np.concatenate([[0.0], np.cumsum(ordered)])[before]
    return passed
