"""The verbs as real processes: pipes, streams, signals, exit codes and memory."""

import json
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.samples import BAD, COURSE, FEVER, RANGE, SURE, answers, lines

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, pty and limits are Unix")
ROOT = Path(__file__).parents[2]
CARTOX = [sys.executable, "-m", "harness.cli"]
ASKED: dict[str, Any] = {
    "op": "grade",
    "guideline": "astct-2019",
    "scale": "crs",
    "observations": [{**FEVER, "o2_device": "none"}],
}
PATIENCE_S = 20


def run(*arguments: str, stdin: bytes = b"", **more: Any) -> subprocess.CompletedProcess[bytes]:
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run([*CARTOX, *arguments], input=stdin, cwd=ROOT, timeout=60, check=False, **more)


def start(*arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    more = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.Popen([*CARTOX, *arguments], cwd=ROOT, **more)


@pytest.fixture
def ended() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes to be put away at the end, whatever became of the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[bytes]) -> Any:
    """The next answer of a process that has been asked, or a failure when it keeps silent."""
    found: list[bytes] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: found.append(process.stdout.readline()), daemon=True)
    reader.start()
    reader.join(PATIENCE_S)
    assert found, "no answer"
    return json.loads(found[0])


def tell(process: subprocess.Popen[bytes], *messages: object) -> None:
    assert process.stdin is not None
    process.stdin.write(lines(*messages))
    process.stdin.flush()


