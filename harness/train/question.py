"""One question as it is shown and as it is answered: the patient up to an hour, the key, and what is said afterwards.

Simulated patients are kept for a while by their address, since making one again takes longer than a page may.
"""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from cartox_core import Because, Case, Grade, Plan, load_plan, read_case, recommend
from cartox_core.bedside import FRESH_MIN, Bedside, bedside, scales_of, until
from cartox_core.lateness import next_due_h
from cartox_core.observation import OBSERVATION
from cartox_core.recommend import held
from harness.cohort.example import block_again, whole_case
from harness.patients.address import Address
from harness.train.card import card, in_question
from harness.train.change import Change, smallest_change
from harness.train.hours import FEVER_C, ferritin_is_high
from harness.train.judge import GradeAnswer, Verdict, judge
from harness.train.key import Key, LastChart, key_of, last_chart
from harness.train.mining import SCALES, as_taught, guideline, is_examined
from harness.train.next_steps import NextSteps, Now, next_steps, option_of

PLAN = "ferreri-2024"
_FULL_ICE = 10
_KEPT_PATIENTS, _KEPT_QUESTIONS = 512, 2048
TITLES = {"crs": "CRS", "icans": "ICANS"}
_TITLES_OF = {f"{name}_grade": title for name, title in TITLES.items()}


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A patient at an hour: the case until then and each scale that is asked, as it sees the last round."""

    address: str
    case: Case
    charts: Mapping[str, LastChart]

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that are asked."""
        return tuple(self.charts)


@functools.lru_cache(maxsize=_KEPT_PATIENTS)
def patient(address: str) -> Case:
    """The whole course of the patient of an address."""
    return as_taught(read_case(whole_case(block_again(Address.read(address), guideline()), 0)))


def before_orders(whole: Case, hour: float) -> Case:
    """What is known at an hour before anything is ordered on it: what is given then would tell the answer."""
    case = until(whole, hour)
    assert case is not None
    return dataclasses.replace(case, treatments=tuple(t for t in case.treatments if t.time_h < hour))


@functools.lru_cache(maxsize=_KEPT_QUESTIONS)
def question(address: str, hour: float) -> Question:
    """The question about a patient at an hour. CRS is always asked, ICANS where it was examined then."""
    case = before_orders(patient(address), hour)
    asked = [name for name in SCALES if name == "crs" or is_examined(case.observations[-1], name)]
    return Question(address, case, {name: last_chart(case, guideline().scale(name)) for name in asked})


@functools.lru_cache(maxsize=_KEPT_QUESTIONS)
def key(address: str, hour: float, scale: str) -> Key:
    """The right answer for one scale."""
    return key_of(question(address, hour).charts[scale])


@functools.lru_cache(maxsize=_KEPT_QUESTIONS)
def changes(address: str, hour: float, scale: str, wanted: int) -> tuple[Change, ...]:
    """The smallest change that would have made a grade right."""
    return smallest_change(question(address, hour).charts[scale], wanted)


@functools.cache
def plan() -> Plan:
    """The plan of management that is taught."""
    return load_plan(PLAN)


@functools.lru_cache(maxsize=_KEPT_QUESTIONS)
def advice(address: str, hour: float) -> Now:
    """What the plan advises at that hour and at the round before, and which of its doses run."""
    case = question(address, hour).case
    at = bedside(case, plan(), scales_of(plan()))
    return now_of(at)


def now_of(at: Bedside) -> Now:
    """What the plan advises at the end of a chart, with what runs and what was called for within a day."""
    before = (recommend(plan(), at.contexts[-2]), at.contexts[-2]) if len(at.contexts) > 1 else None
    advised, minute = recommend(plan(), at.now), at.now.observation.minute
    icu = [step for step in plan().steps if option_of(step) == "icu"]
    day = [context for context in at.contexts if minute - context.observation.minute <= FRESH_MIN]
    called = any(held(step, context)[0] == "holds" for step in icu for context in day)
    anakinra = any(dose.drug == "anakinra" and minute - dose.minute < FRESH_MIN for dose in at.now.given)
    return Now(
        advice=advised,
        context=at.now,
        before=before,
        running=frozenset(one.step.id for one in advised.advised if next_due_h(plan(), one.step, at) is not None),
        lately=frozenset(["icu"] if called else []),
        underway=frozenset(["anakinra"] if anakinra else []),
        in_doubt=frozenset(["iechs_grade"] if ferritin_is_high(at.case) else []),
        as_of_h={grade: told_h for grade, told_h in at.as_of_h.items() if grade in _TITLES_OF},
    )


