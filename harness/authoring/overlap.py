"""Clauses of different grades whose tests of one field overlap in part: often a threshold that is a step off.

Of clauses that hold together the worst decides, so most overlaps are meant: a step (``>= 1`` and ``>= 2``) is
one test within the other, and signs that are found in different fields may come together. What is told is only
two tests of the same field that share some values while each has some of its own, ``"3..7"`` beside ``"7..9"``.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.conditions import Test
from cartox_core.guideline import Clause, Domain
from cartox_core.proof import witness
from cartox_core.tables import Axis, domain_grid, hold_mask


@dataclasses.dataclass(frozen=True, slots=True)
class Overlap:
    """Two clauses that hold together when ``witness``, though their tests of ``field`` only overlap in part."""

    worse: Clause
    milder: Clause
    earlier: Clause
    later: Clause
    field: str
    witness: str


def overlaps(domain: Domain, axes: Sequence[Axis]) -> Iterator[Overlap]:
    """The overlaps that matter: where the worse clause decides, and no other cause is charted."""
    grid, plain = domain_grid(domain, axes), _without_excuse(axes)
    for first, later in itertools.combinations(domain.clauses, 2):
        if first.grade == later.grade or not (fields := [a.field.name for a in axes if _in_part(a, first, later)]):
            continue
        milder, worse = sorted((first, later), key=lambda c: c.grade)
        both = hold_mask(first.when, axes) & hold_mask(later.when, axes) & (grid == worse.grade) & plain
        if both.any():
            cell = np.argwhere(both)[0].tolist()
            told = [(axis, band) for axis, band in zip(axes, cell, strict=True) if _is_read(axis, first, later)]
            yield Overlap(worse, milder, first, later, fields[0], witness([a for a, _ in told], [b for _, b in told]))


def _is_read(axis: Axis, *clauses: Clause) -> bool:
    return any(axis.field.name in clause.when for clause in clauses)


def _in_part(axis: Axis, first: Clause, second: Clause) -> bool:
    """Whether both test a field, and each passes a value that the other does not, and one that it does."""
    tests = [clause.when.get(axis.field.name) for clause in (first, second)]
    if None in tests:
        return False
    one, other = (_holds(test, axis) for test in tests if test is not None)
    return bool((one & other).any() and (one & ~other).any() and (other & ~one).any())


def _holds(test: Test, axis: Axis) -> npt.NDArray[np.bool_]:
    return np.array([test.holds(band.sample) for band in axis.bands])


def _without_excuse(axes: Sequence[Axis]) -> npt.NDArray[np.bool_]:
    """The cells whose attributions stand at their defaults."""
    mask = np.ones([len(a.bands) for a in axes], bool)
    for i, axis in enumerate(axes):
        if axis.field.role == "attribution":
            default = np.arange(len(axis.bands)) == axis.unknown
            mask &= default.reshape([-1 if k == i else 1 for k in range(len(axes))])
    return mask
