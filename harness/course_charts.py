"""Courses made to order: what a scale of whole courses should find in them, charted day by day."""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Scale
from cartox_core.conditions import Between, Test
from cartox_core.fields import Field, Value
from cartox_core.guideline import Feature
from cartox_core.observation import OBSERVATION, PATIENT, READABLE
from harness.charts import mildest, step_of

Found = Mapping[str, Value]  # a value of each feature, or charted field, of which something is wanted
Where = Mapping[str, Sequence[Test]]  # the same as tests, of which one is to hold
Days = dict[int, float]  # a value by day
_HOUR = 6.0
_LONGEST = 40  # days of a series that nothing ends
_RUN = 10  # days of a run that is to last to the end, whatever its length


def courses(forms: Sequence[Scale], where: Where) -> Iterator[dict[str, Any]]:
    """Cases of which some forms of a scale may make what is wanted; all else is at its mildest.

    They are to be graded: not every wish can be charted, and forms may derive their features in different ways.

    >>> from cartox_core import load
    >>> early = load("eha-ebmt-2023").scale("icaht_early")
    >>> case = next(courses([early], {"days_anc_500": [Between(8, high=13)]}))
    >>> sum(row["anc_per_ul"] <= 500 for row in case["observations"])
    8
    """
    names = list(where)
    values = [list(_values(forms, name, where[name])) for name in names]
    for chosen in itertools.product(*values):
        yield from _charts(forms, dict(zip(names, chosen, strict=True)))


def _values(forms: Sequence[Scale], name: str, tests: Sequence[Test]) -> Iterator[Value]:
    """Values of a feature or a field that pass one of some tests: about each edge, and between two."""
    field = next(form.own[name] for form in forms if name in form.own) if _is_made(forms, name) else READABLE[name]
    asked = [*tests, *(clause.when[name] for form in forms for clause in form.clauses if name in clause.when)]
    edges = [(test.low, test.high) for test in asked if isinstance(test, Between)]
    near = [edge + by for pair in edges for edge in pair for by in (0, -_step(field, edge), _step(field, edge))]
    between = [(low + high) / 2 for low, high in edges]
    listed: dict[str, list[Value]] = {"bool": [True, False], "enum": list(field.values)}
    tried = listed.get(field.kind, [*near, *between])
    for value in dict.fromkeys(tried):
        if field.fault(value) is None and any(test.holds(value) for test in tests):
            yield int(value) if field.kind == "integer" else value


def _is_made(forms: Sequence[Scale], name: str) -> bool:
    return any(name in form.own for form in forms)


def _step(field: Field, edge: float) -> float:
    return 1 if abs(edge) >= 100 else step_of(field)


def _charts(forms: Sequence[Scale], found: Found) -> Iterator[dict[str, Any]]:
    """Cases of which they may make these values."""
    features = list({feature.name: feature for form in reversed(forms) for feature in form.features}.values())
    series = [feature for feature in features if feature.made != "highest"]
    sources = list(dict.fromkeys(feature.of[0] for feature in series))
    peaks = [feature for feature in features if feature.made == "highest"]
    for which in range(max([len(feature.of) for feature in peaks], default=1)):
        for days in itertools.product(*(_series([f for f in series if f.of[0] == name], found) for name in sources)):
            rows = _rows(dict(zip(sources, days, strict=True))) or [{"time_h": 24 * _day_for(peaks) + _HOUR}]
            min(rows, key=lambda row: abs(row["time_h"] - 24 * _day_for(peaks))).update(_peaks(peaks, found, which))
            charted = _charted(forms, found)
            rows[-1].update({k: v for k, v in charted.items() if k not in PATIENT})
            patient = {k: v for k, v in charted.items() if k in PATIENT}
            yield {"patient": patient, "observations": rows, "treatments": []}


