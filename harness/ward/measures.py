"""What a ward is judged by: each measure once a replication, its mean and the 95 % interval over replications."""

import dataclasses
import functools
import math
import statistics
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from harness.ward.limits import For, Wait
from harness.ward.replication import DEATH, SEVERE, Outcome, Replication

_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
_T_LATER = ((16, 2.12), (20, 2.086), (25, 2.06), (30, 2.042), (40, 2.021), (60, 2.0), (120, 1.98))  # from so many df
PER_1000 = "per 1,000"
_MOST = {"%": 100.0, PER_1000: 1000.0}
_WAITING = {"nurse": "waiting for a nurse", "tocilizumab": "waiting for a dose", "intensive care": "waiting for a bed"}
Figures = Callable[[Sequence[Wait]], float | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """A figure of each replication, in order, None in one that has none; ``unit`` is empty for a count."""

    group: str
    name: str
    unit: str
    values: tuple[float | None, ...]

    @property
    def known(self) -> tuple[float, ...]:
        """The figures there are."""
        return tuple(value for value in self.values if value is not None)

    @property
    def mean(self) -> float | None:
        """The mean over the replications that have a figure; None where none has."""
        return statistics.fmean(self.known) if self.known else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean (Student's t), within what is possible; None with one figure."""
        n = len(self.known)
        if n < 2:
            return None
        mean = statistics.fmean(self.known)
        half = t975(n - 1) * statistics.stdev(self.known) / math.sqrt(n)
        return max(mean - half, 0.0), min(mean + half, _MOST.get(self.unit, math.inf))


def t975(df: int) -> float:
    """The 97.5 % quantile of Student's t, from above between the degrees of freedom that are tabled.

    >>> t975(1), t975(9), t975(27), t975(1000)
    (12.706, 2.262, 2.06, 1.98)
    """
    return _T[df - 1] if df <= len(_T) else min(t for at, t in _T_LATER if at <= max(df, _T_LATER[0][0]))


def measures(found: Sequence[Replication]) -> list[Measure]:
    """Every measure of some replications."""

    def over(group: str, name: str, unit: str, value: Callable[[Replication], float]) -> Measure:
        return Measure(group, name, unit, tuple(float(value(each)) for each in found))

    told = [
        over("patients", "infused", "", lambda r: len(r.limited.peaks["crs"])),
        over("patients", "tocilizumab doses given", "", lambda r: r.doses),
        over("beds", "days of intensive care", "d", lambda r: sum(end - start for start, end in r.stays) / 1440),
        over("nurses", "hours at rounds", "h", lambda r: sum(end - start for start, end in r.rounds) / 60),
    ]
    for grade in range(1, 5):
        told.append(over("bed-days by grade", f"days at grade {grade}", "d", functools.partial(_days_at, grade)))
    for what in ("nurse", "tocilizumab", "intensive care"):
        told += waits_of(what, [[w for w in each.waits if w.what == what] for each in found])
    for scale in found[0].limited.peaks:
        of, name = functools.partial(over, "peaks", unit=PER_1000), scale.upper()
        told += [
            of(f"{name} grade ≥ 3", value=functools.partial(_severe, scale, False)),
            of(f"{name} grade ≥ 3 where nothing is short", value=functools.partial(_severe, scale, True)),
            of(f"{name} higher for want of something", value=functools.partial(_higher, scale)),
            of(f"{name} lower than where nothing is short", value=functools.partial(_lower, scale, False)),
            of(f"{name} lower, dead before", value=functools.partial(_lower, scale, True)),
        ]
    told.append(over("peaks", "deaths", PER_1000, lambda r: _rate(r.limited.deaths, r.limited)))
    told.append(over("peaks", "deaths where nothing is short", PER_1000, lambda r: _rate(r.plenty.deaths, r.plenty)))
    return told


def waits_of(what: For, waits: Sequence[Sequence[Wait]]) -> Iterator[Measure]:
    """How many asked for it, who waited, how long, and who was better or dead before it came."""
    unit, of_min = ("min", 1.0) if what == "nurse" else ("h", 60.0)

    def over(name: str, unit: str, figure: Figures) -> Measure:
        return Measure(_WAITING[what], name, unit, tuple(figure(some) for some in waits))

    yield over("asked", "", lambda some: float(len(some)))
    yield over("of them waited", "%", lambda some: _mean(100.0 * (w.until_min > w.asked_min) for w in some))
    yield over("mean wait, 0 if there at once", unit, lambda some: _mean(minutes / of_min for minutes in _had(some)))
    yield over("mean wait of who waited", unit, lambda some: _mean(m / of_min for m in _had(some) if m > 0))
    yield over("longest wait", unit, lambda some: max((w.until_min - w.asked_min for w in some), default=0.0) / of_min)
    yield over("better or dead before it came", "", lambda some: float(sum(not w.had for w in some)))


def _had(waits: Sequence[Wait]) -> list[float]:
    return [w.waited_min for w in waits if w.waited_min is not None]


def _mean(figures: Iterator[float]) -> float | None:
    known = list(figures)
    return statistics.fmean(known) if known else None


def _days_at(grade: int, each: Replication) -> float:
    return each.limited.minutes_at[grade] / 1440


def _severe(scale: str, in_plenty: bool, each: Replication) -> float:
    outcome = each.plenty if in_plenty else each.limited
    return _rate(int((outcome.peaks[scale] >= SEVERE).sum()), outcome)


def _higher(scale: str, each: Replication) -> float:
    return _rate(int((each.limited.peaks[scale] > each.plenty.peaks[scale]).sum()), each.limited)


def _lower(scale: str, dead: bool, each: Replication) -> float:
    """Who is less ill than where nothing is short; ``dead``: only who died, so that it did not come so far."""
    lower = each.limited.peaks[scale] < each.plenty.peaks[scale]
    if dead:
        lower &= np.max(list(each.limited.peaks.values()), axis=0) == DEATH
    return _rate(int(lower.sum()), each.limited)


def _rate(count: int, outcome: Outcome) -> float:
    return 1000 * count / len(outcome.peaks["crs"])
