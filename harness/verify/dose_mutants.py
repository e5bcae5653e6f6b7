"""Mistakes in what a scale derives from the doses of a course: a line, its unit, the hours, a break, a term."""

import dataclasses
from collections.abc import Iterator, Mapping
from fractions import Fraction

from cartox_core import Scale
from cartox_core.guideline import HighDose, Infusions
from cartox_core.units import Rate
from cartox_core.vasopressors import DOSE_HIGH, HOURS

_NEAR = (Fraction(99, 100), Fraction(101, 100))
_FAR = (Fraction(1, 2), Fraction(2))


def dose_mistakes(scale: Scale) -> Iterator[tuple[str, str, Scale]]:
    """What was done, to which clause, and the scale with it."""
    if scale.infusions is None:
        return
    reads = [c.id for name in (DOSE_HIGH, HOURS) for c in scale.clauses if name in c.when]
    for what, changed in _infusions(scale.infusions):
        yield what, reads[0], dataclasses.replace(scale, infusions=changed)


def _infusions(infusions: Infusions) -> Iterator[tuple[str, Infusions]]:
    bridge = infusions.bridge_min
    for minutes in {bridge - 1, bridge + 1, 0} - {bridge, -1}:
        what = f"an interruption counts from {minutes:g} minutes"
        yield what, dataclasses.replace(infusions, bridge_min=minutes)
    if infusions.high_dose is not None:
        yield "no dose is derived", dataclasses.replace(infusions, high_dose=None)
        for what, changed in _high_dose(infusions.high_dose):
            yield what, dataclasses.replace(infusions, high_dose=changed)


def _high_dose(high: HighDose) -> Iterator[tuple[str, HighDose]]:
    for hours in (0, high.hours - 0.5, high.hours + 0.5):
        yield f"a dose is high after {hours:g} h", dataclasses.replace(high, hours=hours)
    for what, rate in _rates(high.combination, _NEAR):
        yield f"the line of combination is {what}", dataclasses.replace(high, combination=rate)
    for what, rate in _rates(high.on_vasopressin, _NEAR):
        yield f"the line of on_vasopressin is {what}", dataclasses.replace(high, on_vasopressin=rate)
    for what, alone in _tables(high.alone, _NEAR):
        yield f"the line of {what}", dataclasses.replace(high, alone=alone)
    for what, equivalent in _tables(high.equivalent, _FAR):
        yield f"the equivalent of {what}", dataclasses.replace(high, equivalent=equivalent)


def _tables(table: Mapping[str, Rate], factors: tuple[Fraction, Fraction]) -> Iterator[tuple[str, dict[str, Rate]]]:
    for drug, rate in table.items():
        yield f"{drug} is forgotten", {k: v for k, v in table.items() if k != drug}
        for what, other in _rates(rate, factors):
            yield f"{drug} is {what}", {**table, drug: other}


def _rates(rate: Rate, factors: tuple[Fraction, Fraction]) -> Iterator[tuple[str, Rate]]:
    others = [*(dataclasses.replace(rate, ug_min=rate.ug_min * f) for f in factors), _unweighed(rate)]
    yield from ((str(other), other) for other in others)


def _unweighed(rate: Rate) -> Rate:
    """The number with the weight left out of its unit, or put into it."""
    return dataclasses.replace(rate, per_kg=not rate.per_kg)
