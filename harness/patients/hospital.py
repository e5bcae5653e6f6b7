"""What the care team must have to act: a nurse, a dose of tocilizumab, a bed; nothing is short here."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import simpy

if TYPE_CHECKING:
    from harness.patients.body import Body, Toxicity

Waiting = Generator[simpy.Event, Any, None]
Served = Generator[simpy.Event, Any, bool]  # whether it came before the illness was over


class Plenty:
    """A hospital in which nobody ever waits. One with limits answers with what the team has to wait for, else None."""

    def nurse(self, _body: "Body", _toxicity: "Toxicity") -> Served | None:
        """A nurse for a round at which something can change, until a toxicity has ended."""
        return None

    def tocilizumab(self, _body: "Body") -> simpy.Process | None:
        """A dose of tocilizumab: who waits for it comes to whether it came."""
        return None

    def intensive_care(self, _body: "Body") -> Waiting | None:
        """A bed of intensive care for a patient who needs one; without it a severe toxicity does not yield."""
        return None

    def admit(self, body: "Body") -> None:
        """Look after a patient from now on, who will need what the stages of the illnesses say."""

    def changed(self, body: "Body") -> None:
        """Told when an illness takes another course than it was going to."""


PLENTY = Plenty()
