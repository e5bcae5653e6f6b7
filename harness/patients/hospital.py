"""What the care team must have to act: a nurse, a dose of tocilizumab, a bed; nothing is short here."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from harness.patients.body import Body, Toxicity

Waiting = Generator[simpy.Event, Any, None]
Served = Generator[simpy.Event, Any, bool]  # whether it came before the illness was over


class Plenty:
    """A hospital in which nobody ever waits. One with limits makes the team wait where these yield."""

    def nurse(self, _body: "Body", _toxicity: "Toxicity") -> Served:
        """A nurse for a round at which something can change, until a toxicity has ended."""
        yield from ()
        return True

    def tocilizumab(self, _body: "Body") -> simpy.Process | None:
        """A dose of tocilizumab: None when it is there at once, else who waits, and comes to whether it came."""
        return None

    def intensive_care(self, _body: "Body") -> Waiting:
        """A bed of intensive care for a patient who needs one; without it a severe toxicity does not yield."""
        yield from ()

    def admit(self, body: "Body") -> None:
        """Look after a patient from now on, who will need what the stages of the illnesses say."""

    def changed(self, body: "Body") -> None:
        """Told when an illness takes another course than it was going to."""


PLENTY = Plenty()
