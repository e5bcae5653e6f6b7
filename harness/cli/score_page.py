"""A score laid out as a paper prints it: items and what gives points, then the bands, the readings and the sources."""

import textwrap
from collections.abc import Iterator, Sequence

from tabulate import tabulate

from cartox_core import Score
from cartox_core.bibliography import bibliography
from cartox_core.indices import Index
from harness.cli.guideline_page import readings_part, works_part


def score_page(score: Score | Index, width: int) -> str:
    """The whole score as text of about ``width`` characters."""
    heading = f"{score.title} ({score.id})\n{score.text}"
    if isinstance(score, Index):
        note = f"\n{textwrap.fill(score.note, width)}" if score.note else ""
        return f"{heading}{note}\n\n{works_part(score.cite, bibliography(), width)}"
    rows = [row for item in score.items for row in _rows(item.title, [(c.text, c.grade) for c in item.clauses])]
    items = tabulate(rows, ["Item", "Finding", "Points"], maxcolwidths=[28, max(width - 40, 30), None])
    bands = tabulate([[str(b.totals), b.name, b.text] for b in score.bands], ["Total", "Band", "Meaning"])
    cites = [*score.cite, *(cite for item in score.items for clause in item.clauses for cite in clause.cite)]
    parts = [f"{heading}\n{score.note}".strip(), items, bands, _printed(score), readings_part(score, width)]
    return "\n\n".join([*filter(None, parts), works_part(cites, bibliography(), width)])


def _rows(title: str, findings: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    for i, (text, points) in enumerate(findings):
        yield [title if i == 0 else "", text, str(points)]


def _printed(score: Score) -> str:
    if score.printed is None:
        return ""
    rows = [[str(total), text] for total, text in score.printed.at.items()]
    return str(tabulate(rows, ["Total", score.printed.title.capitalize()]))


def shelf_table(scores: Sequence[Score | Index]) -> str:
    """The scores, one sentence each."""
    return str(
        tabulate([[score.id, score.text] for score in scores], ["Score", "What it tells"], maxcolwidths=[None, 96])
    )
