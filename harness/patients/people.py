"""Who the patients are: age, weight, how ill they will become and how fast, before anything happens.

Incidence and severity come from Table 1 through stratified draws; what the table leaves open is assumed in
``trials.toml``. Everything here is latent: it says what will happen to a body, never a grade.
"""

import dataclasses
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from harness.patients.draws import Draws, Uniforms, lognormal, normal, normal_cdf
from harness.patients.trials import Trial, common

ROUND_MIN = 240
NEURO_ROUND_MIN = 720
DAY_MIN = 1440
LATEST_CRS_ONSET_MIN = 14 * DAY_MIN
LATEST_NEURO_ONSET_MIN = 28 * DAY_MIN
Times = tuple[float, float, float, float, float]  # factors of the shares who reach each level, level 1 first
Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Severity:
    """Shares of the patients who reach each level of a toxicity, level 1 first."""

    reach: tuple[float, float, float, float, float]

    def level(self, rank: Uniforms) -> Ints:
        """The level of each patient by rank (0 the most ill); shape (patients)."""
        found: Ints = np.sum(rank[:, None] < np.array(self.reach)[None, :], axis=1)
        return found

    def times(self, factors: Times) -> "Severity":
        """So many times as many who reach each level, and never more than reach the one below.

        >>> Severity((0.9, 0.5, 0.1, 0.0, 0.0)).times((1.2, 0.5, 3.0, 1.0, 1.0)).reach
        (1.0, 0.25, 0.25, 0.0, 0.0)
        """
        found, below = [], 1.0
        for share, factor in zip(self.reach, factors, strict=True):
            below = min(below, share * factor)
            found.append(below)
        first, second, third, fourth, fifth = found
        return Severity((first, second, third, fourth, fifth))


def crs_severity(trial: Trial, own_scale: bool = False) -> Severity:
    """How many of a trial's patients have CRS of each severity.

    With ``own_scale`` so many fewer (or more) reach level 2 and above that the trial's own scale gives what is printed.
    """
    a, crs = trial.assumed, trial.crs
    found = _severity(crs.any.value, crs.g3plus.value, a.crs_g2_of_mild, a.crs_g4_of_severe, a.crs_g5_of_severe)
    if not own_scale:
        return found
    some, *worse = found.reach
    second, third, fourth, fifth = (share * a.crs_own_scale_factor for share in worse)
    return Severity((some, second, third, fourth, fifth))


def neuro_severity(trial: Trial) -> Severity:
    """How many of a trial's patients have neurotoxicity of each severity."""
    a, neuro = trial.assumed, trial.neurotoxicity
    return _severity(
        neuro.any.value, neuro.g3plus.value, a.neuro_g2_of_mild, a.neuro_g4_of_severe, a.neuro_g5_of_severe
    )


def _severity(any_grade: float, severe: float, g2: float, g4: float, g5: float) -> Severity:
    second = severe + g2 * (any_grade - severe)
    return Severity((any_grade, second, severe, severe * (g4 + g5), severe * g5))


@dataclasses.dataclass(frozen=True, slots=True)
class People:
    """Consecutive patients of a trial. Arrays have one entry a patient; minutes since infusion.

    ``crs_level`` and ``neuro_level`` (0-5) are the worst that happens; ``pace`` are
    uniforms for the steps of the course, one row a patient. ``event_level`` is the grade of a neurologic event that is
    no ICANS, at the time of ``neuro_onset_min``; 0 in those whose ``neuro_level`` is not.
    """

    draws: Draws
    age_years: Uniforms
    weight_kg: Uniforms
    crs_level: Ints
    crs_onset_min: Ints
    crs_duration_min: Ints
    neuro_level: Ints
    neuro_onset_min: Ints
    neuro_duration_min: Ints
    event_level: Ints
    pace: Uniforms

    def __len__(self) -> int:
        return self.draws.count


class Person(NamedTuple):
    """One patient's latent course as plain numbers: ``number`` in the trial, ``pace`` the uniforms for single steps.

    A tuple, as there are millions: it is made in a third of the time of a frozen dataclass.
    """

    number: int
    age_years: float
    weight_kg: float
    crs_level: int
    crs_onset_min: int
    crs_duration_min: int
    neuro_level: int
    neuro_onset_min: int
    neuro_duration_min: int
    pace: Sequence[float]


def persons(people: People) -> Iterator[Person]:
    """The patients of a block, one after another, as plain numbers."""
    first = people.draws.first
    columns = (
        people.age_years,
        people.weight_kg,
        people.crs_level,
        people.crs_onset_min,
        people.crs_duration_min,
        people.neuro_level,
        people.neuro_onset_min,
        people.neuro_duration_min,
    )
    number, paces = range(first, first + len(people)), (pace.tolist() for pace in people.pace)
    return map(Person._make, zip(number, *(column.tolist() for column in columns), paces, strict=True))


PACE = 24
CRS_RANK, NEURO_RANK = 2, 1  # of the lattice: the one pair even to 0.1 % at 20,000 patients


def severity_scores(draws: Draws) -> tuple[Uniforms, Uniforms]:
    """How ill each patient is drawn to be, as two independent normal scores, high in the most ill.

    The first is that of CRS, the second what neurotoxicity has beside it.
    """
    return -normal(draws.lattice(CRS_RANK)), -normal(draws.lattice(NEURO_RANK))


