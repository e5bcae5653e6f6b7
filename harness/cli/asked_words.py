"""Unknown fields in words, each with how to tell it: a flag of ``cartox recommend``, or the chart."""

import textwrap
from collections.abc import Iterable, Iterator

from cartox_core.context import CONTEXT, GRADES, TESTABLE


def to_decide(names: Iterable[str], width: int) -> Iterator[str]:
    r"""A line for each field.

    >>> print(*to_decide(["fever_persistent", "crs_grade", "anc_per_ul"], 118), sep="\n")
      To decide
        fever_persistent: the fever of CRS persists or comes back, as judged; --know fever_persistent=yes (or no)
        crs_grade: grade of CRS now; chart its signs, or --know crs_grade=2 (or a range, as 1..3)
        anc_per_ul: absolute neutrophil count (/uL); chart it
    """
    fields = sorted(dict.fromkeys(names), key=lambda name: name not in CONTEXT)
    if fields:
        yield "  To decide"
    for name in fields:
        yield textwrap.fill(
            f"{name}: {_meaning(name)}; {_how(name)}",
            width,
            initial_indent=" " * 4,
            subsequent_indent=" " * 8,
            break_on_hyphens=False,
        )


def _meaning(name: str) -> str:
    field = TESTABLE[name]
    return f"{field.doc} ({field.unit})" if field.unit else field.doc


def _how(name: str) -> str:
    if name in GRADES:
        return f"chart its signs, or --know {name}=2 (or a range, as 1..3)"
    if name not in CONTEXT:
        return "chart it"
    return f"--know {name}=yes (or no)" if CONTEXT[name].kind == "bool" else f"--know {name}=N"
