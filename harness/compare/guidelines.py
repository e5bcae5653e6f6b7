"""Two guidelines compared scale by scale, and the golden cases that the new one grades otherwise."""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from cartox_core import Guideline, GuidelineError
from harness.compare.decided import LoadWith, variants, with_readings
from harness.compare.exact import Difference, Rule, difference
from harness.compare.golden_changes import GoldenChange, cases_of, golden_changes


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """What NEW changes of OLD: by scale, the golden cases that come out otherwise, and the scales only one has.

    ``left_out`` are the scales of both that were not compared, ``readings`` those that are written otherwise.
    """

    old: Guideline
    new: Guideline
    scales: tuple[Difference, ...]
    golden: tuple[GoldenChange, ...]
    golden_run: int
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()

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
            "rules": [rule_object(rule) for found in self.scales for rule in found.rules],
            "beside": {found.scale: list(found.beside) for found in self.scales if found.beside},
            "only_old_reads": {f.scale: list(f.only_old_reads) for f in self.scales if f.only_old_reads},
            "only_new_reads": {f.scale: list(f.only_new_reads) for f in self.scales if f.only_new_reads},
            "reworded": [{"clause": r.clause, "how": r.how} for found in self.scales for r in found.reworded],
            "golden": [{"id": g.case.id, "old": g.old, "new": g.new} for g in self.golden],
            "golden_run": self.golden_run,
            "only_old": list(self.only_old),
            "only_new": list(self.only_new),
            "not_compared": list(self.left_out),
            "readings": list(self.readings),
            "population": None,
            "not_exercised": [],
        }


def rule_object(rule: Rule) -> dict[str, Any]:
    """A rule for JSON."""
    return {
        "scale": rule.scale,
        "when": dict(rule.when),
        "old": rule.old,
        "new": rule.new,
        "cells": rule.cells,
        "clauses_old": list(rule.clauses_old),
        "clauses_new": list(rule.clauses_new),
        "note": rule.note,
        "readings": [
            {"in": each.side, "reading": each.reading, "choice": each.choice, "other": list(each.others)}
            for each in rule.readings
        ],
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
        return [_comparable(old, new, *pair) for pair in both]
    pairs = []
    for pair in dict.fromkeys(wanted):
        one, _, other = (part.strip() for part in pair.partition("="))
        pairs.append(_comparable(old, new, one, other or one))
    return pairs


def _comparable(old: Guideline, new: Guideline, one: str, other: str) -> tuple[str, str]:
    """A pair of scales that exist and grade the same kind of thing. Raises GuidelineError."""
    was, now = old.scale(one), new.scale(other)
    words = f"{one} of {old.id} and {other} of {new.id}"
    if was.is_whole != now.is_whole:
        whole = one if was.is_whole else other
        raise GuidelineError(f"{words} cannot be compared: {whole} grades a course as a whole, the other each hour")
    if not set(was.fields) & set(now.fields):
        raise GuidelineError(f"{words} cannot be compared: they read no field in common")
    return one, other


def changes(
    old: Guideline,
    new: Guideline,
    pairs: Sequence[tuple[str, str]],
    loaders: tuple[LoadWith, LoadWith] | None = None,
) -> Changes:
    """Compare two guidelines under the readings chosen in each; with ``loaders`` rules name the readings behind them.

    >>> from cartox_core import load
    >>> found = changes(load("astct-2019"), load("astct-2019"), [("crs", "crs")])
    >>> found.is_none, found.golden
    (True, ())
    """
    cases = cases_of(old, {one for one, other in pairs if one == other})
    return Changes(
        old,
        new,
        tuple(_difference(old, new, pair, loaders) for pair in pairs),
        golden_changes(cases, old, new),
        len(cases),
        tuple(name for name in old.scales if name not in new.scales and name not in [p[0] for p in pairs]),
        tuple(name for name in new.scales if name not in old.scales and name not in [p[1] for p in pairs]),
        tuple(name for name in old.scales if name in new.scales and name not in [p[0] for p in pairs]),
        tuple(_readings(old, new)),
    )


def _readings(old: Guideline, new: Guideline) -> Iterator[str]:
    """The readings that both have and that are written otherwise; what that does is seen when they are chosen."""
    for name, reading in old.readings.items():
        other = new.readings.get(name)
        if other is None or other == reading:
            continue
        names = dict.fromkeys((*reading.choices, *other.choices))
        differ = [c for c in names if reading.choices.get(c) != other.choices.get(c)]
        yield f"{name} ({', '.join(differ)})" if differ else name


def _difference(
    old: Guideline, new: Guideline, pair: tuple[str, str], loaders: tuple[LoadWith, LoadWith] | None
) -> Difference:
    forms = old.scale(pair[0]), new.scale(pair[1])
    found = difference(*forms)
    if loaders is None or not found.rules:
        return found
    others = [*variants("old", old, pair[0], loaders[0]), *variants("new", new, pair[1], loaders[1])]
    return with_readings(found, forms, others)
