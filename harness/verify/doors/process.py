"""``cmd:`` and ``call:``, a grader that is a process speaking JSON Lines, with many cases under way at once."""

import contextlib
import dataclasses
import json
import shlex
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from harness.verify.answer import quoted
from harness.verify.doors.child import Child
from harness.verify.doors.door import Can, DoorError, Limits, Lost, Reply, Request
from harness.verify.doors.log import telling_lines
from harness.verify.doors.wire import BYE, can_of, hello, reply_of

_TICK_S = 0.05


@dataclasses.dataclass(frozen=True)
class ProcessDoor:
    """A program of the user's."""

    title: str
    argv: tuple[str, ...]
    nan: bool = False
    window: int = 512
    can_repeat: bool = True

    def open(self, limits: Limits) -> "ProcessSession":
        """Start the program and say hello. Raises DoorError."""
        child = Child(self.argv, limits.line_bytes)
        try:
            return ProcessSession(child, _greeted(child, limits, self.title), limits)
        except BaseException:
            child.end(b"", 0)
            raise


def command_door(command: str) -> ProcessDoor:
    """The door to a command line, split as a shell would. Raises DoorError.

    >>> command_door("node 'my grader.js'").argv
    ('node', 'my grader.js')
    """
    try:
        argv = tuple(shlex.split(command))
    except ValueError as error:
        raise DoorError(f"the command {command!r} cannot be split into words: {str(error).lower()}") from None
    if not argv:
        raise DoorError("cmd: needs a command, as in cmd:'node grader.js'")
    return ProcessDoor(f"cmd:{command}", argv)


def call_door(target: str) -> ProcessDoor:
    """The door to a Python function, called in a process of its own. Raises DoorError."""
    module, colon, function = target.partition(":")
    if not (module and colon and function):
        raise DoorError(f"call: needs package.module:function; got {target!r}")
    return ProcessDoor(f"call:{target}", (sys.executable, "-m", "harness.verify.doors.host", target), nan=True)


def _greeted(child: Child, limits: Limits, title: str) -> Can:
    """Say hello and read the answer. Raises DoorError."""
    child.send(hello(limits))
    until = time.monotonic() + limits.start_s
    while True:
        lines = child.pump(_TICK_S)
        if lines:
            return can_of(_hello_answer(lines[0], child), title)
        if child.ended:
            how = child.exit_text() or "the end of its output"
            raise DoorError(f"it ended ({how}) before it answered hello{_last_words(child)}")
        if time.monotonic() > until:
            raise DoorError(f"it did not answer hello within {limits.start_s:g} s{_last_words(child)}")


def _hello_answer(line: bytes | None, child: Child) -> object:
    text = b"" if line is None else line
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        said = quoted(text[:200].decode(errors="replace"))
        raise DoorError(
            f"its first line on stdout must answer hello in JSON; got {said}; logs belong on stderr{_last_words(child)}"
        ) from None


def _last_words(child: Child) -> str:
    child.pump(0)
    lines = telling_lines(child.log.decode(errors="replace"), 1)
    return f"; its log says: {lines[0][:200]}" if lines else ""


class ProcessSession:
    """A grader process under way."""

    def __init__(self, child: Child, can: Can, limits: Limits) -> None:
        self.can = can
        self._child, self._limits, self._usable = child, limits, True

    def exchange(self, requests: Iterable[Request], window: int, linger_s: float = 0.0) -> Iterator[Reply | Lost]:
        """Send requests, at most so many unanswered; yield what comes back."""
        self._usable = False
        child, waiting, todo = self._child, dict[str, None](), iter(requests)
        heard = time.monotonic()
        more = True
        while True:
            while more and len(waiting) < window:
                asked = next(todo, None)
                if asked is None:
                    more = False
                    break
                waiting[asked[0]] = None
                child.send(asked[1])
            if not waiting:
                break
            for line in child.pump(min(_TICK_S, self._limits.case_s)):
                reply = self._read(line, waiting)
                if reply.trouble is None:
                    heard = time.monotonic()
                yield reply
            if waiting and (lost := self._lost(heard, tuple(waiting))):
                yield lost
                return
        yield from (self._read(line, waiting) for line in child.pump(linger_s))
        self._usable = True

    def _read(self, line: bytes | None, waiting: dict[str, None]) -> Reply:
        if line is None:
            return Reply(None, None, "garbled", f"a line of more than {self._limits.line_bytes:,} bytes")
        reply = reply_of(line, waiting)
        if reply.trouble is None and reply.id is not None:
            del waiting[reply.id]
        return reply

    def _lost(self, heard: float, waiting: Sequence[str]) -> Lost | None:
        """Why no more is to be expected; None while it is."""
        if self._child.ended:
            how = self._child.exit_text()
            if how is None or how == "exit code 0":
                return Lost("silent", f"its output ended without an answer ({how or 'it still runs'})", tuple(waiting))
            return Lost("crashed", how, tuple(waiting))
        if time.monotonic() - heard > self._limits.case_s:
            return Lost("timeout", f"no answer for {self._limits.case_s:g} s", tuple(waiting))
        return None

    def log(self) -> str:
        """The last of what it wrote to stderr."""
        with contextlib.suppress(OSError, ValueError):
            self._child.pump(0)
        return self._child.log.decode(errors="replace")

    def close(self) -> None:
        """Say goodbye where it still listens, and end it with all its children."""
        self._child.end(BYE if self._usable else b"", self._limits.end_s)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
