"""What a ward is judged by: each measure once a replication, its mean and the 95 % interval over replications."""

import dataclasses
import functools
import math
import statistics
from collections.abc import Callable, Iterator, Sequence

from harness.ward.limits import For
from harness.ward.replication import SEVERE, Outcome, Replication

_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131)
_T_LATER = ((16, 2.12), (20, 2.086), (25, 2.06), (30, 2.042), (40, 2.021), (60, 2.0), (120, 1.98))  # from so many df


@dataclasses.dataclass(frozen=True, slots=True)
class Measure:
    """A figure of each replication, in order; ``unit`` is empty for a count."""

    group: str
    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over replications."""
        return statistics.fmean(self.values)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the mean (Student's t); None with one replication."""
        n = len(self.values)
        if n < 2:
            return None
        half = t975(n - 1) * statistics.stdev(self.values) / math.sqrt(n)
        return self.mean - half, self.mean + half


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
        told += _waits(found, what)
    for scale in found[0].limited.peaks:
        of = functools.partial(over, "peaks", unit="per 1,000")
        told += [
            of(f"{scale} grade ≥ 3", value=functools.partial(_severe, scale, False)),
            of(f"{scale} grade ≥ 3 where nothing is short", value=functools.partial(_severe, scale, True)),
            of(f"{scale} higher for want of something", value=functools.partial(_higher, scale)),
        ]
    told.append(over("peaks", "deaths", "per 1,000", lambda r: _rate(r.limited.deaths, r.limited)))
    told.append(over("peaks", "deaths where nothing is short", "per 1,000", lambda r: _rate(r.plenty.deaths, r.plenty)))
    return told


def _days_at(grade: int, each: Replication) -> float:
    return each.limited.minutes_at[grade] / 1440


def _waits(found: Sequence[Replication], what: For) -> Iterator[Measure]:
    """How many asked, who waited, and how long."""
    waits = [[w for w in each.waits if w.what == what] for each in found]
    had = [[w.waited_min for w in some if w.waited_min is not None] for some in waits]
    group = f"waiting for {'a nurse' if what == 'nurse' else 'a dose' if what == 'tocilizumab' else 'intensive care'}"
    yield Measure(group, "asked", "", tuple(float(len(some)) for some in waits))
    yield Measure(group, "of them waited", "%", tuple(100 * _share(some) for some in had))
    yield Measure(group, "mean wait of who waited", "h", tuple(_mean([w for w in some if w > 0]) / 60 for some in had))
    yield Measure(group, "longest wait", "h", tuple(max(some, default=0.0) / 60 for some in had))
    if what == "intensive care":
        never = tuple(float(sum(w.waited_min is None for w in some)) for some in waits)
        yield Measure(group, "never had a bed", "", never)


def _share(waits: Sequence[float]) -> float:
    return sum(w > 0 for w in waits) / len(waits) if waits else 0.0


def _mean(waits: Sequence[float]) -> float:
    return statistics.fmean(waits) if waits else 0.0


def _severe(scale: str, in_plenty: bool, each: Replication) -> float:
    outcome = each.plenty if in_plenty else each.limited
    return _rate(int((outcome.peaks[scale] >= SEVERE).sum()), outcome)


def _higher(scale: str, each: Replication) -> float:
    return _rate(int((each.limited.peaks[scale] > each.plenty.peaks[scale]).sum()), each.limited)


def _rate(count: int, outcome: Outcome) -> float:
    return 1000 * count / len(outcome.peaks["crs"])
