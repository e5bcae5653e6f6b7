"""Progress of long work on stderr, where somebody watches it; and an end in good order when asked to stop."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

Step = Callable[[str, int], Callable[[int], None]]


@contextmanager
def steps() -> Iterator[Step]:
    """A function that begins a step of the work, of so many pieces, and gives one to call as they are done."""
    console = Console(stderr=True)
    quiet = not (console.is_terminal and sys.stderr.isatty())
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:

        def begin(title: str, pieces: int) -> Callable[[int], None]:
            task = bar.add_task(title, total=pieces or None)
            return lambda done: bar.advance(task, done)

        yield begin


@contextmanager
def orderly_end() -> Iterator[None]:
    """Turn a request to terminate into an exit that runs every clean-up, so that no grader is left running."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    wanted = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, leave) for number in wanted]
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            signal.signal(number, handler)
