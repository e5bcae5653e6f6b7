"""All that a comparison comes to: the patients, how their scales agree, and what was published."""

import dataclasses

from harness.regrade.agreement import Family, families
from harness.regrade.published import Beside, beside
from harness.regrade.regraded import Regraded

NOT_FOR_TREATING = "For testing and teaching. Not for treating patients."
HOW_COUNTED = (
    "Counts are by floors: a patient has reached a grade when the lowest that the chart leaves possible has. A range "
    "is a peak that what is not charted leaves open; surely and at most are the exact bounds when each range may end "
    "anywhere in it, independently of the others."
)
WEIGHTS = "Kappa is Cohen's, by floors, with linear or quadratic weights; – where all patients lie in one grade."


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """``source`` says whose patients they are, in words; ``simulated`` whether they are drawn."""

    source: str
    simulated: bool
    regraded: Regraded
    families: tuple[Family, ...]
    published: tuple[Beside, ...]

    @property
    def uncharted(self) -> dict[str, tuple[str, ...]]:
        """By column with ranges: the fields that it reads and that are charted for nobody; perhaps none."""
        ranged = {c.label for f in self.families for c in f.columns if c.ranges}
        return {u.label: self.regraded.never_charted(u) for u in self.regraded.unders if u.label in ranged}


def comparison(source: str, simulated: bool, regraded: Regraded) -> Comparison:
    """The whole comparison of some patients."""
    return Comparison(source, simulated, regraded, families(regraded), beside(regraded))


def range_word(floor: int, ceiling: int, dash: str = "–") -> str:
    """A peak as it is written: 3, or 2–3."""
    return str(floor) if floor == ceiling else f"{floor}{dash}{ceiling}"
