"""How a command ends when something is wrong: one line on stderr that says what to do, and an exit code.

A verb raises :class:`Stopped`, or lets the core's GuidelineError and any OSError rise; :func:`exit_code_of`
turns them into a line and a code. Exit codes: 0 done; 2 refused, or wrongly asked for; 4 a fault of cartox
itself; 130 interrupted; 141 nobody reads the output any more. Codes 1 and 3 are left to verbs that judge.
"""

import contextlib
import errno
import os
import sys
import traceback
from collections.abc import Callable

from cartox_core import GuidelineError
from cartox_core.printable import visible

REFUSED = 2
OUR_FAULT = 4
INTERRUPTED = 130
BROKEN_PIPE = 141
NO_ROOM = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT}
SHOW_TRACEBACK = "CARTOX_TRACEBACK"


class Stopped(Exception):
    """A command that cannot go on. The message says what is wrong and what to do; an empty one is not shown.

    >>> Stopped("there is no file x.jsonl").code
    2
    """

    def __init__(self, message: str, code: int = REFUSED) -> None:
        self.message, self.code = message, code
        super().__init__(message)


def exit_code_of(command: Callable[[], object]) -> int:
    """Run a command to its end, whatever that is: the exit code. What went wrong is told on stderr.

    The command returns its exit code, or None for 0.
    """
    try:
        code = command()
        _flush()
    except SystemExit as asked:
        code = asked.code
    except BaseException as error:
        return told(error)
    return code if isinstance(code, int) else 0


def told(error: BaseException) -> int:
    """Tell an error on stderr, in one line, and give the exit code that goes with it."""
    stopped = stopped_by(error)
    if isinstance(error, OSError) or stopped.code == BROKEN_PIPE:
        _abandon_stdout()
    else:
        with contextlib.suppress(OSError, ValueError, Stopped):  # what is written so far is still wanted
            _flush()
    if stopped.message:
        say(f"cartox: {stopped.message}")
    if os.environ.get(SHOW_TRACEBACK):
        say("".join(traceback.format_exception(error)))
    return stopped.code


def stopped_by(error: BaseException) -> Stopped:
    """What an error means to the user.

    >>> stopped_by(KeyboardInterrupt()).code
    130
    >>> stopped_by(FileNotFoundError(2, "No such file or directory", "x.jsonl")).message
    'x.jsonl: no such file or directory'
    """
    if isinstance(error, Stopped):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Stopped("", INTERRUPTED)
    if isinstance(error, BrokenPipeError):
        return Stopped("", BROKEN_PIPE)
    if isinstance(error, OSError):
        return Stopped(_about(error))
    if isinstance(error, GuidelineError):
        return Stopped(one_line(str(error)))
    if hasattr(error, "format_message"):  # wrong usage, found by typer or click
        return Stopped(_usage(error))
    if isinstance(error, MemoryError):
        return Stopped("out of memory; give it less at a time", OUR_FAULT)
    what = one_line(f"{type(error).__name__}: {error}")
    again = f"set {SHOW_TRACEBACK}=1 and run it again to see where, and please report it"
    return Stopped(f"a fault of cartox itself, {what}; {again}", OUR_FAULT)


def reason_of(error: OSError) -> str:
    """The reason of a system error, in the middle of a sentence."""
    text = error.strerror or str(error) or "the system does not say why"
    return text[:1].lower() + text[1:]


def one_line(text: str, longest: int = 400) -> str:
    r"""A text on one line, not too long, and with nothing in it that steers a terminal.

    >>> one_line("two\n  lines")
    'two lines'
    """
    joined = visible(" ".join(text.split()))
    return joined if len(joined) <= longest else joined[: longest - 1] + "…"


def say(text: str) -> None:
    """Write a line to stderr; where nobody listens, it is lost."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(text, file=sys.stderr, flush=True)


def _about(error: OSError) -> str:
    if not error.filename and error.errno in NO_ROOM:
        return f"standard output cannot be written: {reason_of(error)}"
    name = f"{error.filename}: " if error.filename else ""
    return one_line(f"{name}{reason_of(error)}")


def _usage(error: BaseException) -> str:
    message = one_line(str(error.format_message())).rstrip(".")  # type: ignore[attr-defined]
    message = message.replace("Input should be", "it should be")
    message = message[:1].lower() + message[1:]
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "cartox")
    return f"{message}; see {path} --help"


def _flush() -> None:
    if sys.stdout is None:
        return
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _abandon_stdout()
        raise Stopped(f"standard output cannot be written: {reason_of(error)}") from None


def _abandon_stdout() -> None:
    """Let what is still buffered go nowhere, so that Python does not complain once more at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
