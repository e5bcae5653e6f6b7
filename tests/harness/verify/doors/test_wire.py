"""The answer to hello is read strictly, and says what is wrong with it."""

import re
from typing import Any

import pytest

from harness.verify.doors.door import DoorError
from harness.verify.doors.wire import can_of


def hello(**more: Any) -> dict[str, Any]:
    return {"op": "hello", "protocol": 1, **more}


def test_what_it_says_it_can() -> None:
    can = can_of(hello(grader={"name": "a\x1b", "version": 2}, can={"form": ["course"], "missing": "null"}), "x")
    assert (can.name, can.version, can.forms, can.missing) == ("a\N{REPLACEMENT CHARACTER}", "2", ("course",), "null")
    assert can_of(hello(), "fallback").name == "fallback"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], 'must be an object with "op": "hello"'),
        (hello(protocol=2), "it speaks protocol 2; cartox speaks 1"),
        (hello(can=[]), '"can" must be an object'),
        (hello(can={"missing": "zero"}), '"missing" must be one of range, null, refuse, assume-normal'),
        (hello(can={"form": ["snapshots"]}), "\"form\" must be a list of snapshot and course; got 'snapshots'"),
        (hello(can={"fields": "temp_c"}), "fields must be a list of texts"),
        (hello(can={"guidelines": {"astct-2019": "crs"}}), "the scales of astct-2019 must be a list of texts"),
    ],
)
def test_what_is_wrong_with_it(raw: Any, says: str) -> None:
    with pytest.raises(DoorError, match=re.escape(says)):
        can_of(raw, "x")
