"""Figures of the report as SVG text: onset curves, distributions of grades, single courses.

Drawn by hand so that the page needs no script and nothing from another host. Colours are ordered by
lightness, so that grades can be told apart without hue; every figure has a title for screen readers.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from harness.cohort.example import Example

GRADE_FILL = ("#eceff1", "#ffe082", "#ffb74d", "#f4743b", "#b71c1c", "#311b3a")
GRADE_INK = ("#37474f", "#37474f", "#37474f", "#37474f", "#ffffff", "#ffffff")
LINE, TARGET, FAINT, INK = "#1565c0", "#c2185b", "#cfd8dc", "#37474f"


def _svg(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str, size: float = 10, anchor: str = "start", fill: str = INK) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{fill}">'
        f"{escape(words)}</text>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{width:g}"{dashed}/>'


def _rect(x: float, y: float, width: float, height: float, fill: str, title: str = "") -> str:
    inner = f"<title>{escape(title)}</title>" if title else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{fill}">{inner}</rect>'
    )


def onset_curve(name: str, onset_min: Counter[int], printed_days: float, median_days: float | None) -> str:
    """Cumulative share of CRS onsets over 14 days, with the median of Table 1 and the simulated one."""
    width, height, left, top, bottom = 230.0, 150.0, 28.0, 22.0, 26.0
    total = sum(onset_min.values())

    def x(day: float) -> float:
        return left + (width - left - 8) * min(day, 14) / 14

    def y(share: float) -> float:
        return top + (height - top - bottom) * (1 - share)

    parts = [_text(4, 13, name, 11)]
    for share in (0, 0.5, 1):
        parts.append(_line(left, y(share), width - 8, y(share), FAINT, 0.6))
        parts.append(_text(left - 3, y(share) + 3, f"{100 * share:.0f}%", 7, "end"))
    for day in (0, 2, 4, 7, 10, 14):
        parts.append(_text(x(day), height - bottom + 11, str(day), 7, "middle"))
    parts.append(_text(x(7), height - 4, "days since infusion", 7, "middle"))
    if total:
        seen, path = 0, [f"M{x(0):.1f} {y(0):.1f}"]
        for minute in sorted(onset_min):
            path.append(f"H{x(minute / 1440):.1f}")
            seen += onset_min[minute]
            path.append(f"V{y(seen / total):.1f}")
        path.append(f"H{x(14):.1f}")
        parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{LINE}" stroke-width="1.6"/>')
    parts.append(_line(x(printed_days), y(0), x(printed_days), y(1), TARGET, 1.2, "4 3"))
    if median_days is not None:
        parts.append(f'<circle cx="{x(median_days):.1f}" cy="{y(0.5):.1f}" r="3" fill="{LINE}"/>')
    said = "none" if median_days is None else f"{median_days:.2f}"
    return _svg(width, height, f"{name}: onset of CRS; median of Table 1 {printed_days:g} d, simulated {said} d", parts)


def grade_bars(title: str, peaks: Sequence[tuple[str, Counter[int]]]) -> str:
    """One stacked bar a trial: the share of patients by peak grade."""
    width, row, left = 560.0, 22.0, 140.0
    span = width - left - 10
    parts = [_text(4, 14, title, 12)]
    for i, (name, counts) in enumerate(peaks):
        total, at, y = sum(counts.values()), left, 24 + i * row
        parts.append(_text(left - 6, y + 12, name, 10, "end"))
        for grade in range(6):
            share = counts[grade] / total
            parts.append(
                _rect(at, y, span * share, row - 6, GRADE_FILL[grade], f"{name}, grade {grade}: {100 * share:.1f} %")
            )
            if share > 0.05:
                words = f"{100 * share:.0f}"
                parts.append(_text(at + span * share / 2, y + 12, words, 9, "middle", GRADE_INK[grade]))
            at += span * share
    y = 24 + len(peaks) * row + 8
    for grade in range(6):
        parts.append(_rect(left + grade * 62, y, 12, 12, GRADE_FILL[grade]))
        parts.append(_text(left + grade * 62 + 16, y + 10, f"grade {grade}", 9))
    return _svg(width, y + 20, title, parts)


def course_chart(example: Example) -> str:
    """A bedside chart: temperature, support, ICE or CAPD, drugs, and the strips of grades under it."""
    observations = example.case["observations"]
    times = example.times_h
    last_ill = max((t for s in example.floors.values() for t, g in zip(times, s, strict=False) if g), default=48.0)
    end = min(times[-1], max(last_ill + 24, 96.0)) or 1.0
    width, left = 560.0, 74.0

    def x(hour: float) -> float:
        return left + (width - left - 10) * min(hour, end) / end

    def y(temp: float) -> float:
        return 20 + 80 * (41 - temp) / 5

    shown = [(t, o) for t, o in zip(times, observations, strict=True) if t <= end]
    parts = [_line(left, y(38), width - 10, y(38), TARGET, 0.8, "4 3"), _text(left - 4, y(38) + 3, "38.0 °C", 8, "end")]
    points = [f"{x(t):.1f},{y(o['temp_c']):.1f}" for t, o in shown if "temp_c" in o]
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{LINE}" stroke-width="1.3"/>')
    lanes = (
        ("vasopressors", [(t, o.get("vasopressors", 0) + (1 if o.get("vasopressin") else 0)) for t, o in shown], 116.0),
        ("hypotension", [(t, int(bool(o.get("hypotension")))) for t, o in shown], 130.0),
        ("oxygen", [(t, _support(o)) for t, o in shown], 144.0),
    )
    for name, values, top in lanes:
        parts.append(_text(left - 4, top + 8, name, 8, "end"))
        parts.append(_rect(left, top, width - left - 10, 10, "#f7f9fa"))
        for (t, value), (after, _) in zip(values, [*values[1:], (end, 0)], strict=True):
            if value:
                shade = ("#b3e5fc", "#4fc3f7", "#0277bd", "#01579b")[min(value, 4) - 1]
                parts.append(_rect(x(t), top, x(after) - x(t) + 0.3, 10, shade, f"{name} {value} at {t:g} h"))
    dense = 12 if end <= 150 else 24 if end <= 400 else 48
    parts.append(_text(left - 4, 170, "CAPD" if any("capd" in o for _, o in shown) else "ICE", 8, "end"))
    for t, o in shown:
        score = o.get("ice", o.get("capd"))
        if score is not None and t % dense == 0:
            parts.append(_text(x(t), 170, str(score), 7, "middle"))
    for i, (name, label) in enumerate((("crs", "CRS"), ("icans", "ICANS"))):
        top = 180.0 + 16 * i
        parts.append(_text(left - 4, top + 9, label, 8, "end"))
        graded = list(zip(times, example.floors[name], example.ceilings[name], strict=True))
        known = [(t, f) for t, f, c in graded if t <= end and (f == c or name == "crs")]
        for (t, grade), (after, _) in zip(known, [*known[1:], (end, 0)], strict=True):
            parts.append(_rect(x(t), top, x(after) - x(t) + 0.3, 12, GRADE_FILL[grade], f"{label} {grade} at {t:g} h"))
    drugs = {g["drug"] for g in example.case["treatments"]} - {"acetaminophen"}
    for given in example.case["treatments"]:
        if given["drug"] in drugs and given["time_h"] <= end:
            parts.append(_text(x(given["time_h"]), 224, given["drug"][0].upper(), 8, "middle", TARGET))
    parts.append(_text(left - 4, 224, "drugs", 8, "end"))
    for day in range(0, int(end // 24) + 1, max(1, round(end / 240))):
        parts.append(_text(x(24 * day), 240, f"day {day}" if day == 0 else str(day), 7, "middle"))
    return _svg(width, 246, f"Course of {example.address}", parts)


def _support(observation: dict[str, object]) -> int:
    """How strong the oxygen support is, for the shade of its lane."""
    device, flow = observation.get("o2_device"), observation.get("o2_flow_l_min")
    if device in (None, "none"):
        return 0
    if device in ("cpap", "bipap", "mechanical_ventilation"):
        return 3
    low = device == "blow_by" or ("cannula" in str(device) and isinstance(flow, int | float) and flow <= 6)
    return 1 if low else 2
