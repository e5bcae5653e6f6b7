import errno
import io
import sys
from collections.abc import Callable

import pytest

from cartox_core import GuidelineError
from harness.cli.failure import Stopped, exit_code_of, one_line, reason_of, say, stopped_by


def raising(error: BaseException) -> Callable[[], None]:
    def command() -> None:
        raise error

    return command


class Usage(Exception):
    exit_code = 2
    ctx = type("Context", (), {"command_path": "cartox grade"})()

    def format_message(self) -> str:
        return "Missing argument 'FILE'."


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (Stopped("no file"), 2, "cartox: no file"),
        (Stopped("nothing found", 1), 1, "cartox: nothing found"),
        (Stopped("", 141), 141, ""),
        (GuidelineError("there is\n no guideline"), 2, "cartox: there is no guideline"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            2,
            "cartox: standard output cannot be written: no space left on device",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "x.json"), 2, "cartox: x.json: permission denied"),
        (OSError("odd"), 2, "cartox: odd"),
        (Usage(), 2, "cartox: missing argument 'FILE'; see cartox grade --help"),
        (MemoryError(), 4, "cartox: out of memory; give it less at a time"),
        (SystemExit(5), 5, ""),
        (SystemExit(None), 0, ""),
    ],
    ids=repr,
)
def test_every_end_has_a_code_and_at_most_one_line(
    error: BaseException, code: int, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert exit_code_of(raising(error)) == code
    assert capsys.readouterr().err == (f"{line}\n" if line else "")


def test_a_fault_of_ours_says_how_to_find_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exit_code_of(raising(KeyError("crs"))) == 4
    told = capsys.readouterr().err
    assert told.startswith("cartox: a fault of cartox itself, KeyError: 'crs'; set CARTOX_TRACEBACK=1")
    assert told.count("\n") == 1
    monkeypatch.setenv("CARTOX_TRACEBACK", "1")
    exit_code_of(raising(KeyError("crs")))
    assert "Traceback" in capsys.readouterr().err


def test_the_code_of_a_command_that_ends_well() -> None:
    assert exit_code_of(lambda: None) == 0
    assert exit_code_of(lambda: 2) == 2


@pytest.mark.parametrize(
    ("error", "code"), [(OSError(errno.ENOSPC, "No space left on device"), 2), (BrokenPipeError(), 141)]
)
def test_what_is_buffered_may_fail_at_the_end(error: OSError, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise error

    monkeypatch.setattr(sys, "stdout", Full())
    assert exit_code_of(lambda: None) == code


def test_closed_streams_are_borne(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert exit_code_of(raising(Stopped("unheard"))) == 2
    assert exit_code_of(lambda: None) == 0
    say("unheard")


def test_words() -> None:
    assert one_line("a" * 500).endswith("a…")
    assert reason_of(OSError()) == "the system does not say why"
    assert stopped_by(Stopped("x")).message == "x"
