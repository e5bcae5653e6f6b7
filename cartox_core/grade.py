"""Grade one observation: floor, ceiling, and the clauses that decide.

Source of the meaning: Lee 2019, as the grading protocol, version 1, section 3, words it.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal

from cartox_core.conditions import Test
from cartox_core.fields import Items, Value
from cartox_core.guideline import Assumption, Clause, Scale
from cartox_core.observation import ITEMS_OF, PATIENT, READABLE, Observation, Patient
from cartox_core.tables import Axis, ScaleTables, Table, tables_of

Status = Literal["holds", "may hold", "fails"]
Overrides = Mapping[str, Value | None]
_NOBODY = Patient()
_NOTHING: Overrides = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Because:
    """A clause that decides a bound of a grade, or a sentence where no single clause does."""

    clause: Clause | None
    bound: Literal["grade", "floor", "ceiling"]
    text: str

    def __str__(self) -> str:
        name = f"{self.clause.id}: " if self.clause else ""
        return f"{name}{self.text}" if self.bound == "grade" else f"{self.bound}: {name}{self.text}"


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """A grade, or the range that what is unknown leaves possible.

    >>> Grade(2, 3).grade is None, Grade(3, 3).grade
    (True, 3)
    """

    floor: int
    ceiling: int

    @property
    def grade(self) -> int | None:
        """The grade when it is certain, else None."""
        return self.floor if self.floor == self.ceiling else None

    def __str__(self) -> str:
        return str(self.floor) if self.floor == self.ceiling else f"{self.floor}–{self.ceiling}"


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """What one observation tells a scale: values by field, with what a course derives put over them."""

    observation: Observation
    patient: Patient = _NOBODY
    overrides: Overrides = dataclasses.field(default_factory=dict)

    def value(self, name: str) -> Value | None:
        """The charted value of a field; None is unknown."""
        if name in self.overrides:
            return self.overrides[name]
        found: Value | None = getattr(self.patient if name in PATIENT else self.observation, name)
        return found

    def entry(self, axis: Axis) -> int:
        """Where the chart stands on an axis."""
        name = axis.field.name
        value = self.value(name)
        if value is None and (items := self.items(name)) is not None:
            return axis.stretch(*items.possible)
        return axis.entry(value)

    def items(self, name: str) -> Items | None:
        """The items charted of a field that is their total, where there are any."""
        found: Items | None = getattr(self.observation, ITEMS_OF[name]) if name in ITEMS_OF else None
        return found

    def cell(self, table: Table) -> tuple[int, ...]:
        """The cell of a table on which the chart stands."""
        return tuple([self.entry(axis) for axis in table.axes])


def grade(
    observation: Observation,
    scale: Scale,
    patient: Patient = _NOBODY,
    overrides: Overrides = _NOTHING,
) -> Grade:
    """The grade of one observation under a scale. ``overrides`` are the state fields that a course derives.

    >>> from cartox_core.library import load
    >>> crs = load("astct-2019").scale("crs")
    >>> str(grade(Observation(time_h=52, temp_c=39.1, hypotension=True, vasopressors=1, vasopressin=False,
    ...                       o2_device="nasal_cannula", o2_flow_l_min=2), crs))
    '3'
    """
    if before_start(observation, scale):
        return Grade(0, 0)
    return _combine(tables_of(scale), Chart(observation, patient, overrides))


def before_start(observation: Observation, scale: Scale) -> bool:
    """Whether the observation lies before the scale begins to grade (the infusion)."""
    return scale.from_h is not None and observation.minute < 60 * scale.from_h


def _combine(tables: ScaleTables, chart: Chart) -> Grade:
    floor = ceiling = free_floor = free_ceiling = 0
    surely = maybe = True
    for table in tables.tables:
        cell = chart.cell(table)
        low, high = int(table.floor[cell]), int(table.ceiling[cell])
        if table.surely_open is not None and table.maybe_open is not None:
            surely, maybe = bool(table.surely_open[cell]), bool(table.maybe_open[cell])
        if table.gated:
            floor, ceiling = max(floor, low), max(ceiling, high)
        else:
            free_floor, free_ceiling = max(free_floor, low), max(free_ceiling, high)
    return Grade(max(floor if surely else 0, free_floor), max(ceiling if maybe else 0, free_ceiling))


def bounds(table: Table, chart: Chart) -> tuple[int, int]:
    """The lowest and highest grade of one table for a chart."""
    cell = chart.cell(table)
    return int(table.floor[cell]), int(table.ceiling[cell])


def status(clause: Clause, chart: Chart, scale: Scale) -> Status:
    """Whether a clause holds, fails, or may hold once what is unknown is known."""
    worst: Status = "holds"
    for name, test in clause.when.items():
        found = _test_status(name, test, chart, scale.assumptions)
        if found == "fails":
            return "fails"
        worst = "may hold" if found == "may hold" else worst
    return worst


def _test_status(name: str, test: Test, chart: Chart, assumptions: Sequence[Assumption]) -> Status:
    value = chart.value(name)
    if value is None:
        value = READABLE[name].default if name in READABLE else None
    items = chart.items(name)
    if value is None and items is not None and items.possible != (0, sum(items.most.values())):
        held = [test.holds(points) for points in range(items.possible[0], items.possible[1] + 1)]
        return "holds" if all(held) else "may hold" if any(held) else "fails"
    if value is None:
        value = _assumed(name, chart, assumptions)
    if value is None:
        return "may hold"
    return "holds" if test.holds(value) else "fails"


def _assumed(name: str, chart: Chart, assumptions: Sequence[Assumption]) -> Value | None:
    """The value that an unknown field takes; what an assumption tests may rest on those before it only."""
    for i, assumption in enumerate(assumptions):
        if assumption.field == name and all(
            _test_status(k, t, chart, assumptions[:i]) == "holds" for k, t in assumption.when.items()
        ):
            return assumption.value
    return None


def explain(
    observation: Observation,
    scale: Scale,
    patient: Patient = _NOBODY,
    overrides: Overrides = _NOTHING,
) -> tuple[Grade, tuple[Because, ...]]:
    """The grade and what decides it, the floor first.

    >>> from cartox_core.library import load
    >>> crs = load("astct-2019").scale("crs")
    >>> found, why = explain(Observation(time_h=9, temp_c=37.0, crs_onset_fever=False), crs)
    >>> str(found), str(why[0])[:15]
    ('0', 'the gate is clo')
    """
    found = grade(observation, scale, patient, overrides)
    if before_start(observation, scale):
        return found, (Because(None, "grade", f"nothing is graded before hour {scale.from_h:g}"),)
    chart = Chart(observation, patient, overrides)
    if found.grade is not None:
        return found, _reasons(found.floor, "grade", chart, scale)
    return found, (
        *_reasons(found.floor, "floor", chart, scale),
        *_reasons(found.ceiling, "ceiling", chart, scale),
    )


def _reasons(
    level: int, bound: Literal["grade", "floor", "ceiling"], chart: Chart, scale: Scale
) -> tuple[Because, ...]:
    wanted: tuple[Status, ...] = ("holds", "may hold") if bound == "ceiling" else ("holds",)
    gate = gate_status(scale, chart)
    deciding = [
        Because(clause, bound, clause.text)
        for domain in scale.domains
        for clause in domain.clauses
        if clause.grade == level > 0 and status(clause, chart, scale) in wanted
        if not domain.gated or gate in wanted
    ]
    if deciding:
        return tuple(deciding)
    if level == 0 and gate != "holds":
        why = "the gate is closed" if gate == "fails" else "the gate may be closed"
        return (Because(None, bound, f"{why}; it opens with {scale.gate_text}"),)
    if level == 0:
        return (Because(None, bound, "no sign is present for sure" if bound == "floor" else "no sign is present"),)
    return (Because(None, bound, f"grade {level} follows whichever of the unknown values is true"),)


def gate_status(scale: Scale, chart: Chart) -> Status:
    """Whether the gate is open, closed, or cannot be told."""
    if not scale.gate:
        return "holds"
    table = next(t for t in tables_of(scale).tables if t.surely_open is not None)
    cell = chart.cell(table)
    assert table.surely_open is not None and table.maybe_open is not None
    return "holds" if table.surely_open[cell] else "may hold" if table.maybe_open[cell] else "fails"
