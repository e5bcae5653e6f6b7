"""What the care team writes down of what could be charted: all of it, or with charting faults."""

import dataclasses
import itertools

import numpy as np
import numpy.typing as npt

from cartox_core.columns import NO_DRUG, Columns
from cartox_core.observation import MASKING_DRUGS
from harness.patients.draws import Draws
from harness.patients.faults import FAULTS
from harness.patients.log import Log
from harness.patients.rounds import Kind, Mask, Rounds
from harness.patients.signs import NO_GRADE, Signs
from harness.patients.slips import late
from harness.patients.written import Written

Bytes = npt.NDArray[np.uint8]


@dataclasses.dataclass(frozen=True, slots=True)
class Charting:
    """How often each charting fault happens, as a share of what :data:`~harness.patients.faults.FAULTS` says.

    ``causes_charted`` is the share of the patients with another cause of a sign in whom the chart says so;
    ``antipyretics_from_h`` is when prophylactic antipyretics begin, in hours since the infusion.
    """

    missed_rounds: float = 0.0
    unknown_fields: float = 0.0
    late_entries: float = 0.0
    fahrenheit: float = 0.0
    crp_unit: float = 0.0
    transposed_digits: float = 0.0
    ice_while_intubated: float = 0.0
    home_cpap: float = 0.0
    baseline_ice: float = 0.0
    second_infection: float = 0.0
    causes_charted: float = 0.0
    prophylactic_antipyretics: float = 0.0
    antipyretics_from_h: float = 0.0

    @property
    def faults(self) -> tuple[str, ...]:
        """The faults that happen at all, in their order.

        >>> Charting(missed_rounds=0.2, home_cpap=0.1).faults
        ('home_cpap', 'missed_rounds')
        """
        return tuple(name for name in FAULTS if getattr(self, name))

    @property
    def complete(self) -> bool:
        """Whether every round is charted whole, and as it was."""
        return not self.faults

    @property
    def leaves_out(self) -> bool:
        """Whether rounds or fields are left out."""
        return bool(self.missed_rounds or self.unknown_fields)

    def only(self, *names: str) -> "Charting":
        """The same with these faults alone."""
        kept = {name: getattr(self, name) for name in names}
        return Charting(causes_charted=self.causes_charted, antipyretics_from_h=self.antipyretics_from_h, **kept)


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """The charted rounds of a block of patients, as columns, with the grades intended for those rounds.

    ``round`` (rows) is the number of each row among all rounds of the block, ``examined`` whether a neurological
    examination stands there.
    """

    columns: Columns
    place: npt.NDArray[np.int32]
    crs_intended: Bytes
    icans_intended: Bytes
    round: npt.NDArray[np.int64]
    examined: Mask


def chart(draws: Draws, signs: Signs, log: Log, charting: Charting) -> Chart:
    """Chart the signs. The first round and the last (a death among them) are never missed, nor late."""
    rounds = signs.rounds
    ill = signs.crs_intended > 0
    written = Written(draws, rounds, signs.fields, ill, charting.causes_charted, charting.antipyretics_from_h)
    keep, examined = np.ones(len(rounds.minute), bool), signs.icans_intended != NO_GRADE
    for name in charting.faults:
        share, change = getattr(charting, name), FAULTS[name].change
        if change is not None:
            written = written.but(change(written, share))
        if name == "late_entries":
            moved, onto = late(written, share)
            examined = (examined & ~moved) | (onto & np.concatenate([[False], examined[:-1]]))
            keep &= ~moved | onto
        if name == "missed_rounds":
            keep &= ~_missed(written, share)
    whole = bool(keep.all())

    def kept(column: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        return column if whole else column[keep]

    counts = np.add.reduceat(keep, rounds.starts, dtype=np.int64)
    columns = Columns(
        minute=kept(rounds.minute),
        fields={name: kept(column) for name, column in written.fields.items()},
        starts=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        drug_minute=kept(_latest_drug(log, rounds)),
    )
    meant = kept(signs.crs_intended), kept(signs.icans_intended)
    return Chart(columns, kept(rounds.place), *meant, np.flatnonzero(keep), kept(examined))


def _missed(written: Written, share: float) -> Mask:
    starts = written.rounds.starts
    found = written.at_rounds("missed", share)
    found[starts] = found[np.append(starts[1:], len(found)) - 1] = False
    return found


def _latest_drug(log: Log, rounds: Rounds) -> npt.NDArray[np.int32]:
    """The minute of the latest masking drug at or before each row."""
    minutes = [[dose.minute for dose in given if dose.drug in MASKING_DRUGS] for given in log.given]
    place = np.repeat(np.arange(len(minutes)), np.array([len(found) for found in minutes], np.int64))
    minute = np.array(list(itertools.chain.from_iterable(minutes)), np.int64)
    return rounds.following(place, minute, minute.astype(np.int32), NO_DRUG)
