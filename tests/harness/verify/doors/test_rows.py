"""Answers in a file: what people write into a table or lines of JSON, and what cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from harness.verify.doors.door import DoorError, Limits, Reply
from harness.verify.doors.named import door_of
from harness.verify.doors.rows import rows_door


def written(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def answers(tmp_path: Path, name: str, text: str) -> dict[str, Any]:
    with rows_door(written(tmp_path, name, text)).open(Limits()) as session:
        asked = [(name, b"") for name in ("a", "b", "c")]
        return {r.id or "": r.raw for r in session.exchange(asked, 1) if isinstance(r, Reply)}


TABLE = """id,scale,time_h,grade
a,crs,1,3
b,crs,1,1
b,crs,2,
b,crs,3, 2.0
c,crs,1,refused
x,crs,1,5
"""


def test_a_table_has_a_row_for_each_observation(tmp_path: Path) -> None:
    found = answers(tmp_path, "graded.csv", TABLE)
    assert found["a"]["grades"] == [3]
    assert found["b"]["grades"] == [1, None, 2]
    assert found["c"]["status"] == "refused"
    assert set(found) == {"a", "b", "c"}


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_table_may_be_sorted_otherwise_and_parted_by_another_mark(mark: str, tmp_path: Path) -> None:
    head, *rows = TABLE.splitlines()
    text = "\n".join([head, *reversed(rows)]).replace(",", mark)
    found = answers(tmp_path, "graded.csv", text)
    assert found["b"]["grades"] == [1, None, 2]
    assert found["a"]["grades"] == [3]


def test_a_table_may_give_ranges_words_and_reasons(tmp_path: Path) -> None:
    text = "﻿ID,Floor,Ceiling,Status,Reason\na,2,3,,\nb,,,skipped,too young\nc,1,1,,\n"
    found = answers(tmp_path, "graded.CSV", text)
    assert found["a"]["grades"] == [{"floor": 2, "ceiling": 3}]
    assert (found["b"]["status"], found["b"]["reason"]) == ("skipped", "too young")


def test_words_are_left_for_the_map(tmp_path: Path) -> None:
    assert answers(tmp_path, "x.csv", "id,grade\na,Grade 3\n")["a"]["grades"] == ["Grade 3"]


def test_lines_of_json(tmp_path: Path) -> None:
    text = (
        '{"id": "a", "grade": 3}\n\n{"id": "b", "grades": [1, null, {"floor": 1, "ceiling": 2}]}\n'
        '{"id": "c", "status": "refused", "field": "temp_c"}\n'
    )
    found = answers(tmp_path, "graded.jsonl", text)
    assert found["a"]["grades"] == [3]
    assert found["b"]["grades"] == [1, None, {"floor": 1, "ceiling": 2}]
    assert found["c"]["field"] == "temp_c"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "", "needs the columns id and grade"),
        ("x.csv", "id,score\na,1\n", "needs the columns id and grade"),
        ("x.csv", "id,grade\n,1\n", "line 2 has no id"),
        ("x.csv", "id,grade\n", "holds no answer"),
        ("x.jsonl", "", "holds no answer"),
        ("x.jsonl", '{"id": "a"\n', "line 1 is not JSON"),
        ("x.jsonl", '{"grade": 3}\n', "line 1 has no id"),
        ("x.jsonl", '{"id": "a", "grade": 3}\n{"id": "a", "grade": 3}\n', "line 2 answers a a second time"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(tmp_path: Path, name: str, text: str, says: str) -> None:
    with pytest.raises(DoorError) as caught:
        rows_door(written(tmp_path, name, text))
    assert says in str(caught.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="cannot be read: no such file"):
        rows_door(str(tmp_path / "none.csv"))
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DoorError, match="no text in UTF-8"):
        rows_door(str(tmp_path / "x.csv"))


@pytest.mark.parametrize(
    ("spec", "title"),
    [
        ("cmd:node grader.js", "cmd:node grader.js"),
        ("call:a.b:c", "call:a.b:c"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http:http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://127.0.0.1", "https://127.0.0.1"),
    ],
)
def test_a_door_is_named_by_its_kind(spec: str, title: str) -> None:
    assert door_of(spec).title == title


@pytest.mark.parametrize(
    ("spec", "says"), [("node grader.js", "did you mean cmd:'node grader.js'?"), ("ftp:x", "a grader is named")]
)
def test_another_name_is_told_the_kinds(spec: str, says: str) -> None:
    with pytest.raises(DoorError) as caught:
        door_of(spec)
    assert says in str(caught.value)
