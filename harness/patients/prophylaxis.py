"""The arms of Table 4: what was given before toxicity, printed numbers with their cells, and assumptions beside them.

An arm, and its comparator where it has one, stands in the place of a trial: the row of its base trial with other
incidences, and with the same patients. For testing and teaching, not for treating patients.
"""

import dataclasses
import difflib
import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from harness.patients.people import Severity, Times, crs_severity, neuro_severity
from harness.patients.trials import Note, Printed, Share, Trial, UnknownTrialError, trial, trials

Which = Literal["", "treated", "comparator"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Shares(_Strict):
    """Printed shares of the patients of a side: any grade, exactly 2, 2 or more, 3 or more."""

    any: Printed | None = None
    g2: Printed | None = None
    g2plus: Printed | None = None
    g3plus: Printed | None = None


class AssumedShares(_Strict):
    """What a row does not print, with source and confidence (H, M, L)."""

    crs_any: Share | None = None
    crs_g3plus: Share | None = None
    neurotoxicity_any: Share | None = None
    neurotoxicity_g3plus: Share | None = None
    source: str
    confidence: Literal["H", "M", "L"]


class Side(_Strict):
    """Those who were given the drug, or their comparator; ``patients`` is how many the study had, where known."""

    name: str = ""
    patients: Annotated[int, Field(gt=0)] | None = None
    crs: Shares = Shares()
    neurotoxicity: Shares = Shares()
    assumed: AssumedShares | None = None

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for toxicity in ("crs", "neurotoxicity"):
            for grade in ("any", "g3plus"):
                known = getattr(getattr(self, toxicity), grade) is not None
                assumed = getattr(self.assumed, f"{toxicity}_{grade}", None) is not None
                if known == assumed:
                    raise ValueError(f"{toxicity}, {grade}: print it or assume it, once")
        return self

    def share(self, toxicity: Literal["crs", "neurotoxicity"], grade: Literal["any", "g3plus"]) -> Printed:
        """A share that is printed, or else assumed."""
        printed: Printed | None = getattr(getattr(self, toxicity), grade)
        return printed or Printed(value=getattr(self.assumed, f"{toxicity}_{grade}"), cell="assumed")


class Arm(_Strict):
    """One row of Table 4 (Ferreri 2024); ``policy`` is what it is called on the shelf of policies."""

    policy: str
    name: str
    base: str
    crs_graded_by: str
    neurotoxicity_graded_by: str
    comment: str
    treated: Side
    comparator: Side | None = None
    note: list[Note] = []

    def side(self, which: Which) -> Side:
        """The treated, or the comparator."""
        found = self.treated if which == "treated" else self.comparator
        assert found is not None
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """What stands on the axis of the trials: a trial of Table 1, or one side of an arm of Table 4.

    ``persons`` is the trial whose patients these are: the same under every arm of one base.
    """

    trial: Trial
    persons: str
    arm: Arm | None = None
    which: Which = ""


@functools.cache
def arms() -> Mapping[str, Arm]:
    """All rows of Table 4 by the name of their policy, in the order printed.

    >>> len(arms()), arms()["tocilizumab-day-2"].treated.neurotoxicity.g3plus.value
    (7, 0.35)
    """
    text = (resources.files("harness.patients") / "prophylaxis.toml").read_text(encoding="utf-8")
    return {raw["policy"]: Arm.model_validate(raw) for raw in tomllib.loads(text)["arm"]}


@functools.cache
def arm_rows() -> Mapping[str, Row]:
    """Both sides of every arm by name, the treated first.

    >>> list(arm_rows())[:2]
    ['dexamethasone-days-0-2-treated', 'dexamethasone-days-0-2-comparator']
    """
    sides: list[tuple[Arm, Which]] = []
    for arm in arms().values():
        sides.append((arm, "treated"))
        if arm.comparator is not None:
            sides.append((arm, "comparator"))
    return {f"{arm.policy}-{which}": Row(_as_trial(arm, which), arm.base, arm, which) for arm, which in sides}


def row(name: str) -> Row:
    """The trial, or side of an arm, of that name. Raises UnknownTrialError with the nearest right one.

    >>> row("ZUMA-1").which, row("itacitinib-days-minus-3-26-comparator").trial.crs.any.value
    ('', 0.87)
    """
    if name in trials():
        return Row(trials()[name], name)
    if name not in arm_rows():
        there = [*trials(), *arm_rows()]
        near = difflib.get_close_matches(name, there, n=1)
        hint = f" did you mean {near[0]!r}?" if near else ""
        raise UnknownTrialError(f"there is no trial or arm {name!r};{hint} there are {', '.join(there)}")
    return arm_rows()[name]


def _as_trial(arm: Arm, which: Which) -> Trial:
    """The row of the base trial with the incidences of a side."""
    base, side = trial(arm.base), arm.side(which)
    crs, neuro = (
        {grade: side.share(toxicity, grade) for grade in ("any", "g3plus")} for toxicity in ("crs", "neurotoxicity")
    )
    assumed = {
        "crs_g2_of_mild": _g2_of_mild(side.crs, crs, base.assumed.crs_g2_of_mild),
        "neuro_g2_of_mild": _g2_of_mild(side.neurotoxicity, neuro, base.assumed.neuro_g2_of_mild),
    }
    return base.model_copy(
        update={
            "name": f"{arm.policy}-{which}",
            "printed_as": arm.name,
            "crs": base.crs.model_copy(update={**crs, "graded_by": arm.crs_graded_by}),
            "neurotoxicity": base.neurotoxicity.model_copy(update={**neuro, "graded_by": arm.neurotoxicity_graded_by}),
            "assumed": base.assumed.model_copy(update=assumed),
            "note": arm.note,
        }
    )


def _g2_of_mild(printed: Shares, known: Mapping[str, Printed], assumed: float) -> float:
    """The share of grade 2 among grades 1 and 2, from what is printed of grade 2."""
    mild = known["any"].value - known["g3plus"].value
    if printed.g2 is not None:
        return printed.g2.value / mild
    return assumed if printed.g2plus is None else (printed.g2plus.value - known["g3plus"].value) / mild


def effect_of(name: str) -> tuple[Times, Times]:
    """By what an arm multiplies the shares that reach each level of CRS and of neurotoxicity, level 1 first.

    Beside its comparator, or where it has none its base trial, for which nothing vouches.

    >>> [round(x, 2) for x in effect_of("tocilizumab-day-2")[1]]
    [1.0, 1.08, 1.25, 1.25, 1.25]
    """
    treated = arm_rows()[f"{name}-treated"].trial
    other = arm_rows().get(f"{name}-comparator")
    beside = other.trial if other else trial(arms()[name].base)
    return (
        _times(crs_severity(treated), crs_severity(beside)),
        _times(neuro_severity(treated), neuro_severity(beside)),
    )


def _times(treated: Severity, beside: Severity) -> Times:
    """The quotients; a level that nobody reaches in the comparator goes as the one below."""
    found: list[float] = []
    for share, other in zip(treated.reach, beside.reach, strict=True):
        found.append(share / other if other else found[-1])
    first, second, third, fourth, fifth = found
    return first, second, third, fourth, fifth
