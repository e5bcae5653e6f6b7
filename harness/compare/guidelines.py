"""Two guidelines compared scale by scale, and the golden cases that the new one grades otherwise."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from cartox_core import Guideline, GuidelineError
from harness.compare.exact import Difference, Rule, difference
from harness.golden import GoldenFailure, check, golden_cases


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """What NEW changes of OLD: by scale, the golden cases that come out otherwise, and the scales only one has."""

    old: Guideline
    new: Guideline
    scales: tuple[Difference, ...]
    golden: tuple[GoldenFailure, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]

    @property
    def is_none(self) -> bool:
        """Whether nothing is graded otherwise."""
        return all(found.is_none for found in self.scales)

    @property
    def as_object(self) -> dict[str, Any]:
        """The changes for JSON."""
        return {
            "old": self.old.id,
            "new": self.new.id,
            "changed_cells": sum(found.changed_cells for found in self.scales),
            "rules": [_rule(rule) for found in self.scales for rule in found.rules],
            "beside": {found.scale: list(found.beside) for found in self.scales if found.beside},
            "only_old_reads": {f.scale: list(f.only_old_reads) for f in self.scales if f.only_old_reads},
            "only_new_reads": {f.scale: list(f.only_new_reads) for f in self.scales if f.only_new_reads},
            "reworded": [clause for found in self.scales for clause in found.reworded],
            "golden": [{"id": f.case.id, "expected": f.expected, "got": f.got} for f in self.golden],
            "only_old": list(self.only_old),
            "only_new": list(self.only_new),
        }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "scale": rule.scale,
        "when": dict(rule.when),
        "old": rule.old,
        "new": rule.new,
        "cells": rule.cells,
        "clauses_old": list(rule.clauses_old),
        "clauses_new": list(rule.clauses_new),
        "note": rule.note,
        "witness": rule.witness,
    }


def scale_pairs(old: Guideline, new: Guideline, wanted: Sequence[str] | None) -> list[tuple[str, str]]:
    """The scales to compare: those of one name, or those wanted, ``NAME`` or ``OLD=NEW``. Raises GuidelineError."""
    if not wanted:
        both = [(name, name) for name in old.scales if name in new.scales]
        if not both:
            raise GuidelineError(
                f"{old.id} and {new.id} have no scale of the same name; pair them with --scale OLD=NEW: "
                f"{old.id} has {', '.join(old.scales)}, {new.id} has {', '.join(new.scales)}"
            )
        return both
    pairs = []
    for pair in dict.fromkeys(wanted):
        one, _, other = (part.strip() for part in pair.partition("="))
        old.scale(one)
        new.scale(other or one)
        pairs.append((one, other or one))
    return pairs


def changes(old: Guideline, new: Guideline, pairs: Sequence[tuple[str, str]]) -> Changes:
    """Compare two guidelines under the readings chosen in each.

    >>> from cartox_core import load
    >>> found = changes(load("astct-2019"), load("astct-2019"), [("crs", "crs")])
    >>> found.is_none, found.golden
    (True, ())
    """
    same = {one for one, other in pairs if one == other}
    cases = [c for c in golden_cases() if c.guideline == old.id and c.scale in same and not c.readings]
    failures = [failure for case in cases if (failure := check(case, new)) is not None]
    return Changes(
        old,
        new,
        tuple(difference(old.scale(one), new.scale(other)) for one, other in pairs),
        tuple(failures),
        tuple(name for name in old.scales if name not in new.scales and name not in [p[0] for p in pairs]),
        tuple(name for name in new.scales if name not in old.scales and name not in [p[1] for p in pairs]),
    )
