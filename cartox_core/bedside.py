"""A charted case as the contexts that a management plan asks: one for each observation, from what came before it.

Grades are those of the scales that the plan names, or of another guideline. Blood values may be as old as a day. What
only the bedside can judge stays unknown unless it is stated. For testing and teaching, not for treating patients.
"""

import bisect
import dataclasses
import operator
from collections.abc import Mapping, Sequence
from typing import Any

from cartox_core.case import Case
from cartox_core.context import DEATHS, Context
from cartox_core.course import grade_course
from cartox_core.grade import Grade
from cartox_core.guideline import Guideline, Scale
from cartox_core.library import load
from cartox_core.management import Despite, Plan, Toxicity
from cartox_core.observation import DRUGS, OBSERVATION, Observation, Treatment

BLOOD = ("anc_per_ul", "fibrinogen_mg_dl")
FRESH_MIN = 24 * 60
Stated = Mapping[str, Any]
_NOTHING: Stated = {}


def until(case: Case, time_h: float) -> Case | None:
    """The case as it was known at a time: what was charted and given by then; None where nothing was charted."""
    seen = tuple(o for o in case.observations if o.time_h <= time_h)
    if not seen:
        return None
    given = tuple(t for t in case.treatments if t.time_h <= time_h)
    return dataclasses.replace(case, observations=seen, treatments=given)


def scales_of(plan: Plan, guideline: Guideline | None = None) -> dict[str, tuple[Scale, ...]]:
    """The scales of each part of a plan that has a grade; those of another guideline where it has some.

    >>> from cartox_core.library import load_plan
    >>> scales_of(load_plan("ferreri-2024"), load("penn-2018"))["crs"][0] is load("penn-2018").scale("crs")
    True
    """
    return {part.name: _scales(part, guideline) for part in plan.toxicities.values() if part.grade}


def _scales(part: Toxicity, guideline: Guideline | None) -> tuple[Scale, ...]:
    if guideline is not None and (other := _named(part, guideline)):
        return other
    return _named(part, load(part.guideline, part.readings))


def _named(part: Toxicity, guideline: Guideline) -> tuple[Scale, ...]:
    return tuple(guideline.scales[name] for name in part.scales if name in guideline.scales)


@dataclasses.dataclass(frozen=True, slots=True)
class Bedside:
    """A case with its contexts, one for each observation, and from which hour each grade of the last one stands.

    ``later`` is the context at a time after the last observation: its signs, and what was given until then.
    """

    case: Case
    contexts: tuple[Context, ...]
    as_of_h: Mapping[str, float]
    later: Context | None = None

    @property
    def moments(self) -> tuple[Context, ...]:
        """The contexts at the observations, and the one after them."""
        return self.contexts if self.later is None else (*self.contexts, self.later)

    @property
    def now(self) -> Context:
        """The context at the time asked."""
        return self.moments[-1]

    def before(self, minute: int) -> Context | None:
        """The context at the latest observation up to a minute; None before the first."""
        place = _latest(self.case, minute)
        return None if place is None else self.contexts[place]


def end_h(case: Case) -> float:
    """The hour at which a chart ends: of the last observation or the last dose."""
    return max([case.observations[-1].time_h, *(dose.time_h for dose in case.treatments)])


def bedside(
    case: Case,
    plan: Plan,
    scales: Mapping[str, tuple[Scale, ...]],
    stated: Stated = _NOTHING,
    at_h: float | None = None,
) -> Bedside:
    """A case as a plan asks it at an hour, or at the end of the chart. A scale of whole courses is asked there alone.

    The signs then are those of the last observation, and what was given since counts.
    Where an observation tells less, a grade that was found before stands for the ``fresh_h`` of its part, unless what
    is charted speaks against it; so does a sign that a step of that part tests. ``stated`` holds at every observation,
    over what is derived.

    >>> from cartox_core import load_plan, read_case
    >>> plan = load_plan("ferreri-2024")
    >>> case = read_case({"observations": [{"time_h": 9, "ice": 10, "consciousness": "unarousable"}, {"time_h": 12}]})
    >>> str(bedside(case, plan, scales_of(plan)).now.icans_grade)
    '4'
    """
    parts = [part for part in plan.toxicities.values() if part.grade]
    told = {part.grade: _standing(_grades(case, scales[part.name]), case, part.fresh_h) for part in parts}
    grades = {name: [grade for grade, _ in found] for name, found in told.items()}
    fresh = _fresh(plan)
    now_h = end_h(case) if at_h is None else at_h

    def seen(place: int, observation: Observation) -> Context:
        known: dict[str, Any] = {
            "observation": observation,
            "patient": case.patient,
            "hours_since_infusion": observation.time_h,
            **{name: found[place] for name, found in grades.items()},
            **_counted(given := _given(case.treatments, observation.minute), observation.minute),
            "given": given,
            **{d.field: despite(d, case, grades[d.grade], place, observation.minute) for d in plan.despite},
        }
        return Context(**{**known, **stated})

    charted = [_with_earlier(case.observations, i, fresh) for i in range(len(case.observations))]
    end = dataclasses.replace(charted[-1], time_h=now_h)
    as_of_h = {name: case.observations[found[-1][1]].time_h for name, found in told.items()}
    later = seen(len(charted) - 1, end) if end.minute > charted[-1].minute else None
    return Bedside(case, tuple(seen(i, observation) for i, observation in enumerate(charted)), as_of_h, later)


