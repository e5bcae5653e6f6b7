"""Clock times as hours since the infusion."""

import pytest

from cartox_core import Observation
from harness.exchange.clock import WRITTEN_INFUSION, clock_time, hours_since, written_time


@pytest.mark.parametrize("text", ["2026-03-01", "2026-03", "10:30", "2026-03-01T10", "2026-02-30T10:00", "", "now"])
def test_less_than_a_minute_is_no_time(text: str) -> None:
    assert clock_time(text) is None


@pytest.mark.parametrize(
    ("infusion", "at", "hours"),
    [
        ("2026-03-01T10:00", "2026-03-01T10:00", 0.0),
        ("2026-03-01T10:00", "2026-03-01 09:30", -0.5),
        ("2026-03-01T10:00Z", "2026-03-01T12:00+02:00", 0.0),
        ("2026-03-29T00:30+01:00", "2026-03-29T03:30+02:00", 2.0),  # the night that the clocks go forward
        ("2026-03-01T10:00", "2026-03-01T10:15:30", 16 / 60),  # half a minute goes up, as the protocol has it
        ("2026-03-01T10:00", "2026-03-01T10:15:29", 15 / 60),
        ("2026-03-01T10:00", "2026-03-01T10:00Z", None),
    ],
)
def test_hours(infusion: str, at: str, hours: float | None) -> None:
    first, second = clock_time(infusion), clock_time(at)
    assert first is not None
    assert second is not None
    assert hours_since(first, second) == hours


@pytest.mark.parametrize("minute", [-43200, -1, 0, 1, 59, 3135, 2628000])
def test_a_written_time_is_read_as_its_minute(minute: int) -> None:
    at = clock_time(written_time(minute))
    assert at is not None
    hours = hours_since(WRITTEN_INFUSION, at)
    assert hours is not None
    assert Observation(time_h=hours).minute == minute
