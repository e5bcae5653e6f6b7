"""A table of a report in plain text."""

from collections.abc import Collection, Sequence

from tabulate import tabulate


def table(
    rows: Sequence[Sequence[str]],
    heads: Sequence[str],
    left: int,
    words: Collection[str] = (),
    widths: Sequence[int | None] | None = None,
) -> str:
    """Rows under their heads: words to the left, in the first ``left`` columns and under those heads; else figures.

    ``widths`` are the most signs of the first columns, which are broken into lines.

    >>> print(table([["crs", "1,200", "ok"], ["icans", "9", "not ok"]], ["scale", "cases", "verdict"], 1, ["verdict"]))
    scale      cases  verdict
    -------  -------  ---------
    crs        1,200  ok
    icans          9  not ok
    """
    align = ["left" if i < left or head in words else "right" for i, head in enumerate(heads)]
    most = None if widths is None else [*widths, *[None] * (len(heads) - len(widths))]
    found = tabulate(rows, heads, colalign=align if rows else None, disable_numparse=True, maxcolwidths=most)
    return str(found)
