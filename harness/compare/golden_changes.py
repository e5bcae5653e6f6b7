"""The golden cases that come out otherwise under NEW than under OLD."""

import dataclasses
from collections.abc import Collection

from cartox_core import Guideline
from harness.golden import GoldenCase, check, golden_cases


@dataclasses.dataclass(frozen=True, slots=True)
class GoldenChange:
    """A case, and what it comes to under each."""

    case: GoldenCase
    old: str
    new: str


def cases_of(guideline: Guideline, scales: Collection[str]) -> tuple[GoldenCase, ...]:
    """The golden cases of a guideline's id and scales that ask for no reading of their own."""
    return tuple(c for c in golden_cases() if c.guideline == guideline.id and c.scale in scales and not c.readings)


def golden_changes(cases: Collection[GoldenCase], old: Guideline, new: Guideline) -> tuple[GoldenChange, ...]:
    """Those of the cases that NEW grades otherwise than OLD.

    >>> from cartox_core import load
    >>> crs = cases_of(load("astct-2019"), ["crs"])
    >>> golden_changes(crs, load("astct-2019"), load("astct-2019"))
    ()
    """
    found = [GoldenChange(case, _outcome(case, old), _outcome(case, new)) for case in cases]
    return tuple(change for change in found if change.old != change.new)


def _outcome(case: GoldenCase, guideline: Guideline) -> str:
    failure = check(case, guideline)
    if failure is not None:
        return failure.got
    return f"refused for {case.refused}" if case.refused else ", ".join(map(str, case.expect or ()))
