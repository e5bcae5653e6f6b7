"""The peak grade of each patient under each scale, from cases or from a simulated cohort."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Case, Columns, Scale, columns_of, grade_course_columns
from cartox_core.columns import Column, unknown_code
from cartox_core.observation import PATIENT, READABLE
from cartox_core.vasopressors import DOSE_HIGH, HOURS
from harness.cohort.block import Block, simulate_block
from harness.patients.support import OLDER_SIGNS
from harness.regrade.under import Under

Bytes = npt.NDArray[np.uint8]
CHARTED_AT_ROUNDS = frozenset({"seizure"})  # in the daily chart only as far as it is no ICANS
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
        told = set(self.charted)
        if self.has_doses and under.scale.infusions is not None:
            told |= {HOURS, DOSE_HIGH}
        if told & {"ice", "capd"}:  # the one for adults, the other for children
            told |= {"ice", "capd"}
        return tuple(
            name
            for name in under.scale.fields
            if name not in told | PATIENT.keys() and READABLE[name].default is None and READABLE[name].role != "state"
        )


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
    parts = [_graded(columns_of(cases[start : start + _BATCH_CASES], read), unders) for start in starts]
    return _joined(parts, names, unders)


def regrade_blocks(blocks: Sequence[Block], unders: Sequence[Under], done: Callable[[int], None]) -> Regraded:
    """Simulate blocks of patients and grade them under each scale; ``done`` is told how many are."""
    parts, names = [], []
    read = {name for under in unders for name in under.scale.fields}
    for block in blocks:
        _, _, chart, days = simulate_block(block, read=read | OLDER_SIGNS)
        assert days is not None
        parts.append(_graded(chart.columns, unders, days.columns))
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


def _graded(columns: Columns, unders: Sequence[Under], days: Columns | None = None) -> _Part:
    """The peaks of each case, over the rounds and, where a scale reads what is charted daily, over the days."""
    peaks = [_of_both(columns, days, under.scale) for under in unders]
    floors, ceilings = (np.stack(side, axis=1) for side in zip(*peaks, strict=True))
    told = {**({} if days is None else days.fields), **columns.fields}
    charted = frozenset(name for name, column in told.items() if _is_told(name, column))
    return _Part(floors, ceilings, charted, bool(columns.vasopressors))


def _of_both(columns: Columns, days: Columns | None, scale: Scale) -> tuple[Bytes, Bytes]:
    daily = set() if days is None else days.fields.keys() & set(scale.fields) - CHARTED_AT_ROUNDS
    parts = [days] if days is not None and daily else []
    if not daily or columns.fields.keys() & set(scale.fields) - PATIENT.keys():
        parts.append(columns)
    found = [_peaks(part, scale) for part in parts]
    return np.max([low for low, _ in found], axis=0), np.max([high for _, high in found], axis=0)


def _peaks(columns: Columns, scale: Scale) -> tuple[Bytes, Bytes]:
    """The worst floor and the worst ceiling of each case; a scale of a whole course gives but one."""
    found = grade_course_columns(columns, scale)
    if scale.is_whole:
        return found.floor, found.ceiling
    assert columns.starts is not None
    return np.maximum.reduceat(found.floor, columns.starts), np.maximum.reduceat(found.ceiling, columns.starts)


def _is_told(name: str, column: Column) -> bool:
    unknown = np.isnan(column) if READABLE[name].kind == "number" else column == unknown_code(READABLE[name])
    return not bool(unknown.all())


def _joined(parts: Sequence[_Part], names: Sequence[str], unders: Sequence[Under]) -> Regraded:
    return Regraded(
        tuple(unders),
        tuple(names),
        np.concatenate([p.floors for p in parts]),
        np.concatenate([p.ceilings for p in parts]),
        frozenset().union(*(p.charted for p in parts)),
        any(p.has_doses for p in parts),
    )
