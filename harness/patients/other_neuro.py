"""Neurotoxicity that is not ICANS, after it: where a trial prints it, movement and neurocognitive events among it.

Looked for once CRS and ICANS are over; before, these findings are unknown and not absent. A movement and neurocognitive
event shows in two clusters at once, movement and cognition, and stays (Ferreri 2024, section on MNTs).
"""

import dataclasses

import numpy as np

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import DAYS
from harness.patients.draws import lognormal
from harness.patients.log import Log
from harness.patients.marrow import Mask, deaths
from harness.patients.people import DAY_MIN, Ints, People
from harness.patients.trials import Trial

FINDINGS = ("encephalopathy", "confusion", "dysphasia", "alertness", "tremor_severity", "headache_severity", "seizure")
SHOWN_ALONE = ("tremor_severity", "headache_severity", "confusion")  # how an event that is no MNT shows
EARLIEST_DAY, LATEST_DAY, REST_DAYS = 14, 90, 3
ONSET_SIGMA, LASTS_DAYS = 0.45, (10, 40)


@dataclasses.dataclass(frozen=True, slots=True)
class OtherNeuro:
    """Grade of each patient's event (0 none, 3 the most), its days, how it shows; and from when it is looked for."""

    level: Ints
    onset_day: Ints
    days: Ints
    mnt: Mask
    shows: Ints
    looked_for_from_day: Ints

    def by_day(self) -> dict[str, Column]:
        """The findings of each day; each of shape (patients, DAYS)."""
        since = DAYS[None, :] - self.onset_day[:, None]
        level = ((since >= 0) & (since < self.days[:, None])) * self.level[:, None].astype(np.uint8)
        looked = DAYS[None, :] >= self.looked_for_from_day[:, None]
        found: dict[str, Column] = {}
        for name in FINDINGS:
            who = np.zeros(len(self.level), bool)
            if name in SHOWN_ALONE:
                who = (self.shows == SHOWN_ALONE.index(name)) & ~self.mnt
            if name in ("tremor_severity", "confusion"):
                who = who | self.mnt
            column = level * who[:, None]
            found[name] = np.where(looked, column, unknown_code(READABLE[name])).astype(np.uint8)
        return found


def other_neuro(people: People, trial: Trial, log: Log) -> OtherNeuro | None:
    """Draw it for a trial that prints it; those who die of the therapy have none, the others make up for them."""
    printed, assumed = trial.other_neurotoxicity, trial.assumed
    if printed is None or printed.any is None or assumed.other_neuro_onset_median_days is None:
        return None
    u = people.draws.uniforms("other-neuro", 5)
    some, severe = printed.any.value, printed.g3plus.value
    reach = np.array([some, (some + severe) / 2, severe]) / (1 - deaths(trial))
    died = (people.crs_level == 5) | (people.neuro_level == 5)
    level = np.where(died, 0, np.sum(u[:, :1] < reach[None, :], axis=1))
    recovered = _recovered_day(log, len(people))
    drawn = lognormal(u[:, 1], assumed.other_neuro_onset_median_days, ONSET_SIGMA)
    onset = np.maximum(np.clip(drawn, EARLIEST_DAY, LATEST_DAY).astype(np.int64), recovered + REST_DAYS)
    mnt = (level > 0) & (u[:, 2] < (assumed.movement_neurocognitive or 0.0) / some)
    shortest, longest = LASTS_DAYS
    days = np.where(mnt, DAYS[-1], (shortest + (longest - shortest) * u[:, 3]).astype(np.int64))
    return OtherNeuro(level, onset, days, mnt, (u[:, 4] * len(SHOWN_ALONE)).astype(np.int64), recovered)


def _recovered_day(log: Log, patients: int) -> Ints:
    """The first day on which CRS and ICANS are over; the day of the infusion in those who have neither."""
    last = np.full(patients, -1, np.int64)
    for place, minute, _ in log.steps.values():
        np.maximum.at(last, place, minute)
    return np.where(last < 0, 0, last // DAY_MIN + 1)
