"""When the patients of a ward are infused, by its schedule, and whether its surge comes to pass."""

from collections.abc import Iterator

from harness.scenarios.ward_spec import WardSpec

DAY_MIN = 1440
WEEK_MIN = 7 * DAY_MIN


def infusions(spec: WardSpec) -> Iterator[int]:
    """The minutes of all infusions, spread evenly over the weekdays of each week.

    >>> spec = WardSpec(patients_a_week=2.5, weekdays=(0, 3), icu_beds=1, tocilizumab_doses=1, restock_days=1,
    ...     nurses=1, patients=6)
    >>> [round(minute / 1440, 2) for minute in infusions(spec)]
    [0.33, 3.33, 7.33, 7.33, 10.33, 14.33]
    """
    due, left, week = 0.0, spec.patients, 0
    while left:
        week += 1
        surge = spec.surge
        times = surge.times if surge and surge.from_week <= week <= surge.to_week else 1.0
        due += spec.patients_a_week * times
        today = min(int(due + 1e-9), left)
        due, left = due - today, left - today
        for place in range(today):
            day = sorted(spec.weekdays)[place * len(spec.weekdays) // today]
            yield (week - 1) * WEEK_MIN + day * DAY_MIN + round(60 * spec.infusion_hour)


def surge_is_reached(spec: WardSpec) -> bool:
    """Whether anybody is infused in the surge or after its beginning."""
    return spec.surge is not None and max(infusions(spec)) >= WEEK_MIN * (spec.surge.from_week - 1)
