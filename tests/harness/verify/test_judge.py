"""What an answer is worth, against a right grade that is decided, a range, or a refusal."""

import pytest

from cartox_core import Grade
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Missing
from harness.verify.judge import compared, judge


def case(*grades: Grade, refused: bool = False) -> SuiteCase:
    rows = [{"time_h": 4.0 * i} for i in range(len(grades) or 1)]
    return SuiteCase("crs/x", "crs", {"observations": rows}, None if refused else grades, (), "clause", "a case")


def graded(*grades: Grade | None) -> Answer:
    return Answer("graded", grades)


@pytest.mark.parametrize(
    ("right", "got", "status"),
    [
        (Grade(3, 3), Grade(3, 3), "agree"),
        (Grade(3, 3), Grade(2, 2), "under"),
        (Grade(3, 3), Grade(4, 4), "over"),
        (Grade(3, 3), None, "undecided"),
        (Grade(3, 3), Grade(2, 4), "vague"),
        (Grade(3, 3), Grade(3, 4), "vague"),
        (Grade(2, 3), Grade(2, 3), "agree"),
        (Grade(2, 3), Grade(2, 2), "under"),
        (Grade(2, 3), Grade(3, 3), "over"),
        (Grade(2, 3), None, "agree"),
        (Grade(2, 3), Grade(1, 4), "vague"),
        (Grade(1, 4), Grade(2, 3), "under"),
        (Grade(1, 4), Grade(2, 4), "over"),
    ],
)
def test_one_grade(right: Grade, got: Grade | None, status: str) -> None:
    assert compared(right, got) == status


@pytest.mark.parametrize(
    ("missing", "none", "refusal"),
    [
        (None, "agree", "refused_wrongly"),
        ("range", "undecided", "refused_wrongly"),
        ("null", "agree", "refused_wrongly"),
        ("refuse", "undecided", "agree"),
        ("assume-normal", "undecided", "refused_wrongly"),
    ],
)
def test_a_range_may_be_left_open_only_in_the_way_declared(missing: Missing | None, none: str, refusal: str) -> None:
    open_case = case(Grade(1, 4))
    assert judge(open_case, graded(None), missing).status == none
    assert judge(open_case, Answer("refused"), missing).status == refusal
    assert judge(open_case, graded(Grade(1, 1)), missing).status == "under"  # unknown is never normal


def test_a_decided_case_may_be_neither_refused_nor_left_open() -> None:
    for missing in (None, "range", "null", "refuse", "assume-normal"):
        assert judge(case(Grade(4, 4)), Answer("refused"), missing).status == "refused_wrongly"
        assert judge(case(Grade(4, 4)), graded(None), missing).status == "undecided"


def test_an_invalid_case_must_be_refused() -> None:
    wrong = case(refused=True)
    assert judge(wrong, Answer("refused"), None).status == "agree"
    assert judge(wrong, graded(Grade(0, 0)), None).status == "graded_invalid"
    assert judge(wrong, Answer("error"), None).status == "error"
    assert judge(wrong, Answer("skipped"), None).status == "skipped"


def test_a_course_is_as_wrong_as_its_worst_entry_and_points_to_it() -> None:
    found = judge(case(Grade(1, 1), Grade(2, 2), Grade(3, 3)), graded(Grade(1, 1), Grade(3, 3), Grade(0, 0)), None)
    assert (found.status, found.place, found.expected, found.got) == ("under", 2, "3", "0")


def test_a_skip_is_no_failure_and_no_pass() -> None:
    found = judge(case(Grade(1, 1)), Answer("skipped", text="no rule"), None)
    assert not found.is_failure
    assert found.status != "agree"


@pytest.mark.parametrize("status", ["timeout", "crashed", "garbled", "unstable", "wrong-length", "out-of-range"])
def test_trouble_is_a_failure_under_its_own_name(status: str) -> None:
    found = judge(case(Grade(1, 1)), Answer(status, text="why"), None)  # type: ignore[arg-type]
    assert found.status == status
    assert found.is_failure
    assert found.got == f"{status}: why"
