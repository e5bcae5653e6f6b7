"""All the verbs of the command line. A verb joins the application as its module is imported.

Only the verb that is asked for is imported, since all of them together take seconds to load.
"""

import importlib
import os
import re
import sys
from typing import Annotated

import typer

from harness.cli.app import app
from harness.cli.failure import exit_code_of
from harness.cli.progress import orderly_end
from harness.cli.streams import show
from harness.cli.version import version

VERBS = {  # the modules of each, in the order in which the help lists them
    "cases": ("cases",),
    "compare": ("compare",),
    "convert": ("convert",),
    "explain": ("explain",),
    "grade": ("grade",),
    "grader": ("grader",),
    "guideline": ("guideline", "guideline_check", "guideline_new"),
    "lookup": ("lookup",),
    "policy": ("policy",),
    "recommend": ("recommend",),
    "regrade": ("regrade",),
    "replay": ("replay",),
    "run": ("run",),
    "scenarios": ("scenarios",),
    "schema": ("schema",),
    "score": ("score",),
    "train": ("train",),
    "verify": ("verify",),
    "ward": ("ward",),
}


def _print_version(wanted: bool) -> None:
    if wanted:
        show(f"cartox {version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def about(
    context: typer.Context,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Grade CAR-T toxicity from charted signs, exactly and with reasons, to test graders and to teach grading.

    NEVER for treating patients: nothing it prints may guide the care of anybody.
    """
    if context.invoked_subcommand is None:
        show(context.get_help())


def verb_in(arguments: list[str], typed: str | None) -> str | None:
    """The verb that the arguments name, or a line that is being ``typed``, once the verb stands there whole.

    >>> verb_in(["grade", "cases.jsonl"], None), verb_in([], "cartox grade --g"), verb_in([], "cartox grade")
    ('grade', 'grade', None)
    """
    if typed is None:
        named = arguments[0] if arguments else None
    else:
        finished = re.match(r"\S+\s+(\S+)\s", typed)
        named = finished[1] if finished else None
    return named if named in VERBS else None


def _load() -> None:
    """Import the verb that is asked for; all of them for the help of all, or to say what was meant."""
    typed = os.environ.get("COMP_WORDS", os.environ.get("_TYPER_COMPLETE_ARGS"))
    verb = verb_in(sys.argv[1:], typed if "_CARTOX_COMPLETE" in os.environ else None)
    for modules in VERBS.values() if verb is None else [VERBS[verb]]:
        for module in modules:
            importlib.import_module(f"harness.cli.{module}")


def run_verb() -> int:
    """Run the verb that the command line names to its end: the exit code. A request to terminate is an error, too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with orderly_end():
        _load()
        return exit_code_of(lambda: app(standalone_mode=False))
