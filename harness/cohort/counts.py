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
from harness.patients.trials import Trial

GUIDELINE = "ctcae-5"
OTHER_EVENTS = {"infection": "infection", "other_neurotox": "neurotoxicity"}  # the scale that grades each
SEVERE = 3
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class GradedCounts:
    """The daily chart of a block with its grades by scale: the lines, infection, and neurotoxicity where printed."""

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
        found = laboratory(graded.people, block.row.trial, graded.log, block.scenario.how_charted)
    wanted = [*LINES, "infection"] + ([] if found.other_neuro is None else ["neurotoxicity"])
    scales = load(GUIDELINE)
    return GradedCounts(block, found, {name: grade_columns(found.columns, scales.scale(name)) for name in wanted})


def quantities(counts: GradedCounts) -> dict[str, tuple[int, int]]:
    """How many patients of a block have each quantity that their trial prints, by floors and by ceilings."""
    row = counts.block.row.trial
    found: dict[str, tuple[int, int]] = {}
    for printed in row.cytopenia:
        known, possible = _cytopenia(counts, printed.quantity, printed.by_day)
        found[printed.quantity] = (int(known.sum()), int(possible.sum()))
    for name, scale in OTHER_EVENTS.items():
        for printed_grade in printed_incidences(row, name):
            low, high = counts.worst(scale)
            grade = SEVERE if printed_grade == "g3plus" else 1
            found[f"{name}_{printed_grade}"] = (int((low >= grade).sum()), int((high >= grade).sum()))
    return found


def printed_incidences(row: Trial, name: str) -> list[str]:
    """Which of ``any`` and ``g3plus`` a trial prints of infections or other neurotoxicity.

    >>> from harness.patients.trials import trial
    >>> printed_incidences(trial("ZUMA-5"), "infection"), printed_incidences(trial("ZUMA-1"), "infection")
    (['g3plus'], [])
    """
    printed = row.infection if name == "infection" else row.other_neurotoxicity
    if printed is None:
        return []
    return ["any", "g3plus"] if printed.any else ["g3plus"]


def _cytopenia(counts: GradedCounts, quantity: str, day: int | None) -> tuple[Mask, Mask]:
    """Who has a cytopenia, by floors and by ceilings."""
    line = quantity.split("_", maxsplit=1)[0]
    lines = LINES if line == "cytopenia" else (line,)
    each = [counts.worst(name) if day is None else counts.on_day(name, day) for name in lines]
    low, high = (np.max([bounds[i] for bounds in each], axis=0) >= SEVERE for i in (0, 1))
    return low, high


def as_intended(counts: GradedCounts) -> Checks:
    """Where everything is charted, the core finds the cytopenias and other events that were meant.

    A cytopenia of grade 3 or more at any time (in those who live to the day), and on the day; the grades of the others.
    """
    if counts.block.scenario.how_charted.leaves_out:
        return Checks(0, 0)
    meant, total = counts.laboratory.marrow, Checks(0, 0)
    alive = np.zeros(counts.block.count, bool)
    alive[counts.laboratory.place[counts.laboratory.day == meant.day]] = True
    for line in LINES:
        for found, wanted in ((counts.worst(line), meant.ever), (counts.on_day(line, meant.day), meant.unresolved)):
            good = [(bound >= SEVERE) == wanted[line] for bound in found]
            total = total + _checked(counts, good[0] & good[1] | ~alive)
    low, high = counts.worst("infection")
    level = counts.laboratory.infections.level
    total = total + _checked(counts, (low == level) & (high == level))
    if counts.laboratory.other_neuro is not None:  # while CRS and ICANS go on it is unknown, so only floors are held
        total = total + _checked(counts, counts.worst("neurotoxicity")[0] == counts.laboratory.other_neuro.level)
    return total


def _checked(counts: GradedCounts, good: Mask) -> Checks:
    block, bad = counts.block, np.flatnonzero(~good)
    first = str(Address(block.scenario.name, block.trial, block.seed, block.first + int(bad[0]))) if len(bad) else ""
    return counted(good, first)
