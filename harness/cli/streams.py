"""The edges of a command: bytes in from a file or standard input, bytes and text out to standard output."""

import contextlib
import difflib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from harness.cli.failure import BROKEN_PIPE, Stopped, reason_of

CHUNK = 65536
STDIN = "-"
Read = Callable[[int], bytes]


@contextlib.contextmanager
def source(file: str) -> Iterator[Read]:
    """A function that reads the next bytes of a text file; ``-`` is standard input.

    It gives what is there and waits only when nothing is. Raises Stopped when the file cannot be read, or
    is no text in UTF-8.
    """
    with _opened(file) as stream:
        first = _checked(_read_from(stream, file, CHUNK), file)
        pending = [first] if first else []

        def read(size: int) -> bytes:
            return pending.pop() if pending else _read_from(stream, file, size)

        yield read


def title(file: str) -> str:
    """What a file is called in messages and answers."""
    return "stdin" if file == STDIN else file


def wire_in() -> Read:
    """Reads the next bytes of standard input, as they are."""

    def read(size: int) -> bytes:
        try:
            return os.read(0, size)
        except OSError as error:
            raise Stopped(f"standard input cannot be read: {reason_of(error)}") from None

    return read


def write(data: bytes) -> None:
    """Write to standard output, at once."""
    if sys.stdout is None:
        raise Stopped("standard output is closed; there is nowhere to write the answers")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise Stopped("", BROKEN_PIPE) from None
    except OSError as error:
        raise Stopped(f"standard output cannot be written: {reason_of(error)}") from None


def show(text: str) -> None:
    """Write a text to standard output, with a line end; signs that it cannot show become question marks."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    write(f"{text}\n".encode(encoding, errors="replace"))


def on_terminal() -> bool:
    """Whether somebody reads standard output on a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def _opened(file: str) -> IO[bytes]:
    try:
        if file == STDIN:
            return open(0, "rb", buffering=0, closefd=False)
        return open(file, "rb", buffering=0)
    except FileNotFoundError:
        raise Stopped(f"there is no file {file or 'without a name'}{_nearest(Path(file))}") from None
    except IsADirectoryError:
        raise Stopped(f"{file} is a directory; name a file in it") from None
    except (OSError, ValueError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        raise Stopped(f"{title(file)} cannot be read: {reason}") from None


def _read_from(stream: IO[bytes], file: str, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise Stopped(f"{title(file)} cannot be read: {reason_of(error)}") from None


def _nearest(path: Path) -> str:
    with contextlib.suppress(OSError):
        names = sorted(p.name for p in path.parent.iterdir())
        if close := difflib.get_close_matches(path.name, names, n=1):
            return f"; did you mean {path.parent / close[0]}?"
    return ""


def _checked(first: bytes, file: str) -> bytes:
    """The first bytes of a file without a byte order mark. Raises Stopped when they are no text."""
    name = title(file)
    if first.startswith(b"\x1f\x8b"):
        raise Stopped(f"{name} is compressed; unpack it first: gunzip -c {file} | cartox … -")
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Stopped(f"{name} is UTF-16; save it as UTF-8")
    if b"\0" in first:
        raise Stopped(f"{name} holds binary data; JSON is wanted")
    return first.removeprefix(b"\xef\xbb\xbf")