def neuro_score(scores: tuple[Uniforms, Uniforms], trial: Trial) -> Uniforms:
    """The normal score of neurotoxicity, which goes with that of CRS as the trial's correlation says."""
    rho = trial.assumed.crs_neuro_correlation
    found: Uniforms = rho * scores[0] + np.sqrt(1 - rho * rho) * scores[1]
    return found


def people(
    draws: Draws,
    trial: Trial,
    age_years: tuple[float, float, float],
    late_neuro: bool = False,
    own_scale: bool = False,
    times: tuple[Times, Times] | None = None,
) -> People:
    """The patients of ``draws``. ``age_years`` is (lowest, median, highest).

    The latent onset lies half a round before the printed median, since a fever is found at the next round.
    ``late_neuro`` puts neurotoxicity with, after or without CRS, up to four weeks after infusion. ``own_scale`` draws
    what the trial's own scales count: CRS by its scale, and neurologic events that may be no ICANS. ``times``
    multiplies the shares who reach each level of CRS and of neurotoxicity; a patient's ranks and all else stay.
    """
    a = trial.assumed
    scores = severity_scores(draws)
    neuro_rank = normal_cdf(-neuro_score(scores, trial))
    u = draws.uniforms("person", 8)
    crs, neuro = crs_severity(trial, own_scale), neuro_severity(trial)
    if times is not None:
        crs, neuro = crs.times(times[0]), neuro.times(times[1])
    found = trial.crs.onset_median_days.value * DAY_MIN
    onset_u = draws.lattice(0)
    onset = onset_by(onset_u, found - ROUND_MIN / 2, a.crs_onset_sigma, LATEST_CRS_ONSET_MIN)
    crs_level = crs.level(draws.lattice(CRS_RANK))
    later = 0.5 * normal(onset_u) + np.sqrt(0.75) * normal(u[:, 0])
    neuro_median = a.neuro_onset_median_days * DAY_MIN - NEURO_ROUND_MIN / 2
    neuro_onset = onset_by(normal_cdf(later), neuro_median, a.neuro_onset_sigma, LATEST_NEURO_ONSET_MIN)
    duration = np.maximum(lognormal(u[:, 1], a.crs_duration_median_days * DAY_MIN, 0.5), DAY_MIN)
    if late_neuro:
        after_crs = np.where(crs_level > 0, onset + duration, 7 * DAY_MIN)
        latest = LATEST_NEURO_ONSET_MIN
        late = after_crs + u[:, 7] * np.maximum(latest - after_crs, DAY_MIN)
        neuro_onset = np.where(u[:, 6] < 1 / 3, neuro_onset, late)
    neuro_duration = lognormal(u[:, 2], a.neuro_duration_median_days * DAY_MIN, 0.5)
    age = _age(u[:, 3], age_years)
    neuro_level = neuro.level(neuro_rank)
    no_icans = _no_icans(draws, trial, neuro_level) if own_scale else np.zeros(draws.count, bool)
    return People(
        draws=draws,
        age_years=age,
        weight_kg=_weight(age, u[:, 4]),
        crs_level=crs_level,
        crs_onset_min=np.maximum(onset, 120).astype(np.int64),
        crs_duration_min=duration.astype(np.int64),
        neuro_level=np.where(no_icans, 0, neuro_level),
        neuro_onset_min=np.clip(neuro_onset, NEURO_ROUND_MIN, LATEST_NEURO_ONSET_MIN).astype(np.int64),
        neuro_duration_min=np.clip(neuro_duration, DAY_MIN, 21 * DAY_MIN).astype(np.int64),
        event_level=np.where(no_icans, neuro_level, 0),
        pace=draws.uniforms("pace", PACE),
    )


def _no_icans(draws: Draws, trial: Trial, level: Ints) -> npt.NDArray[np.bool_]:
    """Whose neurologic event is no ICANS: some of grade 1 or 2, where the trial counts by CTCAE."""
    if trial.neurotoxicity.graded_by == "ASTCT 2019":
        return np.zeros(len(level), bool)
    found: npt.NDArray[np.bool_] = (level <= 2) & (draws.uniforms("no-icans", 1)[:, 0] < common().no_icans_of_mild)
    return found & (level > 0)


def onset_by(u: Uniforms, median: float, sigma: float, latest: float) -> Uniforms:
    """Lognormal onset (minutes), its upper half squeezed to end at ``latest`` with the median kept.

    >>> [int(x) for x in onset_by(np.array([0.5, 0.9999999]), 4320, 0.6, 20160)]
    [4320, 20159]
    """
    beyond = float(normal_cdf(np.array([math.log(latest / median) / sigma]))[0])
    squeezed = np.where(u < 0.5, u, 0.5 + (u - 0.5) * (2 * beyond - 1))
    return lognormal(squeezed, median, sigma)


def _age(u: Uniforms, spread: tuple[float, float, float]) -> Uniforms:
    """Ages in whole years: even below and above the median."""
    low, median, high = spread
    below = low + (median - low) * 2 * u
    above = median + (high - median) * (2 * u - 1)
    return np.floor(np.where(u < 0.5, below, above))


def _weight(age: Uniforms, u: Uniforms) -> Uniforms:
    """Weights (kg, to 0.1) about medians by age that follow growth charts; an assumption."""
    median: Uniforms = np.interp(age, [1, 5, 10, 14, 18, 30], [10, 18, 32, 50, 66, 76])
    spread = np.where(age < 12, 0.12, 0.2)
    found: Uniforms = np.clip(median * np.exp(spread * normal(u)), 7, 180).round(1)
    return found
