"""A chart as a case of the protocol: rows put in order and merged by stated rules, each of which is counted and told.

The protocol wants one observation a minute, in order; charts have several sources, duplicates and late entries. A chart
that has none of that, one row an hour at most, comes out as it is.
"""

import bisect
import dataclasses
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cartox_core.observation import DRUGS, ITEMS_OF, OBSERVATION, TREATMENT
from harness.exchange.chart import Chart, Raw, Remark, Row, Tell
from harness.exchange.worst import worst_of

WITHIN: Mapping[str, int] = {"hour": 60, "minute": 1}
"""How long rows are merged for, in minutes from a whole one of them since the infusion."""
RULES: Mapping[str, str] = {
    "order": "rows out of order were put in the order of their times",
    "duplicate": "rows that chart the same at the same minute, whatever their source, count once",
    "dose": "doses charted twice, alike to the minute, count once",
    "joined": "rows of one minute that do not differ, as of several sources, are one row",
    "within": "rows of one {within} were merged into one observation, at the time of the last of them, "
    "but not across a new dose of a vasopressor",
    "worst": "of several values of one {within} the worst was taken, sign by sign, whatever the source; "
    "a value with another cause only where no other is charted; an oxygen device with its flow; "
    "of what has no worse direction the last; boluses of fluid are added up",
    "gap": "stretches of more than {gap_h} h without a row were left as they are; nothing is carried forward",
}
GAP_H = 24
_BOLUSES = "iv_fluid_boluses"
_MOST_BOLUSES = int(OBSERVATION[_BOLUSES].high)


@dataclasses.dataclass(frozen=True, slots=True)
class Applied:
    """How often a rule was applied to a chart, and where first."""

    rule: str
    count: int
    first: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """The case that a chart became, as the protocol writes it, and the rules that made it."""

    raw: Raw
    applied: tuple[Applied, ...]
    sources: tuple[str, ...] = ()


def merged(chart: Chart, within: str | None, tell: Tell) -> Merged:
    """The case of a chart, its rows merged within an hour, a minute, or (None) not at all.

    Rows with a value that the protocol refuses are told, and then nothing is merged, so that the case is refused.

    >>> chart = Chart("a", {}, (Row(1.5, {"temp_c": 38.2}), Row(1.25, {"temp_c": 39.0})))
    >>> merged(chart, "hour", print).raw["observations"]
    [{'time_h': 1.5, 'temp_c': 39.0}]
    """
    raw: Raw = {"id": chart.id, "patient": dict(chart.patient)}
    if _refused(chart, tell) or within is None:
        raw["observations"] = [{"time_h": row.time_h, **row.values} for row in chart.rows]
        return Merged(raw | {"treatments": list(chart.treatments)}, ())
    rows = sorted(chart.rows, key=_minute)
    late = [b for a, b in itertools.pairwise(chart.rows) if _minute(b) < _minute(a)]
    once = list(_once(rows))
    whole = list(_joined(once))
    doses = list({tuple(sorted(dose.items())): dose for dose in chart.treatments}.values())
    changes = sorted(_minute_of(dose["time_h"]) for dose in doses if dose["drug"] in DRUGS["vasopressor"])

    def span(row: Row) -> tuple[int, int]:
        """The hour or minute of a row, and how many doses of vasopressors came before it."""
        return _minute(row) // WITHIN[within], bisect.bisect_right(changes, _minute(row))

    bins = [list(each) for _, each in itertools.groupby(whole, key=span)]
    several = [rows for rows in bins if len(rows) > 1]
    observations = [_observation(rows) for rows in bins]
    differing = [told for rows, made in zip(bins, observations, strict=True) for told in _differing(rows, made)]
    gaps = [a for a, b in itertools.pairwise(once) if b.time_h - a.time_h > GAP_H]
    found = (
        Applied("order", len(late), _place(late)),
        Applied("duplicate", len(rows) - len(once), _place(_twice(rows))),
        Applied("dose", len(chart.treatments) - len(doses)),
        Applied("joined", len(once) - len(whole)),
        Applied("within", sum(map(len, several)), _place(several[0]) if several else ""),
        Applied("worst", len(differing), differing[0] if differing else ""),
        Applied("gap", len(gaps), f"after {gaps[0].time_h:g} h" if gaps else ""),
    )
    raw["observations"] = observations
    raw["treatments"] = doses
    sources = tuple(sorted({row.source for row in rows if row.source}))
    return Merged(raw, tuple(each for each in found if each.count), sources)


