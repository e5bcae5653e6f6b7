"""The changes of a guideline in words, for a terminal."""

import textwrap
from collections.abc import Iterable, Iterator

from tabulate import tabulate

from harness.compare.exact import Difference, Rule
from harness.compare.guidelines import Changes

_WIDTH = 110
_CASES_NAMED = 20


def told(found: Changes) -> Iterator[str]:
    """The changes in words, part by part: what is compared, each scale, and the golden cases that break."""
    yield f"{found.old.title} ({found.old.id})\n  → {found.new.title} ({found.new.id})"
    for scale in found.scales:
        yield _scale(scale)
    for words, names in (("Only in OLD", found.only_old), ("Only in NEW", found.only_new)):
        if names:
            yield f"{words}: {', '.join(names)}"
    if found.golden:
        ids = ", ".join(f.case.id for f in found.golden[:_CASES_NAMED])
        more = f" and {len(found.golden) - _CASES_NAMED} more" if len(found.golden) > _CASES_NAMED else ""
        words = (
            f"Golden cases of OLD that NEW grades otherwise ({len(found.golden)} of {found.golden_run}): {ids}{more}"
        )
        yield textwrap.fill(words, _WIDTH)


def _scale(found: Difference) -> str:
    if found.is_none:
        parts = [f"{found.scale}: nothing is graded otherwise."]
    else:
        count = f"{len(found.rules)} rule{'s' * (len(found.rules) != 1)}, {found.changed_cells} cells"
        parts = [f"{found.scale}: {count if found.rules else 'the tables are the same'}"]
    if found.rules:
        parts.append(rules_table(found.rules))
    if found.beside:
        parts.append("\n".join(["Beside the tables:", *(f"  {line}" for line in found.beside)]))
    if found.reworded:
        parts.append(textwrap.fill(f"Only worded otherwise: {', '.join(found.reworded)}", _WIDTH))
    return "\n\n".join(parts)


def rules_table(rules: Iterable[Rule]) -> str:
    """Rules as a table: what is found, the grades, and the clauses on both sides."""
    rows = [
        [
            _when(rule),
            f"{rule.old} → {rule.new}",
            "\n".join(rule.clauses_old) or "–",
            "\n".join(rule.clauses_new) or "–",
        ]
        for rule in rules
    ]
    heads = ["when", "grade", "by, in OLD", "by, in NEW"]
    return str(tabulate(rows, heads, maxcolwidths=[54, None, None, None]))


def _when(rule: Rule) -> str:
    """What is found, what the gate does, and the readings that decide it."""
    decided = f"; decided by reading {', '.join(map(str, rule.readings))}" if rule.readings else ""
    return rule.found + (f" ({rule.note})" if rule.note else "") + decided
