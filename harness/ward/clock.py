"""The hours since a patient's infusion, in an environment that all patients of a ward share."""

from collections.abc import Generator
from typing import Any

import simpy


class SinceInfusion(simpy.Environment):
    """The shared environment as one patient's processes see it: the same events, counted from the infusion on."""

    def __init__(self, ward: simpy.Environment, infusion_min: int) -> None:
        self._ward, self._infusion_min = ward, infusion_min

    @property
    def now(self) -> float:
        """Minutes since the infusion."""
        return float(self._ward.now - self._infusion_min)

    def timeout(self, delay: float = 0, value: Any = None) -> simpy.Timeout:
        """An event after some minutes."""
        return self._ward.timeout(delay, value)

    def event(self) -> simpy.Event:
        """An event that somebody will bring about."""
        return self._ward.event()

    def process(self, generator: Generator[simpy.Event, Any, Any]) -> simpy.Process:
        """A process among all others."""
        return self._ward.process(generator)