def summed(charts: Iterable[Merged]) -> tuple[Applied, ...]:
    """The rules that were applied to some charts, counted together; the first place of each names its chart."""
    found: dict[str, Applied] = {}
    for chart in charts:
        for each in chart.applied:
            held = found.get(each.rule)
            first = f"{each.first} of {chart.raw['id']}" if each.first else str(chart.raw["id"])
            found[each.rule] = Applied(
                each.rule, each.count + (held.count if held else 0), held.first if held else first
            )
    return tuple(found[rule] for rule in RULES if rule in found)


def rules_told(applied: Iterable[Applied], within: str) -> Iterator[str]:
    """The rules that were applied, in words, with how often and where first.

    >>> list(rules_told([Applied("duplicate", 2, "row 7")], "hour"))
    ['rows that chart the same at the same minute, whatever their source, count once (2, first at row 7)']
    """
    for each in applied:
        first = f", first at {each.first}" if each.first else ""
        yield f"{RULES[each.rule].format(within=within, gap_h=GAP_H)} ({each.count:,}{first})"


def _refused(chart: Chart, tell: Tell) -> bool:
    """Whether some row holds what the protocol refuses; each such value is told with its place."""
    found = False
    for row in chart.rows:
        for name, value in (("time_h", row.time_h), *row.values.items()):
            allowed = OBSERVATION[name].fault(value)
            if allowed is not None:
                tell(Remark(f"{row.place}, column {name}", f"{value} is not {allowed}; the case is refused"))
                found = True
    for dose in chart.treatments:
        allowed = TREATMENT["time_h"].fault(dose["time_h"])
        if allowed is not None:
            tell(
                Remark(f"a dose of {dose['drug']}", f"its time {dose['time_h']} is not {allowed}; the case is refused")
            )
            found = True
    return found


def _minute(row: Row) -> int:
    return _minute_of(row.time_h)


def _minute_of(time_h: float) -> int:
    return math.floor(60 * time_h + 0.5)


def _same(a: Row, b: Row) -> bool:
    return _minute(a) == _minute(b) and a.values == b.values


def _once(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows in order of time without those that say the same as an earlier one of their minute."""
    for _, each in itertools.groupby(rows, key=_minute):
        kept: list[Row] = []
        for row in each:
            if not any(_same(row, other) for other in kept):
                kept.append(row)
        yield from kept


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows of which those of one minute are one, where no field has two values there."""
    for _, each in itertools.groupby(rows, key=_minute):
        here = list(each)
        values: dict[str, Any] = {}
        for row in here:
            values |= row.values
        scores = any(total in values and items in values for total, items in ITEMS_OF.items())
        contradicted = values.get("o2_device") == "none" and values.get("o2_flow_l_min")  # a flow of no device
        if (
            len(here) == 1
            or scores
            or contradicted
            or any(values[name] != row.values[name] for row in here for name in row.values)
        ):
            yield from here
        else:
            source = " and ".join(sorted({row.source for row in here if row.source}))
            yield Row(here[-1].time_h, values, here[0].place, source)


def _twice(rows: Sequence[Row]) -> list[Row]:
    kept = {id(row) for row in _once(rows)}
    return [row for row in rows if id(row) not in kept]


def _observation(rows: Sequence[Row]) -> dict[str, Any]:
    found = {"time_h": rows[-1].time_h, **worst_of([row.values for row in rows])}
    return found | ({_BOLUSES: _boluses(rows)} if len(rows) > 1 and _BOLUSES in found else {})


def _boluses(rows: Sequence[Row]) -> int:
    """Boluses since the observation before: those of each minute, of which its rows chart the same, added up."""
    charted = [row for row in rows if _BOLUSES in row.values]
    minutes = [list(each) for _, each in itertools.groupby(charted, key=_minute)]
    total: int = sum(max(row.values[_BOLUSES] for row in each) for each in minutes)
    return min(_MOST_BOLUSES, total)


def _differing(rows: Sequence[Row], made: Mapping[str, Any]) -> Iterator[str]:
    """The fields of which rows chart another value than what was made of them, in words."""
    for name, field in OBSERVATION.items():
        charted = [(row.values[name], row) for row in rows if name in row.values]
        taken = made.get(name, field.default)
        if any(value != charted[0][0] or value != taken for value, _ in charted):
            each = " and ".join(f"{value} ({_where(row)})" for value, row in charted[:3])
            yield f"{rows[-1].time_h:g} h, {name} {each}"


def _where(row: Row) -> str:
    return ", ".join(part for part in (row.source, row.place) if part) or f"{row.time_h:g} h"


def _place(rows: Sequence[Row]) -> str:
    return _where(rows[0]) if rows else ""
