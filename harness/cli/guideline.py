"""``cartox guideline``: what is on the shelf, or one guideline as the paper prints it."""

import json
import shutil
from typing import Annotated

import typer

from cartox_core import guideline_ids, load
from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped
from harness.cli.guideline_object import guideline_object, shelf_object
from harness.cli.guideline_page import page, shelf_table
from harness.cli.options import ReadingOption, chosen_guideline
from harness.cli.streams import on_terminal, show

_PIPE_WIDTH = 120
_NARROWEST = 90


@verb(
    "cartox guideline",
    "cartox guideline astct-2019",
    "cartox guideline astct-2019 --reading C1=high --json",
)
def guideline(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ID|FILE",
            help="Guideline on the shelf, or in a file. Default: list the shelf.",
            show_default=False,
        ),
    ] = None,
    reading: ReadingOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the guidelines, or print one: its table, gate, notes, readings and sources."""
    if name is None:
        if reading:
            raise Stopped("a reading belongs to a guideline; name it: cartox guideline ID --reading …")
        shelf = [load(known) for known in guideline_ids()]
        show(_json([shelf_object(g) for g in shelf]) if as_json else f"{shelf_table(shelf)}\n\n{PURPOSE}")
        return
    chosen = chosen_guideline(name, reading)
    show(_json(guideline_object(chosen)) if as_json else f"{page(chosen, _width())}\n\n{PURPOSE}")


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _width() -> int:
    return max(shutil.get_terminal_size().columns, _NARROWEST) if on_terminal() else _PIPE_WIDTH
