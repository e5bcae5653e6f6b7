"""``cartox guideline new``: a file to begin a guideline of one's own with."""

from pathlib import Path
from typing import Annotated

import typer

from cartox_core import guideline_ids
from cartox_core.bibliography import nearest
from harness.authoring.begin import DEFAULT_ID, begun
from harness.cli.app import verb
from harness.cli.failure import Stopped
from harness.cli.guideline import group
from harness.cli.options import shelf_names
from harness.cli.output import check_file, write_whole
from harness.cli.streams import show


@verb(
    "cartox guideline new my-site.toml",
    "cartox guideline new --from astct-2019 --id st-elsewhere st-elsewhere.toml",
    "cartox guideline new --from lee-2014 | less",
    to=group,
    name="new",
)
def guideline_new(
    out: Annotated[
        Path | None,
        typer.Argument(metavar="OUT.toml", help="File to write. Default: standard output.", show_default=False),
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option("--from", metavar="ID", help="Guideline on the shelf to begin from.", autocompletion=shelf_names),
    ] = None,
    name: Annotated[str, typer.Option("--id", metavar="NAME", help="The id of the new guideline.")] = DEFAULT_ID,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Begin a guideline file: a small scale that explains itself line by line, or a copy from the shelf.

    Change it, then ask cartox guideline check what is wrong with it.
    """
    if origin is not None and origin not in guideline_ids():
        known = ", ".join(guideline_ids())
        raise Stopped(f"there is no guideline {origin!r};{nearest(origin, guideline_ids())} on the shelf: {known}")
    text = begun(name, origin, None if out is None or str(out) == "-" else str(out))
    if out is None or str(out) == "-":
        show(text.rstrip("\n"))
        return
    check_file(out)
    if out.exists() and not force:
        raise Stopped(f"{out} is there already; name another file, or write over it with --force")
    write_whole(out, text)
    show(f"{out} is written. Change it, then: cartox guideline check {out}")
