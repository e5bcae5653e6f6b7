"""The peak grade of each patient under each scale, from cases or from a simulated cohort."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Case, Columns, Scale, columns_of, grade_course_columns
from harness.cohort.block import Block
from harness.cohort.charted import charts_of, charts_read, never_charted, told_in
from harness.regrade.under import Under

Bytes = npt.NDArray[np.uint8]
_BATCH_CASES = 2000


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Regraded:
    """Patients by name; ``floors`` and ``ceilings`` of their peak grades, uint8 (patients, unders).

    ``charted`` are the fields that some observation tells, ``has_doses`` whether some case gives a vasopressor.
    """

    unders: tuple[Under, ...]
    patients: tuple[str, ...]
    floors: Bytes
    ceilings: Bytes
    charted: frozenset[str]
    has_doses: bool

    @property
    def families(self) -> dict[str, tuple[int, ...]]:
        """The places of the columns of each family."""
        names = dict.fromkeys(u.family for u in self.unders)
        return {name: tuple(i for i, u in enumerate(self.unders) if u.family == name) for name in names}

    def only(self, which: Sequence[bool]) -> "Regraded":
        """Some of the patients."""
        rows = np.flatnonzero(which)
        names = tuple(self.patients[i] for i in rows)
        return dataclasses.replace(self, patients=names, floors=self.floors[rows], ceilings=self.ceilings[rows])

    def never_charted(self, under: Under) -> tuple[str, ...]:
        """The fields that a scale reads and no observation tells, nor any dose; those with a default are known."""
        return never_charted(under.scale, self.charted, self.has_doses)


def regrade_cases(cases: Sequence[Case], names: Sequence[str], unders: Sequence[Under]) -> Regraded:
    """Grade checked cases under each scale.

    >>> from cartox_core import read_case
    >>> from harness.regrade.under import chosen_under
    >>> case = read_case({"observations": [{"time_h": 9, "temp_c": 39.0, "vasopressors": 2}]})
    >>> found = regrade_cases([case], ["a"], chosen_under(["astct-2019:crs", "lee-2014"]))
    >>> found.floors.tolist(), found.ceilings.tolist()
    ([[4, 3]], [[4, 4]])
    """
    read = tuple(dict.fromkeys(name for u in unders for name in u.scale.fields))
    starts = range(0, len(cases), _BATCH_CASES)
    parts = [_graded(columns_of(cases[start : start + _BATCH_CASES], read), None, unders) for start in starts]
    return _joined(parts, names, unders)


def regrade_blocks(blocks: Sequence[Block], unders: Sequence[Under], done: Callable[[int], None]) -> Regraded:
    """Simulate blocks of patients and grade them under each scale; ``done`` is told how many are."""
    parts, names = [], []
    read = {name for under in unders for name in under.scale.fields}
    for block in blocks:
        parts.append(_graded(*charts_of(block, read), unders))
        first = f"v1/{block.scenario.name}/{block.trial}/{block.seed}"
        names += [f"{first}/{block.first + i}" for i in range(block.count)]
        done(block.count)
    return _joined(parts, names, unders)


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    floors: Bytes
    ceilings: Bytes
    charted: frozenset[str]
    has_doses: bool


def _graded(columns: Columns, days: Columns | None, unders: Sequence[Under]) -> _Part:
    """The peaks of each case, over the rounds and, where a scale reads what is charted daily, over the days."""
    peaks = [_of_both(columns, days, under.scale) for under in unders]
    floors, ceilings = (np.stack(side, axis=1) for side in zip(*peaks, strict=True))
    charted = told_in(columns) | (frozenset() if days is None else told_in(days))
    return _Part(floors, ceilings, charted, bool(columns.vasopressors))


def _of_both(columns: Columns, days: Columns | None, scale: Scale) -> tuple[Bytes, Bytes]:
    found = [_peaks(part, scale) for part in charts_read(columns, days, scale)]
    return np.max([low for low, _ in found], axis=0), np.max([high for _, high in found], axis=0)


def _peaks(columns: Columns, scale: Scale) -> tuple[Bytes, Bytes]:
    """The worst floor and the worst ceiling of each case; a scale of a whole course gives but one."""
    found = grade_course_columns(columns, scale)
    if scale.is_whole:
        return found.floor, found.ceiling
    assert columns.starts is not None
    return np.maximum.reduceat(found.floor, columns.starts), np.maximum.reduceat(found.ceiling, columns.starts)


def _joined(parts: Sequence[_Part], names: Sequence[str], unders: Sequence[Under]) -> Regraded:
    return Regraded(
        tuple(unders),
        tuple(names),
        np.concatenate([p.floors for p in parts]),
        np.concatenate([p.ceilings for p in parts]),
        frozenset().union(*(p.charted for p in parts)),
        any(p.has_doses for p in parts),
    )
