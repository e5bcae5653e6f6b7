"""What the care team writes down of what could be charted: all of it, or with rounds and fields missing."""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import NO_DRUG, Column, Columns, unknown_code
from cartox_core.observation import MASKING_DRUGS, READABLE
from harness.patients.courses import Log
from harness.patients.draws import Draws
from harness.patients.signs import MOST_ROUNDS, Rounds, Signs

Bytes = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, slots=True)
class Charting:
    """Shares of rounds that are missed, and of fields that a round leaves unknown."""

    missed_rounds: float = 0.0
    unknown_fields: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether every round is charted whole."""
        return not self.missed_rounds and not self.unknown_fields


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """The charted rounds of a block of patients, as columns, with the grades intended for those rounds."""

    columns: Columns
    place: npt.NDArray[np.int64]
    crs_intended: Bytes
    icans_intended: Bytes


def chart(draws: Draws, signs: Signs, log: Log, charting: Charting) -> Chart:
    """Chart the signs. The first round and the last (a death among them) are never missed."""
    rounds, fields = signs.rounds, signs.fields
    keep = np.ones(len(rounds.minute), bool)
    if charting.missed_rounds:
        keep = _uniform(draws, "missed", rounds) >= charting.missed_rounds
        ends = np.append(rounds.starts[1:], len(keep)) - 1
        keep[rounds.starts] = keep[ends] = True
    if charting.unknown_fields:
        fields = {k: _forget(draws, k, v, rounds, charting.unknown_fields) for k, v in fields.items()}
    place, minute = rounds.place[keep], rounds.minute[keep]
    counts = np.bincount(place, minlength=draws.count)
    columns = Columns(
        minute=minute.astype(np.int32),
        fields=fields if keep.all() else {k: v[keep] for k, v in fields.items()},
        starts=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        drug_minute=_latest_drug(log, place, minute),
    )
    return Chart(columns, place, signs.crs_intended[keep], signs.icans_intended[keep])


def _uniform(draws: Draws, purpose: str, rounds: Rounds) -> npt.NDArray[np.float64]:
    return draws.shorts(purpose, MOST_ROUNDS)[rounds.place, rounds.number] / 65536.0


def _forget(draws: Draws, name: str, column: Column, rounds: Rounds, share: float) -> Column:
    field = READABLE[name]
    if field.role == "patient" or field.default is not None:
        return column
    lost = _uniform(draws, f"unknown/{name}", rounds) < share
    return np.where(lost, unknown_code(field), column).astype(column.dtype)


def _in_order(place: npt.NDArray[np.int64], minute: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each patient and minute, also before the infusion, in their order."""
    return (place << 32) + minute


def _latest_drug(log: Log, place: npt.NDArray[np.int64], minute: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """The minute of the latest masking drug at or before each row."""
    doses = [(i, g.minute) for i, given in enumerate(log.given) for g in given if g.drug in MASKING_DRUGS]
    if not doses:
        return np.full(len(place), NO_DRUG, np.int32)
    whose, when = np.array(doses, np.int64).T
    at = np.searchsorted(_in_order(whose, when), _in_order(place, minute), "right") - 1
    known = (at >= 0) & (whose[at] == place)
    return np.where(known, when[at], NO_DRUG).astype(np.int32)
