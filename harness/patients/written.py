"""What stands on the charts of a block so far, while one charting fault after another changes it."""

import dataclasses

import numpy as np

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import READABLE
from harness.patients.draws import Draws
from harness.patients.rounds import MOST_ROUNDS, Mask, Rounds


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """The columns written so far, one entry a round; ``ill`` are the rounds at which the model meant CRS.

    ``causes_charted`` is the share of the patients in whom another cause of a sign is written beside it;
    ``antipyretics_from_h`` is when those who take them before any fever begin, in hours since the infusion.
    """

    draws: Draws
    rounds: Rounds
    fields: dict[str, Column]
    ill: Mask
    causes_charted: float = 0.0
    antipyretics_from_h: float = 0.0

    def at_rounds(self, purpose: str, share: float) -> Mask:
        """Some rounds, drawn by a purpose of their own; one entry a round."""
        shorts = self.rounds.of_grid(self.draws.shorts(purpose, MOST_ROUNDS))
        found: Mask = shorts < 65536.0 * share
        return found

    def of_patients(self, purpose: str, share: float) -> Mask:
        """All rounds of some patients, drawn by a purpose of their own; one entry a round."""
        return self.rounds.of_patients(self.draws.uniforms(purpose, 1)[:, 0] < share)

    def caused(self, name: str) -> Mask:
        """All rounds of the patients in whom the other cause is charted, for the fault of that name."""
        return self.of_patients(f"fault/{name}/cause", self.causes_charted)

    def known(self, name: str) -> Mask:
        """The rounds at which a field is written; none where it has no column."""
        if name not in self.fields:
            return np.zeros(len(self.rounds.minute), bool)
        return written_in(name, self.fields[name])

    def but(self, fields: dict[str, Column]) -> "Written":
        """The same with some columns instead of their own."""
        return dataclasses.replace(self, fields={**self.fields, **fields})


def written_in(name: str, column: Column) -> Mask:
    """Where a column of a field is not unknown."""
    field = READABLE[name]
    found: Mask = ~np.isnan(column) if field.kind == "number" else column != unknown_code(field)
    return found
