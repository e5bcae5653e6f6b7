"""The examination: who is to blame is found by asking alone, and a grader that keeps breaking ends the run."""

from pathlib import Path

import pytest

from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Limits
from harness.verify.doors.process import ProcessDoor
from harness.verify.examine import Examined, Examiner
from harness.verify.translation import Translation
from tests.harness.verify.answers import load_with, suite
from tests.harness.verify.doors.graders import GRADED, on_case, program

LIMITS = Limits(start_s=5, case_s=0.4, end_s=0.5)
CASES = [c for c in suite("core").cases if c.kind != "nan" and c.expected][:120]


def examined(argv: tuple[str, ...], cases: list[SuiteCase] = CASES) -> Examined:
    door = ProcessDoor("x", argv, window=32)
    return Examiner(door, load_with({}), LIMITS, Translation()).run(cases, 1)


def marked(mark: str) -> list[SuiteCase]:
    return [c for c in CASES if mark in str(c.raw)]


def test_a_good_grader_answers_everything_and_some_of_it_twice() -> None:
    found = examined(program())
    assert set(found.answers) == {c.id for c in CASES}
    assert {a.status for a in found.answers.values()} == {"graded"}
    assert (found.restarts, found.ended, found.asked_twice) == (0, "", 2)


def test_a_case_that_crashes_it_is_found_and_the_others_are_answered() -> None:
    guilty = [c.id for c in marked("'vasopressors': 3")] or [c.id for c in marked("blow_by")]
    mark = "blow_by" if not marked("'vasopressors': 3") else '"vasopressors":3'
    assert 0 < len(guilty) < 3
    found = examined(on_case(mark, "os._exit(7)"))
    assert [name for name, a in found.answers.items() if a.status == "crashed"] == guilty
    assert found.answers[guilty[0]].text == "exit code 7"
    assert len(found.answers) == len(CASES)
    assert not found.ended


def test_a_case_that_hangs_or_garbles_it_is_found() -> None:
    for do, status in (
        ("time.sleep(60)", "timeout"),
        ("say('oops')", "garbled"),
        (f"{GRADED}; {GRADED}", "misaddressed"),
    ):
        found = examined(on_case('"blow_by"', do), [*CASES[:20], *marked("blow_by")[:1]])
        wrong = {name: a.status for name, a in found.answers.items() if a.status != "graded"}
        assert wrong == {marked("blow_by")[0].id: status}


@pytest.mark.parametrize(
    ("do", "told"),
    [
        ("os._exit(1)", "crashed, exit code 1"),
        ("say('cache flushed')", "garbled, not JSON: 'cache flushed'"),
        ("time.sleep(60)", "timeout, no answer for 0.4 s"),
        ('say(json.dumps({"id": "zz", "status": "graded", "grades": [0]}))', "misaddressed, answers no case"),
    ],
)
def test_trouble_that_does_not_come_back_blames_nobody_and_is_told(do: str, told: str, tmp_path: Path) -> None:
    mark = tmp_path / "done"
    once = f"import pathlib\nif seen == 30 and not pathlib.Path({str(mark)!r}).exists():\n"
    found = examined(program(f"{once}    pathlib.Path({str(mark)!r}).touch()\n    {do}\n{GRADED}"))
    assert {a.status for a in found.answers.values()} == {"graded"}
    assert len(found.answers) == len(CASES)
    assert (found.restarts, found.ended, len(found.strays)) == (1, "", 1)
    assert found.strays[0].startswith(told)


@pytest.mark.slow
def test_a_log_on_stdout_ends_the_run_with_what_was_said() -> None:
    found = examined(program(f"if seen % 3 == 0: say('DEBUG 42')\n{GRADED}"))
    assert found.ended == "it broke off 10 times; the last time that did not come back: garbled, not JSON: 'DEBUG 42'"


def test_three_in_a_row_end_it() -> None:
    found = examined(program("os._exit(1)"))
    assert found.ended == "3 cases in a row broke it"
    assert [a.status for a in found.answers.values()] == ["crashed"] * 3


def test_ten_restarts_end_it() -> None:
    every_other = "import hashlib\nbad = hashlib.md5(json.dumps(m['observations']).encode()).digest()[0] % 3 == 0\n"
    found = examined(program(f"{every_other}if bad: os._exit(1)\n{GRADED}"))
    assert found.ended in ("it broke off 10 times", "3 cases in a row broke it")
    assert found.restarts <= 10


def test_a_grader_that_does_not_come_back_ends_it() -> None:
    once = "import pathlib\nif pathlib.Path(MARK).exists(): sys.exit(1)\npathlib.Path(MARK).touch()\nos._exit(1)"
    import tempfile  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        argv = ("sh", "-c", f"test -e {folder}/x && exit 5; touch {folder}/x; exec python3 -c '{QUITS}'")
        found = examined(argv)
    assert "could not be started again" in found.ended
    del once


QUITS = (
    'import sys, json; sys.stdin.readline(); print(json.dumps({"op": "hello"}), flush=True); '
    "sys.stdin.readline(); sys.exit(3)"
)


def test_two_answers_to_one_case_are_unstable() -> None:
    counting = 'say(json.dumps({"id": m["id"], "status": "graded", "grades": [seen % 4] * len(m["observations"])}))'
    found = examined(program(counting))
    unstable = [a for a in found.answers.values() if a.status == "unstable"]
    assert unstable
    assert all("first [" in a.text for a in unstable)


def test_ids_tell_nothing_and_differ_from_run_to_run() -> None:
    echo = 'sys.stderr.write(m["id"] + " "); ' + GRADED
    first, second = (examined(program(echo), CASES[:10]).log.split() for _ in range(2))
    assert not set(first) & set(second)
    assert not any(c.id in " ".join(first) for c in CASES)


def test_alone_gives_one_answer() -> None:
    examiner = Examiner(ProcessDoor("x", program()), load_with({}), LIMITS, Translation())
    assert examiner.alone(CASES[0]).status == "graded"
    examiner.close()
    examiner.close()
    lost = Examiner(ProcessDoor("x", program("os._exit(2)")), load_with({}), LIMITS, Translation())
    assert lost.alone(CASES[0]) == Answer("crashed", text="exit code 2")
