"""The smallest change of a chart that would have made an answer right: one finding, or two where one is not enough."""

import dataclasses
import itertools
from collections.abc import Iterator

from cartox_core import Grade
from cartox_core.conditions import Between
from cartox_core.fields import Field, Value
from cartox_core.observation import OBSERVATION
from harness.charts import step_of, usual
from harness.train.key import LastChart, key_of

_ELSEWHERE, _UNCHARTED = 10.0, 100.0  # beside what decides, not charted
_USUAL = ("none", "nasal_cannula", "face_mask", "spontaneous", "voice", "tactile", "unarousable", "brief")
Far = tuple[float, tuple["Change", ...]]


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A finding that would have to be otherwise; ``was`` is None where it was not charted."""

    field: str
    was: Value | None
    now: Value


def smallest_change(chart: LastChart, wanted: int) -> tuple[Change, ...]:
    """The fewest and nearest changes after which the grade is surely the wanted one; empty where there are none.

    >>> from cartox_core import load, read_case
    >>> from harness.train.key import last_chart
    >>> calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False}
    >>> case = read_case({"observations": [{"time_h": 24, "temp_c": 38.4, "o2_device": "nasal_cannula",
    ...                   "o2_flow_l_min": 6, **calm}]})
    >>> smallest_change(last_chart(case, load("astct-2019").scale("crs")), 3)
    (Change(field='o2_flow_l_min', was=6.0, now=6.1),)
    """
    found: list[Far] = [(far, (change,)) for change, far in _changes(chart)]
    single = [some for some in found if OBSERVATION[some[1][0].field].role != "attribution"]
    pairs = ((a + b, (*one, *other)) for (a, one), (b, other) in itertools.combinations(single, 2))
    for tried in (single, pairs, found):  # another cause than the CAR T cells is the last thing to think of
        if right := [some for some in tried if _is_right(chart, wanted, some[1])]:
            return min(right, key=lambda some: some[0])[1]
    return ()


def _is_right(chart: LastChart, wanted: int, changes: tuple[Change, ...]) -> bool:
    values = {change.field: change.now for change in changes}
    return len(values) == len(changes) and chart.grade(**values) == Grade(wanted, wanted)


def _changes(chart: LastChart) -> Iterator[tuple[Change, float]]:
    """Single changes of what the scale reads, each with how far it is from what was charted."""
    deciding = {name for why in key_of(chart).because if why.clause for name in why.clause.when}
    for name in chart.scale.fields:
        field = OBSERVATION.get(name)
        if field is None or field.role == "state" or field.kind == "items" or name.startswith("death_"):
            continue
        was = getattr(chart.observation, name)
        for now in _values(chart, field):
            if now != (field.default if was is None else was):
                beside = 0.0 if name in deciding else _ELSEWHERE
                yield Change(name, was, now), beside + _far(field, was, now)


def _values(chart: LastChart, field: Field) -> Iterator[Value]:
    """Values at the edges of the tests, one for each band on either side."""
    if field.kind == "bool":
        yield from (False, True)
        return
    if field.kind == "enum":
        yield from field.values
        return
    tests = [clause.when[field.name] for clause in chart.scale.clauses if field.name in clause.when]
    tests += [clause.when[field.name] for clause in chart.scale.gate if field.name in clause.when]
    edges = {edge for test in tests if isinstance(test, Between) for edge in (test.low, test.high)}
    step = step_of(field)
    near = [round(edge + by, 2) for edge in edges for by in (-step, 0, step)]
    for value in dict.fromkeys([*usual(field), *near]):
        if field.fault(value) is None:
            yield int(value) if field.kind == "integer" else value


def _far(field: Field, was: Value | None, now: Value) -> float:
    """How far two values of a field are apart, from 0 to 1; what was not charted is farther."""
    before = field.default if was is None else was
    if before is None:
        return _UNCHARTED
    if field.kind in ("integer", "number"):
        return abs(float(now) - float(before)) / (field.high - field.low)
    if isinstance(field.worse, tuple):
        ranks = dict(zip(field.values, field.worse, strict=True))
        rare = 0.0 if now in _USUAL else 0.05
        return abs(ranks[str(now)] - ranks[str(before)]) / 3 + rare
    return 0.3
