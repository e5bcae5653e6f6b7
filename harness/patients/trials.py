"""The trials of Table 1: printed numbers with their cells, and the assumptions made beside them."""

import difflib
import functools
import tomllib
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[float, Field(gt=0)]
CytopeniaQuantity = Literal[
    "neutropenia_g3plus",
    "thrombocytopenia_g3plus",
    "anemia_g3plus",
    "cytopenia_g3plus_unresolved",
    "neutropenia_g3plus_unresolved",
    "thrombocytopenia_g3plus_unresolved",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Printed(_Strict):
    """A number as the table prints it, and its cell."""

    value: float
    cell: str


class Incidence(_Strict):
    """Shares of the infused patients with any grade and with grade 3 or more."""

    any: Printed | None = None
    g3plus: Printed


class Graded(_Strict):
    """An incidence, with the scale that the trial used."""

    graded_by: str
    any: Printed
    g3plus: Printed


class GradedCrs(Graded):
    """The CRS cell."""

    onset_median_days: Printed


class Cytopenia(_Strict):
    """A cytopenia of grade 3 or more; unresolved by a day where one is printed."""

    quantity: CytopeniaQuantity
    value: Share
    cell: str
    by_day: Annotated[int, Field(ge=28, le=90)] | None = None


class Assumed(_Strict):
    """What the table does not say, with source and confidence (H, M, L)."""

    age_years: tuple[float, float, float] = Field(strict=False)
    crs_onset_sigma: Days
    crs_duration_median_days: Days
    crs_g2_of_mild: Share
    crs_g4_of_severe: Share
    crs_g5_of_severe: Share
    crs_own_scale_factor: Annotated[float, Field(gt=0, le=1.5)]
    neuro_onset_median_days: Days
    neuro_onset_sigma: Days
    neuro_duration_median_days: Days
    neuro_g2_of_mild: Share
    neuro_g4_of_severe: Share
    neuro_g5_of_severe: Share
    crs_neuro_correlation: Annotated[float, Field(ge=-1, le=1)]
    thrombocytopenia_g3plus: Share | None = None
    movement_neurocognitive: Share | None = None
    other_neuro_onset_median_days: Days | None = None
    source: str
    confidence: str


class Common(_Strict):
    """What is assumed of every trial whose row says nothing else."""

    intermittent: Share
    quick: Share
    aplastic: Share
    neutropenia_g3plus: Share
    thrombocytopenia_g3plus: Share
    anemia_g3plus: Share
    unresolved: Share
    unresolved_day: Annotated[int, Field(ge=28, le=90)]
    unresolved_lines: dict[str, Share]
    infection_g3plus: Share
    infection_any_of_g3plus: Annotated[float, Field(ge=1)]
    infection_g2_of_mild: Share
    infection_g4_of_severe: Share
    infection_onset_median_days: Days
    infection_onset_sigma: Days
    iec_hs_of_crs_g2plus: Share
    no_icans_of_mild: Share


class Note(_Strict):
    """Something known to be wrong or open about a printed number."""

    id: str
    text: str


class Trial(_Strict):
    """One row of Table 1 (Ferreri 2024)."""

    name: str
    printed_as: str
    product: str
    antigen: str
    costimulation: str
    indication: str
    treated: int
    adverse_events_graded_by: str
    crs: GradedCrs
    neurotoxicity: Graded
    cytopenia: list[Cytopenia] = []
    infection: Incidence | None = None
    other_neurotoxicity: Incidence | None = None
    assumed: Assumed
    note: list[Note] = []


class UnknownTrialError(ValueError):
    """There is no trial of that name in Table 1."""


@functools.cache
def trials() -> dict[str, Trial]:
    """All rows of Table 1 by name, in the order printed.

    >>> len(trials()), trials()["ZUMA-1"].crs.any.value
    (11, 0.93)
    """
    return {row["name"]: Trial.model_validate(row) for row in _file()["trial"]}


@functools.cache
def common() -> Common:
    """What is assumed of every trial.

    >>> common().aplastic
    0.23
    """
    return Common.model_validate(_file()["common"])


def _file() -> dict[str, Any]:
    text = (resources.files("harness.patients") / "trials.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def trial(name: str) -> Trial:
    """The trial of that name. Raises UnknownTrialError with the nearest right one.

    >>> trial("KarMMa").crs.onset_median_days.value
    1.0
    """
    if name not in trials():
        near = difflib.get_close_matches(name, list(trials()), n=1)
        hint = f" did you mean {near[0]!r}?" if near else ""
        raise UnknownTrialError(f"there is no trial {name!r};{hint} there are {', '.join(trials())}")
    return trials()[name]
