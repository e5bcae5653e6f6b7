"""What a guideline is: scales of domains of clauses, and readings that choose between meanings.

These are frozen values with the readings already chosen. :mod:`cartox_core.library` reads them from files.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from cartox_core.bibliography import bibliography
from cartox_core.conditions import Between, Test
from cartox_core.fields import Field, Value
from cartox_core.observation import READABLE
from cartox_core.units import Rate

Made = Literal["longest_days", "total_days", "never_recovered", "lowest", "second_lowest", "highest"]
MADE: tuple[str, ...] = get_args(Made)


@dataclasses.dataclass(frozen=True, slots=True)
class Clause:
    """When every test holds, the domain is at least ``grade``. ``cite`` are works with a place."""

    id: str
    grade: int
    when: Mapping[str, Test]
    text: str
    cite: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Domain:
    """One way of being ill. Its grade is the worst clause that holds; ungated ones count with the gate closed."""

    name: str
    title: str
    clauses: tuple[Clause, ...]
    gated: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the domain reads, in the order of their first use."""
        return tuple(dict.fromkeys(name for clause in self.clauses for name in clause.when))


@dataclasses.dataclass(frozen=True, slots=True)
class Assumption:
    """The value a field takes while it is unknown and every test of ``when`` holds for sure."""

    field: str
    value: Value
    when: Mapping[str, Test]
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Episode:
    """How a course derives the state fields: which domain opens, which are signs, and what ends it (hours)."""

    opened: str
    masked: str
    fever: str
    signs: tuple[str, ...]
    quiet_h: float
    gap_resolves: bool
    look_back_h: float
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Feature:
    """One number that a scale makes of a whole course, and that its clauses test like a field.

    ``made`` says how, from the fields ``of`` on days ``first_day`` to ``last_day`` (day 0 begins with the infusion):
    the longest run of days, or all days, that pass ``test``; whether a run that begins by day ``by_day`` lasts to the
    end; the lowest or second lowest value; the highest. Missing days are interpolated where no more than ``gap_days``
    are missing in a row, and at either end take the nearest value; what is still missing is unknown. With
    ``missing_counts`` false, only what was measured or lies between two values counts. Runs no more
    than ``join_days`` apart are one. Values are rounded to ``round_to`` (0: as they are). With ``ends_early`` the last
    observation ends the days, and the first one at which ``until`` is true always does. ``alone``: a value that is the
    only one is its own second.
    """

    name: str
    text: str
    made: Made
    of: tuple[str, ...]
    field: Field
    first_day: int
    last_day: int
    until: str = ""
    test: Between | None = None
    by_day: int = 0
    gap_days: int = 0
    join_days: int = 0
    round_to: int = 0
    missing_counts: bool = True
    ends_early: bool = True
    alone: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class HighDose:
    """From which rate vasopressors are at a high dose, once it has run for ``hours``.

    ``alone`` has the line of a drug that runs alone. Several are added as norepinephrine: ``equivalent`` has the rate
    of each drug that equals 1 µg/min of it, and a drug without one adds nothing. With ``alone_holds`` a drug at its own
    line is high beside others, too.
    """

    hours: float
    alone: Mapping[str, Rate]
    combination: Rate
    on_vasopressin: Rate
    equivalent: Mapping[str, Rate]
    alone_holds: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Infusions:
    """What a course derives from its vasopressors; an interruption of less than ``bridge_min`` minutes is none."""

    bridge_min: float
    high_dose: HighDose | None
    text: str
    cite: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """A scale: a gate (none means always open) and domains. Before ``from_h`` hours the grade is 0.

    With ``features`` it grades a course as a whole. Scales are compared by identity, so that their tables can be kept
    with them.
    """

    name: str
    title: str
    text: str
    cite: tuple[str, ...]
    top: int
    from_h: float | None
    gate: tuple[Clause, ...]
    gate_text: str
    domains: tuple[Domain, ...]
    assumptions: tuple[Assumption, ...]
    episode: Episode | None
    features: tuple[Feature, ...] = ()
    infusions: Infusions | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it grades a course as a whole: one entry a case, not one an observation."""
        return bool(self.features)

    @property
    def own(self) -> Mapping[str, Field]:
        """The fields that it makes itself."""
        return {feature.name: feature.field for feature in self.features}

    def field(self, name: str) -> Field:
        """What a name in a test means: a field that the scale makes, or one that is charted. Raises KeyError."""
        return self.own.get(name) or READABLE[name]

    @property
    def clauses(self) -> Iterator[Clause]:
        """Every clause, the gate's first."""
        yield from self.gate
        for domain in self.domains:
            yield from domain.clauses

    @property
    def fields(self) -> tuple[str, ...]:
        """The charted fields that the scale reads; those of which it makes its own among them."""
        sources = {f.name: (*f.of, *([f.until] if f.until else [])) for f in self.features}
        tested = (name for clause in self.clauses for name in clause.when)
        return tuple(dict.fromkeys(source for name in tested for source in sources.get(name, (name,))))

    def domain(self, name: str) -> Domain:
        """The domain of that name. Raises KeyError."""
        return {d.name: d for d in self.domains}[name]


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One way to read a point that the sources leave open, and the values it puts into the clauses."""

    name: str
    text: str
    values: Mapping[str, object]


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """A point that the sources leave open, with its choices and the reason for the default."""

    id: str
    title: str
    default: str
    why: str
    choices: Mapping[str, Choice]


@dataclasses.dataclass(frozen=True, slots=True)
class Guideline:
    """A guideline with its readings chosen. ``sources`` are the works that its file describes itself."""

    id: str
    title: str
    text: str
    cite: tuple[str, ...]
    scales: Mapping[str, Scale]
    readings: Mapping[str, Reading]
    chosen: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)

    @property
    def works(self) -> Mapping[str, Mapping[str, str]]:
        """The works that it may cite, by key: the bibliography, and its own sources."""
        return {**bibliography(), **self.sources}

    def scale(self, name: str) -> Scale:
        """The scale of that name. Raises GuidelineError with the names there are."""
        if name not in self.scales:
            raise GuidelineError(f"{self.id} has no scale {name!r}; it has {', '.join(self.scales)}")
        return self.scales[name]


class GuidelineError(ValueError):
    """A guideline that does not exist, cannot be read, or contradicts itself."""
