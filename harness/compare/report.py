"""The changes of a guideline in words, for a terminal."""

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from tabulate import tabulate

from harness.compare.exact import Difference, Rule
from harness.compare.guidelines import Changes

_WIDTH = 110
_CASES_NAMED = 20
_CLAUSES_NAMED = 8
_SHOWN = 12  # cases


HOW_TOLD = (
    "A cell is one combination of findings that the clauses can tell apart. A rule's grade is what its findings give "
    "by themselves; a patient has the worst of all."
)
INDEPENDENT = (
    "Fields are combined freely, also where a patient could hardly have both (an ICE of 10 and a CARTOX-10 of 0): what "
    "one side alone reads grades a case that the other finds well."
)


def told(found: Changes) -> Iterator[str]:
    """The changes in words, part by part: what is compared, each scale, and the golden cases that break."""
    yield f"{found.old.title} ({found.old.id})\n  → {found.new.title} ({found.new.id})"
    for scale in found.scales:
        yield _scale(scale)
    if line := "; ".join(only(found)):
        yield line
    yield from (textwrap.fill(line, _WIDTH) for line in cautions(found))
    yield textwrap.fill(golden_words(found), _WIDTH)


def golden_words(found: Changes) -> str:
    """How many golden cases ran, and which come out otherwise."""
    if not found.golden_run:
        return f"Golden cases: none ran, for none of {found.old.id} is about these scales under its own readings."
    count = f"{len(found.golden)} change{'s' * (len(found.golden) == 1)}"
    said = f"Golden cases of {found.old.id}: {found.golden_run} ran, {count}"
    if not found.golden:
        return f"{said}."
    ids = ", ".join(change.case.id for change in found.golden[:_CASES_NAMED])
    more = f" and {len(found.golden) - _CASES_NAMED} more" if len(found.golden) > _CASES_NAMED else ""
    return f"{said}: {ids}{more}"


def only(found: Changes) -> Iterator[str]:
    """The scales that one side alone has, and how to pair them."""
    for words, names in (("only OLD has", found.only_old), ("only NEW has", found.only_new)):
        if names:
            yield f"{words} {', '.join(names)}"
    if found.left_out:
        yield f"not compared: {', '.join(found.left_out)}"
    if found.readings:
        yield f"readings written otherwise: {', '.join(found.readings)} (choose one by --old-reading and --reading)"
    if found.only_old and found.only_new:
        yield f"two of other names are paired as --scale {found.only_old[0]}={found.only_new[0]}"


def cautions(found: Changes) -> Iterator[str]:
    """What a reader must know: how rules are told, what was put together, and sources that were not at hand."""
    if any(scale.rules for scale in found.scales):
        yield HOW_TOLD
    if any(scale.rules and (scale.only_old_reads or scale.only_new_reads) for scale in found.scales):
        yield INDEPENDENT
    for word, guideline in (("OLD", found.old), ("NEW", found.new)):
        clauses = [clause for scale in guideline.scales.values() for clause in scale.clauses]
        count = sum(any(cite.endswith("recalled") for cite in clause.cite) for clause in clauses)
        if count:
            share = f"{count} of {len(clauses)} clauses of {word}"
            yield f"{share} are recalled: written from memory of works whose text was not at hand."


def _scale(found: Difference) -> str:
    if found.is_none:
        parts = [f"{found.scale}: nothing is graded otherwise."]
    else:
        count = f"{len(found.rules)} rule{'s' * (len(found.rules) != 1)}, {found.changed_cells} cells"
        parts = [f"{found.scale}: {count if found.rules else 'the tables are the same'}"]
    if found.rules:
        parts.append(rules_table(found.rules))
        parts.append("\n".join(_shown(found.rules)))
    if found.beside:
        parts.append("\n".join(["Beside the tables:", *(f"  {line}" for line in found.beside)]))
    parts += [textwrap.fill(line, _WIDTH) for line in (*reads(found), *_reworded(found))]
    return "\n\n".join(parts)


def rules_table(rules: Iterable[Rule], numbered: bool = True) -> str:
    """Rules as a table: what is found, the grades, and the clauses on both sides."""
    heads = ["rule", "when", "grade", "by, in OLD", "by, in NEW"]
    rows = [
        [
            str(number),
            _when(rule),
            f"{rule.old} → {rule.new}",
            "\n".join(rule.clauses_old) or "–",
            "\n".join(rule.clauses_new) or "–",
        ]
        for number, rule in enumerate(rules, start=1)
    ]
    first = 0 if numbered else 1
    widths = [None, 54, None, None, None][first:]
    return str(tabulate([row[first:] for row in rows], heads[first:], maxcolwidths=widths, disable_numparse=True))


def _when(rule: Rule) -> str:
    """What is found, what the gate does, and the readings that decide it."""
    return "\n".join(line for line in (rule.found + (f" ({rule.note})" if rule.note else ""), rule.decided) if line)


def _shown(rules: Sequence[Rule]) -> Iterator[str]:
    """A case of each rule, which both grade as told."""
    yield "A case of each, to be pasted into cartox explain -:"
    for number, rule in enumerate(rules[:_SHOWN], start=1):
        yield f"  rule {number}:\n{compact(rule.witness)}"
    if len(rules) > _SHOWN:
        yield f"  … those of the other {len(rules) - _SHOWN} stand in the page (--html) and in the JSON (--json)"


def compact(witness: dict[str, Any] | None) -> str:
    """A case on one line."""
    return "none: no case shows it alone" if witness is None else json.dumps(witness, ensure_ascii=False)


def reads(found: Difference) -> Iterator[str]:
    """The fields that one side alone reads."""
    for words, names in (("OLD", found.only_old_reads), ("NEW", found.only_new_reads)):
        if names:
            told = "; the other grades all of it alike, and where it is not charted there are ranges"
            yield f"Only {words} reads {', '.join(names)}{told}"


def _reworded(found: Difference) -> Iterator[str]:
    """The clauses that mean the same, those alike in how they differ together."""
    by_how: dict[str, list[str]] = {}
    for each in found.reworded:
        by_how.setdefault(each.how, []).append(each.clause)
    for how, names in by_how.items():
        more = f" and {len(names) - _CLAUSES_NAMED} more" if len(names) > _CLAUSES_NAMED else ""
        yield f"Means the same, {how}: {', '.join(names[:_CLAUSES_NAMED])}{more}"
