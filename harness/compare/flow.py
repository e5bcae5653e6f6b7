"""Patients flowing from their peaks under OLD to those under NEW, as SVG text: bands as wide as they are many."""

from collections.abc import Iterator, Sequence
from html import escape

WIDTH, HEIGHT, BAR, GAP = 560.0, 300.0, 14.0, 7.0
LEFT, TOP = 96.0, 22.0
_LABEL = 14.0  # what a label needs
_THINNEST = 1.5  # so that one patient in thousands is still seen
Matrix = Sequence[Sequence[int]]


def flow(matrix: Matrix, title: str, heads: tuple[str, str]) -> str:
    """A figure of a matrix (old, new); classes same, higher and lower colour the bands, g0 to g5 the bars.

    >>> flow([[2, 0], [1, 3]], "CRS", ("OLD", "NEW")).count("<path")
    3
    """
    thick = _thickness(matrix)
    olds, news = [sum(row) for row in thick], [sum(column) for column in zip(*thick, strict=True)]
    at_old, at_new = list(_tops(olds)), list(_tops(news))
    right = WIDTH - LEFT - BAR
    parts = list(_bands(matrix, thick, list(at_old), list(at_new), right))
    for x, tops, sizes, counts, anchor in (
        (LEFT, at_old, olds, [sum(row) for row in matrix], "end"),
        (right, at_new, news, [sum(column) for column in zip(*matrix, strict=True)], "start"),
    ):
        for grade, (top, size, count) in enumerate(zip(tops, sizes, counts, strict=True)):
            if count:
                beside = x - 6 if anchor == "end" else x + BAR + 6
                words = f"grade {grade}: {count:,}"
                parts.append(
                    f'<rect class="g{grade}" x="{x:.1f}" y="{top:.1f}" width="{BAR:g}" height="{size:.1f}"/>'
                    f'<text x="{beside:.1f}" y="{top + size / 2 + 4:.1f}" text-anchor="{anchor}">{words}</text>'
                )
    parts += [
        f'<text class="head" x="{LEFT + BAR:g}" y="14" text-anchor="end">{escape(heads[0])}</text>',
        f'<text class="head" x="{right:g}" y="14">{escape(heads[1])}</text>',
    ]
    bottom = max(at_old[-1] + olds[-1], at_new[-1] + news[-1]) + 6
    return (
        f'<svg class="flow" viewBox="0 0 {WIDTH:g} {bottom:.0f}" role="img" aria-label="{escape(title)}" '
        f'xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def _thickness(matrix: Matrix) -> list[list[float]]:
    total = sum(map(sum, matrix)) or 1
    scale = (HEIGHT - GAP * len(matrix)) / total
    return [[max(_THINNEST, scale * n) if n else 0.0 for n in row] for row in matrix]


def _tops(sizes: Sequence[float]) -> Iterator[float]:
    """Where each bar begins."""
    at = TOP
    for size in sizes:
        yield at
        at += max(size + GAP, _LABEL) if size else 0


def _bands(
    matrix: Matrix, thick: Sequence[Sequence[float]], at_old: list[float], at_new: list[float], right: float
) -> Iterator[str]:
    x1, x2 = LEFT + BAR, right
    middle = (x1 + x2) / 2
    for old, row in enumerate(matrix):
        for new, count in enumerate(row):
            if not count:
                continue
            y1, y2, size = at_old[old], at_new[new], thick[old][new]
            at_old[old] += size
            at_new[new] += size
            kind = "same" if old == new else "higher" if new > old else "lower"
            over = f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
            y1, y2 = y1 + size, y2 + size
            under = f"v{size:.1f} C{middle:.1f},{y2:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f} z"
            yield f'<path class="{kind}" d="{over} {under}"><title>grade {old} → {new}: {count:,}</title></path>'
