"""``cartox compare``: what a change of a guideline changes, exactly."""

import json
import textwrap
from collections.abc import Iterator
from typing import Annotated

import typer
from tabulate import tabulate

from harness.cli.app import PURPOSE, verb
from harness.cli.options import ReadingOption, chosen_guideline, shelf_names
from harness.cli.streams import show
from harness.compare.exact import Difference
from harness.compare.guidelines import Changes, changes, scale_pairs

_WIDTH = 110
_CASES_NAMED = 20


@verb(
    "cartox compare astct-2019 my-draft.toml",
    "cartox compare lee-2014 astct-2019 --scale crs",
    "cartox compare astct-2019 cartox-2018 --scale icans=cres",
    "cartox compare astct-2019 astct-2019 --reading C1=high --json",
)
def compare(
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="Guideline on the shelf, or in a file.", autocompletion=shelf_names),
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW", help="The same, or another; a file may bear the id of OLD.", autocompletion=shelf_names
        ),
    ],
    scale: Annotated[
        list[str] | None,
        typer.Option("--scale", "-s", metavar="NAME|OLD=NEW", help="Scales to compare. Default: those of one name."),
    ] = None,
    reading: ReadingOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell what NEW grades otherwise than OLD, over every cell of their tables: nothing is sampled.

    Findings that change grade are merged into few rules, each with the clauses on both sides and a case that shows it
    (in --json, for cartox explain). A reading is one of NEW. The exit code is 0 whatever differs.
    """
    before, after = chosen_guideline(old), chosen_guideline(new, reading)
    found = changes(before, after, scale_pairs(before, after, scale))
    if as_json:
        show(json.dumps(found.as_object, indent=2, ensure_ascii=False))
        return
    show("\n\n".join([*_told(found), PURPOSE]))


def _told(found: Changes) -> Iterator[str]:
    yield f"{found.old.title} ({found.old.id})\n  → {found.new.title} ({found.new.id})"
    for scale in found.scales:
        yield _scale(scale)
    for words, names in (("Only in OLD", found.only_old), ("Only in NEW", found.only_new)):
        if names:
            yield f"{words}: {', '.join(names)}"
    if found.golden:
        ids = ", ".join(f.case.id for f in found.golden[:_CASES_NAMED])
        more = f" and {len(found.golden) - _CASES_NAMED} more" if len(found.golden) > _CASES_NAMED else ""
        told = f"Golden cases of OLD that NEW grades otherwise ({len(found.golden)}): {ids}{more}"
        yield textwrap.fill(told, _WIDTH)


def _scale(found: Difference) -> str:
    if found.is_none:
        parts = [f"{found.scale}: nothing is graded otherwise."]
    else:
        count = f"{len(found.rules)} rule{'s' * (len(found.rules) != 1)}, {found.changed_cells} cells"
        parts = [f"{found.scale}: {count if found.rules else 'the tables are the same'}"]
    if found.rules:
        rows = [
            [
                ", ".join(f"{name} {bands}" for name, bands in rule.when) + (f" ({rule.note})" if rule.note else ""),
                f"{rule.old} → {rule.new}",
                "\n".join(rule.clauses_old) or "–",
                "\n".join(rule.clauses_new) or "–",
            ]
            for rule in found.rules
        ]
        heads = ["when", "grade", "by, in OLD", "by, in NEW"]
        parts.append(str(tabulate(rows, heads, maxcolwidths=[54, None, None, None])))
    if found.beside:
        parts.append("\n".join(["Beside the tables:", *(f"  {line}" for line in found.beside)]))
    if found.reworded:
        parts.append(textwrap.fill(f"Only worded otherwise: {', '.join(found.reworded)}", _WIDTH))
    return "\n\n".join(parts)