def _rows(by_source: Mapping[str, Days]) -> list[dict[str, Any]]:
    days = sorted({day for values in by_source.values() for day in values})
    return [
        {"time_h": 24 * day + _HOUR, **{name: values[day] for name, values in by_source.items() if day in values}}
        for day in days
    ]


def _day_for(peaks: Sequence[Feature]) -> int:
    """A day on which all of them count, the third where it does."""
    first = max([feature.first_day for feature in peaks], default=0)
    return max(first, min([2, *(feature.last_day for feature in peaks)]))


def _peaks(peaks: Sequence[Feature], found: Found, which: int) -> dict[str, Value]:
    """One observation with the highest values wanted, each in one of the fields that it is made of."""
    row: dict[str, Value] = {}
    for feature in peaks:
        for place, name in enumerate(feature.of):
            here = feature.name in found and place == which % len(feature.of)
            row[name] = _typed(found[feature.name], name) if here else mildest(OBSERVATION[name])
    return row


def _charted(forms: Sequence[Scale], found: Found) -> dict[str, Value]:
    """What the clauses ask of the last observation itself."""
    own = {feature.name for form in forms for feature in form.features}
    names = dict.fromkeys(name for form in forms for clause in form.clauses for name in clause.when)
    return {name: found.get(name, mildest(READABLE[name])) for name in names if name not in own}


def _typed(value: Value, name: str) -> Value:
    return int(value) if OBSERVATION[name].kind == "integer" and not isinstance(value, bool) else value


@dataclasses.dataclass(frozen=True, slots=True)
class _Window:
    first: int
    last: int
    usual: float


def _series(features: Sequence[Feature], found: Found) -> Iterator[Days]:
    """Series of one field: runs that begin early or late and end in recovery or with the follow-up, and low days."""
    first = min(feature.first_day for feature in features)
    last = min(max(feature.last_day for feature in features), first + _LONGEST)
    window = _Window(first, last, float(mildest(OBSERVATION[features[0].of[0]])))
    late = max(feature.by_day for feature in features) + 2
    for start, ended, depths in itertools.product((late, 0), (False, True), _depths(features, found)):
        days = _runs(features, found, window, start, ended)
        if days is not None:
            yield dict(sorted({**days, **{window.first + day: value for day, value in depths.items()}}.items()))


def _runs(features: Sequence[Feature], found: Found, window: _Window, start: int, ended: bool) -> Days | None:
    """Runs of the lengths wanted, the deeper inside the longer; None where they do not fit into the days."""
    wanted = [(f, int(found.get(f.name, 0))) for f in features if f.test is not None]
    longest = max([n for f, n in wanted if f.made != "never_recovered"], default=0)
    runs = [(f, n if f.made != "never_recovered" else n and (longest or _RUN)) for f, n in wanted]
    begin = window.first + start
    end = begin + max([n for _, n in runs], default=0)
    if end > window.last + 1:
        return None
    days = dict.fromkeys(range(window.first, end if ended and end > begin else window.last + 1), window.usual)
    for feature, n in sorted(runs, key=lambda run: -run[1]):
        days.update(dict.fromkeys(range(begin, begin + n), _passing(feature)))
    return days


def _passing(feature: Feature) -> float:
    """A value that passes the test of a feature, near its edge."""
    assert feature.test is not None
    edge = 0.9 * feature.test.high if feature.test.high < float("inf") else 1.1 * feature.test.low
    return round(edge, 1)


def _depths(features: Sequence[Feature], found: Found) -> Iterator[Days]:
    """Two low days: as deep as is wanted, the second as the first where nothing is wanted of it, or a low day alone."""
    lows = {f.made: float(found[f.name]) for f in features if f.test is None and f.name in found}
    if not lows:
        yield {}
        return
    lowest = lows.get("lowest", lows.get("second_lowest", 0.0))
    second = lows.get("second_lowest", lowest)
    if lowest <= second:
        yield {5: lowest, 14: second}
    yield {5: lowest}
    yield {5: 0.0, 14: second}
