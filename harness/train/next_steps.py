"""The next step of management as a trainee may choose it, held against what the plan advises at that hour.

Each option stands for steps of the plan. What should be done and was not chosen is missed; what is discouraged or not
advised at all is wrong; what may be done, or is to be considered, is right either way.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

from cartox_core import Recommendation
from cartox_core.context import GRADES
from cartox_core.management import Step
from cartox_core.recommend import Advice

OPTIONS: Mapping[str, str] = {
    "antipyretic": "an antipyretic",
    "fluids": "intravenous fluid",
    "tocilizumab": "tocilizumab",
    "corticosteroid": "a corticosteroid",
    "anakinra": "anakinra",
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
    "crs.fluids": "fluids",
    "crs.icu": "icu",
    "crs.icu_soon": "icu",
    "icans.icu": "icu",
    "icans.imaging": "imaging",
    "icans.eeg": "imaging",
}
Standing = Literal["should", "consider", "may", "goes on", "too soon", "perhaps", "discouraged", "not advised"]
_ORDER: tuple[Standing, ...] = ("should", "consider", "may", "goes on", "too soon", "discouraged", "perhaps")
_ONCE_BEGUN = ("icu", "imaging")  # what is not begun anew at each round


@dataclasses.dataclass(frozen=True, slots=True)
class NextSteps:
    """What was chosen: ``standing`` is how the plan stands to each option, then what was missed and what was wrong."""

    standing: Mapping[str, Standing]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

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
    """What a plan advises at an hour, what it advised at the round before, and what runs: steps with a dose to come.

    ``in_doubt`` are grades that nobody can tell though the chart points to that illness.
    """

    hour: float
    advice: Recommendation
    before: Recommendation | None = None
    running: frozenset[str] = frozenset()
    in_doubt: frozenset[str] = frozenset()


def next_steps(chosen: Iterable[str], now: Now) -> NextSteps:
    """Hold what was chosen against the advice at an hour.

    >>> from cartox_core import Grade, Observation, Patient, load_plan, recommend
    >>> from cartox_core.context import Context
    >>> grades = {"crs_grade": Grade(2, 2), "icans_grade": Grade(0, 0), "iechs_grade": Grade(0, 0)}
    >>> at = Context(observation=Observation(time_h=52), patient=Patient(weight_kg=70), **grades, tocilizumab_doses=0,
    ...              crs_despite_tocilizumab=False, crs_despite_steroid=False, icans_despite_steroid=False)
    >>> found = next_steps(["fluids", "anakinra"], Now(52, recommend(load_plan("ferreri-2024"), at)))
    >>> found.missed, found.wrong
    (('tocilizumab',), ('anakinra',))
    """
    standing = _standing(now)
    picked = set(chosen)
    missed = tuple(name for name in OPTIONS if standing[name] == "should" and name not in picked)
    wrong = tuple(name for name in OPTIONS if name in picked and standing[name] in ("discouraged", "not advised"))
    return NextSteps(standing, missed, wrong)


def _standing(now: Now) -> dict[str, Standing]:
    """The strongest word of the plan for each option; what hangs on an illness that nobody charted is not advised."""
    found: dict[str, set[Standing]] = {name: set() for name in OPTIONS}
    begun = {option_of(one.step) for one in (now.before.advised if now.before else ()) if one.step.strength == "should"}
    for one in (*now.advice.advised, *now.advice.discouraged):
        if name := option_of(one.step):
            found[name].add(_word(one, name, now, begun))
    for one in now.advice.perhaps:
        if (name := option_of(one.step)) and not (set(GRADES) & set(one.unknown)) - now.in_doubt:
            found[name].add("perhaps")
    if any(one.step.toxicity == "crs" for one in now.advice.advised):
        found["antipyretic"].add("may")
    return {name: next((word for word in _ORDER if word in words), "not advised") for name, words in found.items()}


def _word(one: Advice, name: str, now: Now, begun: set[str | None]) -> Standing:
    if one.not_before_h is not None and now.hour < one.not_before_h:
        return "too soon"
    if one.step.id in now.running or (name in _ONCE_BEGUN and name in begun):
        return "goes on"
    return "may" if name == "tocilizumab" and one.given and one.step.strength == "should" else one.step.strength
