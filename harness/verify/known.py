"""Failures that are known and accepted for a while: a TOML list with a reason and a last day for each.

[[accepted]]
case = "crs/edge/*"            # a case id, * for any; or clause = "crs.hypoxia.low_flow"
reason = "we read C1 as high flow; change request 112"
until = 2027-03-31
"""

import dataclasses
import datetime
import difflib
import fnmatch
import tomllib
from collections.abc import Sequence

import pydantic

from cartox_core import Guideline
from harness.verify.judge import Judged


class KnownError(ValueError):
    """A list that cannot be read. The message names the entry and what is allowed."""


class Entry(pydantic.BaseModel):
    """One accepted failure."""

    model_config = pydantic.ConfigDict(extra="forbid", strict=True, frozen=True)
    case: str | None = None
    clause: str | None = None
    reason: str = pydantic.Field(min_length=1)
    until: datetime.date

    def __str__(self) -> str:
        what = f"case {self.case}" if self.case else f"clause {self.clause}"
        return f"{what} ({self.reason}; until {self.until})"

    def covers(self, failed: Judged) -> bool:
        """Whether it is about this failure."""
        if self.case is not None:
            return fnmatch.fnmatchcase(failed.case.id, self.case)
        return self.clause in failed.case.clauses


class _Known(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)
    accepted: list[Entry] = []


@dataclasses.dataclass(frozen=True, slots=True)
class Sorted:
    """The failures of a run, split by a list; ``objections`` are the entries that are expired or cover nothing."""

    accepted: tuple[Judged, ...]
    left: tuple[Judged, ...]
    objections: tuple[str, ...]


def known_of(text: str, guideline: Guideline) -> tuple[Entry, ...]:
    r"""Read a list. Raises KnownError.

    >>> from cartox_core import load
    >>> text = '[[accepted]]\ncase = "crs/edge/*"\nreason = "under review"\nuntil = 2027-03-31'
    >>> known_of(text, load("astct-2019"))[0].case
    'crs/edge/*'
    """
    try:
        entries = _Known.model_validate(tomllib.loads(text)).accepted
    except tomllib.TOMLDecodeError as error:
        raise KnownError(f"not TOML: {error}") from None
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        place = [str(part + 1) if isinstance(part, int) else part for part in first["loc"]]
        raise KnownError(f"entry {' '.join(place[1:]) or place[0]}: {first['msg'].lower()}") from None
    clauses = [clause.id for scale in guideline.scales.values() for clause in scale.clauses]
    for number, entry in enumerate(entries, 1):
        if (entry.case is None) == (entry.clause is None):
            raise KnownError(f"entry {number} needs either a case or a clause")
        if entry.clause is not None and entry.clause not in clauses:
            near = difflib.get_close_matches(entry.clause, clauses, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; cartox guideline prints them"
            raise KnownError(f"entry {number}: {guideline.id} has no clause {entry.clause}{hint}")
    return tuple(entries)


def sorted_out(failures: Sequence[Judged], entries: Sequence[Entry], today: datetime.date) -> Sorted:
    """Split failures into those that a valid entry covers and the rest."""
    valid = [e for e in entries if e.until >= today]
    accepted = tuple(f for f in failures if any(e.covers(f) for e in valid))
    objections = [f"expired: {e}" for e in entries if e.until < today]
    objections += [f"stale, nothing fails there any more: {e}" for e in valid if not any(map(e.covers, failures))]
    kept = {id(f) for f in accepted}
    return Sorted(accepted, tuple(f for f in failures if id(f) not in kept), tuple(objections))
