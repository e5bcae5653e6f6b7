"""Which hours of a patient a level asks: one rule a level, and how near a threshold an hour is.

A rule sees the last charted round as each scale sees it. For testing and teaching, not for treating patients.
"""

import dataclasses
from collections.abc import Callable, Mapping

from cartox_core import Case, Grade
from cartox_core.conditions import Between
from cartox_core.fields import Field
from cartox_core.observation import MASKING_DRUGS, OBSERVATION, Observation
from harness.charts import step_of
from harness.train.chart import VENTILATOR, WINDOW_H
from harness.train.key import LastChart, key_of

FEVER_C = 38.0
CHARTED_AT_ROUNDS = (
    *("temp_c", "hypotension", "vasopressors", "vasopressin", "o2_device", "o2_flow_l_min"),
    *("ice", "capd", "consciousness"),
)
AGAINST_TOXICITY = ("tocilizumab", "dexamethasone", "methylprednisolone", "anakinra")
FERRITIN_TIMES_BASELINE = 5.0
NEAR_STEPS = 2  # of a measured value; of a score one
_SCORE = 10  # points of the smallest score


@dataclasses.dataclass(frozen=True, slots=True)
class Round:
    """A charted round: the case until then, and it by scale, those alone of which something was examined."""

    case: Case
    charts: Mapping[str, LastChart]
    grades: Mapping[str, Grade]

    @property
    def observation(self) -> Observation:
        """What was charted at this round."""
        return self.case.observations[-1]

    @property
    def domains(self) -> dict[str, int]:
        """The highest grade that surely holds of each domain that tells of anything, by its full name."""
        found: dict[str, int] = {}
        for name, last in self.charts.items():
            held = last.held() if self.grades[name].floor else []
            for domain in last.scale.domains:
                if worst := max((clause.grade for clause in held if clause in domain.clauses), default=0):
                    found[f"{name}.{domain.name}"] = worst
        return found


def one_domain(at: Round) -> bool:
    """One domain alone tells of a grade, a fever aside, and every grade is certain."""
    return _certain(at) and len(_beside_fever(at) or at.domains) == 1


def several_domains(at: Round) -> bool:
    """Domains of one scale, a fever aside, tell of different grades."""
    by_scale = [{g for name, g in _beside_fever(at).items() if name.startswith(f"{scale}.")} for scale in at.charts]
    return _certain(at) and any(len(grades) > 1 for grades in by_scale)


def _beside_fever(at: Round) -> dict[str, int]:
    """The domains that tell of anything but the fever, with which all CRS begins."""
    return {name: grade for name, grade in at.domains.items() if name != "crs.fever"}


def fever_gone(at: Round) -> bool:
    """No fever now, after one in sight, and a drug since that takes fevers away; CRS may have resolved or not."""
    temp_c, now = at.observation.temp_c, at.observation.minute
    fevers = [
        o.minute for o in at.case.observations if (o.temp_c or 0.0) >= FEVER_C and o.minute >= now - 60 * WINDOW_H
    ]
    drugs = [t.minute for t in at.case.treatments if t.drug in MASKING_DRUGS]
    masked = bool(fevers) and any(min(fevers) <= drug <= now for drug in drugs)
    return temp_c is not None and temp_c < FEVER_C and "crs" in at.grades and masked


def fever_is_in_sight(at: Round) -> bool:
    """Whether the fever that an episode rests on can be seen on the chart."""
    grade, now = at.grades.get("crs"), at.observation.minute
    if grade is None or not grade.ceiling:
        return True
    return any((o.temp_c or 0.0) >= FEVER_C and o.minute >= now - 60 * WINDOW_H for o in at.case.observations)


def range_(at: Round) -> bool:
    """Something that would decide is not charted."""
    return not _certain(at)


def hangs_on_a_round(at: Round) -> bool:
    """Whether what leaves a grade open is something that a round charts; an image that nobody took is no question."""
    opened = [name for name, grade in at.grades.items() if grade.grade is None]
    return all(set(key_of(at.charts[name]).missing) & set(CHARTED_AT_ROUNDS) for name in opened)


def ventilated(at: Round) -> bool:
    """On a ventilator, and the patient does not awaken by itself."""
    seen = at.observation
    return "icans" in at.grades and seen.o2_device == VENTILATOR and seen.consciousness not in ("spontaneous", None)


def ill(at: Round) -> bool:
    """Something is graded."""
    return any(grade.floor for grade in at.grades.values())


def hyperinflamed(at: Round) -> bool:
    """Ferritin is far above that at the infusion."""
    return ferritin_is_high(at.case)


def ill_or_hyperinflamed(at: Round) -> bool:
    """CRS or ICANS is there, or ferritin is far above that at the infusion."""
    return ill(at) or hyperinflamed(at)


def ferritin_is_high(case: Case) -> bool:
    """Whether ferritin has risen to several times that first charted, as in IEC-HS."""
    charted = [o.ferritin_ng_ml for o in case.observations if o.ferritin_ng_ml is not None]
    return len(charted) > 1 and charted[-1] >= FERRITIN_TIMES_BASELINE * charted[0]


RULES: Mapping[str, Callable[[Round], bool]] = {
    "one_domain": one_domain,
    "several_domains": several_domains,
    "fever_gone": fever_gone,
    "range": range_,
    "ventilated": ventilated,
    "ill": ill,
    "hyperinflamed": ill_or_hyperinflamed,
}
INDISPENSABLE: Mapping[str, Callable[[Round], bool]] = {"hyperinflamed": hyperinflamed}
"""What some hour of a case has to be as well, by rule; such hours come first."""


def first_orders_h(case: Case) -> set[float]:
    """The hours at which a drug against the toxicity is given for the first time: a next step is due."""
    given = {drug: [t.time_h for t in case.treatments if t.drug == drug] for drug in AGAINST_TOXICITY}
    return {min(hours) for hours in given.values() if hours}


def near_threshold(at: Round) -> bool:
    """Whether a step or two of some charted number would change a grade."""
    return any(_is_near(chart, at.grades[name]) for name, chart in at.charts.items())


def _is_near(chart: LastChart, grade: Grade) -> bool:
    for name in chart.scale.fields:
        field, value = OBSERVATION.get(name), getattr(chart.observation, name, None)
        if field is None or value is None or not _is_scored(field, value):
            continue
        clauses = (*chart.scale.clauses, *chart.scale.gate)
        tests = [clause.when[name] for clause in clauses if name in clause.when]
        edges = [e for test in tests if isinstance(test, Between) for e in (test.low, test.high)]
        reach = step_of(field) if field.kind == "integer" else NEAR_STEPS * step_of(field)
        if not any(abs(edge - value) <= reach for edge in edges):
            continue
        for by in (-reach, reach):
            moved = int(value + by) if field.kind == "integer" else round(value + by, 2)
            if field.fault(moved) is None and chart.grade(**{name: moved}) != grade:
                return True
    return False


def _is_scored(field: Field, value: float) -> bool:
    """Whether a field is measured, or a score that is not perfect; counts of few are near something always."""
    if field.kind == "integer":
        return field.high >= _SCORE and value != (field.high if field.worse == "down" else field.low)
    return field.kind == "number"


def _certain(at: Round) -> bool:
    return all(grade.grade is not None for grade in at.grades.values())
