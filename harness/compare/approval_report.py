"""How a difference stands to what was approved of it, in words and for JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from tabulate import tabulate

from harness.compare.approval import Approval, NotSo
from harness.compare.guidelines import rule_object
from harness.compare.report import rules_table


def approval_told(held: Approval, name: str) -> Iterator[str]:
    """The verdict in words, part by part; ``name`` is what the expectation is called."""
    expected = held.expected
    count = f"{len(expected.rules)} rule{'s' * (len(expected.rules) != 1)}"
    by = f"approved by {expected.approved_by}" if expected.approved_by else "nobody is named who approved it"
    yield f"Expected difference {name}: {'met' if held.is_met else 'NOT met'} ({count}, {by})"
    for scale in dict.fromkeys(rule.scale for rule in held.more):
        mine = [rule for rule in held.more if rule.scale == scale]
        yield f"Not approved, {scale} ({len(mine)}):\n\n{rules_table(mine, numbered=False)}"
    for scale in dict.fromkeys(each.approved.scale for each in held.not_so):
        theirs = [each for each in held.not_so if each.approved.scale == scale]
        yield f"Approved, but not so, {scale} ({len(theirs)}):\n\n{_not_so_table(theirs)}"
    for words, lines in (("Not approved", held.more_beside), ("Approved, but not so", held.not_so_beside)):
        if lines:
            yield "\n".join([f"{words}, beside the tables:", *(f"  {line}" for line in lines)])
    yield from _notes(held)


def _not_so_table(not_so: Sequence[NotSo]) -> str:
    rows = [[each.found, each.approved.change, each.now, f"rule {each.approved.number}"] for each in not_so]
    return str(tabulate(rows, ["when", "approved", "now", "in the file"], maxcolwidths=[54, None, 30, None]))


def _notes(held: Approval) -> Iterator[str]:
    if n := held.expected.without_reason:
        yield f"Note: {n} change{'s' * (n != 1)} of it without a reason."


def approval_object(held: Approval, name: str) -> dict[str, Any]:
    """The verdict for JSON."""
    return {
        "file": name,
        "met": held.is_met,
        "rules": len(held.expected.rules),
        "approved_by": held.expected.approved_by,
        "reason": held.expected.reason,
        "without_reason": held.expected.without_reason,
        "not_approved": [rule_object(rule) for rule in held.more],
        "not_so": [
            {
                "rule": each.approved.number,
                "scale": each.approved.scale,
                "when": each.when,
                "approved": each.approved.change,
                "now": each.now,
            }
            for each in held.not_so
        ],
        "beside_not_approved": list(held.more_beside),
        "beside_not_so": list(held.not_so_beside),
    }
