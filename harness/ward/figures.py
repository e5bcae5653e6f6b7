"""The days of a ward as SVG text: a line for the mean, a band from the least to the most of the replications."""

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape

from harness.ward.daily import Floats, Line

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 420.0, 220.0, 40.0, 10.0, 24.0, 38.0
FAR = 6  # times the highest of the lines
HEADROOM = 1.18  # for words above the highest line
CLASSES = ("one", "two")
Scale = Callable[[float], float]


def day_chart(
    title: str,
    y_words: str,
    lines: Sequence[Line],
    limit: tuple[float, str] | None = None,
    surge_days: tuple[float, float] | None = None,
) -> str:
    """A figure over the days of a ward; ``limit`` is drawn with its words, the days of a surge are shaded.

    A limit far above all lines has its words only, so that the lines are seen.
    """
    days = float(lines[0].every_days * len(lines[0].mean))
    top = max(1.0, *(float(line.most.max()) for line in lines))
    is_far = limit is not None and limit[0] > FAR * top
    if limit and not is_far:
        top = max(top, limit[0])
    steps = ticks(top)
    top *= HEADROOM

    def x(day: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * min(day, days) / days

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = []
    if surge_days and surge_days[0] < days:
        begin, end = x(surge_days[0]), x(surge_days[1])
        parts.append(
            f'<rect class="surge" x="{begin:.1f}" y="{TOP:g}" width="{end - begin:.1f}" '
            f'height="{HEIGHT - TOP - BOTTOM:g}"><title>surge</title></rect>'
        )
        parts.append(_text(min((begin + end) / 2, WIDTH - RIGHT - 16), TOP + 11, "surge", "middle"))
    for value in steps:
        parts.append(_across(y(value), "grid"))
        parts.append(_text(LEFT - 5, y(value) + 4, f"{value:,g}", "end"))
    for day in ticks(days):
        parts.append(_text(x(day), HEIGHT - BOTTOM + 15, f"{day:,g}", "middle"))
    for which, line in zip(CLASSES, lines, strict=False):
        parts += _drawn(line, which, x, y)
    if limit:
        is_late = surge_days is not None and surge_days[1] > 0.7 * days  # its word is on the right
        place, anchor = (LEFT + 4, "start") if is_late else (WIDTH - RIGHT, "end")
        at, words = (top / HEADROOM, f"{limit[1]}, above ↑") if is_far else limit
        parts.append(_text(place, y(at) - 5, words, anchor))
        if not is_far:
            parts.append(_across(y(limit[0]), "limit"))
    parts.append(_text(4, 12, y_words))
    parts.append(_text(WIDTH - RIGHT, HEIGHT - 5, "day of the ward", "end"))
    said = escape(f"{title}: {'; '.join(map(_said, lines))}{f'; limit {limit[1]}' if limit else ''}", quote=True)
    return (
        f'<svg class="days" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{said}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{said}</title>{"".join(parts)}</svg>'
    )


def ticks(top: float) -> list[float]:
    """Round numbers from 0 to at most so much, six of them or fewer.

    >>> ticks(4), ticks(48), ticks(380)
    ([0, 1, 2, 3, 4], [0, 10, 20, 30, 40], [0, 100, 200, 300])
    """
    power = 10 ** math.floor(math.log10(top / 5)) if top > 5 else 1
    step = next(power * by for by in (1, 2, 5, 10) if top / (power * by) <= 5)
    return [step * i for i in range(int(top / step) + 1)]


def _said(line: Line) -> str:
    return (
        f"{line.name} {line.mean.mean():.1f} on the mean, {line.most.max():.1f} on the fullest day of any replication"
    )


def _drawn(line: Line, which: str, x: Scale, y: Scale) -> Iterator[str]:
    """A band and the line in it, each point in the middle of its days."""
    places = [x(line.every_days * (i + 0.5)) for i in range(len(line.mean))]
    over, under = _points(places, line.most, y), _points(places, line.least, y)
    yield f'<polygon class="band {which}" points="{" ".join([*over, *reversed(under)])}"/>'
    yield f'<polyline class="mean {which}" points="{" ".join(_points(places, line.mean, y))}"/>'


def _points(places: Sequence[float], values: Floats, y: Scale) -> list[str]:
    return [f"{place:.1f},{y(value):.1f}" for place, value in zip(places, values.tolist(), strict=True)]


def _across(at: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{LEFT:g}" y1="{at:.1f}" x2="{WIDTH - RIGHT:g}" y2="{at:.1f}"/>'


def _text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
