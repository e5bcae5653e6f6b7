"""Courses for scales that grade a whole course: days about every edge, gaps, joins, ends, and random series."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from cartox_core import Guideline, Scale
from cartox_core.conditions import Between
from cartox_core.guideline import Feature
from cartox_core.observation import OBSERVATION
from harness.charts import mildest, step_of
from harness.verify.case import SuiteCase
from harness.verify.suite.right import right

RANDOM_COURSES = 150
Row = dict[str, Any]
Values = Mapping[int, float | None]  # by day; None is a day that is seen without a value
Told = tuple[str, str, Values | list[Row]]  # a name, why, and what is charted
_HOUR = 6.0
_LONGEST = 40  # days of a series that nothing ends


def series(guideline: Guideline, scale: Scale, drawn: bool = True) -> Iterator[SuiteCase]:
    """Courses of a scale that counts days, or asks for the lowest value; last the ones drawn at random."""
    of = scale.features[0].of[0]
    told = {name: (why, charted) for name, why, charted in (*_told(scale), *(_random(scale) if drawn else ()))}
    for name, (why, charted) in told.items():
        rows = charted if isinstance(charted, list) else _daily(charted, of)
        raw: Row = {"patient": {}, "observations": rows, "treatments": []}
        yield right(f"course/{name}", why, raw, guideline, scale.name)


def _daily(values: Values, of: str, hour: float = _HOUR) -> list[Row]:
    """One observation a day."""
    return [{"time_h": 24 * day + hour, **({} if v is None else {of: v})} for day, v in sorted(values.items())]


def _told(scale: Scale) -> Iterator[Told]:
    for feature in scale.features:
        found = [*_days(scale, feature), *_joins(feature), *_gaps(feature)] if feature.test else _depths(scale, feature)
        for name, why, values in (*found, *_borders(scale, feature), *_ends(scale, feature), *_draws(scale, feature)):
            yield f"{feature.name}/{name}", why, values


def _usual(feature: Feature) -> float:
    return float(mildest(OBSERVATION[feature.of[0]]))


def _edge(feature: Feature) -> float:
    assert feature.test is not None
    return feature.test.high if feature.test.high < float("inf") else feature.test.low


def _low(scale: Scale, feature: Feature) -> float:
    """A value that counts for a feature, and well inside."""
    edges = [_edge(f) for f in scale.features if f.test] or [60.0]
    return round(0.8 * (_edge(feature) if feature.test else min(edges)), 1)


def _calm(feature: Feature) -> dict[int, float | None]:
    last = min(feature.last_day, feature.first_day + _LONGEST)
    return dict.fromkeys(range(feature.first_day, last + 1), _usual(feature))


def _run(value: float | None, start: int, days: int) -> dict[int, float | None]:
    return dict.fromkeys(range(start, start + days), value)


def _bounds(scale: Scale, name: str) -> list[int]:
    """The edges that the clauses have in a feature."""
    tests = [c.when[name] for c in scale.clauses if name in c.when]
    edges = {int(b) for t in tests if isinstance(t, Between) for b in (t.low, t.high) if abs(b) < float("inf")}
    return sorted(edges)


def _depth_levels(scale: Scale) -> list[int]:
    return sorted({b for f in scale.features if not f.test for b in _bounds(scale, f.name)})


def _days(scale: Scale, feature: Feature) -> Iterator[Told]:
    """Runs of days about each edge of the clauses, and values about the edge of the test."""
    calm, first, low = _calm(feature), feature.first_day, _low(scale, feature)
    width = len(calm)
    bounds = _bounds(scale, feature.name) if feature.field.unit == "d" else [1, width - 1]
    for days in sorted({b + by for b in bounds for by in (-1, 0, 1) if 0 < b + by <= width}):
        for start in (0, feature.by_day, feature.by_day + 1, 5):
            run = _run(low, first + start, min(days, width - start))
            ended = {d: v for d, v in {**calm, **run}.items() if d < first + start + days}
            yield f"{days}-from-{start}", f"{days} days of {low:g} from day {first + start}", {**calm, **run}
            yield f"{days}-from-{start}/ended", f"{days} days of {low:g}, and nothing after them", ended
    step = step_of(OBSERVATION[feature.of[0]])
    for value in (_edge(feature) + by for by in (-step, 0, step, 5, 6, 14)):
        level = round(value, 1)
        yield f"value={value:g}", f"15 days of {value:g}", {**calm, **_run(level, first + 5, 15)}
        yield f"throughout={value:g}", f"every day {value:g}", dict.fromkeys(calm, level)


def _joins(feature: Feature) -> Iterator[Told]:
    """Two runs with a recovery between them that is shorter, or longer, than what joins them."""
    calm, first, low = _calm(feature), feature.first_day, round(0.8 * _edge(feature), 1)
    for apart in range(1, feature.join_days + 3):
        for (one, two), start in itertools.product(((4, 4), (7, 7), (5, 1), (8, 5)), (0, 5)):
            runs = _run(low, first + start, one) | _run(low, first + start + one + apart, two)
            yield f"{one}+{two}-apart-{apart}-from-{start}", f"{one} and {two} days, {apart} apart", {**calm, **runs}
        tail = _run(low, first, 30 - apart) | _run(low, first + 30, 1)
        yield f"tail-{apart}", f"low to the end but for {apart} days", {**calm, **tail}


def _gaps(feature: Feature) -> Iterator[Told]:
    """Days without a value: between low ones, first, last, and before a fall."""
    calm, first, low = _calm(feature), feature.first_day, round(0.8 * _edge(feature), 1)
    last, at = first + 30, feature.gap_days
    for gap in sorted({1, 4, 5, 6, at - 1, at, at + 1, 12} - {0, -1}):
        for one in (1, 6):
            after = first + 5 + one
            run = {**calm, **_run(low, first + 5, one), **_run(low, after + gap, 2)}
            between = {d: v for d, v in run.items() if not after <= d < after + gap}
            yield f"gap-{gap}-after-{one}", f"{gap} days without a value between", between
        begin = {d: low if d < first + gap + 3 else v for d, v in calm.items() if d >= first + gap}
        yield f"gap-{gap}-first", f"no value on the first {gap} days", begin
        for length in (4, 10):
            end = {d: v for d, v in calm.items() if d <= last} | _run(None, last - gap + 1, gap)
            run = _run(low, last - gap - length + 1, length)
            yield f"gap-{gap}-last-{length}", f"no value on the last {gap} days", {**end, **run}
        fall = {d: low if d > first + 3 else v for d, v in calm.items() if not first + 3 < d <= first + 3 + gap}
        yield f"gap-{gap}-fall", f"{gap} days without a value before a fall", fall


def _depths(scale: Scale, feature: Feature) -> Iterator[Told]:
    """Values about each edge of the clauses: alone, twice, and beside a good or a deeper one."""
    step, day = step_of(OBSERVATION[feature.of[0]]), feature.first_day + 9
    deeper = [0, *(round(0.9 * level) for level in _depth_levels(scale))]
    for value in (edge + by for edge in _bounds(scale, feature.name) for by in (-step, 0, step, 5, 6, 14)):
        low = round(value, 1)
        yield f"{value:g}-alone", f"{value:g} alone", {day: low}
        yield f"{value:g}-twice", f"{value:g} twice", {day: low, day + 9: low}
        yield f"{value:g}-beside", f"{value:g} beside a good one", {day: low, day + 9: _usual(feature)}
        for deep in (d for d in deeper if d < low):
            yield f"{value:g}-over-{deep}", f"{value:g} and {deep}", {day: low, day + 5: float(deep)}


def _borders(scale: Scale, feature: Feature) -> Iterator[Told]:
    """What lies about the first and the last day."""
    usual, low, inside = _usual(feature), _low(scale, feature), feature.first_day + 9
    mild = round(0.9 * max(_depth_levels(scale), default=usual))
    for day, by in itertools.product((feature.first_day, feature.last_day), (-1, 0, 1)):
        near, at = _run(usual, max(day - 12, -20), 25), day + by
        yield f"day-{at}", f"low on day {at} alone", {**near, at: low}
        yield f"days-{at}", f"low on day {at} and another", {**near, at: low, day + 2 * (by or 1): low}
        yield f"day-{at}-and-low", f"low on day {at}, and before", {inside: low, inside + 1: usual, at: low}
        mildly = {inside: mild, inside + 1: usual, inside + 3: mild, at: low}
        yield f"day-{at}-and-mild", f"low on day {at}, less so before", mildly
        for length in _bounds(scale, feature.name) if feature.field.unit == "d" else ():
            begin = at if day == feature.first_day else at - length + 1
            yield f"run-{length}-{at}", f"{length} low days about day {at}", {**near, **_run(low, begin, length)}


def _ends(scale: Scale, feature: Feature) -> Iterator[Told]:
    """What ends the days, and what lies outside them alone."""
    (of,), calm, first = feature.of, _calm(feature), feature.first_day
    low, usual = _low(scale, feature), _usual(feature)
    after = _run(usual, max(calm) + 1, 3)
    yield "through", "low until the last day, and well on the next", {**calm, **_run(low, first + 1, 30), **after}
    yield "before", "values from before the days alone", {first - 3: low}
    yield "nothing", "no value at all", {first + 4: None, first + 9: None}
    for start, seen in itertools.product((1, 6) if feature.until else (), (2, 9)):
        rows = _daily({**calm, **_run(low, first + start, 18)}, of)
        rows[start + seen][feature.until] = True
        yield f"until-{start}-{seen}", f"{feature.until} on day {first + start + seen}", rows
    between = _daily({first + 2: low, first + 4: usual, first + 6: low}, of)
    between[1] |= {feature.until: True} if feature.until else {}
    yield "between", "two low values, and what may end the days between them", between


def _draws(scale: Scale, feature: Feature) -> Iterator[Told]:
    """Two values of a day, and the first and the last minute of the day."""
    (of,), calm, first = feature.of, _calm(feature), feature.first_day
    low, usual = _low(scale, feature), _usual(feature)
    for hour in (0.0, 23.98):
        yield f"hour-{hour:g}", f"at hour {hour:g} of each day", _daily({**calm, first: low, first + 3: low}, of, hour)
    for earlier, later in ((low, usual), (usual, low)):
        rows = _daily({**calm, first + 5: earlier, first + 8: low}, of)
        again = {"time_h": 24 * (first + 5) + 12.0, of: later}
        yield f"{earlier:g}-then-{later:g}", "two values on one day", sorted([*rows, again], key=lambda r: r["time_h"])


def _random(scale: Scale) -> Iterator[Told]:
    """Series as a ward might have them: counts that fall and recover, days missing, follow-up that ends."""
    feature = scale.features[0]
    draw = np.random.Generator(np.random.Philox(key=[feature.first_day, len(scale.name)]))
    edges = [_edge(f) for f in scale.features if f.test]
    levels = sorted({v for e in edges for v in (0.8 * e, e, e + 5)} | set(_depth_levels(scale)))
    for number in range(RANDOM_COURSES):
        values: dict[int, float | None] = {}
        day, end = feature.first_day - int(draw.integers(0, 4)), feature.first_day + int(draw.integers(2, _LONGEST))
        while day < end:
            days = int(draw.integers(1, 12))
            values |= _run(_usual(feature) if draw.random() < 0.4 else float(draw.choice(levels)), day, days)
            day += days + (int(draw.integers(1, 10)) if draw.random() < 0.4 else 0)
        if draw.random() < 0.2:
            values[end + 12] = None
        yield f"random/{number}", "a series drawn at random", values
