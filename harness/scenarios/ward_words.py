"""A ward in words: who comes to it, and what it has."""

from harness.scenarios.infusions import surge_is_reached
from harness.scenarios.ward_spec import Surge, WardSpec

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def counted(number: float, one: str, many: str = "") -> str:
    """A number of things.

    >>> counted(1, "bed"), counted(1200, "bed"), counted(2, "day of care", "days of care")
    ('1 bed', '1,200 beds', '2 days of care')
    """
    return f"{number:,g} {one if number == 1 else many or f'{one}s'}"


def coming(spec: WardSpec) -> str:
    """Who comes: ``1,000 patients, 19 a week, 2 times as many in weeks 20 to 25``."""
    return f"{counted(spec.patients, 'patient')}, {spec.patients_a_week:g} a week{_surge(spec)}"


def at_hand(spec: WardSpec) -> str:
    """What there is: ``4 beds of intensive care, 24 doses of tocilizumab every 7 days, 2 nurses``."""
    beds = counted(spec.icu_beds, "bed of intensive care", "beds of intensive care")
    doses = counted(spec.tocilizumab_doses, "dose of tocilizumab", "doses of tocilizumab")
    every = "day" if spec.restock_days == 1 else counted(spec.restock_days, "day")
    return f"{beds}, {doses} every {every}, {counted(spec.nurses, 'nurse')}"


def ward_lines(spec: WardSpec) -> list[str]:
    """A ward line by line, for a scenario in words."""
    days = ", ".join(DAYS[day] for day in sorted(spec.weekdays))
    return [
        f"ward: {coming(spec)}; infused at {spec.infusion_hour:g} h on {days}",
        f"ward: {at_hand(spec)}; a round takes {spec.round_min:g} min",
    ]


def _surge(spec: WardSpec) -> str:
    if spec.surge is None:
        return ""
    times = "as many" if spec.surge.times == 1 else f"{counted(spec.surge.times, 'time')} as many"
    never = "" if surge_is_reached(spec) else " (which would come after the last infusion)"
    return f", {times} in {weeks(spec.surge)}{never}"


def weeks(surge: Surge) -> str:
    """The weeks of a surge.

    >>> weeks(Surge(from_week=3, to_week=3, times=2)), weeks(Surge(from_week=3, to_week=5, times=2))
    ('week 3', 'weeks 3 to 5')
    """
    one = surge.from_week == surge.to_week
    return f"week {surge.from_week}" if one else f"weeks {surge.from_week} to {surge.to_week}"
