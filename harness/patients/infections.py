"""Infections after the infusion: one a patient at most, at the worst that it comes to (CTCAE's levels)."""

import dataclasses

import numpy as np
import numpy.typing as npt

from harness.patients.blood import DAYS
from harness.patients.draws import Uniforms, lognormal, normal, normal_cdf
from harness.patients.marrow import Marrow, deaths
from harness.patients.people import Ints, People
from harness.patients.trials import Trial, common

LATEST_ONSET_DAY = 90
MARROW_CORRELATION = 0.3  # infections go with counts that stay low; an assumption, confidence L


@dataclasses.dataclass(frozen=True, slots=True)
class Infections:
    """The infection of each patient: level 0 none to 4 life-threatening, first day, days."""

    level: Ints
    onset_day: Ints
    days: Ints

    def by_day(self) -> npt.NDArray[np.uint8]:
        """The level on each day; shape (patients, DAYS)."""
        since = DAYS[None, :] - self.onset_day[:, None]
        here = (since >= 0) & (since < self.days[:, None])
        found: npt.NDArray[np.uint8] = (here * self.level[:, None].astype(np.uint8)).astype(np.uint8)
        return found


def infection_shares(trial: Trial) -> tuple[float, float, float, float]:
    """Shares of the patients with an infection of level 1, 2, 3 and 4 or more.

    >>> from harness.patients.trials import trial
    >>> [round(x, 3) for x in infection_shares(trial("ELIANA"))]
    [0.43, 0.373, 0.24, 0.048]
    """
    always, printed = common(), trial.infection
    severe = printed.g3plus.value if printed else always.infection_g3plus
    some = printed.any.value if printed and printed.any else always.infection_any_of_g3plus * severe
    moderate = severe + always.infection_g2_of_mild * (some - severe)
    return some, moderate, severe, always.infection_g4_of_severe * severe


def infections(people: People, trial: Trial, marrow: Marrow) -> Infections:
    """Who is infected, when and how badly: none of those who die of the therapy, for whom the others make up."""
    draws = people.draws
    u, rho = draws.uniforms("infection", 4), MARROW_CORRELATION
    rank = normal_cdf(rho * normal(marrow.rank) + np.sqrt(1 - rho * rho) * normal(u[:, 0]))
    reach = np.array(infection_shares(trial)) / (1 - deaths(trial))
    died = (people.crs_level == 5) | (people.neuro_level == 5)
    level = np.where(died, 0, np.sum(rank[:, None] < reach[None, :], axis=1))
    return Infections(level, _onset(u[:, 1]), (4 + 3 * level + 6 * u[:, 2]).astype(np.int64))


def _onset(u: Uniforms) -> Ints:
    always = common()
    days = lognormal(u, always.infection_onset_median_days, always.infection_onset_sigma)
    found: Ints = np.clip(days, 1, LATEST_ONSET_DAY).astype(np.int64)
    return found
