"""What the doses of a course tell: the hours on any vasopressor, and whether it runs at a high dose.

An entry of a drug holds from its minute until the next of that drug; before the first it does not run. A dose that is
not charted may be anything, 0 included; one in a unit that is no mass over time, anything above 0; an unknown weight,
any that the protocol allows. Two passes come of it, each span of time completed at its mildest and at its worst.
"""

import bisect
import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from cartox_core.fields import Value
from cartox_core.guideline import HighDose, Infusions
from cartox_core.observation import DRUGS, PATIENT, Observation, Patient, Treatment
from cartox_core.units import Rate, rate_of

HOURS, DOSE_HIGH = "vasopressor_hours", "vasopressor_dose_high"
_OFF = None
_FAINT, _ENDLESS = Rate(Fraction(0)), Rate(Fraction(10) ** 15)  # running below any line, and above any
_WEIGHTS = tuple(Fraction(str(bound)) for bound in (PATIENT["weight_kg"].low, PATIENT["weight_kg"].high))

Options = frozenset[Rate | None]  # what a drug may run at; None: it does not run
Running = Mapping[str, Rate]
Filled = dict[str, Value | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Given:
    """The vasopressors given in a course, in any order, and the weight (kg) for doses by weight."""

    treatments: tuple[Treatment, ...]
    weight_kg: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class _Step:
    """From this minute on: may and must some drug run, may and must the dose be high."""

    minute: int
    running: tuple[bool, bool]
    high: tuple[bool, bool]


def given_of(treatments: Sequence[Treatment], patient: Patient) -> Given | None:
    """The vasopressors among some treatments; None without any."""
    mine = tuple(t for t in treatments if t.drug in DRUGS["vasopressor"])
    return Given(mine, patient.weight_kg) if mine else None


def fill(observations: Sequence[Observation], given: Given, infusions: Infusions) -> tuple[list[Filled], list[Filled]]:
    """What the doses put where an observation is silent, at its mildest and at its worst; what is charted stands.

    >>> from cartox_core.library import load
    >>> lee = load("lee-2014").scale("crs").infusions
    >>> given = Given((Treatment(time_h=1, drug="norepinephrine", dose=20, unit="ug/min"),), None)
    >>> mild, worst = fill([Observation(time_h=3.98), Observation(time_h=4)], given, lee)
    >>> [row["vasopressor_dose_high"] for row in mild], mild == worst
    ([False, True], True)
    """
    found = derive([o.minute for o in observations], given, infusions)
    mild, worst = (
        [{k: v for k, v in row.items() if getattr(o, k) is None} for o, row in zip(observations, rows, strict=True)]
        for rows in found
    )
    return mild, worst


def derive(minutes: Sequence[int], given: Given, infusions: Infusions) -> tuple[list[Filled], list[Filled]]:
    """Both fields at some minutes, at their mildest and at their worst."""
    steps = list(_steps(given, infusions.high_dose))
    mild, worst = (
        [_at(minute, running, high, infusions.high_dose) for minute in minutes]
        for running, high in (
            (
                _spans([(s.minute, s.running[i]) for s in steps], infusions.bridge_min),
                _spans([(s.minute, s.high[i]) for s in steps], infusions.bridge_min),
            )
            for i in (0, 1)
        )
    )
    return mild, worst


Spans = list[tuple[int, float]]  # from a minute to before another


def _at(minute: int, running: Spans, high: Spans, lines: HighDose | None) -> Filled:
    filled: Filled = {HOURS: (_since(minute, running) or 0) / 60}
    if lines is not None:
        since = _since(minute, high)
        filled[DOSE_HIGH] = since is not None and since >= 60 * lines.hours
    return filled


def _since(minute: int, spans: Spans) -> int | None:
    """For how many minutes the span that holds a minute has lasted; None where none holds it."""
    at = bisect.bisect_right(spans, (minute, math.inf)) - 1
    return minute - spans[at][0] if at >= 0 and minute < spans[at][1] else None


def _spans(flags: Sequence[tuple[int, bool]], bridge_min: float) -> Spans:
    """Where a flag stands, over interruptions shorter than ``bridge_min`` minutes."""
    spans: Spans = []
    ends = [*(minute for minute, _ in flags[1:]), math.inf]
    for (start, flag), end in zip(flags, ends, strict=True):
        if not flag:
            continue
        if spans and (start == spans[-1][1] or start - spans[-1][1] < bridge_min):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _steps(given: Given, lines: HighDose | None) -> Iterator[_Step]:
    """What may run, and at what dose, from each minute at which something changes."""
    weights = _WEIGHTS if given.weight_kg is None else (Fraction(str(given.weight_kg)),)
    now: dict[str, Options] = {}
    for minute, entries in itertools.groupby(sorted(given.treatments, key=lambda t: t.minute), lambda t: t.minute):
        changed: dict[str, Options] = {}
        for entry in entries:  # two entries of a drug in one minute: it may be either
            changed[entry.drug] = changed.get(entry.drug, frozenset()) | _options(entry)
        now |= changed
        yield _Step(minute, _may_run(now), _may_be_high(now, lines, weights) if lines else (False, False))


def _options(entry: Treatment) -> Options:
    if entry.dose == 0:
        return frozenset({_OFF})
    if entry.dose is None:
        return frozenset({_OFF, _FAINT, _ENDLESS})
    rate = rate_of(entry.dose, entry.unit or "")
    return frozenset({_FAINT, _ENDLESS} if rate is None else {rate})


def _may_run(now: Mapping[str, Options]) -> tuple[bool, bool]:
    """Whether some drug surely runs, and whether one may."""
    return any(_OFF not in options for options in now.values()), any(options - {_OFF} for options in now.values())


def _may_be_high(now: Mapping[str, Options], lines: HighDose, weights: Sequence[Fraction]) -> tuple[bool, bool]:
    """Whether the dose is high for sure, and whether it may be; it only grows with the dose of each drug that runs."""
    mild, worst = [], []
    for weight in weights:
        rates = {
            drug: sorted(filter(None, options), key=lambda r: r.on(_FAINT, weight)) for drug, options in now.items()
        }
        maybe = [[on for on in (False, True) if (rates[drug] if on else _OFF in now[drug])] for drug in now]
        for chosen in itertools.product(*maybe):
            running = list(itertools.compress(now, chosen))
            least = {drug: rates[drug][0] for drug in running}
            mild += [_is_high(least, lines, w) for w in (weight, *(_turning(least, lines) if len(weights) > 1 else ()))]
            worst.append(_is_high({drug: rates[drug][-1] for drug in running}, lines, weight))
    return all(mild), any(worst)


def _turning(running: Running, lines: HighDose) -> Iterator[Fraction]:
    """The weight (kg) at which drugs that run are least as norepinephrine, where that is no end of the range.

    Drugs charted by weight grow with it, and those whose equivalent is by weight (dopamine) fall with one over it.
    """
    known = [(rate, one) for drug, rate in running.items() if (one := lines.equivalent.get(drug))]
    grows = sum((rate.ug_min / one.ug_min for rate, one in known if rate.per_kg and not one.per_kg), Fraction(0))
    falls = sum((rate.ug_min / one.ug_min for rate, one in known if one.per_kg and not rate.per_kg), Fraction(0))
    if grows and falls:
        lightest, heaviest = _WEIGHTS
        yield min(max(Fraction(math.sqrt(falls / grows)), lightest), heaviest)


def _is_high(running: Running, lines: HighDose, weight_kg: Fraction) -> bool:
    """Whether drugs that run at once are at or above the line that holds for them."""
    others = {drug: rate for drug, rate in running.items() if drug != "vasopressin"}
    if lines.alone_holds and any(_is_at_own_line(drug, rate, lines, weight_kg) for drug, rate in others.items()):
        return True
    if len(others) == len(running) == 1:
        ((drug, rate),) = others.items()
        return _is_at_own_line(drug, rate, lines, weight_kg)
    line = lines.combination if len(others) == len(running) else lines.on_vasopressin
    return Rate(_equivalent(others, lines, weight_kg)).on(line, weight_kg) >= line.ug_min


def _is_at_own_line(drug: str, rate: Rate, lines: HighDose, weight_kg: Fraction) -> bool:
    return drug in lines.alone and rate.on(lines.alone[drug], weight_kg) >= lines.alone[drug].ug_min


def _equivalent(others: Running, lines: HighDose, weight_kg: Fraction) -> Fraction:
    """Drugs added as norepinephrine, µg/min."""
    return sum(
        (rate.on(one, weight_kg) / one.ug_min for drug, rate in others.items() if (one := lines.equivalent.get(drug))),
        Fraction(0),
    )
