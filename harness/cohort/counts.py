"""The daily chart of a block, graded: the other columns of Table 1, and what was meant held against what is found.

Blood counts and infections are graded by CTCAE whatever guideline grades CRS and ICANS; the trials did too.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from cartox_core import GradeColumns, grade_columns, load
from harness.cohort.block import Block, GradedBlock
from harness.cohort.checks import Checks, counted
from harness.patients.address import Address
from harness.patients.laboratory import Laboratory, laboratory
from harness.patients.marrow import LINES
from harness.patients.trials import Trial, trial

GUIDELINE = "ctcae-5"
SEVERE = 3
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class GradedCounts:
    """The daily chart of a block with its grades by scale: the lines that CTCAE grades here, and infection."""

    block: Block
    laboratory: Laboratory
    grades: Mapping[str, GradeColumns]

    def worst(self, scale: str) -> tuple[Bytes, Bytes]:
        """The worst floor and ceiling of each patient from the infusion on."""
        starts, after = self.laboratory.starts, self.laboratory.columns.minute >= 0
        found = self.grades[scale]
        low, high = (np.maximum.reduceat(bound * after, starts) for bound in (found.floor, found.ceiling))
        return low, high

    def on_day(self, scale: str, day: int) -> tuple[Bytes, Bytes]:
        """Floor and ceiling of each patient on a day; 0 in those who have died."""
        rows = np.flatnonzero(self.laboratory.day == day)
        low, high = np.zeros((2, self.block.count), np.uint8)
        low[self.laboratory.place[rows]] = self.grades[scale].floor[rows]
        high[self.laboratory.place[rows]] = self.grades[scale].ceiling[rows]
        return low, high


def grade_counts(graded: GradedBlock) -> GradedCounts:
    """Chart and grade the days of a block, which a full one has already drawn."""
    block = graded.block
    found = graded.laboratory
    if found is None:
        found = laboratory(graded.people, trial(block.trial), graded.log, block.scenario.how_charted)
    scales = load(GUIDELINE).scales
    wanted = [name for name in (*LINES, "infection") if name in scales]
    return GradedCounts(block, found, {name: grade_columns(found.columns, scales[name]) for name in wanted})


def quantities(counts: GradedCounts) -> dict[str, tuple[int, int]]:
    """How many patients of a block have each quantity that their trial prints, by floors and by ceilings."""
    row = trial(counts.block.trial)
    found: dict[str, tuple[int, int]] = {}
    for printed in row.cytopenia:
        masks = _cytopenia(counts, printed.quantity, printed.by_day)
        if masks is not None:
            found[printed.quantity] = (int(masks[0].sum()), int(masks[1].sum()))
    for quantity, grade in infection_quantities(row).items():
        low, high = counts.worst("infection")
        found[quantity] = (int((low >= grade).sum()), int((high >= grade).sum()))
    return found


def infection_quantities(row: Trial) -> dict[str, int]:
    """The infection numbers that a trial prints, with the grade that each begins at."""
    printed = row.infection
    some = {"infection_any": 1} if printed and printed.any else {}
    return {**some, "infection_g3plus": SEVERE} if printed else {}


def _cytopenia(counts: GradedCounts, quantity: str, day: int | None) -> tuple[Mask, Mask] | None:
    """Who has a cytopenia, by floors and by ceilings; None where no scale grades it."""
    line = quantity.split("_", maxsplit=1)[0]
    lines = [name for name in (LINES if line == "cytopenia" else (line,)) if name in counts.grades]
    if not lines:
        return None
    each = [counts.worst(name) if day is None else counts.on_day(name, day) for name in lines]
    low, high = (np.max([bounds[i] for bounds in each], axis=0) >= SEVERE for i in (0, 1))
    return low, high


def as_intended(counts: GradedCounts) -> Checks:
    """Where everything is charted, the core finds the cytopenias and infections that were meant.

    A cytopenia of grade 3 or more at any time (in those who live to the day), and on the day; an infection's grade.
    """
    if not counts.block.scenario.how_charted.complete:
        return Checks(0, 0)
    meant, total = counts.laboratory.marrow, Checks(0, 0)
    alive = np.zeros(counts.block.count, bool)
    alive[counts.laboratory.place[counts.laboratory.day == meant.day]] = True
    for line in [name for name in LINES if name in counts.grades]:
        for found, wanted in ((counts.worst(line), meant.ever), (counts.on_day(line, meant.day), meant.unresolved)):
            good = [(bound >= SEVERE) == wanted[line] for bound in found]
            total = total + _checked(counts, good[0] & good[1] | ~alive)
    low, high = counts.worst("infection")
    level = counts.laboratory.infections.level
    return total + _checked(counts, (low == level) & (high == level))


def _checked(counts: GradedCounts, good: Mask) -> Checks:
    block, bad = counts.block, np.flatnonzero(~good)
    first = str(Address(block.scenario.name, block.trial, block.seed, block.first + int(bad[0]))) if len(bad) else ""
    return counted(good, first)