def test_cases_through_the_installed_program(tmp_path: Path) -> None:
    program = shutil.which("cartox", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("cartox is not installed beside this Python")
    file = tmp_path / "cases.jsonl"
    file.write_bytes(lines(SURE, BAD, RANGE, COURSE))
    found = subprocess.run([program, "grade", str(file), "-s", "crs"], capture_output=True, timeout=60, check=False)
    assert found.returncode == 2
    assert found.stderr.decode() == f"{file}: 1 of 4 cases refused (line 2)\n"
    assert [a["status"] for a in answers(found.stdout.decode())] == ["graded", "refused", "graded", "graded"]


def test_every_verb_as_a_process() -> None:
    assert b"grade 3" in run("explain", "-", "-s", "crs", stdin=lines(SURE)).stdout
    assert b"Parameter" in run("guideline", "astct-2019").stdout
    assert json.loads(run("schema").stdout)["$schema"]


def test_answers_come_while_the_pipe_is_open(ended: list[subprocess.Popen[bytes]]) -> None:
    process = start("grade", "-", "-s", "crs")
    ended.append(process)
    for case in (SURE, {**SURE, "id": "next"}):
        tell(process, case)
        assert line_of(process)["id"] == case["id"]
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_the_grader_talks_and_leaves_at_bye(ended: list[subprocess.Popen[bytes]]) -> None:
    process = start("grader")
    ended.append(process)
    tell(process, {"op": "hello", "protocol": [1, 1], "harness": {"name": "test", "version": "0"}})
    assert line_of(process)["can"]["missing"] == "range"
    tell(process, {**ASKED, "id": "a"})
    assert line_of(process) == {"id": "a", "status": "graded", "grades": [3]}
    tell(process, {"op": "bye"})
    assert process.wait(2) == 0


def test_the_grader_answers_many_at_once(ended: list[subprocess.Popen[bytes]]) -> None:
    process = start("grader")
    ended.append(process)
    ids = [f"n{i}" for i in range(5000)]
    out, err = process.communicate(lines(*[{**ASKED, "id": i} for i in ids]), timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert [a["id"] for a in answers(out.decode())] == ids


def test_it_stops_silently_when_nobody_reads(tmp_path: Path, ended: list[subprocess.Popen[bytes]]) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(lines(RANGE) * 5000)
    process = start("grade", str(file))
    ended.append(process)
    line_of(process)
    process.stdout.close()  # type: ignore[union-attr]
    assert process.wait(PATIENCE_S) == 141
    assert process.stderr.read() == b""  # type: ignore[union-attr]


def test_an_interrupt_leaves_without_a_traceback(ended: list[subprocess.Popen[bytes]]) -> None:
    process = start("grade", "-", "-s", "crs")
    ended.append(process)
    tell(process, SURE)
    line_of(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_S) == 130
    assert process.stderr.read() == b""  # type: ignore[union-attr]


def no_room() -> None:
    """Let a process write no file, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize("arguments", [["grade", "-"], ["guideline", "astct-2019"], ["grade", "--help"]])
def test_a_full_disk_is_one_line(arguments: list[str], tmp_path: Path) -> None:
    with (tmp_path / "full").open("wb") as full:
        found = run(*arguments, stdin=lines(SURE), stdout=full, preexec_fn=no_room)
    assert found.returncode == 2
    assert found.stderr == b"cartox: standard output cannot be written: file too large\n"


def test_closed_streams_are_one_line() -> None:
    found = run("grade", "-", stdin=lines(SURE), stdout=None, preexec_fn=lambda: os.close(1))
    assert (found.returncode, found.stderr.count(b"\n")) == (2, 1)
    assert b"standard output is closed" in found.stderr
    found = run("grade", "-", preexec_fn=lambda: os.close(0))
    assert (found.returncode, found.stderr) == (2, b"cartox: stdin cannot be read: bad file descriptor\n")


def test_a_terminal_that_knows_no_degrees(tmp_path: Path) -> None:
    found = run("guideline", "astct-2019", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (found.returncode, found.stderr) == (0, b"")
    assert b"38.0 ?C" in found.stdout


def test_explain_draws_tables_on_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(SURE, indent=1))
    ours, theirs = pty.openpty()
    try:
        process = start("explain", str(file), stdout=theirs, env={**os.environ, "TERM": "xterm", "COLUMNS": "120"})
        os.close(theirs)
        seen = b""
        while PURPOSE.encode() not in seen:
            seen += os.read(ours, 65536)
        assert process.wait(PATIENCE_S) == 0
        process.communicate()
    finally:
        os.close(ours)
    assert "┃".encode() in seen


def peak_of(verb: list[str], pieces: Iterator[bytes]) -> tuple[list[dict[str, Any]], int, int]:
    """Answers, exit code and the most memory (bytes) of a verb that is fed these bytes."""
    process = start(*verb, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    collected: list[bytes] = []
    reader = threading.Thread(target=lambda: collected.append(process.stdout.read()), daemon=True)  # type: ignore[union-attr]
    reader.start()
    for piece in pieces:
        process.stdin.write(piece)
    process.stdin.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join(PATIENCE_S)
    process.stdout.close()
    unit = 1 if sys.platform == "darwin" else 1024
    return answers(collected[0].decode()), process.returncode, usage.ru_maxrss * unit


def endless(good: bytes, mebibytes: int) -> Iterator[bytes]:
    """A good line, one line of many mebibytes, blank lines of as many, and the good line again."""
    yield good
    for _ in range(mebibytes):
        yield b"x" * (1 << 20)
    yield b"\n"
    for _ in range(mebibytes):
        yield (b" " * 1023 + b"\n") * 1024
    yield good


@pytest.mark.slow
@pytest.mark.parametrize(
    ("verb", "good", "statuses"),
    [
        (["grade", "-", "-s", "crs"], SURE, ["graded", "refused", "graded"]),
        (["grader"], {**ASKED, "id": "a"}, ["graded", "error", "graded"]),
    ],
    ids=["grade", "grader"],
)
def test_a_long_line_and_a_long_file_do_not_fill_memory(verb: list[str], good: object, statuses: list[str]) -> None:
    _, _, little = peak_of(verb, iter([lines(good)]))
    found, _, much = peak_of(verb, endless(lines(good), 128))
    assert [a["status"] for a in found] == statuses
    assert much - little < 64 << 20, f"{(much - little) >> 20} MiB more"
