"""How far scales agree on the same patients: transition matrices, shares, weighted kappa.

Counts are by floors: a patient has reached a grade when the floor of the peak has. What ranges leave open is told by
exact bounds beside them: surely, where both peaks are certain; at most, where ranges could still meet, each on its own.
"""

import dataclasses
import itertools

import numpy as np

from harness.cohort.kappa import Matrix, weighted_kappa
from harness.regrade.regraded import Regraded

GRADES = 6


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """Of ``of`` patients: how many by floors, how many surely, and at most how many."""

    by_floors: int
    surely: int
    at_most: int
    of: int


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two scales: ``matrix`` counts patients by their peaks (one, other), by floors; ``ranges`` has either open.

    ``lower`` and ``higher`` say where the other puts a patient, against the one, by floors.
    """

    one: str
    other: str
    matrix: Matrix
    same: Share
    lower: int
    higher: int
    ranges: int
    kappa_linear: float | None
    kappa_quadratic: float | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One scale: patients by peak grade (floors, ceilings), and how many peaks are ranges."""

    label: str
    floors: tuple[int, ...]
    ceilings: tuple[int, ...]
    ranges: int

    def reached(self, grade: int, ceilings: bool = False) -> int:
        """How many patients have a peak of that grade or more."""
        return sum((self.ceilings if ceilings else self.floors)[grade:])


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The scales of a family: the same grade by all, and any toxicity told alike by all."""

    name: str
    patients: int
    columns: tuple[Column, ...]
    pairs: tuple[Pair, ...]
    same_in_all: Share
    any_alike: Share


def families(regraded: Regraded) -> tuple[Family, ...]:
    """What each family of columns comes to."""
    return tuple(_family(regraded, name, places) for name, places in regraded.families.items())


def same_grade(regraded: Regraded, places: tuple[int, ...]) -> Share:
    """Patients who get one grade under all these scales."""
    low, high = regraded.floors[:, places], regraded.ceilings[:, places]
    certain = (low == high).all(1)
    alike = low.min(1) == low.max(1)
    may = low.max(1) <= high.min(1)
    return Share(int(alike.sum()), int((alike & certain).sum()), int(may.sum()), len(low))


def same_presence(regraded: Regraded, places: tuple[int, ...]) -> Share:
    """Patients of whom all these scales say alike whether there is any toxicity."""
    low, high = regraded.floors[:, places] >= 1, regraded.ceilings[:, places] >= 1
    by_floors = low.all(1) | ~low.any(1)
    surely = low.all(1) | ~high.any(1)
    may = high.all(1) | ~low.any(1)
    return Share(int(by_floors.sum()), int(surely.sum()), int(may.sum()), len(low))


def pair(regraded: Regraded, one: int, other: int) -> Pair:
    """Two columns held against each other."""
    a, b = regraded.floors[:, one].astype(np.int64), regraded.floors[:, other].astype(np.int64)
    matrix: Matrix = np.bincount(GRADES * a + b, minlength=GRADES**2).reshape(GRADES, GRADES).astype(np.int64)
    both = regraded.floors[:, (one, other)], regraded.ceilings[:, (one, other)]
    return Pair(
        regraded.unders[one].label,
        regraded.unders[other].label,
        matrix,
        same_grade(regraded, (one, other)),
        int((b < a).sum()),
        int((b > a).sum()),
        int((both[0] != both[1]).any(1).sum()),
        weighted_kappa(matrix, 1),
        weighted_kappa(matrix, 2),
    )


def _family(regraded: Regraded, name: str, places: tuple[int, ...]) -> Family:
    return Family(
        name,
        len(regraded.patients),
        tuple(_column(regraded, place) for place in places),
        tuple(pair(regraded, a, b) for a, b in itertools.combinations(places, 2)),
        same_grade(regraded, places),
        same_presence(regraded, places),
    )


def _column(regraded: Regraded, place: int) -> Column:
    low, high = regraded.floors[:, place], regraded.ceilings[:, place]
    counts = (np.bincount(side, minlength=GRADES).tolist() for side in (low, high))
    floors, ceilings = (tuple(c) for c in counts)
    return Column(regraded.unders[place].label, floors, ceilings, int((low != high).sum()))
