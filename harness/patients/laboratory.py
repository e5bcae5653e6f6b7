"""The daily chart beside the rounds: blood counts and infections, until day 100 or death.

Day n is 24 n to 24 (n + 1) hours after the infusion; blood is drawn at its beginning. The rounds of CRS and ICANS
end when they are over; what goes on for months is charted here, and graded on its own.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, Columns, unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import DAYS, counts
from harness.patients.charting import Charting
from harness.patients.courses import Log
from harness.patients.draws import Draws
from harness.patients.infections import Infections, infections
from harness.patients.marrow import Marrow, marrow
from harness.patients.people import DAY_MIN, Ints, People
from harness.patients.trials import Trial


@dataclasses.dataclass(frozen=True, slots=True)
class Laboratory:
    """The daily chart of a block as columns, whose rows they are, and what was meant."""

    columns: Columns
    place: Ints
    marrow: Marrow
    infections: Infections

    @property
    def starts(self) -> Ints:
        """The first row of each patient."""
        assert self.columns.starts is not None
        return self.columns.starts

    @property
    def day(self) -> Ints:
        """The day of each row."""
        found: Ints = self.columns.minute.astype(np.int64) // DAY_MIN
        return found


def laboratory(people: People, trial: Trial, log: Log, charting: Charting) -> Laboratory:
    """Draw and chart the days of a block; a day whose round is missed has a row without values."""
    draws = people.draws
    latent = marrow(draws, trial)
    ill = infections(people, trial, latent)
    days: dict[str, npt.NDArray[np.generic]] = {**counts(draws, latent), "infection": ill.by_day()}
    alive = DAYS[None, :] * DAY_MIN <= log.death_min[:, None]
    place = np.repeat(np.arange(len(people)), len(DAYS)).reshape(alive.shape)[alive]
    minute = np.broadcast_to(DAYS * DAY_MIN, alive.shape)[alive].astype(np.int32)
    fields = {k: _charted(draws, k, v, charting)[alive] for k, v in days.items()}
    starts = np.concatenate([[0], np.cumsum(alive.sum(axis=1))[:-1]]).astype(np.int64)
    return Laboratory(Columns(minute, fields, starts), place, latent, ill)


def _charted(draws: Draws, name: str, days: Column, charting: Charting) -> Column:
    """The values of each day, unknown where the round was missed or the field left out."""
    lost = np.zeros(days.shape, bool)
    if charting.missed_rounds:
        lost |= draws.shorts("missed/days", len(DAYS)) < 65536 * charting.missed_rounds
    if charting.unknown_fields:
        lost |= draws.shorts(f"unknown/days/{name}", len(DAYS)) < 65536 * charting.unknown_fields
    if not charting.complete:
        days = np.where(lost, unknown_code(READABLE[name]), days).astype(days.dtype)
    return days
