"""Peaks written by hand, as if some scales had given them."""

import numpy as np

from harness.regrade.regraded import Regraded
from harness.regrade.under import chosen_under

CRS = ("astct-2019:crs", "lee-2014:crs", "penn-2018:crs")


def regraded(*patients: tuple[str, ...], labels: tuple[str, ...] = CRS) -> Regraded:
    """A patient a tuple, a peak a scale: ``"2"``, or ``"2-3"`` for a range."""
    ends = [[(p.partition("-")[0], p.rpartition("-")[2]) for p in peaks] for peaks in patients]
    low, high = (np.array([[int(e[i]) for e in row] for row in ends], np.uint8) for i in (0, 1))
    names = tuple(f"p{i}" for i in range(len(patients)))
    return Regraded(chosen_under(labels), names, low, high, frozenset({"temp_c"}), has_doses=False)
