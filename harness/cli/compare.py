"""``cartox compare``: what a change of a guideline changes, exactly."""

import json
from typing import Annotated

import typer

from harness.cli.app import PURPOSE, verb
from harness.cli.options import ReadingOption, chosen_guideline, shelf_names
from harness.cli.streams import show
from harness.compare.guidelines import changes, scale_pairs
from harness.compare.report import told


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
    show("\n\n".join([*told(found), PURPOSE]))
