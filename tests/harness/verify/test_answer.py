"""Answers are read as the protocol words them, and whatever else comes is named."""

from typing import Any

import pytest

from cartox_core import Grade
from harness.verify.answer import quoted, read_answer


@pytest.mark.parametrize(
    ("entry", "grade"),
    [
        (3, Grade(3, 3)),
        (3.0, Grade(3, 3)),
        (None, None),
        ({"grade": 2}, Grade(2, 2)),
        ({"grade": None, "floor": 2, "ceiling": 3, "because": ["…"]}, Grade(2, 3)),
        ({"floor": 1, "ceiling": 4}, Grade(1, 4)),
        ({"grade": None}, None),
        ({"grade": 2, "floor": 2, "ceiling": 2}, Grade(2, 2)),
    ],
)
def test_an_entry_is_a_number_a_range_or_undecided(entry: Any, grade: Grade | None) -> None:
    answer = read_answer({"status": "graded", "grades": [entry]}, 1, 5)
    assert answer.status == "graded"
    assert answer.grades == (grade,)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ([3], "garbled"),
        ("3", "garbled"),
        ({}, "garbled"),
        ({"status": "Graded", "grades": [3]}, "garbled"),
        ({"status": "graded"}, "garbled"),
        ({"status": "graded", "grades": 3}, "garbled"),
        ({"status": "graded", "grades": ["3"]}, "garbled"),
        ({"status": "graded", "grades": [True]}, "garbled"),
        ({"status": "graded", "grades": [2.5]}, "garbled"),
        ({"status": "graded", "grades": [float("nan")]}, "garbled"),
        ({"status": "graded", "grades": [{}]}, "garbled"),
        ({"status": "graded", "grades": [{"grade": "3"}]}, "garbled"),
        ({"status": "graded", "grades": []}, "wrong-length"),
        ({"status": "graded", "grades": [1, 2]}, "wrong-length"),
        ({"status": "graded", "grades": [6]}, "out-of-range"),
        ({"status": "graded", "grades": [-1]}, "out-of-range"),
        ({"status": "graded", "grades": [{"floor": 3, "ceiling": 2}]}, "out-of-range"),
        ({"status": "graded", "grades": [{"floor": 3}]}, "out-of-range"),
        ({"status": "graded", "grades": [{"grade": 3, "floor": 2, "ceiling": 3}]}, "out-of-range"),
        ({"status": "refused", "field": "temp_c", "reason": "no"}, "refused"),
        ({"status": "skipped", "reason": "no"}, "skipped"),
        ({"status": "error", "message": "no"}, "error"),
    ],
)
def test_every_other_answer_has_its_status(raw: Any, status: str) -> None:
    assert read_answer(raw, 1, 5).status == status


def test_a_quotation_is_short_and_on_one_line() -> None:
    assert len(quoted("x\n" * 900)) <= 120
    assert "\n" not in quoted("a\nb")


def test_what_a_grader_says_cannot_reach_a_terminal_or_break_a_file() -> None:
    nasty = "\x1b[31mred\x00\ud800\r\nmore"
    for raw in ({"status": "error", "message": nasty}, {"status": "refused", "reason": nasty}, [nasty], nasty):
        text = read_answer(raw, 1, 5).text
        assert text.isprintable()
        assert text.encode()


def test_a_grade_that_contradicts_itself_is_told_so() -> None:
    found = read_answer({"status": "graded", "grades": [{"grade": 3, "floor": 2, "ceiling": 4}]}, 1, 5)
    assert (found.status, "contradicts itself" in found.text) == ("out-of-range", True)
