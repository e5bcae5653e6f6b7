"""What the care team must have to act: a nurse, a dose of tocilizumab, a bed; nothing is short here."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from harness.patients.body import Body

Waiting = Generator[simpy.Event, Any, None]


class Plenty:
    """A hospital in which nobody ever waits. One with limits makes the team wait where these yield."""

    def nurse(self, _body: "Body") -> Waiting:
        """A nurse for a round at which something can change."""
        yield from ()

    def tocilizumab(self, _body: "Body") -> Waiting:
        """A dose of tocilizumab."""
        yield from ()

    def intensive_care(self, _body: "Body") -> Waiting:
        """A bed of intensive care for a patient who needs one; without it a severe toxicity does not yield."""
        yield from ()

    def seen(self, body: "Body") -> None:
        """Told of every change of a patient's stage."""


PLENTY = Plenty()
