"""Clauses that are written otherwise and mean the same."""

import dataclasses
from collections.abc import Iterator

from cartox_core import Scale
from cartox_core.guideline import Clause


@dataclasses.dataclass(frozen=True, slots=True)
class Reworded:
    """A clause, and how it is written otherwise without effect."""

    clause: str
    how: str

    def __str__(self) -> str:
        return f"{self.clause} ({self.how})"


def reworded(old: Scale, new: Scale, changing: frozenset[str]) -> Iterator[Reworded]:
    """Clauses that differ without effect, each with how; ``changing`` are those that the rules name.

    Only two forms of one scale are told of clauses that one of them lacks.
    """
    theirs = {clause.id: clause for clause in new.clauses}
    mine = {clause.id: clause for clause in old.clauses}
    for clause in old.clauses:
        if clause.id in theirs and (how := _how(clause, theirs[clause.id])) and clause.id not in changing:
            yield Reworded(clause.id, f"other {how}")
    if not mine.keys() & theirs.keys():
        return
    added = {name: clause for name, clause in theirs.items() if name not in mine}
    for clause in old.clauses:
        if clause.id in theirs:
            continue
        same = next((name for name, other in added.items() if _asks(other) == _asks(clause)), None)
        if same is not None:
            del added[same]
            yield Reworded(f"{clause.id} → {same}", "renamed")
        elif clause.id not in changing:
            yield Reworded(clause.id, "left out without effect")
    yield from (Reworded(name, "new without effect") for name in added if name not in changing)


def _asks(clause: Clause) -> tuple[int, dict[str, object]]:
    return clause.grade, dict(clause.when)


def _how(old: Clause, new: Clause) -> str:
    """How a clause is written otherwise; empty where it is not."""
    parts = {
        "tests": dict(old.when) != dict(new.when),
        "grade": old.grade != new.grade,
        "text": old.text != new.text,
        "sources": old.cite != new.cite,
    }
    return ", ".join(part for part, differs in parts.items() if differs)
