"""The next step of management as a trainee may choose it, held against what the plan advises at that hour.

Each option stands for steps of the plan. What should be done and was not chosen is missed; what is discouraged, too
soon, used up or not advised at all is wrong; what may be done, or is to be considered, is right either way.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from cartox_core import Grade, Recommendation
from cartox_core.context import GRADES, Context
from cartox_core.management import STRENGTHS, Step
from cartox_core.recommend import Advice, held

OPTIONS: Mapping[str, str] = {
    "antipyretic": "an antipyretic",
    "fluids": "intravenous fluid",
    "tocilizumab": "tocilizumab",
    "corticosteroid": "a corticosteroid",
    "anakinra": "anakinra",
    "antiepileptic": "an antiepileptic drug",
    "icu": "intensive care",
    "imaging": "imaging of the brain and EEG",
}
_DRUGS = {
    "acetaminophen": "antipyretic",
    "tocilizumab": "tocilizumab",
    "dexamethasone": "corticosteroid",
    "methylprednisolone": "corticosteroid",
    "anakinra": "anakinra",
}
_STEPS = {
    "all.seizure_prophylaxis": "antiepileptic",
    "crs.supportive": "fluids",
    "crs.fluids": "fluids",
    "crs.vasopressor": "fluids",
    "crs.icu": "icu",
    "crs.icu_soon": "icu",
    "icans.icu": "icu",
    "icans.imaging": "imaging",
    "icans.eeg": "imaging",
    "icans.seizures": "antiepileptic",
}
_BESIDE = ("crs.vasopressor",)  # an option that is no fault beside such a step, but never due for it
Standing = Literal[
    "should", "consider", "may", "goes on", "too soon", "used up", "perhaps", "discouraged", "not advised"
]
_ORDER: tuple[Standing, ...] = ("should", "consider", "may", "goes on", "too soon", "used up", "discouraged", "perhaps")
_WRONG = ("too soon", "used up", "discouraged", "not advised")
_SEIZURES = ("none", "brief", "prolonged_or_repetitive")
_ONCE_BEGUN = ("icu", "imaging", "antiepileptic")  # what is not begun anew at each round


@dataclasses.dataclass(frozen=True, slots=True)
class Doses:
    """Of a drug how much was given: ``most`` is None where there is no most, ``not_before_h`` where none waits."""

    drug: str
    last_h: float
    given: int
    most: int | None
    not_before_h: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class NextSteps:
    """What was chosen: ``standing`` is how the plan stands to each option, then what was missed and what was wrong.

    ``doses`` tells of the options that are too soon or used up, ``more_often`` are those due before their time came.
    """

    standing: Mapping[str, Standing]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    doses: Mapping[str, Doses] = dataclasses.field(default_factory=dict)
    more_often: frozenset[str] = frozenset()

    @property
    def is_right(self) -> bool:
        """Whether nothing was missed and nothing wrong."""
        return not self.missed and not self.wrong


def option_of(step: Step) -> str | None:
    """The option that stands for a step; None for the many that nobody is asked about."""
    by_drug = _DRUGS.get(step.drugs[0]) if step.drugs else None
    return _STEPS.get(step.id, by_drug)


@dataclasses.dataclass(frozen=True, slots=True)
class Now:
    """What a plan advises at an hour, and what it advised at the round before, each with what was known then.

    ``running`` are steps with a dose to come, ``lately`` options that the plan called for within a day and ``underway``
    those of which a dose was given within a day. ``in_doubt`` are grades that nobody can tell though the chart points
    to that illness, ``as_of_h`` the hours from which the grades stand.
    """

    advice: Recommendation
    context: Context
    before: tuple[Recommendation, Context] | None = None
    running: frozenset[str] = frozenset()
    lately: frozenset[str] = frozenset()
    underway: frozenset[str] = frozenset()
    in_doubt: frozenset[str] = frozenset()
    as_of_h: Mapping[str, float] = dataclasses.field(default_factory=dict)

    @property
    def hour(self) -> float:
        """The hour since infusion."""
        return self.context.observation.time_h

    @property
    def open_grades(self) -> set[str]:
        """The grades that may be 0 or more, of illnesses that the chart does not point to."""
        grades = {name: self.context.value(name) for name in GRADES}
        return {n for n, g in grades.items() if not (isinstance(g, Grade) and g.floor)} - self.in_doubt


def next_steps(chosen: Iterable[str], now: Now) -> NextSteps:
    """Hold what was chosen against the advice at an hour.

    >>> from cartox_core import Grade, Observation, Patient, load_plan, recommend
    >>> grades = {"crs_grade": Grade(2, 2), "icans_grade": Grade(0, 0), "iechs_grade": Grade(0, 0)}
    >>> at = Context(observation=Observation(time_h=52), patient=Patient(weight_kg=70), **grades, tocilizumab_doses=0,
    ...              crs_despite_tocilizumab=False, crs_despite_steroid=False, icans_despite_steroid=False)
    >>> found = next_steps(["fluids", "anakinra"], Now(recommend(load_plan("ferreri-2024"), at), at))
    >>> found.missed, found.wrong
    (('tocilizumab',), ('anakinra',))
    """
    standing, picked = _standing(now), set(chosen)
    missed = tuple(name for name in OPTIONS if standing[name] == "should" and name not in picked)
    wrong = tuple(name for name in OPTIONS if name in picked and standing[name] in _WRONG)
    spent, late = now.advice.used_up, (*now.advice.perhaps, *now.advice.advised)
    told = [("used up", one) for one in spent] + [("too soon", one) for one in late if one.not_before_h is not None]
    doses = {
        name: counted
        for word, one in told
        if (name := option_of(one.step)) and standing[name] == word and (counted := doses_of(one, now))
    }
    more = frozenset(name for one in now.advice.advised if (name := option_of(one.step)) and _more_often(one, now))
    return NextSteps(standing, missed, wrong, doses, more)


def doses_of(one: Advice, now: Now) -> Doses | None:
    """What was given of the drug of a step; None where nothing was, or it is of no use to count."""
    drug, regimen = one.step.drugs[:1], one.step.regimen
    given = [dose.time_h for dose in now.context.given if dose.drug in drug]
    if not given or regimen is None:
        return None
    most = None if regimen.most_doses == math.inf else int(regimen.most_doses)
    return Doses(drug[0], max(given), len(given), most, one.not_before_h)


def word_of(one: Advice, now: Now) -> Standing:
    """How the plan stands to a step now: as strong as it is, or that it goes on, or that it is too soon for it."""
    name = option_of(one.step)
    if one.step.id in now.running:
        return "should" if _more_often(one, now) else "goes on"
    if one.not_before_h is not None and now.hour < one.not_before_h:
        return "too soon"
    if name in _ONCE_BEGUN and name in _begun(now) and not _anew(name, now):
        return "goes on"
    return "may" if name == "tocilizumab" and one.given and one.step.strength == "should" else one.step.strength


def _standing(now: Now) -> dict[str, Standing]:
    """The strongest word of the plan for each option; what hangs on an illness that nobody charted is not advised."""
    found: dict[str, set[Standing]] = {name: set() for name in OPTIONS}
    for one in (*now.advice.advised, *now.advice.discouraged):
        if name := option_of(one.step):
            found[name].add("may" if one.step.id in _BESIDE else word_of(one, now))
    for name, words in found.items():
        words.update(_of_perhaps(name, now))
    for one in now.advice.used_up:
        if name := option_of(one.step):
            found[name].add("used up")
    if any(one.step.toxicity == "crs" for one in now.advice.advised):
        found["antipyretic"].add("may")
    for name in now.underway:
        found[name].add("goes on")
    if not found["icu"] and "icu" in now.lately:
        found["icu"].add("may")  # the source does not say when intensive care ends
    return {name: next((word for word in _ORDER if word in words), "not advised") for name, words in found.items()}


def _of_perhaps(name: str, now: Now) -> Iterator[Standing]:
    """The words for an option by steps that may hold; where one or another surely does, the weakest of these."""
    some = [one for one in now.advice.perhaps if option_of(one.step) == name and not set(one.unknown) & now.open_grades]
    for one in some:
        yield "too soon" if word_of(one, now) == "too soon" else "perhaps"
    able = [one for one in some if one.step.strength != "discouraged" and one.step.id not in _BESIDE]
    for weakest in STRENGTHS:
        strong = [one for one in able if STRENGTHS.index(one.step.strength) <= STRENGTHS.index(weakest)]
        whens = tuple(itertools.chain.from_iterable(one.step.when for one in strong))
        if strong and held(dataclasses.replace(strong[0].step, when=whens), now.context)[0] == "holds":
            words = {word_of(one, now) for one in strong}
            yield "goes on" if _is_fresh(strong, now) else "too soon" if "too soon" in words else weakest
            return


def _is_fresh(some: Sequence[Advice], now: Now) -> bool:
    """Whether the last dose of some steps is so recent that by none of them the next is due."""
    given = [dose.time_h for one in some for dose in now.context.given if dose.drug in one.step.drugs]
    every_h = min(_every_h(one.step) for one in some)
    return bool(given) and every_h < math.inf and now.hour - max(given) < every_h


def _begun(now: Now) -> set[str | None]:
    """The options that the plan called for at the round before."""
    advised = now.before[0].advised if now.before else ()
    return {option_of(one.step) for one in advised if one.step.strength == "should"}


def _anew(name: str | None, now: Now) -> bool:
    """Whether what was begun is asked for again: after a new seizure, and imaging where ICANS is worse, too."""
    if now.before is None:
        return False
    then, at = (_SEIZURES.index(context.observation.seizure or "none") for context in (now.before[1], now.context))
    before, grade = now.before[1].icans_grade, now.context.icans_grade
    is_worse = before is not None and grade is not None and grade.floor > before.ceiling
    return (name != "icu" and at > then) or (name == "imaging" and is_worse)


def _more_often(one: Advice, now: Now) -> bool:
    """Whether a step that was not advised a round ago asks for shorter intervals than were; not once given."""
    if one.step.strength != "should" or now.before is None or one.step.id not in now.running:
        return False
    name, then = option_of(one.step), now.before[1].observation.minute
    before = [b.step for b in now.before[0].advised if option_of(b.step) == name]
    is_given = any(dose.minute > then and dose.drug in one.step.drugs for dose in now.context.given)
    is_new = not {one.step.id} & {s for b in now.before[0].advised for s in b.ids}
    return is_new and not is_given and _every_h(one.step) < min(map(_every_h, before), default=math.inf)


def _every_h(step: Step) -> float:
    every = step.regimen.every_h if step.regimen and step.regimen.repeats else None
    return every[1] if every else math.inf
