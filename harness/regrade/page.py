"""A comparison as one HTML page that needs nothing but itself."""

from importlib import resources
from itertools import groupby
from typing import Any

from jinja2 import Environment

from cartox_core.bibliography import bibliography
from harness.look import style
from harness.regrade.agreement import GRADES, Family, Pair
from harness.regrade.published import NOTE
from harness.regrade.report import (
    COLUMN_HEADS,
    PAIR_HEADS,
    column_table,
    family_word,
    heading,
    kappa_word,
    pair_table,
    percent,
    share_words,
    uncharted_lines,
)
from harness.regrade.result import HOW_COUNTED, NOT_FOR_TREATING, WEIGHTS, Comparison, range_word

MOST_ROWS = 500


def html_report(comparison: Comparison, rows: bool) -> str:
    """The whole page; ``rows`` with a line for each of the first patients."""
    text = (resources.files("harness.regrade") / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    found = comparison.regraded
    first = zip(found.patients, found.floors.tolist(), found.ceilings.tolist(), strict=True) if rows else ()
    return environment.from_string(text).render(
        style=style(),
        heading=heading(comparison),
        note=NOT_FOR_TREATING,
        counted=HOW_COUNTED,
        weights=WEIGHTS,
        unders=found.unders,
        families=[_family(f) for f in comparison.families],
        column_heads=COLUMN_HEADS,
        pair_heads=PAIR_HEADS,
        uncharted=list(uncharted_lines(comparison)),
        studies=[(s, list(b)) for s, b in groupby(comparison.published, lambda b: b.study)],
        works={key: bibliography()[key] for key in dict.fromkeys(_keys(comparison))},
        published_note=NOTE,
        rows=[
            (name, [(range_word(a, b), a, a != b) for a, b in zip(low, high, strict=True)])
            for (name, low, high), _ in zip(first, range(MOST_ROWS), strict=False)
        ],
        more=max(0, len(found.patients) - MOST_ROWS) if rows else 0,
    )


def _keys(comparison: Comparison) -> list[str]:
    return [cite.split(" ")[0] for b in comparison.published for cite in b.study.cite]


def _family(family: Family) -> dict[str, Any]:
    return {
        "name": family_word(family.name),
        "columns": column_table(family),
        "bars": [_bar(c.label, c.floors, family.patients) for c in family.columns],
        "pairs": pair_table(family),
        "same": share_words(family.same_in_all),
        "alike": share_words(family.any_alike),
        "matrices": [_matrix(p) for p in family.pairs],
        "many": len(family.columns),
    }


def _bar(label: str, floors: tuple[int, ...], patients: int) -> dict[str, Any]:
    """A bar of peak grades: width in per cent, grade and words of each part."""
    parts = [(100 * n / patients, grade, f"grade {grade}: {n:,}") for grade, n in enumerate(floors) if n]
    return {"label": label, "parts": parts}


def _matrix(pair: Pair) -> dict[str, Any]:
    """A matrix with the shade of each cell: the share of its row, in whole per cent."""
    cells = [
        [(int(n), round(100 * int(n) / max(1, int(row.sum()))), j - i) for j, n in enumerate(row)]
        for i, row in enumerate(pair.matrix)
    ]
    return {
        "one": pair.one,
        "other": pair.other,
        "cells": cells,
        "grades": range(GRADES),
        "said": f"same {percent(pair.same.by_floors, pair.same.of)}, lower {pair.lower:,}, higher {pair.higher:,}; "
        f"κ {kappa_word(pair.kappa_linear)} linear, {kappa_word(pair.kappa_quadratic)} quadratic; "
        f"{pair.ranges:,} with a range",
    }
