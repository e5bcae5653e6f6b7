"""Hyperinflammation after CRS (IEC-HS): a few of the patients, as CRS of grade 2 or more ends (Ferreri 2024, IEC-HS).

Latent, and shown by laboratory values; shares, times and treatment doses are assumptions. For testing and teaching.
"""

import dataclasses

import numpy as np

from harness.patients.blood import DAYS, Series
from harness.patients.body import Given
from harness.patients.draws import Uniforms
from harness.patients.marrow import Mask
from harness.patients.people import DAY_MIN, Ints, People
from harness.patients.trials import common

ANAKINRA_MG, ANAKINRA_MG_PER_KG, ANAKINRA_EVERY_MIN = 100.0, 2.0, 720
RUXOLITINIB_MG, RUXOLITINIB_AFTER_MIN, RUXOLITINIB_SHARE = 10.0, 2 * DAY_MIN, 0.4


@dataclasses.dataclass(frozen=True, slots=True)
class IecHs:
    """Who has it, from which day, for how many days, and whether anakinra alone is enough. One entry a patient."""

    has: Mask
    onset_day: Ints
    days: Ints
    refractory: Mask

    def intensity(self) -> Series:
        """How much of it there is on each day, 0 to 1: rises and falls in two days; shape (patients, DAYS)."""
        since = DAYS[None, :] - self.onset_day[:, None] + 1
        left = self.days[:, None] - since + 1
        found: Series = np.clip(np.minimum(since, left) / 2, 0, 1) * self.has[:, None]
        return found


def iec_hs(people: People) -> IecHs:
    """Draw it for survivors of CRS of grade 2 or more; it begins within three days of the end of CRS."""
    u: Uniforms = people.draws.uniforms("iec-hs", 4)
    lives = (people.crs_level >= 2) & (people.crs_level <= 4) & (people.neuro_level < 5)
    ended = (people.crs_onset_min + people.crs_duration_min) // DAY_MIN + 1
    onset = ended + (3 * u[:, 1]).astype(np.int64)
    days = (8 + 8 * u[:, 2]).astype(np.int64)
    has = lives & (u[:, 0] < common().iec_hs_of_crs_g2plus)
    return IecHs(has, onset, days, has & (u[:, 3] < RUXOLITINIB_SHARE))


def treatments(people: People, found: IecHs) -> dict[int, tuple[Given, ...]]:
    """Anakinra while it lasts, and ruxolitinib after 48 hours without improvement, by place in the block."""
    return {int(place): tuple(_course(people, found, int(place))) for place in np.flatnonzero(found.has)}


def _course(people: People, found: IecHs, place: int) -> list[Given]:
    start = int(found.onset_day[place]) * DAY_MIN
    stop = start + int(found.days[place]) * DAY_MIN
    dose = round(min(ANAKINRA_MG, ANAKINRA_MG_PER_KG * float(people.weight_kg[place])), 1)
    given = [Given(t, "anakinra", dose, "mg", "SC") for t in range(start, stop, ANAKINRA_EVERY_MIN)]
    if found.refractory[place]:
        second = range(start + RUXOLITINIB_AFTER_MIN, stop, ANAKINRA_EVERY_MIN)
        given += [Given(t, "ruxolitinib", RUXOLITINIB_MG, "mg", "PO") for t in second]
    return sorted(given, key=lambda g: g.minute)