def found(address: str, hour: float, grades: Mapping[str, GradeAnswer], steps: Sequence[str]) -> dict[str, Any]:
    """What there is to say of an answer, as it is stored with it: verdicts, keys, next steps, advice.

    The changes that :func:`with_changes` adds take longest, and where the answer is right there are none: in an exam
    they are looked for when they are shown, so that the time to answer says nothing of the key.
    """
    asked = question(address, hour)
    told = {name: _scale(asked, hour, name, grades[name]) for name in asked.scales}
    advised = advice(address, hour)
    chosen = next_steps(steps, advised)
    return {
        "scales": told,
        "next": _next(chosen, advised),
        "advice": card(advised, plan()),
        "in_question": in_question(advised, plan(), asked.case),
        "right": all(one["verdict"] == "right" for one in told.values()),
    }


def with_changes(address: str, hour: float, attempt: Mapping[str, Any]) -> dict[str, Any]:
    """An attempt with the smallest changes that would have made each wrong grade right, where they were not stored."""
    scales = {
        name: told if "changes" in told else {**told, "changes": _to_right(address, hour, name, told, attempt)}
        for name, told in attempt["found"]["scales"].items()
    }
    return {**attempt, "found": {**attempt["found"], "scales": scales}}


def _to_right(
    address: str, hour: float, name: str, told: Mapping[str, Any], attempt: Mapping[str, Any]
) -> list[dict[str, Any]]:
    grade = attempt["answer"]["grades"][name]["grade"]
    if grade is None or told["verdict"] == "right":
        return []
    return [dataclasses.asdict(one) for one in changes(address, hour, name, grade)]


def _scale(asked: Question, hour: float, name: str, given: GradeAnswer) -> dict[str, Any]:
    right = key(asked.address, hour, name)
    verdict: Verdict = judge(given, right)
    return {
        "verdict": verdict,
        "floor": right.grade.floor,
        "ceiling": right.grade.ceiling,
        "because": [_because(why, asked.charts[name]) for why in right.because if _tells(why, asked.charts[name])],
        "excused": [{"field": one, "cite": asked.charts[name].cite(one)} for one in right.excused],
        "missing": list(right.missing),
        "fever_h": _fever_h(asked.charts[name], asked.case) if name == "crs" else None,
        "ice_before": _ice_before(asked.case) if name == "icans" else None,
    }


def _because(why: Because, chart: LastChart) -> dict[str, Any]:
    """A reason, with the clause and the findings that it rests on where there is one; defaults are no findings."""
    clause = why.clause
    told = {"bound": why.bound, "text": why.text}
    if clause is None:
        gate = chart.scale.gate if why.text.startswith("the gate") else ()
        return {**told, "cite": tuple(dict.fromkeys(cite for one in gate for cite in one.cite))}
    charted = {name: getattr(chart.observation, name) for name in clause.when if name in OBSERVATION}
    findings = {name: value for name, value in charted.items() if value != OBSERVATION[name].default}
    return {**told, "clause": clause.id, "cite": clause.cite, "findings": findings}


def _next(chosen: NextSteps, now: Now) -> dict[str, Any]:
    """The next steps that were chosen, and which grades of an earlier hour they rest on."""
    earlier = [
        {"title": title, "hour": now.as_of_h[name], "grade": str(grade)}
        for name, title in _TITLES_OF.items()
        if (grade := now.context.value(name)) and grade != Grade(0, 0) and now.as_of_h[name] < now.hour
    ]
    return {
        "standing": dict(chosen.standing),
        "missed": list(chosen.missed),
        "wrong": list(chosen.wrong),
        "doses": {name: dataclasses.asdict(doses) for name, doses in chosen.doses.items()},
        "more_often": sorted(chosen.more_often),
        "earlier": earlier,
    }


def _tells(why: Because, chart: LastChart) -> bool:
    """Whether a reason says something: vasopressin alone is none where another vasopressor runs as well."""
    return why.clause is None or why.clause.id != "crs.hypotension.vasopressin" or not chart.observation.vasopressors


def _ice_before(case: Case) -> int | None:
    """An ICE below 10 that was charted at the infusion or before it, when no CAR T cell could have caused it."""
    before = [o.ice for o in case.observations if o.time_h <= 0 and o.ice is not None]
    return min((ice for ice in before if ice < _FULL_ICE), default=None)


def _fever_h(chart: LastChart, case: Case) -> float | None:
    """The hour of the latest fever where there is none now; None where fever is there, or never was."""
    if chart.observation.temp_c is not None and chart.observation.temp_c >= FEVER_C:
        return None
    return max((o.time_h for o in case.observations if (o.temp_c or 0.0) >= FEVER_C), default=None)
