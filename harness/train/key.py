"""The right answer for a case at its last observation: the grade or range of a scale, why, and what leaves it open."""

import dataclasses
from typing import Any

from cartox_core import Because, Case, Grade, Scale, grade
from cartox_core.course import explain_between
from cartox_core.derived import told
from cartox_core.fields import Value
from cartox_core.grade import Overrides
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


def charts(case: Case, scale: Scale) -> list[LastChart]:
    """Each observation of a case as the last one, after the hours before it: what comes later tells nothing of it."""
    return [
        LastChart(observation, case.patient, scale, mild, worst)
        for observation, mild, worst in told(case.observations, case.treatments, scale, case.patient)
    ]


def last_chart(case: Case, scale: Scale) -> LastChart:
    """The last observation of a case, after the hours before it."""
    return charts(case, scale)[-1]


@dataclasses.dataclass(frozen=True, slots=True)
class Key:
    """The answer of one scale; ``missing`` are the unknown fields of which some value would narrow or move a range."""

    scale: str
    grade: Grade
    because: tuple[Because, ...]
    missing: tuple[str, ...]


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
    return Key(chart.scale.name, found, because, missing)


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
