"""A chart as one SVG, drawn on the server: colours by class, so that light, dark and print have their own."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup, escape

from cartox_core import Treatment
from cartox_core.observation import DRUGS
from harness.train.chart import Chart, Line, Strip

WIDTH, LEFT, RIGHT = 780.0, 122.0, 12.0
LINE_HEIGHT, STRIP_HEIGHT, GAP, AXIS = 66.0, 18.0, 8.0, 30.0
_NOW = 118.0  # px right of now, for the latest values and words
_DRUG_ROW, _DRUG_LETTER = 10.0, 5.2  # px of a row of names of drugs, and of a letter in it
_DECIDING = frozenset(DRUGS["anticytokine"] + DRUGS["corticosteroid"] + DRUGS["vasopressor"])
_SHORT = {"gcsf": "G-CSF", "methylprednisolone": "MP", "acetaminophen": "apap"}
_NOW_LETTERS = 20  # that fit right of now
_SHORTER = {
    "nasal cannula": "cannula",
    "high-flow cannula": "high-flow",
    "(another cause)": "(other)",
    "for another cause": "other",
    "vasopressin not charted": "vasopressin?",
    "device not charted,": "device?",
    "unarousable (sedated)": "unarousable, sedated",
}
_LETTER, _SHORTEST = 5.4, 24.0  # px of a letter in a strip, and of a strip in which words are cut short


def drawn(chart: Chart, tutor: bool) -> Markup:
    """The chart. With ``tutor`` thresholds are drawn, else none.

    >>> from cartox_core import read_case
    >>> from harness.train.chart import chart_of
    >>> case = read_case({"observations": [{"time_h": 4, "temp_c": 37.1}, {"time_h": 8, "temp_c": 38.6}]})
    >>> "38" in drawn(chart_of(case), tutor=True), 'class="threshold"' in drawn(chart_of(case), tutor=False)
    (True, False)
    """
    named = _named(chart)
    rows = 1 + max((row for row in named.values() if row is not None), default=0)
    height = AXIS + sum(_height(lane) + GAP for lane in chart.lanes) + 20 + _DRUG_ROW * rows
    title = f"Chart from hour {chart.start_h:g} to hour {chart.now_h:g}; the table below has the same values"
    parts = "".join(_parts(chart, tutor, named))
    return Markup(  # noqa: S704 - every word in it is escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{escape(title)}">{parts}</svg>'
    )


def _height(lane: Line | Strip) -> float:
    return LINE_HEIGHT if isinstance(lane, Line) else STRIP_HEIGHT


def _x(chart: Chart, hour: float) -> float:
    span = max(chart.now_h - chart.start_h, 24.0)
    return LEFT + (WIDTH - LEFT - RIGHT - _NOW) * (hour - chart.start_h) / span


def _parts(chart: Chart, tutor: bool, named: Mapping[Treatment, int | None]) -> Iterator[str]:
    top, now = AXIS, _x(chart, chart.now_h)
    yield from _hours(chart, top + sum(_height(lane) + GAP for lane in chart.lanes))
    for lane in chart.lanes:
        yield from _line(chart, lane, top, tutor) if isinstance(lane, Line) else _strip(chart, lane, top)
        yield _label(lane, top)
        if not _is_charted(chart, lane):
            yield _text(now + 6, top + _height(lane) / 2 + 4, "not charted", "none")
        top += _height(lane) + GAP
    yield f'<line class="now" x1="{now:.1f}" x2="{now:.1f}" y1="{AXIS - 6:g}" y2="{top:g}"/>'
    yield _text(LEFT - 8, top + 12, "Given", "name", "end")
    yield from _drugs(chart, top, named)


def _hours(chart: Chart, bottom: float) -> Iterator[str]:
    """Days and hours along the top, a rule every twelve hours."""
    first = int(chart.start_h // 12) * 12
    for hour in range(first, int(chart.now_h) + 13, 12):
        if hour < chart.start_h:
            continue
        x = _x(chart, hour)
        if x > WIDTH - RIGHT + 0.5:
            break
        yield f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{AXIS - 6:g}" y2="{bottom + 2:g}"/>'
        day, within = divmod(hour, 24)
        words = f"day {day}" if within == 0 else f"{within:02d}:00"
        yield _text(x, AXIS - 12, words, "day" if within == 0 else "hour", "middle")


def _is_charted(chart: Chart, lane: Line | Strip) -> bool:
    """Whether the last round tells of a lane."""
    if isinstance(lane, Strip):
        return lane.is_charted
    return bool(lane.points) and lane.points[-1][0] == chart.now_h


def _label(lane: Line | Strip, top: float) -> str:
    middle = top + _height(lane) / 2 + 4
    return _left_label(lane, middle) + _text(WIDTH - RIGHT, top - 1, lane.title, "again", "end")


def _left_label(lane: Line | Strip, middle: float) -> str:
    if isinstance(lane, Strip):
        return _text(LEFT - 8, middle, lane.title, "name", "end")
    return _text(LEFT - 30, middle - 6, lane.title, "name", "end") + _text(
        LEFT - 30, middle + 8, lane.unit, "unit", "end"
    )


def _line(chart: Chart, lane: Line, top: float, tutor: bool) -> Iterator[str]:
    def y(value: float) -> float:
        share = (min(max(value, lane.low), lane.high) - lane.low) / (lane.high - lane.low)
        return top + LINE_HEIGHT * (1 - share)

    right = WIDTH - RIGHT
    yield f'<rect class="lane" x="{LEFT:g}" y="{top:g}" width="{right - LEFT:g}" height="{LINE_HEIGHT:g}"/>'
    for value in lane.ticks:
        yield _text(LEFT - 4, y(value) + 3, f"{value:g}", "tick", "end")
    for value in lane.thresholds if tutor else ():
        yield f'<line class="threshold" x1="{LEFT:g}" x2="{right:g}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        yield _text(right - 2, y(value) + 8, _threshold(lane, value), "limit", "end")
    if not lane.points:
        return
    if lane.down_to:
        lower = dict(lane.down_to)
        for hour, value in lane.points:
            if hour in lower:
                x = _x(chart, hour)
                yield f'<line class="bar" x1="{x:.1f}" x2="{x:.1f}" y1="{y(value):.1f}" y2="{y(lower[hour]):.1f}"/>'
        hour, value = lane.points[-1]
        below = f"{lower[hour]:g}" if hour in lower else "–"
        yield _last(chart, lane, y(value), f"{value:g}/{below}")
        return
    path = " ".join(f"{_x(chart, hour):.1f},{y(value):.1f}" for hour, value in lane.points)
    yield f'<polyline class="curve" points="{path}"/>'
    for hour, value in lane.points:
        yield f'<circle class="dot" cx="{_x(chart, hour):.1f}" cy="{y(value):.1f}" r="2"/>'
    latest = lane.points[-1][1]
    yield _last(chart, lane, y(latest), f"{latest:.1f}" if lane.unit == "°C" else f"{latest:g}")


def _threshold(lane: Line, value: float) -> str:
    """What a threshold parts: a temperature, or two points of a score."""
    return f"{value:.1f}" if lane.unit == "°C" else f"{value - 0.5:g}|{value + 0.5:g}"


def _last(chart: Chart, lane: Line, y: float, words: str) -> str:
    """The latest value in figures, left of its point, where it was charted now."""
    hour = lane.points[-1][0]
    return _text(_x(chart, hour) + 6, y + 4, words, "value") if hour == chart.now_h else ""


def _strip(chart: Chart, lane: Strip, top: float) -> Iterator[str]:
    right = WIDTH - RIGHT
    yield f'<rect class="lane" x="{LEFT:g}" y="{top:g}" width="{right - LEFT:g}" height="{STRIP_HEIGHT:g}"/>'
    if not lane.spans:
        return
    now = _x(chart, chart.now_h)
    ends = [_x(chart, span.start_h) for span in lane.spans[1:]] + [now]
    for span, free in zip(lane.spans, ends, strict=True):
        x, end = _x(chart, span.start_h), min(_x(chart, span.end_h), right)
        width = max(end - x, 4.0)
        told = escape(f"{lane.title}: {span.words}, from hour {span.start_h:g}")
        yield (
            f'<g><title>{told}</title><rect class="s{span.strength}" x="{x:.1f}" y="{top:g}" width="{width:.1f}" '
            f'height="{STRIP_HEIGHT:g}"/></g>'
        )
        fits = int((max(free, end) - x - 4) / _LETTER)
        if len(span.words) <= fits or width > _SHORTEST:
            words = span.words if len(span.words) <= fits else f"{span.words[: fits - 1]}…"
            inside = len(words) * _LETTER <= width
            yield _text(x + 3, top + 13, words, f"in s{span.strength}" if inside else "in")
    if lane.is_charted:
        yield _text(now + 6, top + 13, _at_now(lane.spans[-1].words), "in at-now")


def _at_now(words: str) -> str:
    """The latest words of a strip, short enough for the place right of now.

    >>> _at_now("high-flow cannula 40 L/min"), _at_now("seizure: brief; sixth nerve palsy")
    ('high-flow 40 L/min', 'seizure: brief; six…')
    """
    for long, short in _SHORTER.items():
        words = words.replace(long, short)
    return words if len(words) <= _NOW_LETTERS else f"{words[: _NOW_LETTERS - 1]}…"


def _drugs(chart: Chart, top: float, named: Mapping[Treatment, int | None]) -> Iterator[str]:
    """A mark at each dose, with its name in the row that it has below."""
    for dose in chart.drugs:
        x, row = _x(chart, dose.time_h), named[dose]
        amount = f" {dose.dose:g} {(dose.unit or '').replace('ug', 'µg')}" if dose.dose is not None else ""
        told = escape(f"{dose.drug}{amount}, hour {dose.time_h:g}")
        yield f'<g class="dose"><title>{told}</title><path d="M{x:.1f} {top:g}l5 9h-10z"/></g>'
        if row is not None:
            yield _text(x, top + 19 + _DRUG_ROW * row, _short(dose), "drug", "middle")


def _named(chart: Chart) -> dict[Treatment, int | None]:
    """The row of each dose's name, the first that is free; what decides always has one."""
    found: dict[Treatment, int | None] = {}
    taken: dict[int, list[tuple[float, float]]] = {0: []}
    for dose in sorted(set(chart.drugs), key=lambda dose: (dose.drug not in _DECIDING, dose.time_h, dose.drug)):
        half, x = _DRUG_LETTER * len(_short(dose)) / 2 + 1, _x(chart, dose.time_h)
        free = [row for row, there in taken.items() if all(x + half <= a or x - half >= b for a, b in there)]
        if not free and dose.drug in _DECIDING:
            free = [len(taken)]
        found[dose] = free[0] if free else None
        if free:
            taken.setdefault(free[0], []).append((x - half, x + half))
    return found


def _short(dose: Treatment) -> str:
    return _SHORT.get(dose.drug, dose.drug[:4])


def _text(x: float, y: float, words: str, name: str, anchor: str = "start") -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
