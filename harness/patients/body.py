"""One body while the teams care for it: its illnesses, what it was given, and what time it is."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import simpy

from harness.patients.hospital import PLENTY, Plenty
from harness.patients.illness import NEVER, Crs, Illness, Neuro
from harness.patients.people import Person
from harness.patients.policy import STANDARD, Policy
from harness.patients.stories import Life

Toxicity = Literal["crs", "neuro"]
APART_MIN = {"tocilizumab": 480, "dexamethasone": 360, "methylprednisolone": 720}  # doses that teams give, too


class Given(NamedTuple):
    """A dose that was given."""

    minute: int
    drug: str
    dose: float
    unit: str
    route: str


class Body(Life):
    """A patient from the infusion on; ``now`` are the minutes since.

    ``planned`` has the minutes at which the policy gives a drug by the calendar, in order. ``infused_min`` is the
    minute of the infusion in the environment, which one patient after another may have to itself, or a ward share.
    """

    def __init__(
        self,
        env: simpy.Environment,
        person: Person,
        policy: Policy = STANDARD,
        planned: Mapping[str, Sequence[int]] | None = None,
        hospital: Plenty = PLENTY,
        infused_min: float = 0,
    ) -> None:
        super().__init__(env, infused_min)
        self.person, self.policy, self.planned, self.hospital = person, policy, planned or {}, hospital
        self.crs = Crs(person, policy.course) if person.crs_level else None
        self.neuro = Neuro(person, policy.course) if person.neuro_level else None
        self.death_min = self._death_min()
        self.given: list[Given] = []
        self.latest: dict[str, int] = {}  # the minute of the latest dose of each drug

    @property
    def is_severe(self) -> bool:
        """Whether a toxicity is at grade 3 or more."""
        crs, neuro = (illness.stage(self.now) if illness else 0 for illness in (self.crs, self.neuro))
        return self.now < self.death_min and (crs >= 2 or neuro >= 3)

    def next_min(self) -> int:
        """The next minute at which an illness may change, as things stand; NEVER when all is over."""
        if self.now >= self.death_min:
            return NEVER
        nexts = (illness.next_min(self.now) for illness in (self.crs, self.neuro) if illness)
        return min(nexts, default=NEVER)

    def is_over(self, toxicity: Toxicity) -> bool:
        """Whether a toxicity is over, by recovery or death."""
        illness = self.crs if toxicity == "crs" else self.neuro
        return illness is None or illness.is_over(self.now) or self.now >= self.death_min

    def end(self) -> None:
        """Let its illnesses come to their ends, now that nobody is left to treat them."""
        if self.crs:
            self.crs.end()
        if self.neuro:
            self.neuro.end()

    def relieve(self, illness: Illness) -> None:
        """A team has treated a toxicity."""
        illness.relieve(int(self.now))
        self.death_min = self._death_min()
        self.hospital.changed(self)

    def _death_min(self) -> int:
        """When it dies, as things stand; NEVER if it does not."""
        crs, neuro = self.crs, self.neuro
        return min(crs.death_min if crs else NEVER, neuro.death_min if neuro else NEVER)

    def latest_dose(self, drug: str) -> float:
        """The minute of the latest dose of a drug, by the calendar or by a team; minus infinity without one."""
        given: float = self.latest.get(drug, -math.inf)
        if drug in self.planned:
            for minute in reversed(self.planned[drug]):
                if minute <= self.now and self.is_due(drug, minute):
                    return max(given, minute)
        return given

    def is_due(self, drug: str, minute: int) -> bool:
        """Whether a dose by the calendar is given: not when the team gave that drug shortly before."""
        apart = APART_MIN.get(drug, 0)
        return not (apart and any(g.drug == drug and 0 < minute - g.minute < apart for g in self.given))
