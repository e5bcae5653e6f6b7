"""When something was: the time that a resource tells, to the minute, and what is told where it tells less."""

import datetime
import functools

from cartox_core.observation import EARLIEST_H, LATEST_H
from harness.exchange.chart import Remark, Tell
from harness.exchange.clock import clock_time, hours_since
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.loose import Json, part, text
from harness.exchange.fhir.tally import Tally


def start(resource: Json) -> str:
    """The time of a resource as written, of a period its start; empty where there is none.

    >>> start({"effectivePeriod": {"start": "2026-03-01T10:30Z"}}), start({"issued": "2026-03-01T10:30Z"})
    ('2026-03-01T10:30Z', '')
    """
    for name in ("effectiveDateTime", "effectiveInstant", "performedDateTime"):
        if at := text(resource.get(name)):
            return at
    for name in ("effectivePeriod", "performedPeriod"):
        if at := text(part(resource, name).get("start")):
            return at
    return ""


def end(resource: Json) -> str:
    """The end of the period of a resource as written; empty where there is none."""
    return text(part(resource, "effectivePeriod").get("end"))


def hours(placed: Placed, written: str, infusion: datetime.datetime, tally: Tally, tell: Tell) -> float | None:
    """Hours from the infusion to a time as written; None where it tells no minute, or one of no chart."""
    found = _since(infusion, written)
    if isinstance(found, str):
        tell(Remark(placed.place, f"its time {written[:40]!r} {found}; not read"))
        return None
    if not EARLIEST_H <= found <= LATEST_H:
        tally.add(f"{placed.kind} of other times", f"before {EARLIEST_H:g} h or after {LATEST_H:g} h; not read")
        return None
    return found


@functools.lru_cache(4096)  # much is charted at one time
def _since(infusion: datetime.datetime, written: str) -> float | str:
    """Hours from the infusion, or why they cannot be told."""
    at = clock_time(written)
    if at is None:
        return "tells no minute"
    found = hours_since(infusion, at)
    return "and that of the infusion: only one has a time zone" if found is None else found
