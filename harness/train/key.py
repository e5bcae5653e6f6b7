"""The right answer for a case at its last observation: the grade or range of a scale, why, and what leaves it open."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from cartox_core import Because, Case, Grade, Scale, grade
from cartox_core.course import explain_between
from cartox_core.derived import told
from cartox_core.fields import Value
from cartox_core.grade import Chart, Overrides, status
from cartox_core.guideline import Clause
from cartox_core.observation import OBSERVATION, Observation, Patient
from harness.charts import values_of


@dataclasses.dataclass(frozen=True, slots=True)
class LastChart:
    """The last observation of a case as a scale sees it, with what its course derives at its mildest and worst."""

    observation: Observation
    patient: Patient
    scale: Scale
    mild: Overrides
    worst: Overrides

    def grade(self, **changed: Any) -> Grade:
        """The grade, or what it would be with some fields charted otherwise."""
        observation = dataclasses.replace(self.observation, **changed) if changed else self.observation
        low = grade(observation, self.scale, self.patient, self.mild)
        high = low if self.mild == self.worst else grade(observation, self.scale, self.patient, self.worst)
        return Grade(low.floor, high.ceiling)

    def held(self, perhaps: bool = False, **changed: Any) -> list[Clause]:
        """The clauses that surely hold, or may hold, also with some fields charted otherwise."""
        chart = Chart(dataclasses.replace(self.observation, **changed), self.patient, self.mild)
        wanted = ("holds", "may hold") if perhaps else ("holds",)
        return [clause for clause in self.scale.clauses if status(clause, chart, self.scale) in wanted]

    def cite(self, judgement: str) -> tuple[str, ...]:
        """Where it stands that what was judged so does not count; empty where no clause says it."""
        return next((clause.cite for clause in self.held() if not clause.grade and judgement in clause.when), ())


def charts(case: Case, scale: Scale) -> list[LastChart]:
    """Each observation of a case as the last one, after the hours before it: what comes later tells nothing of it."""
    return [
        LastChart(observation, case.patient, scale, mild, worst)
        for observation, mild, worst in told(case.observations, case.treatments, scale, case.patient)
    ]


def last_chart(case: Case, scale: Scale) -> LastChart:
    """The last observation of a case, after the hours before it."""
    return charts(case, scale)[-1]


EXCUSES = {  # what is judged to have another cause, and the finding of which that is said
    "fever_other_cause": "temp_c",
    "vasopressor_other_cause": "vasopressors",
    "oxygen_other_cause": "o2_device",
    "positive_pressure_reason": "o2_device",
    "consciousness_other_cause": "consciousness",
    "seizure_other_cause": "seizure",
    "motor_other_cause": "motor_weakness",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """The answer of one scale; ``missing`` are the unknown fields of which some value would narrow or move a range.

    ``excused`` are the judgements of another cause without which the grade would be another.
    """

    scale: str
    grade: Grade
    because: tuple[Because, ...]
    missing: tuple[str, ...]
    excused: tuple[str, ...] = ()


def key_of(chart: LastChart) -> Key:
    """The right answer.

    >>> from cartox_core import load, read_case
    >>> case = read_case({"observations": [{"time_h": 20, "temp_c": 37.0}, {"time_h": 24, "temp_c": 38.4,
    ...                   "hypotension": False, "vasopressors": 0, "vasopressin": False}]})
    >>> key = key_of(last_chart(case, load("astct-2019").scale("crs")))
    >>> str(key.grade), key.missing[:1]
    ('1–4', ('o2_device',))
    """
    found, because = explain_between(chart.observation, chart.scale, chart.patient, chart.mild, chart.worst)
    missing = () if found.grade is not None else tuple(_missing(chart, found))
    return Key(chart.scale.name, found, because, missing, tuple(_excused(chart, found)))


def _excused(chart: LastChart, found: Grade) -> Iterator[str]:
    for name in EXCUSES:
        default = OBSERVATION[name].default
        judged = name in chart.scale.fields and getattr(chart.observation, name) != default
        if judged and chart.grade(**{name: default}) != found:
            yield name


def _missing(chart: LastChart, found: Grade) -> list[str]:
    """The unknown fields whose value alone would change the range; those left to a default are no want."""
    told_of = []
    for name in chart.scale.fields:
        field = OBSERVATION.get(name)
        if field is None or field.default is not None or getattr(chart.observation, name) is not None:
            continue
        if name in (*chart.mild, *chart.worst):
            continue
        tests = [clause.when[name] for clause in chart.scale.clauses if name in clause.when]
        tried = (value for value in values_of(field, tests) if field.fault(value) is None)
        if any(chart.grade(**{name: _typed(value, field.kind)}) != found for value in tried):
            told_of.append(name)
    return told_of


def _typed(value: Value, kind: str) -> Value:
    return int(value) if kind == "integer" and not isinstance(value, bool) else value
