"""Readings that decide a rule: under another choice of one of them a side would grade some of its cells otherwise."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from cartox_core import Guideline, GuidelineError, Scale
from cartox_core.proof import prove
from harness.compare.exact import Deciding, Difference, Rule, Side
from harness.compare.grids import Group, groups
from harness.compare.region import cells_of

LoadWith = Callable[[Mapping[str, str]], Guideline]  # a guideline under other readings; it need not be proved


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A scale of one side under another choice of one reading, all others as chosen."""

    side: Side
    reading: str
    choice: str
    other: str
    scale: Scale


def variants(side: Side, guideline: Guideline, scale: str, load_with: LoadWith) -> Iterator[Variant]:
    """The other tables that a scale has under another choice of one reading."""
    now = guideline.scale(scale)
    for name, reading in guideline.readings.items():
        for other in reading.choices:
            if other == guideline.chosen[name]:
                continue
            form = _sound(load_with, {**guideline.chosen, name: other}, now)
            if form is not None:
                yield Variant(side, name, guideline.chosen[name], other, form)


def _sound(load_with: LoadWith, readings: Mapping[str, str], now: Scale) -> Scale | None:
    """The scale under these readings; None where its tables are the same, or the file does not allow them together."""
    try:
        found = load_with(readings)
        form = found.scales[now.name]
        if _tables(form) == _tables(now):
            return None
        prove(dataclasses.replace(found, scales={now.name: form}))
    except GuidelineError:
        return None
    return form


def _tables(scale: Scale) -> tuple[object, ...]:
    """What the tables of a scale are made of."""
    return scale.gate, scale.domains, scale.assumptions


def with_readings(found: Difference, forms: tuple[Scale, Scale], others: Sequence[Variant]) -> Difference:
    """A difference whose rules name the readings on which the grades of their cells rest.

    >>> from cartox_core import load
    >>> from cartox_core.library import readable
    >>> from harness.compare.exact import difference
    >>> old, new = load("astct-2019"), load("astct-2019", {"C1": "high"})
    >>> forms = old.scale("crs"), new.scale("crs")
    >>> others = list(variants("old", old, "crs", readable("astct-2019")))
    >>> (rule,) = with_readings(difference(*forms), forms, others).rules
    >>> [str(reading) for reading in rule.readings]
    ['C1 of OLD (low; otherwise with high)', 'C2 of OLD (flow; otherwise with device)']
    """
    named: list[dict[tuple[Side, str, str], list[str]]] = [{} for _ in found.rules]
    for variant in others if found.rules else ():
        for place in _graded_otherwise(forms, variant, found.rules):
            named[place].setdefault((variant.side, variant.reading, variant.choice), []).append(variant.other)
    rules = tuple(
        dataclasses.replace(rule, readings=tuple(Deciding(*key, tuple(choices)) for key, choices in each.items()))
        for rule, each in zip(found.rules, named, strict=True)
    )
    return dataclasses.replace(found, rules=rules)


def _graded_otherwise(forms: tuple[Scale, Scale], variant: Variant, rules: Sequence[Rule]) -> Iterator[int]:
    """The places of the rules in whose cells a variant grades otherwise than its side does."""
    side = 0 if variant.side == "old" else 1
    for group in groups((*forms, variant.scale), [rule.where for rule in rules]):
        now, other = group.grades[side], group.grades[2]
        if (now == other).all():
            continue
        for place, rule in enumerate(rules):
            if _lies_in(rule, group):
                differs = now != other if rule.gate else np.maximum(now, 0) != np.maximum(other, 0)
                if differs[cells_of(rule.where, group.axes)].any():
                    yield place


def _lies_in(rule: Rule, group: Group) -> bool:
    return bool(rule.where) and all(name in group.names for name, _ in rule.where)
