"""``cartox guideline``: what is on the shelf, or one guideline as the paper prints it; and the group of its verbs."""

import json
import shutil
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cartox_core import guideline_ids, load
from harness.cli.app import PURPOSE, app, epilog, verb
from harness.cli.failure import Stopped
from harness.cli.guideline_object import guideline_object, shelf_object
from harness.cli.guideline_page import page, shelf_table
from harness.cli.options import ReadingOption, chosen_guideline, shelf_names
from harness.cli.streams import on_terminal, show

_PIPE_WIDTH = 120
_NARROWEST = 90


class ShowFirst(TyperGroup):
    """A group of verbs of which ``show`` may be left out: ``cartox guideline astct-2019``.

    A file that is called like a verb can be given as ``./new``.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments, with ``show`` before them where they name no verb and do not ask for help."""
        being_typed = not args and ctx.resilient_parsing
        if not being_typed and (args or [""])[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """The verbs that begin so, and what ``show`` takes."""
        show_verb = self.commands["show"]
        of_show = show_verb.shell_complete(ctx, incomplete) if incomplete.startswith("-") else []
        ids = [found for param in show_verb.params[:1] for found in param.shell_complete(ctx, incomplete)]
        return [*super().shell_complete(ctx, incomplete), *of_show, *ids]


group = typer.Typer(cls=ShowFirst)
app.add_typer(
    group,
    name="guideline",
    help="List the guidelines, print one, begin one of your own, or check it. Without a verb it is show.",
    epilog=epilog(
        "cartox guideline",
        "cartox guideline astct-2019",
        "cartox guideline new --from astct-2019 my-site.toml",
        "cartox guideline check my-site.toml",
    ),
    subcommand_metavar="[ID|FILE] | COMMAND [ARGS]...",
)


@verb(
    "cartox guideline",
    "cartox guideline astct-2019",
    "cartox guideline astct-2019 --reading C1=high --json",
    "cartox guideline show my-site.toml",
    to=group,
    name="show",
)
def guideline(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="ID|FILE",
            help="Guideline on the shelf, or in a file. Default: list the shelf.",
            autocompletion=shelf_names,
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
