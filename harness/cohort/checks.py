"""How a check is counted."""

import dataclasses

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Checks:
    """How many checks an invariant made, how many failed, and where the first failure was."""

    checked: int
    failed: int
    first: str = ""

    def __add__(self, other: "Checks") -> "Checks":
        return Checks(self.checked + other.checked, self.failed + other.failed, self.first or other.first)


def counted(good: Mask, where: str = "") -> Checks:
    """One check for each entry; ``where`` names the first failure.

    >>> counted(np.array([True, False]), "here")
    Checks(checked=2, failed=1, first='here')
    """
    failed = int((~good).sum())
    return Checks(int(good.size), failed, where if failed else "")
