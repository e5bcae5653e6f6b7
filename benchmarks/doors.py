"""How fast a grader can be asked: through a pipe many at a time and one at a time, as a function, and a whole suite.

The grader answers at once: it knows every answer beforehand by the text of the question. What is timed is ours.
"""

import json
import pickle
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import best_seconds
from cartox_core import Grade, load
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Limits, Reply, Request, Session
from harness.verify.doors.named import door_of
from harness.verify.doors.wire import request
from harness.verify.suite.build import Suite, build

SEED = 1
ONE_AT_A_TIME = 10  # a round trip each is slow: it gets a tenth of the cases, and is compared by the second
AT_ONCE = textwrap.dedent("""
    import os, pickle, sys
    answers = pickle.load(open(sys.argv[1], "rb"))
    rest, skipped = b"", b'"status":"skipped"}\\n'
    while data := os.read(0, 1 << 18):
        *lines, rest = (rest + data).split(b"\\n")
        said = []
        for line in lines:
            if line.startswith(b'{"op":"grade","id":"'):
                end = line.index(b'"', 20)
                said.append(b'{"id":"' + line[20:end] + b'",' + answers.get(line[end + 2:], skipped))
            elif line.startswith(b'{"op":"hello"'):
                said.append(b'{"op":"hello","protocol":1,"grader":{"name":"at once"},"can":{"missing":"range"}}\\n')
            else:
                raise SystemExit
        os.write(1, b"".join(said))
""")


def measure_verify(patients: int, repeats: int) -> dict[str, Any]:
    """Cases a second through each door, and the seconds of a full suite with so many sealed cases."""
    suite = build(load("astct-2019"), ("crs", "icans"), "full", SEED, patients)
    cases = [case for case in suite.cases if case.kind != "nan"]
    snapshots = [case for case in cases if not case.is_course]
    few = cases[: max(len(cases) // ONE_AT_A_TIME, 1)]
    with tempfile.TemporaryDirectory() as place:
        command = write_grader(suite, Path(place))
        piped, called = door_of(f"cmd:{command}"), door_of("call:benchmarks.doors:grade_at_once")
        with piped.open(Limits()) as pipe, called.open(Limits()) as call:
            seconds = best_seconds(
                {
                    "cmd": lambda: asked(pipe, cases, piped.window),
                    "cmd_one_at_a_time": lambda: asked(pipe, few, 1),
                    "call": lambda: asked(call, snapshots, called.window),
                },
                repeats,
            )
        whole = best_seconds({"suite_s": lambda: verified(command, patients)}, 1)
    return {
        "cmd_cases_per_s": len(cases) / seconds["cmd"],
        "cmd_one_at_a_time_cases_per_s": len(few) / seconds["cmd_one_at_a_time"],
        "call_cases_per_s": len(snapshots) / seconds["call"],
        "suite_s": whole["suite_s"],
        "suite_cases": len(cases),
    }


def requests(cases: Iterable[SuiteCase]) -> list[Request]:
    """The questions as they go over the wire."""
    return [request(f"k{number:x}", "astct-2019", case.scale, case.raw) for number, case in enumerate(cases)]


def asked(session: Session, cases: Sequence[SuiteCase], window: int) -> int:
    """Ask a grader that runs all cases, so many at a time: how many answers came."""
    answers = sum(isinstance(item, Reply) for item in session.exchange(requests(cases), window))
    if answers != len(cases):
        raise RuntimeError(f"{answers} answers to {len(cases)} cases")
    return answers


def grade_at_once(_: dict[str, Any]) -> int:
    """The function behind ``call:``."""
    return 1


def verified(command: str, patients: int) -> None:
    """The whole verb, as a user starts it."""
    words = ["verify", f"cmd:{command}", "--seed", str(SEED), "--patients", str(patients), "--json", "-"]
    start = "from harness.cli.main import main; main()"
    ended = subprocess.run([sys.executable, "-c", start, *words], capture_output=True, check=False)
    if json.loads(ended.stdout)["verdict"] != "conformant":
        raise RuntimeError(f"the grader that knows every answer failed: {ended.stdout[:400]!r}")


def write_grader(suite: Suite, place: Path) -> str:
    """Write a grader that knows all answers of a suite: the command that starts it."""
    program, memory = place / "at_once.py", place / "answers.pickle"
    program.write_text(AT_ONCE, encoding="utf-8")
    known = {}
    for (_, line), case in zip(requests(suite.cases), suite.cases, strict=True):
        known[line[line.index(b'"', 20) + 2 : -1]] = _answer(case)
    memory.write_bytes(pickle.dumps(known))
    return f"{sys.executable} -S {program} {memory}"


def _answer(case: SuiteCase) -> bytes:
    if case.expected is None:
        return b'"status":"refused"}\n'
    grades = [_entry(grade) for grade in case.expected]
    return f'"status":"graded","grades":{json.dumps(grades)}}}\n'.encode()


def _entry(grade: Grade) -> Any:
    return grade.grade if grade.grade is not None else {"floor": grade.floor, "ceiling": grade.ceiling}
