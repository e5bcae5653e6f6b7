"""The door to a process: many cases under way, and no way for a hostile grader to do harm."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.verify.doors.door import DoorError, Limits, Lost, Reply, Request
from harness.verify.doors.process import ProcessDoor, call_door, command_door
from harness.verify.doors.wire import request
from tests.harness.verify.doors.graders import GRADED, HELLO, only_at, program

CASE = {"patient": {}, "observations": [{"time_h": 1.0, "temp_c": 39.0}], "treatments": []}
LIMITS = Limits(start_s=5, case_s=0.6, end_s=0.5)


def requests(count: int) -> list[Request]:
    return [request(f"c{i}", "astct-2019", "crs", CASE) for i in range(count)]


def exchanged(argv: tuple[str, ...], count: int = 20, window: int = 8) -> list[Reply | Lost]:
    with ProcessDoor("x", argv).open(LIMITS) as session:
        return list(session.exchange(requests(count), window))


def running(mark: str) -> list[str]:
    """The processes whose command line holds a text."""

    def found() -> Iterator[str]:
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mark.encode() in place.read_bytes() and int(place.parent.name) != os.getpid():
                    yield place.parent.name
            except OSError:
                continue

    return list(found())


def test_every_case_is_answered_once() -> None:
    found = exchanged(program(), 300, 64)
    assert [r.id for r in found if isinstance(r, Reply)] == [f"c{i}" for i in range(300)]


def test_cases_are_under_way_together_and_may_be_answered_in_any_order() -> None:
    backwards = "held = globals().setdefault('held', []); held.append(m)\nif len(held) == 8:\n    for m in held[::-1]: "
    found = exchanged(program(backwards + GRADED + "\n    held.clear()"), 16, 8)
    assert [r.id for r in found if isinstance(r, Reply)] == [f"c{i}" for i in [*range(7, -1, -1), *range(15, 7, -1)]]


@pytest.mark.parametrize(
    ("do", "status", "says"),
    [
        ("os._exit(3)", "crashed", "exit code 3"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "signal SIGSEGV"),
        ("sys.exit(0)", "silent", "exit code 0"),
        ("os.close(1); time.sleep(60)", "silent", "it still runs"),
        ("time.sleep(60)", "timeout", "no answer for 0.6 s"),
        ("pass", "timeout", "no answer"),
        ("subprocess.Popen(['sleep', '60']); os._exit(1)", "crashed", "exit code 1"),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)", "timeout", "no answer"),
        ("while True: sys.stderr.write('x' * 65536)", "timeout", "no answer"),
    ],
)
def test_a_grader_that_stops_is_lost_with_the_reason(do: str, status: str, says: str) -> None:
    began = time.monotonic()
    found = exchanged(only_at(5, do))
    assert len([r for r in found if isinstance(r, Reply)]) >= 4
    lost = found[-1]
    assert isinstance(lost, Lost)
    assert (lost.status, says in lost.text, lost.waiting[0]) == (status, True, "c4")
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("do", "trouble"),
    [
        ("say('grade 3')", "garbled"),
        ("say('[1]')", "garbled"),
        ("say('[' * 100000)", "garbled"),
        ("say('x' * 3000000)", "garbled"),
        ("sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()", "garbled"),
        ('say(\'{"id": "nobody"}\')', "misaddressed"),
        ("say('{\"id\": 7}')", "misaddressed"),
        (f"{GRADED}; {GRADED}", "misaddressed"),
    ],
)
def test_what_answers_no_case_is_named_and_the_rest_is_still_heard(do: str, trouble: str) -> None:
    found = [r for r in exchanged(only_at(3, do + "\n    " + GRADED), 6, 1) if isinstance(r, Reply)]
    assert next(r.trouble for r in found if r.trouble) == trouble
    assert "c5" in [r.id for r in found if not r.trouble]


def test_a_flood_of_rubbish_ends_as_a_timeout_without_filling_memory() -> None:
    lost = exchanged(only_at(2, "while True: sys.stdout.write('y\\n' * 1000)"), 3, 1)[-1]
    assert isinstance(lost, Lost)
    assert lost.status == "timeout"
    lost = exchanged(only_at(2, "while True: sys.stdout.write('y' * 65536)"), 3, 1)[-1]
    assert isinstance(lost, Lost)
    assert lost.status == "timeout"


def test_its_log_is_kept_but_not_all_of_it() -> None:
    with ProcessDoor("x", program(f"sys.stderr.write('noise ' * 40000 + 'last words'); {GRADED}")).open(
        LIMITS
    ) as session:
        list(session.exchange(requests(3), 4))
        assert session.log().endswith("last words")
        assert len(session.log()) <= 1 << 16


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes by /proc")
@pytest.mark.parametrize("how", ["", "start_new_session=True, "])
def test_no_child_outlives_the_session(how: str) -> None:
    mark = f"86{os.getpid()}"
    do = f"subprocess.Popen(['sleep', '{mark}'], {how}stdin=subprocess.DEVNULL); {GRADED}"
    with ProcessDoor("x", only_at(1, do)).open(LIMITS) as session:
        list(session.exchange(requests(2), 1))
        assert running(mark)
    time.sleep(0.1)
    assert not running(f"sleep\0{mark}")


def test_a_session_left_in_the_middle_is_ended_too() -> None:
    with ProcessDoor("x", program()).open(LIMITS) as session:
        for number, _ in enumerate(session.exchange(requests(50), 8)):
            if number == 3:
                break


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("no-such-program-here",), "there is no program 'no-such-program-here'"),
        (("/",), "cannot be started"),
        (("sleep", "30"), "did not answer hello within"),
        (("true",), "it ended (exit code 0) before it answered hello"),
        (("sh", "-c", "echo boom >&2; exit 4"), "(exit code 4) before it answered hello; its log says: boom"),
        (("sh", "-c", "echo Listening on port 80; cat"), "got 'Listening on port 80'; logs belong on stderr"),
        (("sh", "-c", "cat /dev/zero"), "must answer hello in JSON"),
        (("sh", "-c", "echo [1]; cat"), 'must be an object with "op": "hello"'),
        (("sh", "-c", """echo '{"op":"hello","protocol":2}'; cat"""), "speaks protocol 2"),
        (("sh", "-c", """echo '{"op":"hello","can":[]}'; cat"""), '"can" must be an object'),
        (("sh", "-c", """echo '{"op":"hello","can":{"missing":"guess"}}'; cat"""), '"missing" must be one of'),
        (("sh", "-c", """echo '{"op":"hello","can":{"fields":"temp_c"}}'; cat"""), "fields must be a list"),
        (
            ("sh", "-c", """echo '{"op":"hello","can":{"guidelines":{"x":"crs"}}}'; cat"""),
            "the scales of x must be a list",
        ),
    ],
)
def test_a_grader_that_does_not_greet_is_told_why(argv: tuple[str, ...], says: str) -> None:
    with pytest.raises(DoorError) as caught:
        ProcessDoor("x", argv).open(Limits(start_s=0.8))
    assert says in str(caught.value)


def test_a_greeting_says_what_it_can() -> None:
    hello = HELLO.replace('"can": {}', '"can": {"missing": "null", "form": ["snapshot"], "fields": ["temp_c"]}')
    with ProcessDoor("x", ("sh", "-c", f"echo '{hello}'; cat >/dev/null")).open(LIMITS) as session:
        assert (session.can.name, session.can.missing, session.can.forms) == ("small", "null", ("snapshot",))
        assert session.can.fields == {"temp_c"}


def test_a_command_is_split_as_a_shell_would() -> None:
    assert command_door("sh -c 'a b'").argv == ("sh", "-c", "a b")
    for wrong in ("", "sh 'open"):
        with pytest.raises(DoorError):
            command_door(wrong)


@pytest.mark.parametrize("wrong", ["", "module", "module:", ":function"])
def test_a_call_needs_a_module_and_a_function(wrong: str) -> None:
    with pytest.raises(DoorError):
        call_door(wrong)


def test_a_program_that_takes_no_input_is_no_trouble_for_us() -> None:
    script = f"import sys, time; print('{HELLO}', flush=True); sys.stdin.close(); time.sleep(60)"
    found = exchanged((sys.executable, "-c", script), 20000, 20000)
    assert isinstance(found[-1], Lost)
