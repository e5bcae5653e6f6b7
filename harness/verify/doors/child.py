"""A child process of its own group, read and written without ever waiting on it, and ended for sure."""

import contextlib
import os
import secrets
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from harness.verify.doors.door import LOG_BYTES, DoorError

CHUNK = 1 << 18
_MARK = "CARTOX_GRADER_RUN"  # in the environment of every descendant, so that none gets away


class Child:
    """A process with its three pipes. ``pump`` moves what can be moved; ``ended`` is the end of its output."""

    def __init__(self, argv: Sequence[str], line_bytes: int) -> None:
        self.line_bytes = line_bytes
        self.ended = False
        self._mark = secrets.token_hex(8)
        self._out, self._line, self._skipping = bytearray(), b"", False
        self.log = bytearray()
        self._process = _started(argv, {**os.environ, _MARK: self._mark})
        assert self._process.stdin and self._process.stdout and self._process.stderr
        self._in_fd, self._out_fd, self._err_fd = (
            pipe.fileno() for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._wait = selectors.DefaultSelector()
        for fd in (self._out_fd, self._err_fd):
            os.set_blocking(fd, False)
            self._wait.register(fd, selectors.EVENT_READ)
        os.set_blocking(self._in_fd, False)
        self._writing = False

    @property
    def unsent(self) -> int:
        """Bytes that it has not yet taken."""
        return len(self._out)

    def send(self, data: bytes) -> None:
        """Queue bytes for its input; nothing is written before the next pump."""
        self._out += data

    def pump(self, wait_s: float) -> list[bytes | None]:
        """Write and read what can be at once, waiting at most so long (seconds): the lines that came.

        None stands for a line over the limit, of which nothing is kept.
        """
        self._register()
        lines: list[bytes | None] = []
        for key, _ in self._wait.select(wait_s):
            if key.fd == self._in_fd:
                self._write()
            elif key.fd == self._err_fd:
                self._keep_log()
            else:
                lines += self._read()
        if not lines and not self.ended and self._exited():
            self._drain(lines)
        return lines

    def exit_text(self, patience_s: float = 0.5) -> str | None:
        """How it exited, in words; None while it runs."""
        until = time.monotonic() + patience_s
        while not self._exited() and time.monotonic() < until:
            time.sleep(0.005)
        found = self._exit_info()
        if found is None:
            return None
        if found.si_code == os.CLD_EXITED:
            return f"exit code {found.si_status}"
        return f"signal {signal.Signals(found.si_status).name}"

    def end(self, farewell: bytes, patience_s: float) -> bool:
        """Say goodbye, wait so long for it to exit, and kill what is left: whether it left by itself."""
        self.send(farewell)
        until = time.monotonic() + patience_s
        while farewell and not self._exited() and time.monotonic() < until:
            self.pump(0.01)
        left = self._exited()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)  # before it is reaped, so the number is still its own
        self._keep_log()
        self._wait.close()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        _end_marked(self._mark)
        return left

    def _register(self) -> None:
        if bool(self._out) != self._writing:
            self._writing = not self._writing
            if self._writing:
                self._wait.register(self._in_fd, selectors.EVENT_WRITE)
            else:
                self._wait.unregister(self._in_fd)

    def _write(self) -> None:
        try:
            del self._out[: os.write(self._in_fd, self._out[:CHUNK])]
        except BlockingIOError:
            return
        except OSError:  # it reads no more; what it still says is read
            self._out.clear()

    def _read(self) -> list[bytes | None]:
        data = _available(self._out_fd)
        if data is None:
            return []
        if not data:
            self.ended = True
            self._wait.unregister(self._out_fd)
            return [self._line] if self._line.strip() else []
        *whole, self._line = (self._line + data).split(b"\n")
        lines: list[bytes | None] = [line for line in whole if line and not line.isspace()]
        if self._skipping and whole:
            lines, self._skipping = lines[1:], False
        if len(self._line) > self.line_bytes:
            lines += [] if self._skipping else [None]
            self._line, self._skipping = b"", True
        elif self._skipping:
            self._line = b""
        return [None if line is not None and len(line) > self.line_bytes else line for line in lines]

    def _drain(self, lines: list[bytes | None]) -> None:
        """Read the last of a process that has exited; a child of its own may still hold the pipe."""
        while more := self._read():
            lines += more
        self.ended = True

    def _keep_log(self) -> None:
        data = _available(self._err_fd)
        if data:
            self.log += data
            del self.log[:-LOG_BYTES]
        elif data is not None:
            with contextlib.suppress(KeyError, ValueError):
                self._wait.unregister(self._err_fd)

    def _exit_info(self) -> os.waitid_result | None:
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG)
        except ChildProcessError:
            return None

    def _exited(self) -> bool:
        return self._exit_info() is not None


def _started(argv: Sequence[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603 - the user names the program
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except FileNotFoundError:
        raise DoorError(f"there is no program {argv[0]!r}; is it installed and on the PATH?") from None
    except OSError as error:
        raise DoorError(f"{argv[0]!r} cannot be started: {error.strerror}") from None


def _available(fd: int) -> bytes | None:
    """What can be read at once; nothing at the end, None when there is nothing yet."""
    try:
        return os.read(fd, CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _end_marked(mark: str) -> None:
    """Kill the descendants that left the group, which are known by their environment (where there is /proc)."""
    wanted = f"{_MARK}={mark}".encode()
    for place in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if wanted in place.read_bytes():
                os.kill(int(place.parent.name), signal.SIGKILL)
