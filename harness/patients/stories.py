"""Stories of one patient: SimPy processes that take one event each, however often they wait.

A story is a generator that yields whole minutes to wait, or an event to wait for. A SimPy process has an event to begin
with, one at its end and one for each wait; a story is one event, which happens whenever the story goes on.
"""

from collections.abc import Generator
from typing import Any, TypeVar

import simpy
from simpy.events import NORMAL, EventPriority

Answer = TypeVar("Answer")
Answering = Generator[int | simpy.Event, Any, Answer]  # a part of a story that comes to something
Told = Answering[None]


class Life:
    """Whose stories are told: ``now`` are the minutes since ``begins_min`` of the environment's clock."""

    def __init__(self, env: simpy.Environment, begins_min: float = 0) -> None:
        self.env, self.begins_min, self.now = env, begins_min, env.now - begins_min
        self._going_on = 0
        self._over: simpy.Event | None = None

    def tell(self, told: Told, priority: int = NORMAL) -> None:
        """Let a story begin, which is led to its first wait at once; at one minute those of lower priority go first."""
        self._going_on += 1
        _Story(self, told, priority)

    def over(self) -> simpy.Event:
        """The end of the last story under way, to wait for."""
        self._over = self._over or self.env.event()
        self._end_if_over()
        return self._over

    def told(self) -> None:
        """One story less."""
        self._going_on -= 1
        if self._over is not None:
            self._end_if_over()

    def _end_if_over(self) -> None:
        if self._over is not None and not self._going_on and not self._over.triggered:
            self._over.succeed()


class _Story(simpy.Event):
    """A story that goes on when it happens: after the minutes it waits, or with the event that it waits for."""

    def __init__(self, life: Life, told: Told, priority: int) -> None:
        super().__init__(life.env)
        self._priority = EventPriority(priority)
        self._ok, self._value = True, None  # nobody is ever told that it failed
        self._life, self._go_on = life, told.send
        self(self)

    def __call__(self, happened: simpy.Event) -> None:
        life = self._life
        life.now = self.env.now - life.begins_min
        try:
            waits_for = self._go_on(None if happened is self else happened.value)
            while not isinstance(waits_for, int):
                if waits_for.callbacks is not None:
                    waits_for.callbacks.append(self)
                    return
                waits_for = self._go_on(waits_for.value)
        except StopIteration:
            life.told()
            return
        self.callbacks = [self]  # SimPy takes them away when an event happens
        self.env.schedule(self, self._priority, waits_for)
