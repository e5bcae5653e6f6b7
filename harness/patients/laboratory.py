"""The daily chart beside the rounds: blood counts, infections and other laboratory values, until day 100 or death.

Day n is 24 n to 24 (n + 1) hours after the infusion; blood is drawn at its beginning. The rounds of CRS and ICANS
end when they are over; what goes on for months is charted here, and graded on its own.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np

from cartox_core.columns import Column, Columns, unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import DAYS, FIRST_DAY, counts
from harness.patients.charting import Charting
from harness.patients.chemistry import chemistry
from harness.patients.draws import Draws
from harness.patients.iec_hs import IecHs, iec_hs
from harness.patients.infections import Infections, infections
from harness.patients.log import Log
from harness.patients.marrow import Marrow, Mask, marrow
from harness.patients.other_neuro import OtherNeuro, other_neuro
from harness.patients.people import DAY_MIN, ROUND_MIN, Ints, People
from harness.patients.risk import Risk, risk
from harness.patients.rounds import MOST_ROUNDS
from harness.patients.slips import in_mg_per_l
from harness.patients.trials import Trial

TRANSFUSED_BELOW_G_DL = 8.0
CRP_OF_INFECTION_MG_DL = np.array([0.0, 1.0, 4.0, 10.0, 18.0])  # by its level; an assumption


@dataclasses.dataclass(frozen=True, slots=True)
class Laboratory:
    """The daily chart of a block as columns, whose rows they are, and what was meant.

    ``series`` are the values of every field before charting, each of shape (patients, DAYS).
    """

    columns: Columns
    place: Ints
    marrow: Marrow
    risk: Risk
    infections: Infections
    hyperinflammation: IecHs
    other_neuro: OtherNeuro | None
    series: Mapping[str, Column]

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


def laboratory(people: People, trial: Trial, log: Log, charting: Charting, full: bool = False) -> Laboratory:
    """Draw and chart the days of a block; a day whose round is missed has a row without values.

    ``full`` charts what no number of Table 1 needs as well.
    """
    draws = people.draws
    latent, at_risk = marrow(draws, trial), risk(draws, trial)
    ill = infections(people, trial, latent)
    hs = iec_hs(people)
    neuro = other_neuro(people, trial, log)
    days: dict[str, Column] = {**counts(draws, latent, at_risk), "infection": ill.by_day()}
    days |= _anemia(days["hemoglobin_g_dl"]) | ({} if neuro is None else neuro.by_day())
    if full:
        days |= chemistry(people, log, hs, at_risk)
        days["crp_mg_dl"] = np.round(days["crp_mg_dl"] + CRP_OF_INFECTION_MG_DL[days["infection"]], 1)
    alive = DAYS[None, :] * DAY_MIN <= log.death_min[:, None]
    place = np.repeat(np.arange(len(people)), len(DAYS)).reshape(alive.shape)[alive]
    minute = np.broadcast_to(DAYS * DAY_MIN, alive.shape)[alive].astype(np.int32)
    fields = {k: _charted(draws, k, v, charting)[alive] for k, v in days.items()}
    starts = np.concatenate([[0], np.cumsum(alive.sum(axis=1))[:-1]]).astype(np.int64)
    return Laboratory(Columns(minute, fields, starts), place, latent, at_risk, ill, hs, neuro, days)


def _anemia(hemoglobin_g_dl: Column) -> dict[str, Column]:
    """What a clinician says of it: red cells are wanted below 8 g/dL, and nobody is in danger of life; assumed."""
    wanted = hemoglobin_g_dl < TRANSFUSED_BELOW_G_DL
    return {
        "red_cell_transfusion_indicated": wanted.astype(np.uint8),
        "anemia_life_threatening": np.zeros_like(wanted, np.uint8),
    }


def _charted(draws: Draws, name: str, days: Column, charting: Charting) -> Column:
    """The values of each day, unknown where the round was missed or the field left out; CRP may be in a wrong unit."""
    if name == "crp_mg_dl" and charting.crp_unit:
        days = in_mg_per_l(days, _lost(draws, "fault/crp_unit", charting.crp_unit))
    if not charting.leaves_out:
        return days
    lost = _lost(draws, "missed", charting.missed_rounds) | _lost(draws, f"unknown/{name}", charting.unknown_fields)
    return np.where(lost, unknown_code(READABLE[name]), days).astype(days.dtype)


def _lost(draws: Draws, purpose: str, share: float) -> Mask:
    """Which days are lost: those whose round is, and as many of those without one."""
    at_rounds = draws.shorts(purpose, MOST_ROUNDS)[:, :: DAY_MIN // ROUND_MIN]
    shorts = draws.shorts(f"{purpose}/days", len(DAYS)).copy()
    shorts[:, -FIRST_DAY : at_rounds.shape[1] - FIRST_DAY] = at_rounds
    lost: Mask = shorts < 65536 * share
    return lost
