"""What runs from a start to an end as entries of the protocol, each of which holds until the next of its drug."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.exchange.chart import Raw, Remark, Tell


@dataclasses.dataclass(frozen=True, slots=True)
class Run:
    """A drug given, as the protocol writes it, and the hour at which it ends, where one is told of what runs."""

    entry: Raw
    end_h: float | None = None
    place: str = ""


def entries(runs: Sequence[Run], tell: Tell) -> Iterator[Raw]:
    """The entries of a patient's drugs; the end of a run is dose 0 only where no other of its drug runs on.

    >>> first = {"time_h": 2.0, "drug": "dopamine", "dose": 5.0}
    >>> runs = [Run(first, 4.0), Run({"time_h": 4.0, "drug": "dopamine"}, 5.0)]
    >>> [(each["time_h"], each.get("dose")) for each in entries(runs, print)]
    [(2.0, 5.0), (4.0, None), (5.0, 0.0)]
    """
    of_drug: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        of_drug[run.entry["drug"]].append(run)
    for run in runs:
        yield run.entry
        if run.end_h is None:
            continue
        beside = [each for each in of_drug[run.entry["drug"]] if _runs_on(each, run.end_h)]
        if not beside:
            yield {**run.entry, "time_h": run.end_h, "dose": 0.0}
            continue
        last = max(beside, key=_start)
        if _start(last) < run.end_h:  # one that begins now says so itself
            tell(Remark(run.place, "it ends while another of its drug runs, whose dose holds; doses are not added up"))
            yield {**last.entry, "time_h": run.end_h}


def _runs_on(run: Run, time_h: float) -> bool:
    """Whether a run goes on after a time, or begins then."""
    return _start(run) == time_h or (run.end_h is not None and _start(run) < time_h < run.end_h)


def _start(run: Run) -> float:
    start_h: float = run.entry["time_h"]
    return start_h
