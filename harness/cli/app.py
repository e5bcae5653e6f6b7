"""The command line application, and how a verb joins it."""

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec

import typer

from harness.cli.failure import BROKEN_PIPE, Stopped

PURPOSE = "For testing and teaching. Not for treating patients."
Arguments = ParamSpec("Arguments")

app = typer.Typer(
    name="cartox",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
    epilog=f"[bold]{PURPOSE}[/bold]",
)


def verb(
    *examples: str, to: typer.Typer = app, name: str | None = None
) -> Callable[[Callable[Arguments, int | None]], Callable[Arguments, int | None]]:
    """Make a function a verb of the command line, or of a group of verbs, with examples for its help.

    The function returns its exit code, None for 0, and raises :class:`~harness.cli.failure.Stopped` when it
    cannot go on.
    """

    def join(command: Callable[Arguments, int | None]) -> Callable[Arguments, int | None]:
        @functools.wraps(command)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> int | None:
            try:
                return command(*args, **kwargs)
            except BrokenPipeError:  # typer has its own idea of this one
                raise Stopped("", BROKEN_PIPE) from None

        to.command(name, help=_unwrapped(command), epilog=epilog(*examples))(guarded)
        return guarded

    return join


def epilog(*examples: str) -> str:
    """What ends the help of a verb: examples, and what none of it is for."""
    shown = "\n\n".join(example.replace("[", r"\[") for example in examples)
    return f"[bold]Examples[/bold]\n\n{shown}\n\n[bold]{PURPOSE}[/bold]"


def _unwrapped(command: Callable[..., object]) -> str:
    """The docstring of a verb with each paragraph on one line, for typer keeps the line ends of all but the first."""
    paragraphs = inspect.cleandoc(command.__doc__ or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
