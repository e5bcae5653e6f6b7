"""Courses in which only the doses of vasopressors are charted: both sides of each line, of its hours, of a break."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from cartox_core import Scale
from cartox_core.conditions import Between
from cartox_core.guideline import Clause, HighDose
from cartox_core.units import Rate
from cartox_core.vasopressors import DOSE_HIGH, HOURS
from harness.charts import Chart, chart

Told = tuple[str, str, list[tuple[float, Chart]], list[dict[str, Any]]]
Dose = tuple[int, str, Rate | None]  # minutes from the start, drug, rate; None: it is not charted
_START = 1440  # minutes since infusion
_WEIGHT_KG = Fraction(80)
_PARTS = (Fraction(1), Fraction(995, 1000))  # of a line: at it, and below it
_ANY, _OFF = Rate(Fraction(4)), Rate(Fraction(0))


def doses(scale: Scale) -> Iterator[Told]:
    """Courses of every line that a scale draws in doses, and of the hours that it asks."""
    infusions = scale.infusions
    if infusions is None:
        return
    high, long = (next((c for c in scale.clauses if name in c.when), None) for name in (DOSE_HIGH, HOURS))
    if high is not None and (lines := infusions.high_dose) is not None:
        silent = _silent(scale, high, DOSE_HIGH)
        for name, given in _lines(lines):
            yield from _both_weights(f"high/{name}", silent, _about(lines.hours), given)
        drug, line = next(iter(lines.alone.items()))
        yield from _breaks("high", silent, lines.hours, infusions.bridge_min, drug, line)
    if long is not None:
        silent = _silent(scale, long, HOURS)
        ends = {
            end
            for c in scale.clauses
            if isinstance(test := c.when.get(HOURS), Between)
            for end in (test.low, test.high)
        }
        for hours in sorted(end for end in ends if 0 < end < 1000):
            yield from _breaks("hours", silent, hours, infusions.bridge_min, "norepinephrine", _ANY)


def _silent(scale: Scale, clause: Clause, name: str) -> Chart:
    """The chart of a clause with a fever, and nothing said of the field that the doses tell."""
    found = chart(scale, *[c.when for c in scale.gate[:1]], {k: t for k, t in clause.when.items() if k != name})
    return {k: v for k, v in (found or {}).items() if k != name and (not scale.episode or k != scale.episode.opened)}


def _about(hours: float) -> Sequence[int]:
    """A minute before some hours are over, and when they are."""
    return int(60 * hours) - 1, int(60 * hours)


def _lines(lines: HighDose) -> Iterator[tuple[str, list[Dose]]]:
    """Doses at each line and below it."""
    for part in _PARTS:
        for drug, line in lines.alone.items():
            yield f"{drug}/{float(part):g}", [(0, drug, _times(line, part))]
        for drug in lines.equivalent:
            yield f"vasopressin+{drug}/{float(part):g}", [
                (0, "vasopressin", _ANY), (0, drug, _share(lines, lines.on_vasopressin, drug, part))
            ]  # fmt: skip
            for other in lines.equivalent:
                if drug < other:
                    yield (
                        f"{drug}+{other}/{float(part):g}",
                        [
                            (0, drug, _share(lines, lines.combination, drug, Fraction(1, 2))),
                            (0, other, _share(lines, lines.combination, other, part - Fraction(1, 2))),
                        ],
                    )
    yield "unknown", [(0, "norepinephrine", None)]
    yield "no-line", [(0, "angiotensin_ii", _ANY)]


def _share(lines: HighDose, line: Rate, drug: str, part: Fraction) -> Rate:
    """The rate of a drug that makes a part of a line in norepinephrine."""
    return _times(lines.equivalent[drug], part * line.on(_ANY, _WEIGHT_KG))


def _times(rate: Rate, part: Fraction) -> Rate:
    return Rate(rate.ug_min * part, rate.per_kg)


def _both_weights(name: str, silent: Chart, minutes: Sequence[int], given: list[Dose]) -> Iterator[Told]:
    yield _told(name, silent, minutes, given, _WEIGHT_KG)
    yield _told(f"{name}/weight", silent, minutes, given, None)


def _breaks(name: str, silent: Chart, hours: float, bridge_min: float, drug: str, rate: Rate) -> Iterator[Told]:
    """The hours whole, and with breaks about as long as are bridged."""
    lowered = Rate(Fraction(0)) if name == "hours" else _times(rate, Fraction(1, 2))
    yield _told(f"{name}/whole", silent, _about(hours), [(0, drug, rate)], _WEIGHT_KG)
    for minutes in (1, 5, int(bridge_min) - 1, int(bridge_min), int(bridge_min) + 1):
        if minutes > 0:
            given: list[Dose] = [(0, drug, rate), (60, drug, lowered), (60 + minutes, drug, rate)]
            yield _told(f"{name}/break/{minutes}", silent, _about(hours), given, _WEIGHT_KG)
    yield _told(
        f"{name}/lowered", silent, [int(60 * hours) + 90], [(0, drug, rate), (int(60 * hours) + 60, drug, _OFF)], None
    )


def _told(name: str, silent: Chart, minutes: Sequence[int], given: list[Dose], weight_kg: Fraction | None) -> Told:
    """A course with a round an hour before the first dose, at some minutes from it, and some hours later."""
    kg = None if weight_kg is None else float(weight_kg)
    if "vasopressin" in [drug for _, drug, _ in given]:
        silent = {k: v for k, v in silent.items() if k != "vasopressin"}
    rounds = [-60, *minutes, minutes[-1] + 240]
    rows = [((_START + minute) / 60, {**silent, "weight_kg": kg}) for minute in rounds]
    why = "only doses: " + ", ".join(f"{drug} {rate or 'unknown'}, minute {minute}" for minute, drug, rate in given)
    return f"doses/{name}", why, rows, [_treatment(*dose) for dose in given]


def _treatment(minute: int, drug: str, rate: Rate | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"time_h": (_START + minute) / 60, "drug": drug}
    if rate is None:
        return entry
    return {**entry, "dose": float(rate.ug_min), "unit": "ug/kg/min" if rate.per_kg else "ug/min"}
