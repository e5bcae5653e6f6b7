"""What a plan advises at one time: what applies, what perhaps applies, what it discourages, and what is used up.

A step applies when its conditions hold however the unknown turns out, and perhaps when they hold for some of it; both
are exact, over all bands of all its fields. Steps of which one or another applies however it turns out, and that give
the same dose of the same drug, apply as one. For testing and teaching, not for treating patients.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from cartox_core.context import Context
from cartox_core.doses import Dose, dose_of
from cartox_core.fields import Value
from cartox_core.limits import counting_field, doses_so_far, not_before_h, used_up
from cartox_core.management import STRENGTHS, Plan, Regimen, Step

Held = Literal["holds", "may hold", "fails"]


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A test of a step: the field, what is found (empty: unknown), and what is asked."""

    field: str
    found: str
    asked: str

    def __str__(self) -> str:
        return f"{self.field} {self.found or 'unknown'} (asked: {self.asked})"


@dataclasses.dataclass(frozen=True, slots=True)
class Advice:
    """A step for a patient, with its dose, why, and the fields whose being unknown leaves it open.

    ``not_before_h`` is the hour since infusion before which its next dose is too soon, ``given`` the doses so far.
    ``or_steps`` are the other steps of which one applies where this one does not: the step then is all of them as one.
    """

    step: Step
    dose: Dose | None
    why: tuple[Reason, ...]
    unknown: tuple[str, ...]
    not_before_h: float | None = None
    given: int | None = None
    or_steps: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its steps."""
        return (self.step.id, *self.or_steps)


@dataclasses.dataclass(frozen=True, slots=True)
class Recommendation:
    """What applies, what perhaps does (discouraged steps too), and what is discouraged, each in the plan's order.

    ``used_up`` are the steps that would or might apply, but of which all doses that the plan allows were given.
    """

    advised: tuple[Advice, ...]
    perhaps: tuple[Advice, ...]
    discouraged: tuple[Advice, ...]
    used_up: tuple[Advice, ...] = ()


def recommend(plan: Plan, context: Context) -> Recommendation:
    """The steps of a plan for a patient at one time; none for the dead.

    >>> from cartox_core import Grade, Observation, Patient, load_plan
    >>> at_52 = Context(observation=Observation(time_h=52), patient=Patient(weight_kg=70), crs_grade=Grade(2, 2),
    ...                 tocilizumab_doses=0)
    >>> found = recommend(load_plan("ferreri-2024"), at_52)
    >>> [(a.step.id, str(a.dose)) for a in found.advised if "tocilizumab" in a.step.drugs]
    [('crs.tocilizumab.g2', '560 mg (8 mg/kg)')]
    """
    advised: list[Advice] = []
    perhaps: list[Advice] = []
    discouraged: list[Advice] = []
    spent: list[Advice] = []
    steps = () if context.is_dead else plan.steps
    states = [(step, *held(step, context)) for step in steps]
    wholes = {one[0].id: one for one in _wholes([step for step, state, _ in states if state == "may hold"], context)}
    merged = {step.id for whole in wholes.values() for step in whole[1:]}
    for step, state, unknown in states:
        if state == "fails" or step.id in merged:
            continue
        advice = _as_one(wholes[step.id], context) if step.id in wholes else _advice(step, context, unknown)
        if used_up(step, context):
            spent.append(advice)
        elif advice.unknown:
            perhaps.append(advice)
        else:
            (discouraged if step.strength == "discouraged" else advised).append(advice)
    return Recommendation(tuple(advised), tuple(perhaps), tuple(discouraged), tuple(spent))


def _wholes(steps: Sequence[Step], context: Context) -> Iterator[tuple[Step, ...]]:
    """Steps of one dose of which one holds however the unknown turns out: of each dose the strongest that do."""
    doses: dict[object, list[Step]] = {}
    for step in steps:
        if step.drugs and step.strength != "discouraged":
            doses.setdefault((step.toxicity, step.drugs[0], _dose_alone(step.regimen)), []).append(step)
    for some in doses.values():
        for weakest in STRENGTHS:
            strong = tuple(s for s in some if STRENGTHS.index(s.strength) <= STRENGTHS.index(weakest))
            if len(strong) > 1 and held(_union(strong), context)[0] == "holds":
                yield strong
                break


def _dose_alone(regimen: Regimen | None) -> Regimen | None:
    """A regimen but for how often it is repeated."""
    every = regimen.every_h and (0.0, 0.0) if regimen else None
    return dataclasses.replace(regimen, name="", every_h=every, cite=()) if regimen else None


def _union(steps: Sequence[Step]) -> Step:
    """Steps as one: it holds where one of them does, is as strong as the weakest, and comes as often as any of them."""
    first, joined = steps[0], "; or ".join(dict.fromkeys(step.what for step in steps))
    cites = tuple(dict.fromkeys(cite for step in steps for cite in step.cite))
    regimens = [step.regimen for step in steps if step.regimen is not None]
    spans = [regimen.every_h for regimen in regimens if regimen.every_h is not None]
    every = (min(low for low, _ in spans), max(high for _, high in spans)) if spans else None
    return dataclasses.replace(
        first,
        what=joined,
        strength=max((step.strength for step in steps), key=STRENGTHS.index),
        when=tuple(when for step in steps for when in step.when),
        regimen=dataclasses.replace(regimens[0], every_h=every) if regimens else None,
        evidence="; ".join(dict.fromkeys(step.evidence for step in steps if step.evidence)),
        note=" ".join(dict.fromkeys(step.note for step in steps if step.note)),
        see=tuple(dict.fromkeys(name for step in steps for name in step.see)),
        cite=cites,
    )


def _as_one(steps: Sequence[Step], context: Context) -> Advice:
    return dataclasses.replace(_advice(_union(steps), context, ()), or_steps=tuple(step.id for step in steps[1:]))


def _advice(step: Step, context: Context, unknown: tuple[str, ...]) -> Advice:
    dose = dose_of(step.regimen, context.patient) if step.regimen else None
    counted = counting_field(step) if used_up(step, context) is None else None
    open_fields = tuple(dict.fromkeys([*unknown, *([counted] if counted else [])]))
    return Advice(
        step,
        dose,
        _reasons(step, context),
        open_fields,
        not_before_h(step, context),
        doses_so_far(step, context),
    )


def held(step: Step, context: Context) -> tuple[Held, tuple[str, ...]]:
    """Whether a step holds, and the unknown fields that leave it open."""
    possible = {name: context.possible(name, step.tests(name)) for name in step.fields}
    results: dict[tuple[Value, ...], bool] = {}
    for values in itertools.product(*possible.values()):
        results[values] = _holds(step, dict(zip(possible, values, strict=True)))
    if len(set(results.values())) == 1:
        return ("holds", ()) if results.popitem()[1] else ("fails", ())
    return "may hold", tuple(name for i, name in enumerate(possible) if _matters(i, results))


def _holds(step: Step, values: Mapping[str, Value]) -> bool:
    return any(all(test.holds(values[name]) for name, test in when.items()) for when in step.when)


def _matters(place: int, results: Mapping[tuple[Value, ...], bool]) -> bool:
    """Whether two completions that differ in one field alone come out otherwise."""
    seen: dict[tuple[Value, ...], bool] = {}
    return any(seen.setdefault(v[:place] + v[place + 1 :], found) != found for v, found in results.items())


def _reasons(step: Step, context: Context) -> tuple[Reason, ...]:
    """The tests of those conditions that may hold, of a step of which one may."""
    told: dict[Reason, None] = {}
    for when in step.when:
        if len(step.when) == 1 or held(dataclasses.replace(step, when=(when,)), context)[0] != "fails":
            told |= dict.fromkeys(Reason(name, _word(context.value(name)), str(test)) for name, test in when.items())
    return tuple(told)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
