"""Clock times of other files as hours since the infusion, to the minute, and back."""

import datetime
import re

WRITTEN_INFUSION = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
"""When a written file says that the cells were infused: the protocol has no dates, and no patient has this one."""
_TO_THE_MINUTE = re.compile(r"\d{4}-?\d{2}-?\d{2}[T ]\d{2}:?\d{2}")


def clock_time(text: str) -> datetime.datetime | None:
    """An ISO 8601 time that tells at least the minute; None where it is none, or tells less.

    >>> clock_time("2026-03-01T10:30Z"), clock_time("2026-03-01"), clock_time("yesterday")
    (datetime.datetime(2026, 3, 1, 10, 30, tzinfo=datetime.timezone.utc), None, None)
    """
    written = text.strip()
    if not _TO_THE_MINUTE.match(written):
        return None
    try:
        return datetime.datetime.fromisoformat(written)
    except ValueError:
        return None


def hours_since(infusion: datetime.datetime, at: datetime.datetime) -> float | None:
    """Hours from one clock time to another, to the minute; None where only one of them has a time zone.

    >>> hours_since(clock_time("2026-03-01T10:30"), clock_time("2026-03-02 12:45"))
    26.25
    """
    if (infusion.tzinfo is None) != (at.tzinfo is None):
        return None
    seconds = (at - infusion) // datetime.timedelta(seconds=1)
    return (seconds + 30) // 60 / 60


def written_time(minute: int) -> str:
    """The clock time that a written file gives a minute since the infusion.

    >>> written_time(90), written_time(-1)
    ('2020-01-01T01:30:00+00:00', '2019-12-31T23:59:00+00:00')
    """
    return (WRITTEN_INFUSION + datetime.timedelta(minutes=minute)).isoformat()
