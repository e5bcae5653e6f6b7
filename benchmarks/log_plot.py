"""Curves over two logarithmic axes as SVG text."""

import dataclasses
import math
from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _RIGHT = 560.0, 320.0, 64.0, 40.0, 48.0, 96.0
_COLOURS = ("#1565c0", "#c2185b", "#37474f", "#ef6c00")


@dataclasses.dataclass(frozen=True, slots=True)
class Curve:
    """A name, and points of two positive numbers each."""

    name: str
    points: Sequence[tuple[float, float]]


def log_plot(title: str, across: str, up: str, curves: Sequence[Curve]) -> str:
    """Curves with their points, on a grid of powers of ten.

    >>> "100" in log_plot("t", "x", "y", [Curve("a", [(1, 2), (100, 30)])])
    True
    """
    xs = _decades([x for curve in curves for x, _ in curve.points])
    ys = _decades([y for curve in curves for _, y in curve.points])
    parts = [f"<title>{escape(title)}</title>", f'<rect width="{_WIDTH:g}" height="{_HEIGHT:g}" fill="#ffffff"/>']
    parts.append(_text(_LEFT, 20, title, 13, "start"))
    for power in xs:
        x = _x(10.0**power, xs)
        parts.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 16, f"{10**power:,}", 10, "middle"))
    for power in ys:
        y = _y(10.0**power, ys)
        parts.append(_line(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 6, y + 3, f"{10.0**power:,g}", 10, "end"))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 12, across, 11, "middle"))
    parts.append(_text(8, _TOP - 8, up, 11, "start"))
    for curve, colour in zip(curves, _COLOURS, strict=False):
        places = [(_x(x, xs), _y(y, ys)) for x, y in curve.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
    for (y, name), colour in zip(_apart(curves, ys), _COLOURS, strict=False):
        parts.append(_text(_WIDTH - _RIGHT + 8, y + 3, name, 11, "start", colour))
    label = f'role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'
    return f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" {label}>{"".join(parts)}</svg>'


def _decades(values: Sequence[float]) -> range:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return range(low, max(high, low + 1) + 1)


def _apart(curves: Sequence[Curve], ys: range) -> list[tuple[float, str]]:
    """Where the name of each curve stands: at its end, and none upon another."""
    ends = [(_y(curve.points[-1][1], ys), curve.name) for curve in curves]
    placed: dict[str, float] = {}
    for y, name in sorted(ends):
        placed[name] = max(y, *(above + 14 for above in placed.values()), y)
    return [(placed[curve.name], curve.name) for curve in curves]


def _x(value: float, decades: range) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (math.log10(value) - decades[0]) / (decades[-1] - decades[0])


def _y(value: float, decades: range) -> float:
    share = (math.log10(value) - decades[0]) / (decades[-1] - decades[0])
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#cfd8dc"/>'


def _text(x: float, y: float, words: str, size: float, anchor: str, fill: str = "#37474f") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{fill}"'
    return f"<text {place}>{escape(words)}</text>"
