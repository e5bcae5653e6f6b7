import json
from typing import Any

import pytest

from cartox_core import load
from harness.cli.wire import Bye, Grader

GRADER = Grader([load("astct-2019")], "1.2")
ASKED = {"op": "grade", "id": "k7f3", "guideline": "astct-2019", "scale": "crs"}
FEVER = {"time_h": 52.0, "temp_c": 39.1, "hypotension": True, "vasopressors": 1, "vasopressin": False}


def ask(message: object) -> dict[str, Any]:
    line = message if isinstance(message, bytes) or message is None else json.dumps(message).encode()
    answer = GRADER.answer(line)
    assert answer.endswith(b"\n")
    assert answer.count(b"\n") == 1
    found: dict[str, Any] = json.loads(answer)
    return found


def test_hello() -> None:
    answer = ask({"op": "hello", "protocol": [1, 1], "harness": {"name": "h"}, "limits": {"case_ms": 2000}})
    assert answer == {
        "op": "hello",
        "protocol": 1,
        "grader": {"name": "cartox", "version": "1.2"},
        "can": {"guidelines": {"astct-2019": ["crs", "icans"]}, "form": ["snapshot", "course"], "missing": "range"},
    }


@pytest.mark.parametrize("offered", [None, 1, [1, 1], [1, 9], [0, 1]])
def test_hello_in_our_protocol(offered: object) -> None:
    assert ask({"op": "hello", "protocol": offered})["protocol"] == 1


@pytest.mark.parametrize("offered", [0, 2, [2, 3], [], ["1"], {}, "1"])
def test_hello_in_another_protocol(offered: object) -> None:
    assert ask({"op": "hello", "protocol": offered})["status"] == "error"


def test_bye() -> None:
    with pytest.raises(Bye):
        GRADER.answer(b'{"op": "bye"}')


def test_the_example_of_the_protocol() -> None:
    asked = {**ASKED, "observations": [{**FEVER, "o2_device": "nasal_cannula", "o2_flow_l_min": 2.0}]}
    assert ask(asked) == {"id": "k7f3", "status": "graded", "grades": [3]}
    assert ask({**asked, "id": 7}) == {"id": 7, "status": "graded", "grades": [3]}


def test_a_range_says_why() -> None:
    (entry,) = ask({**ASKED, "observations": [FEVER]})["grades"]
    assert (entry["grade"], entry["floor"], entry["ceiling"]) == (None, 3, 4)
    assert any("crs.hypoxia.positive_pressure" in reason for reason in entry["because"])


def test_a_course() -> None:
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
    rows = [{"time_h": t, "temp_c": c, **calm} for t, c in [(20, 37.0), (24, 38.4), (28, 37.2)]]
    assert ask({**ASKED, "observations": rows}) == {"id": "k7f3", "status": "graded", "grades": [0, 1, 0]}


@pytest.mark.parametrize(
    ("guideline", "scale"),
    [
        ("nccn", "crs"),
        ("astct-2019", "hlh"),
        (None, "crs"),
        ("astct-2019", None),
        (["astct-2019"], "crs"),
        ("astct-2019", {}),
    ],
)
def test_what_was_not_declared_is_skipped(guideline: object, scale: object) -> None:
    answer = ask({**ASKED, "guideline": guideline, "scale": scale, "observations": [FEVER]})
    assert (answer["status"], "declared" in answer["reason"]) == ("skipped", True)


@pytest.mark.parametrize(
    ("case", "field"),
    [
        ({"observations": [{"time_h": 1, "temp_c": 101.5}]}, "temp_c"),
        ({"observations": [{"time_h": 1, "temp_f": 101.5}]}, "temp_f"),
        ({"observations": []}, "observations"),
        ({}, "observations"),
        ({"observations": [FEVER], "patient": {"age_years": 200}}, "age_years"),
    ],
)
def test_an_invalid_case_is_refused(case: dict[str, Any], field: str) -> None:
    answer = ask({**ASKED, **case})
    assert (answer["id"], answer["status"], answer["field"]) == ("k7f3", "refused", field)
    assert "allowed" in answer["reason"]


def test_nan_is_refused_in_json_that_all_can_read() -> None:
    answer = GRADER.answer(json.dumps({**ASKED, "observations": [{"time_h": 1, "temp_c": float("nan")}]}).encode())
    assert json.loads(answer, parse_constant=pytest.fail)["status"] == "refused"


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        (b"temp 39", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b"[1]", None),
        (b"3", None),
        (b"null", None),
        (b"{}", None),
        (b'{"op": "fly", "id": "q"}', "q"),
        (b'{"op": ["grade"], "id": 5}', 5),
        (b'{"op": "grade"}', None),
        (b'{"op": "grade", "id": {"a": 1}}', None),
        (b'{"op": "grade", "id": true}', None),
        (b"9" * 5000, None),
        (None, None),
    ],
    ids=lambda x: repr(x)[:30],
)
def test_what_cannot_be_understood_is_an_error(line: bytes | None, identity: object) -> None:
    answer = ask(line)
    assert (answer["status"], answer["id"]) == ("error", identity)
    assert len(answer["message"]) < 500


def test_a_key_written_twice_is_refused_by_its_id() -> None:
    asked = json.dumps({**ASKED, "observations": [{"time_h": 1, "temp_c": 39}]})
    line = asked.replace('"temp_c"', '"temp_c": 37, "temp_c"').encode()
    assert ask(line) == {"id": "k7f3", "status": "refused", "field": "case", "reason": "the key 'temp_c' stands twice"}


def test_half_a_surrogate_pair_comes_back() -> None:
    line = json.dumps({**ASKED, "id": "\ud800", "observations": [FEVER]}).encode()
    assert json.loads(GRADER.answer(line))["id"] == "\ud800"


def test_a_fault_of_ours_is_an_error_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("the\nshelf fell")

    monkeypatch.setattr("harness.cli.wire.read_case", broken)
    answer = ask({**ASKED, "observations": [FEVER]})
    assert answer == {"id": "k7f3", "status": "error", "message": "a fault of the grader: RuntimeError: the shelf fell"}
