"""Who is infused when: a schedule of weeks, with a surge where the ward has one."""

import dataclasses
from collections.abc import Iterator

from harness.patients.draws import Draws
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec

DAY_MIN = 1440
WEEK_MIN = 7 * DAY_MIN


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """An infusion at a minute of the ward's clock: which trial's product, and which of its patients, from 0."""

    minute: int
    trial: str
    index: int


def arrivals(scenario: Scenario, spec: WardSpec, seed: int) -> tuple[Arrival, ...]:
    """The infusions in order of time; products as the scenario mixes them, by chance that belongs to the seed."""
    names = scenario.trial_names
    shares = [scenario.mix.get(name, 1 / len(names)) for name in names]
    chance = Draws(seed, "ward", 0, spec.patients).uniforms("product", 1)[:, 0].tolist()
    seen = dict.fromkeys(names, 0)
    found = []
    for minute, u in zip(infusions(spec), chance, strict=False):
        name = _product(names, shares, u * sum(shares))
        found.append(Arrival(minute, name, seen[name]))
        seen[name] += 1
    return tuple(found)


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


def _product(names: tuple[str, ...], shares: list[float], u: float) -> str:
    for name, share in zip(names, shares, strict=True):
        u -= share
        if u < 0:
            return name
    return names[-1]
