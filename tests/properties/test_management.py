"""What must hold for any context and course: no dose above its cap, worse loses no drug, the unknown never narrows."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Context, Grade, Observation, Patient, load_plan, read_case, recommend
from cartox_core.bedside import bedside, scales_of
from cartox_core.context import CONTEXT, GRADES
from cartox_core.findings import findings
from cartox_core.management import STRENGTHS, Step
from tests import strategies

PLANS = {
    choice: load_plan("ferreri-2024", {reading.id: choice})
    for reading in load_plan("ferreri-2024").readings.values()
    for choice in reading.choices
}
PLAN = load_plan("ferreri-2024")
FLAGS = [name for name, field in CONTEXT.items() if field.kind == "bool"]
COUNTS = ("tocilizumab_doses",)


@st.composite
def grades(draw: st.DrawFn) -> Grade:
    low, high = sorted((draw(st.integers(0, 4)), draw(st.integers(0, 4))))
    return Grade(low, high)


@st.composite
def contexts(draw: st.DrawFn) -> Context:
    known: dict[str, Any] = {name: draw(st.none() | grades()) for name in GRADES}
    known |= {name: draw(st.none() | st.booleans()) for name in FLAGS}
    known |= {name: draw(st.none() | st.integers(0, 5)) for name in COUNTS}
    hours = draw(st.none() | st.sampled_from([-5.0, 0.0, 50.0]))
    seen = Observation(
        time_h=hours or 0.0,
        anc_per_ul=draw(st.sampled_from([None, 400.0, 700.0, 5000.0])),
        hypotension=draw(st.none() | st.booleans()),
        vasopressors=draw(st.sampled_from([None, 0, 1])),
    )
    patient = Patient(
        age_years=draw(st.sampled_from([None, 5.0, 17.9, 18.0, 60.0])),
        weight_kg=draw(st.none() | st.floats(0.5, 400, allow_nan=False)),
    )
    anakinra = draw(st.sampled_from([None, 0.0, 47.0, 48.0]))
    return Context(observation=seen, patient=patient, hours_since_infusion=hours, anakinra_h=anakinra, **known)


def drugs(steps: list[Step]) -> set[str]:
    return {step.drugs[0] for step in steps if step.drugs and step.strength == "should"}


@given(contexts(), st.sampled_from(sorted(PLANS)))
def test_no_dose_is_above_its_cap_or_the_dose_by_weight(context: Context, reading: str) -> None:
    found = recommend(PLANS[reading], context)
    for one in (*found.advised, *found.perhaps):
        regimen, dose, weight = one.step.regimen, one.dose, context.patient.weight_kg
        if regimen is None or dose is None or dose.high is None or regimen.dose is None:
            continue
        if dose.unit == "mg":
            assert dose.low is not None and dose.low <= dose.high <= regimen.cap_mg
        if regimen.by_weight and weight is not None:
            rate = regimen.light_dose if weight < regimen.light_below_kg else regimen.dose[1]
            assert dose.high <= rate * weight * (1 + 1e-12)


@given(contexts(), st.sampled_from(GRADES), st.sampled_from(sorted(PLANS)))
def test_a_worse_grade_never_loses_a_drug_that_should_be_given(context: Context, worse: str, reading: str) -> None:
    """Up to grade 4; the discouraged is no drug that should be given."""
    plan, now = PLANS[reading], context.value(worse)
    if not isinstance(now, Grade) or now.ceiling == 4:
        return
    higher = replace(context, **{worse: Grade(now.floor + 1, now.ceiling + 1)})
    before = drugs([one.step for one in recommend(plan, context).advised])
    assert before <= drugs([one.step for one in recommend(plan, higher).advised])


@settings(max_examples=200)
@given(contexts(), st.data())
def test_what_becomes_known_only_decides(context: Context, data: st.DataObject) -> None:
    """What is advised or not at all stays so, whatever the unknown turns out to be; what is open names it."""
    before = recommend(PLAN, context)
    open_fields = sorted({name for one in before.perhaps for name in one.unknown})
    if not open_fields:
        return
    name = data.draw(st.sampled_from(open_fields))
    tests = [test for step in PLAN.steps for test in step.tests(name)]
    alive = [value for value in context.possible(name, tests) if name not in GRADES or value != 5]
    value = data.draw(st.sampled_from(alive))
    told = Grade(int(value), int(value)) if name in GRADES else value
    seen = context.observation if name in CONTEXT else replace(context.observation, **{name: told})
    known = replace(context, observation=seen, **({name: told} if name in CONTEXT else {}))
    after = recommend(PLAN, known)
    for sure in ("advised", "discouraged"):  # of steps that are one, one stays
        still = {name for a in getattr(after, sure) for name in a.ids}
        assert all(still & set(a.ids) for a in getattr(before, sure))
    anything = {name for some in (before.advised, before.perhaps, before.discouraged) for a in some for name in a.ids}
    assert {n for some in (after.advised, after.perhaps, after.discouraged) for a in some for n in a.ids} <= anything


@given(contexts(), st.data())
def test_what_every_possible_grade_advises_is_advised_no_stronger_than_under_each(
    context: Context, data: st.DataObject
) -> None:
    """By any choice of one number for each grade that is a range."""
    sure = context
    for name in GRADES:
        if isinstance(now := context.value(name), Grade):
            number = data.draw(st.integers(now.floor, now.ceiling))
            sure = replace(sure, **{name: Grade(number, number)})
    under = {name: a for a in recommend(PLAN, sure).advised for name in a.ids}
    for one in recommend(PLAN, context).advised:
        same = [under[name] for name in one.ids if name in under]
        assert any(STRENGTHS.index(a.step.strength) <= STRENGTHS.index(one.step.strength) for a in same)
        assert all(a.dose == one.dose for a in same)


@given(contexts())
def test_what_is_open_can_come_out_either_way(context: Context) -> None:
    for one in recommend(PLAN, context).perhaps:
        assert one.unknown
        tests = [test for step in PLAN.steps for test in step.tests("tocilizumab_doses")]
        values = [context.possible(name, one.step.tests(name) or tests) for name in one.unknown]
        assert all(len(some) > 1 for some in values)


@pytest.mark.parametrize("drug", ["tocilizumab"])
@given(course=strategies.courses(longest=4))
def test_what_was_given_as_advised_is_never_over_the_maximum(course: dict[str, Any], drug: str) -> None:
    course = {**course, "patient": {"weight_kg": 70.1}}
    course["treatments"] = [{"time_h": 8.0 * i, "drug": drug, "dose": 560.8, "unit": "mg"} for i in range(4)]
    at = bedside(read_case(course), PLAN, scales_of(PLAN))
    assert not [f for f in findings(PLAN, at) if f.kind == "over"]
    course["treatments"].append({"time_h": 32.0, "drug": drug, "dose": 560.9, "unit": "mg"})
    at = bedside(read_case(course), PLAN, scales_of(PLAN))
    assert len([f for f in findings(PLAN, at) if f.kind == "over"]) == 2
