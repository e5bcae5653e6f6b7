"""What a management plan asks about: the grades now, what was given, and what only the bedside can judge.

A step of a plan tests these fields and those of the observation and the patient, in the grammar of guidelines. None is
unknown, and unknown is never normal.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from cartox_core.conditions import Between, Test, bands_of, cuts_of
from cartox_core.declared import declare, flag, integer, number
from cartox_core.fields import Field, Value
from cartox_core.grade import Grade
from cartox_core.observation import (
    EARLIEST_H,
    LATEST_H,
    OBSERVATION,
    PATIENT,
    READABLE,
    Observation,
    Patient,
    Treatment,
)

_MOST = 10_000  # doses
_DEATH = 5
_SPAN_H = LATEST_H - EARLIEST_H


def _grade(name: str, top: int = 5) -> Any:
    return declare("integer", low=0, high=top, doc=f"grade of {name} now", worse="up")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A patient at one time. A grade may be a range; the flags that end in ``despite_…`` are the bedside's judgement.

    ``given`` is what was given so far, doses of nothing left out.

    >>> Context(observation=Observation(time_h=50), crs_grade=Grade(2, 3)).possible("crs_grade", ())
    (2, 3)
    """

    observation: Observation
    patient: Patient = Patient()
    given: tuple[Treatment, ...] = ()

    hours_since_infusion: float | None = number("h", EARLIEST_H, LATEST_H, "hours since the infusion")
    crs_grade: Grade | None = _grade("CRS")
    icans_grade: Grade | None = _grade("ICANS")
    iechs_grade: Grade | None = _grade("IEC-HS")
    icaht_grade: Grade | None = _grade("ICAHT, early or late", 4)
    tocilizumab_doses: int | None = integer(0, _MOST, "doses of tocilizumab given so far")
    corticosteroid_running: bool | None = flag("a corticosteroid was given within the last 24 hours")
    anakinra_h: float | None = number("h", 0, _SPAN_H, "hours since the first dose of anakinra; 0 without one")
    crs_despite_tocilizumab: bool | None = flag("CRS is no better for a dose of tocilizumab")
    crs_despite_steroid: bool | None = flag("CRS is no better for a corticosteroid")
    icans_despite_steroid: bool | None = flag("ICANS is no better for a corticosteroid")
    iechs_despite_anakinra: bool | None = flag("IEC-HS is no better after two days of anakinra")
    iechs_despite_ruxolitinib: bool | None = flag("IEC-HS is no better for ruxolitinib")
    fever_persistent: bool | None = flag("the fever of CRS persists or comes back, as judged")
    iechs_stable: bool | None = flag("the clinical and laboratory signs of IEC-HS stabilize, as judged")
    hyponatremia_severe: bool | None = flag("severe hyponatremia, as judged")
    coagulopathy_severe: bool | None = flag("severe coagulopathy, as judged")
    transfusion_needed: bool | None = flag("anemia or thrombocytopenia calls for a transfusion, as judged")
    cytopenia_persistent: bool | None = flag("a cytopenia persists, as judged")
    icaht_refractory: bool | None = flag("ICAHT persists despite growth factor and transfusions, as judged")
    thrombocytopenia_late: bool | None = flag("thrombocytopenia is prolonged or late, as judged")
    infection_risk_high: bool | None = flag("high risk of infection with low IgG or B-cell aplasia, as judged")
    infections_recurrent: bool | None = flag("infections recur")

    @property
    def is_dead(self) -> bool:
        """Whether death is charted: by its cause, or as a grade of 5."""
        grades = [self.value(name) for name in GRADES]
        charted = any(getattr(self.observation, name) for name in DEATHS)
        return charted or any(isinstance(grade, Grade) and grade.floor == _DEATH for grade in grades)

    def value(self, name: str) -> Value | Grade | None:
        """What is known of a field of the context, the observation or the patient; None is unknown."""
        of: object = self if name in CONTEXT else self.patient if name in PATIENT else self.observation
        found: Value | Grade | None = getattr(of, name)
        return found

    def possible(self, name: str, tests: Iterable[Test]) -> tuple[Value, ...]:
        """The values that a field may have: the one known, those of a range, or a sample of each band of the tests."""
        value, field = self.value(name), TESTABLE[name]
        if isinstance(value, Grade):
            return tuple(range(value.floor, value.ceiling + 1))
        if value is not None:
            return (value,)
        cuts = cuts_of([t for t in tests if isinstance(t, Between)], field)
        return tuple(band.sample for band in bands_of(field, cuts))


CONTEXT: Mapping[str, Field] = {
    declared.name: Field(name=declared.name, **declared.metadata)
    for declared in dataclasses.fields(Context)
    if declared.metadata
}
"""The fields that a context has beside those of the observation and the patient."""
DEATHS: tuple[str, ...] = tuple(name for name in OBSERVATION if name.startswith("death_from_"))
"""The fields of an observation that chart a death."""
GRADES: tuple[str, ...] = tuple(name for name in CONTEXT if name.endswith("_grade"))
TESTABLE: Mapping[str, Field] = {**READABLE, **CONTEXT}
"""Every field that a step may test."""
