"""The smallest change of a chart that would have made an answer right: one finding, two, or one in each domain."""

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from cartox_core import Grade
from cartox_core.conditions import Between
from cartox_core.fields import Field, Value
from cartox_core.observation import OBSERVATION, Observation
from harness.charts import step_of, usual
from harness.train.key import EXCUSES, Key, LastChart, key_of

_ELSEWHERE, _UNCHARTED, _WANTING = 10.0, 100.0, -1.0  # beside what decides; not charted; not charted and decides
_RARE_SIGN = 0.5
_RARE = ("posturing", "cn6_palsy", "papilledema", "cushing_triad", "cerebral_edema")
_USUAL = ("none", "nasal_cannula", "face_mask", "spontaneous", "voice", "tactile", "unarousable", "brief")
_DEATHS = [field for name, field in OBSERVATION.items() if name.startswith("death_")]
_BLOW_BY_BELOW_YEARS = 12
_USUAL_FLOW_L_MIN = 2.0
_MOST_CHANGES = 6
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
    key = key_of(chart)
    counted = [_one(name, chart, OBSERVATION[name].default) for name in key.excused]
    single = list(_steps(chart, key))
    pairs = [(a + b, (*one, *other)) for (a, one), (b, other) in itertools.combinations([*counted, *single], 2)]
    for tried in (counted, single, pairs, _excuses(chart)):  # another cause than the CAR T cells is thought of last
        if right := [some for some in tried if _is_right(chart, wanted, some[1])]:
            return min(right, key=lambda some: some[0])[1]
    return _each_domain(chart, wanted, single) if wanted < key.grade.floor else ()


def _one(name: str, chart: LastChart, now: Value | None, far: float = 0.0) -> Far:
    assert now is not None
    return far, (Change(name, getattr(chart.observation, name), now),)


def _is_right(chart: LastChart, wanted: int, changes: Sequence[Change]) -> bool:
    values = {change.field: change.now for change in changes}
    return len(values) == len(changes) and chart.grade(**values) == Grade(wanted, wanted)


def _each_domain(chart: LastChart, wanted: int, single: Sequence[Far]) -> tuple[Change, ...]:
    """Changes that take clause after clause down to the wanted grade, then to it, where more than two are needed."""
    done: tuple[Change, ...] = ()
    while len(done) < _MOST_CHANGES and (left := _excess(chart, wanted, done)):
        ranked = [(_excess(chart, wanted, (*done, *changes)), far, changes) for far, changes in single]
        excess, _, changes = min(ranked, key=lambda one: one[:2])
        if excess >= left:
            break
        done = (*done, *changes)
    there = [(0.0, done), *((far, (*done, *changes)) for far, changes in single)]
    right = [some for some in there if _is_right(chart, wanted, some[1])]
    return min(right, key=lambda some: some[0])[1] if right else ()


def _excess(chart: LastChart, wanted: int, changes: Sequence[Change]) -> int:
    held = chart.held(perhaps=True, **{change.field: change.now for change in changes})
    return sum(max(0, clause.grade - wanted) for clause in held)


def _excuses(chart: LastChart) -> list[Far]:
    """Each finding judged to have another cause."""
    fields = [OBSERVATION[name] for name in EXCUSES if name in chart.scale.fields]
    values = [(field, value) for field in fields for value in (field.values or (True,))]
    return [_one(field.name, chart, now) for field, now in values if now != getattr(chart.observation, field.name)]


def _steps(chart: LastChart, key: Key) -> Iterator[Far]:
    """Single findings that might be otherwise, each with how far that is; what goes together is changed together."""
    deciding = {name for why in key.because if why.clause for name in why.clause.when} | set(key.missing)
    seen = chart.observation
    for name in chart.scale.fields:
        field = OBSERVATION.get(name)
        if field is None or field.role in ("state", "attribution") or field.kind == "items" or field in _DEATHS:
            continue
        was = getattr(seen, name)
        for now in _values(chart, field):
            if now == (field.default if was is None else was) or not _can_be(chart, name, now):
                continue
            elsewhere = 0.0 if name in deciding else _ELSEWHERE
            far = _far(field, was, now, name in key.missing) + (_WANTING if name in key.missing else elsewhere)
            yield far, tuple(_together(seen, Change(name, was, now)))


def _can_be(chart: LastChart, name: str, now: Value) -> bool:
    """Whether a finding can be there in that patient: nobody asks whom a tube or stupor keeps from answering."""
    seen, age = chart.observation, chart.patient.age_years
    if name == "ice":
        return now == 0 or (seen.o2_device != "mechanical_ventilation" and seen.consciousness != "unarousable")
    return now != "blow_by" or age is None or age < _BLOW_BY_BELOW_YEARS


def _together(seen: Observation, change: Change) -> Iterator[Change]:
    """A change with what it does not go without: a vasopressor with hypotension, a cannula with a flow."""
    if change.field in ("vasopressors", "vasopressin") and change.now and seen.hypotension is False:
        yield Change("hypotension", False, True)
    yield change
    if change.now == "nasal_cannula" and seen.o2_flow_l_min is None:
        yield Change("o2_flow_l_min", None, _USUAL_FLOW_L_MIN)


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


def _far(field: Field, was: Value | None, now: Value, missing: bool) -> float:
    """How far two values of a field are apart, from 0 to 1; what was not charted is farther, unless it decides."""
    before = field.default if was is None else was
    if before is None and not missing:
        return _UNCHARTED
    rare = _RARE_SIGN if field.name in _RARE else 0.0
    if field.kind in ("integer", "number"):
        mildest = field.high if field.worse == "down" else field.low
        return abs(float(now) - float(mildest if before is None else before)) / (field.high - field.low) / 2
    if isinstance(field.worse, tuple):
        ranks = dict(zip(field.values, field.worse, strict=True))
        unusual = 0.0 if now in _USUAL else 0.05
        return abs(ranks[str(now)] - (0 if before is None else ranks[str(before)])) / 3 + unusual + rare
    return 0.3 + rare
