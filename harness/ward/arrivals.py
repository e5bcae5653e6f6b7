"""Who is infused when: the products of a ward's patients, by chance, at the times of its schedule."""

import dataclasses

from harness.patients.draws import Draws
from harness.scenarios.infusions import infusions
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec


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


def _product(names: tuple[str, ...], shares: list[float], u: float) -> str:
    for name, share in zip(names, shares, strict=True):
        u -= share
        if u < 0:
            return name
    return names[-1]
