"""``cartox schema``: the JSON Schema of a case."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cartox_core.schema import case_schema
from harness.cli.app import verb
from harness.cli.failure import Stopped, reason_of
from harness.cli.streams import show


@verb("cartox schema", "cartox schema --out case.schema.json", "cartox schema | jq '.\"$defs\".observation'")
def schema(
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write it to a file.")] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a case.

    It also defines, under $defs, the grade request and the answer of the wire.
    """
    text = json.dumps(case_schema(), indent=2, ensure_ascii=False)
    if out is None:
        show(text)
        return
    try:
        out.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Stopped(f"{out} cannot be written: {reason_of(error)}") from None
