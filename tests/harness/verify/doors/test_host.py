"""A Python function behind the door ``call:``: whatever it returns, prints or raises."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.verify.doors.door import DoorError, Limits, Lost, Reply
from harness.verify.doors.host import answer_line, failed
from harness.verify.doors.process import call_door
from harness.verify.doors.wire import request

MODULE = """
import asyncio, os, sys
HELLO = {"grader": {"name": "mine", "version": "2"}, "can": {"missing": "null"}}
class Rules:
    def grade(self, m): return 2
rules = Rules()
def plain(m): return len(m["observations"])
def course(m): return [1] * len(m["observations"])
def chatty(m): print("hello", m["id"]); return 1
def bad(m): raise ValueError("temp_c is wrong")
def buggy(m): return 1 / 0
def nan(m): return 1 if m["observations"][0]["temp_c"] != m["observations"][0]["temp_c"] else 0
def quits(m): os._exit(9)
async def waits(m):
    await asyncio.sleep(0.2)
    return 3
async def fails(m): raise ValueError("no")
def later(m): return waits(m)
class Awaited:
    async def __call__(self, m): return 2
awaited = Awaited()
def array(m):
    import numpy
    return numpy.array([1] * len(m["observations"]))
def lazy(m): return (1 for _ in m["observations"])
number = 3
"""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hosted_graders.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)


def asked(function: str, count: int = 3, rows: int = 1, temp_c: float = 39.0) -> list[Any]:
    raw = {"observations": [{"time_h": float(i), "temp_c": temp_c} for i in range(rows)]}
    with call_door(f"hosted_graders:{function}").open(Limits(start_s=20, case_s=5)) as session:
        replies = session.exchange([request(f"c{i}", "astct-2019", "crs", raw) for i in range(count)], 64)
        return [r.raw if isinstance(r, Reply) else r for r in replies]


@pytest.mark.parametrize(
    ("function", "rows", "grades"),
    [("plain", 1, [1]), ("course", 3, [1, 1, 1]), ("chatty", 1, [1]), ("rules.grade", 1, [2]), ("waits", 1, [3])],
)
def test_it_may_return_a_number_or_a_list_and_print_what_it_likes(function: str, rows: int, grades: list[int]) -> None:
    found = asked(function, 3, rows)
    assert sorted(a["id"] for a in found) == ["c0", "c1", "c2"]
    assert all(a["grades"] == grades for a in found)


@pytest.mark.parametrize(("function", "grade"), [("later", 3), ("awaited", 2), ("array", 1), ("lazy", 1)])
def test_coroutines_arrays_and_generators_are_answers_too(function: str, grade: int) -> None:
    assert [answer["grades"] for answer in asked(function, 2)] == [[grade], [grade]]


def test_an_async_function_answers_many_cases_at_once() -> None:
    assert len(asked("waits", 60)) == 60  # 12 s one after the other; the door would give up after 5


def test_a_value_error_refuses_and_any_other_is_an_error() -> None:
    assert asked("bad", 1)[0] == {"id": "c0", "status": "refused", "reason": "ValueError: temp_c is wrong"}
    assert asked("buggy", 1)[0]["status"] == "error"
    assert "ZeroDivisionError" in asked("buggy", 1)[0]["message"]
    assert asked("fails", 1)[0]["status"] == "refused"


def test_nan_reaches_a_function() -> None:
    assert asked("nan", 1, 1, float("nan"))[0]["grades"] == [1]


def test_a_function_that_ends_the_process_is_lost() -> None:
    lost = asked("quits")[-1]
    assert isinstance(lost, Lost)
    assert lost.text == "exit code 9"


def test_it_can_say_what_it_is() -> None:
    with call_door("hosted_graders:plain").open(Limits(start_s=20)) as session:
        assert (session.can.name, session.can.version, session.can.missing) == ("mine", "2", "null")


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("no_such_module:f", "cannot be imported: No module named 'no_such_module'"),
        ("hosted_graders:nothing", "has no attribute 'nothing'"),
        ("hosted_graders:number", "is no function"),
    ],
)
def test_what_cannot_be_called_is_told(target: str, says: str) -> None:
    with pytest.raises(DoorError, match=r"before it answered hello") as caught:
        call_door(target).open(Limits(start_s=20))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("result", "answer"),
    [
        (None, {"status": "graded", "grades": [None]}),
        (np.int64(3), {"status": "graded", "grades": [3]}),
        ((1, 2), {"status": "graded", "grades": [1, 2]}),
        ({"grades": [1]}, {"status": "graded", "grades": [1]}),
        ({"floor": 1, "ceiling": 2}, {"status": "graded", "grades": [{"floor": 1, "ceiling": 2}]}),
        ({"status": "skipped", "reason": "child"}, {"status": "skipped", "reason": "child"}),
        ("3", {"status": "graded", "grades": ["3"]}),
        (True, {"status": "graded", "grades": [True]}),
    ],
)
def test_whatever_is_returned_becomes_an_answer(result: Any, answer: dict[str, Any]) -> None:
    assert json.loads(answer_line("a", result)) == {"id": "a", **answer}


def test_what_json_cannot_say_becomes_text() -> None:
    assert "object" in json.loads(answer_line("a", [object()]))["grades"][0]


def test_an_error_is_short() -> None:
    assert len(failed("a", ValueError("x" * 9000))["reason"]) <= 400


def test_the_folder_is_where_the_user_stands() -> None:
    assert os.path.exists("hosted_graders.py")
