"""What a management plan is: steps, each with its conditions, dose, strength and source.

These are frozen values with the readings already chosen. :mod:`cartox_core.library` reads them from files, and
:mod:`cartox_core.recommend` asks them. For testing and teaching, not for treating patients.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Literal, get_args

from cartox_core.bibliography import bibliography
from cartox_core.conditions import Test
from cartox_core.guideline import Reading

Strength = Literal["should", "consider", "may", "discouraged"]
Kind = Literal["drug", "support", "monitoring", "workup", "place"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)
KINDS: tuple[Kind, ...] = get_args(Kind)
When = Mapping[str, Test]


@dataclasses.dataclass(frozen=True, slots=True)
class Toxicity:
    """A part of a plan; ``grade`` is the field of the context that holds its grade, ``scales`` may give it.

    A grade stands for ``fresh_h`` hours where later observations tell less. ``readings`` are those that a plan needs.
    """

    name: str
    title: str
    grade: str
    guideline: str
    scales: tuple[str, ...]
    fresh_h: float = 0.0
    readings: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Despite:
    """How a course shows that an illness is no better for a drug: the grade has never been lower since.

    It is told ``after_h`` hours after a dose, not before.
    """

    field: str
    grade: str
    drugs: tuple[str, ...]
    after_h: float


@dataclasses.dataclass(frozen=True, slots=True)
class Regimen:
    """A dose and how often: lowest and highest dose and interval (h), and the maxima that the source states.

    ``unit`` is ``mg`` or one per ``kg`` or ``m2``, of which only ``mg/kg`` is worked out. ``cap_mg`` is of one dose,
    ``least_h`` the least time between two. With ``repeats`` it goes on; else the next dose is given only where it is
    needed. ``most_mg_kg_24h`` is of all doses within a day. ``ages`` is for whom the source has the dose. Below
    ``light_below_kg`` the dose is ``light_dose``. A route that the source does not have is empty.
    """

    name: str
    dose: tuple[float, float] | None
    unit: str
    route: str
    every_h: tuple[float, float] | None
    cite: tuple[str, ...]
    repeats: bool = True
    least_h: float = 0.0
    cap_mg: float = math.inf
    most_doses: float = math.inf
    most_per_24h: float = math.inf
    most_mg_kg_24h: float = math.inf
    ages: Test | None = None
    light_below_kg: float = 0.0
    light_dose: float = 0.0

    @property
    def by_weight(self) -> bool:
        """Whether the dose is worked out by weight."""
        return self.unit == "mg/kg"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One thing that the plan advises where one of ``when`` holds: all its tests.

    ``drugs`` are those of the protocol that it gives, the first by name, the others where they serve as well.
    ``charts`` are the fields that show that it is done, at least every ``every_h`` hours. One that is not ``timed`` is
    never late, since the source leaves its time to others. ``see`` are entries of the catalogue.
    """

    id: str
    toxicity: str
    kind: Kind
    strength: Strength
    what: str
    when: tuple[When, ...]
    cite: tuple[str, ...]
    drugs: tuple[str, ...] = ()
    regimen: Regimen | None = None
    timed: bool = True
    every_h: float | None = None
    charts: tuple[str, ...] = ()
    evidence: str = ""
    note: str = ""
    see: tuple[str, ...] = ()

    def tests(self, name: str) -> tuple[Test, ...]:
        """Every test of a field."""
        return tuple(when[name] for when in self.when if name in when)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it tests, in the order of their first use."""
        return tuple(dict.fromkeys(name for when in self.when for name in when))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A management plan with its readings chosen. ``sources`` are the works that its file describes itself."""

    id: str
    title: str
    text: str
    cite: tuple[str, ...]
    toxicities: Mapping[str, Toxicity]
    despite: tuple[Despite, ...]
    regimens: Mapping[str, Regimen]
    steps: tuple[Step, ...]
    readings: Mapping[str, Reading]
    chosen: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)

    @property
    def works(self) -> Mapping[str, Mapping[str, str]]:
        """The works that it may cite, by key: the bibliography, and its own sources."""
        return {**bibliography(), **self.sources}

    def step(self, name: str) -> Step:
        """The step of that id. Raises KeyError."""
        return {step.id: step for step in self.steps}[name]
