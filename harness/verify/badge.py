"""A badge for a README: the verdict, the guideline and the day, as SVG that loads nothing."""

import datetime

from harness.verify.verdict import Verdict

_COLOURS = {"conformant": "#1b6e3c", "nonconformant": "#b71c1c", "incomplete": "#8a6d00"}
_CHAR_PX = 6.6


def badge(verdict: Verdict) -> str:
    """The badge of a verdict of today."""
    return badge_of(verdict.guideline.id, verdict.word, datetime.date.today())


def badge_of(guideline: str, word: str, day: datetime.date) -> str:
    """A badge.

    >>> "conformant" in badge_of("astct-2019", "conformant", datetime.date(2026, 1, 2))
    True
    """
    left, right = f"cartox {guideline}", f"{word} {day.isoformat()}"
    a, b = (round(len(text) * _CHAR_PX) + 14 for text in (left, right))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{a + b}" height="20" role="img" '
        f'aria-label="{left}: {right}, tested with simulated cases, not for treating patients">'
        f"<title>{left}: {right}. For testing and teaching, not for treating patients.</title>"
        f'<rect width="{a}" height="20" rx="3" fill="#455a64"/>'
        f'<rect x="{a}" width="{b}" height="20" rx="3" fill="{_COLOURS.get(word, "#455a64")}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{a / 2}" y="14">{left}</text><text x="{a + b / 2}" y="14">{right}</text></g></svg>\n'
    )
