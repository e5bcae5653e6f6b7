"""All the verbs of the command line. A verb joins by being imported here."""

import sys
from typing import Annotated

import typer

from harness.cli import (  # noqa: F401 - each joins the application as it is imported
    cases,
    compare,
    explain,
    grade,
    grader,
    guideline,
    guideline_check,
    guideline_new,
    lookup,
    policy,
    recommend,
    regrade,
    replay,
    run,
    scenarios,
    schema,
    score,
    train,
    verify,
    ward,
)
from harness.cli.app import app
from harness.cli.failure import exit_code_of
from harness.cli.progress import orderly_end
from harness.cli.streams import show
from harness.cli.version import version


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


def run_verb() -> int:
    """Run the verb that the command line names to its end: the exit code. A request to terminate is an error, too."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with orderly_end():
        return exit_code_of(lambda: app(standalone_mode=False))
