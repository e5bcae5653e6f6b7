"""The next step of management as a trainee may choose it, held against what the plan advises at that hour.

Each option stands for steps of the plan. What should be done and was not chosen is missed; what is discouraged or not
advised at all is wrong; what may be done, or is to be considered, is right either way.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Literal

from cartox_core import Recommendation
from cartox_core.management import Step

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
Standing = Literal["should", "consider", "may", "discouraged", "perhaps", "too soon", "not advised"]
_ORDER: tuple[Standing, ...] = ("should", "consider", "may", "discouraged", "perhaps", "too soon")


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


def next_steps(chosen: Iterable[str], advice: Recommendation, now_h: float) -> NextSteps:
    """Hold what was chosen against the advice at an hour.

    >>> from cartox_core import Grade, Observation, Patient, load_plan, recommend
    >>> from cartox_core.context import Context
    >>> grades = {"crs_grade": Grade(2, 2), "icans_grade": Grade(0, 0), "iechs_grade": Grade(0, 0)}
    >>> at = Context(observation=Observation(time_h=52), patient=Patient(weight_kg=70), **grades, tocilizumab_doses=0,
    ...              crs_despite_tocilizumab=False, crs_despite_steroid=False, icans_despite_steroid=False)
    >>> found = next_steps(["fluids", "anakinra"], recommend(load_plan("ferreri-2024"), at), 52)
    >>> found.missed, found.wrong
    (('tocilizumab',), ('anakinra',))
    """
    standing = _standing(advice, now_h)
    picked = set(chosen)
    missed = tuple(name for name in OPTIONS if standing[name] == "should" and name not in picked)
    wrong = tuple(name for name in OPTIONS if name in picked and standing[name] in ("discouraged", "not advised"))
    return NextSteps(standing, missed, wrong)


def _standing(advice: Recommendation, now_h: float) -> dict[str, Standing]:
    """The strongest word of the plan for each option."""
    found: dict[str, set[Standing]] = {name: set() for name in OPTIONS}
    for one in (*advice.advised, *advice.discouraged):
        if name := option_of(one.step):
            early = one.not_before_h is not None and now_h < one.not_before_h
            found[name].add("too soon" if early else one.step.strength)
    for one in advice.perhaps:
        if name := option_of(one.step):
            found[name].add("perhaps")
    return {name: next((word for word in _ORDER if word in words), "not advised") for name, words in found.items()}