def scale_now(case: Case, scales: tuple[Scale, ...]) -> Scale:
    """Which of the scales of a part is asked: the first, or the last whose days have come by the last observation."""
    last_day = case.observations[-1].minute // FRESH_MIN
    return [s for s in scales if s is scales[0] or (s.is_whole and s.features[0].first_day <= last_day)][-1]


def _grades(case: Case, scales: tuple[Scale, ...]) -> Sequence[Grade | None]:
    scale = scale_now(case, scales)
    found = grade_course(case.observations, case.treatments, scale, case.patient).grades
    return [None] * (len(case.observations) - 1) + list(found) if scale.is_whole else found


def _standing(found: Sequence[Grade | None], case: Case, fresh_h: float) -> list[tuple[Grade | None, int]]:
    """The grade that stands at each observation, and the observation that told it."""
    return [_stands(found, case, place, fresh_h) for place in range(len(found))]


def _stands(found: Sequence[Grade | None], case: Case, place: int, fresh_h: float) -> tuple[Grade | None, int]:
    """What is told at an observation, narrowed by those before it as long as they are fresh and none is against it."""
    stands, told, now = found[place], place, case.observations[place].minute
    for i in range(place - 1, -1, -1):
        earlier = found[i]
        if stands is None or earlier is None or now - case.observations[i].minute > 60 * fresh_h:
            break
        if _within(earlier, stands):
            stands, told = (stands, told) if earlier == stands else (earlier, i)
        elif not _within(stands, earlier):
            break
    return stands, told


def _within(grade: Grade, other: Grade) -> bool:
    """Whether a grade says as much as another or more, and nothing against it."""
    return other.floor <= grade.floor and grade.ceiling <= other.ceiling


def _fresh(plan: Plan) -> dict[str, float]:
    """How long the signs that steps test stand, in minutes: as the grade of their part; blood values for a day."""
    tested = [(name, plan.toxicities[step.toxicity].fresh_h) for step in plan.steps for name in step.fields]
    minutes = {name: 60 * fresh_h for name, fresh_h in sorted(tested, key=lambda one: one[1]) if name in OBSERVATION}
    return {**minutes, **{name: FRESH_MIN for name in BLOOD if name in minutes}}


def _with_earlier(observations: Sequence[Observation], place: int, fresh: Mapping[str, float]) -> Observation:
    """An observation, with the latest earlier values of what it does not tell, where these are fresh; death stays."""
    now = observations[place]
    wanted = {name: minutes for name, minutes in fresh.items() if getattr(now, name) is None}
    found: dict[str, Any] = {name: True for name in DEATHS if any(getattr(o, name) for o in observations[:place])}
    for earlier in observations[:place]:
        age_min = now.minute - earlier.minute
        told = {name: getattr(earlier, name) for name, minutes in wanted.items() if age_min <= minutes}
        found |= {name: value for name, value in told.items() if value is not None}
    return dataclasses.replace(now, **found) if found else now


def _given(treatments: Sequence[Treatment], minute: int) -> tuple[Treatment, ...]:
    return tuple(t for t in treatments if t.minute <= minute and t.dose != 0)


def _counted(before: Sequence[Treatment], minute: int) -> dict[str, float]:
    anakinra = [t.minute for t in before if t.drug == "anakinra"]
    steroids = [t.minute for t in before if t.drug in DRUGS["corticosteroid"]]
    return {
        "tocilizumab_doses": sum(t.drug == "tocilizumab" for t in before),
        "corticosteroid_running": any(minute - given < FRESH_MIN for given in steroids),
        "anakinra_h": (minute - min(anakinra)) / 60 if anakinra else 0,
    }


def despite(rule: Despite, case: Case, grades: Sequence[Grade | None], place: int, now: int) -> bool | None:
    """Whether an illness is no better for a drug at a minute, by the latest observation, whose place is given.

    It is told since the latest dose that is old enough to tell.

    False where none was given; None where it is too early to tell, or the grades do not say. What was given while the
    illness was surely not there, as in prophylaxis, tells nothing of it.
    """
    given = [t.minute for t in case.treatments if t.drug in rule.drugs and t.minute < now and t.dose != 0]
    doses = [minute for minute in given if not _is_well(grades, _latest(case, minute))]
    if not doses:
        return False
    old = [minute for minute in doses if minute <= now - 60 * rule.after_h]
    before = _latest(case, max(old)) if old else None
    then = None if before is None else grades[before]
    since = [] if before is None else grades[before + 1 : place + 1]
    if then is None or not since:
        return None
    if any(g is not None and g.ceiling < then.floor for g in since):
        return False
    return True if all(g is not None and g.floor >= then.ceiling for g in since) else None


def _latest(case: Case, minute: int) -> int | None:
    """The place of the latest observation up to a minute; None before the first."""
    place = bisect.bisect_right(case.observations, minute, key=operator.attrgetter("minute")) - 1
    return None if place < 0 else place


def _is_well(grades: Sequence[Grade | None], place: int | None) -> bool:
    """Whether an illness is surely not there at an observation; before the first of them, at the first."""
    grade = grades[place or 0]
    return grade is not None and grade.ceiling == 0
