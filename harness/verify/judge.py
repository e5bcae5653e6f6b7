"""Whether an answer is right, and if not, in which way it is wrong."""

import dataclasses
from typing import Literal, get_args

from cartox_core import Grade
from harness.verify.answer import Answer, Trouble
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Missing

Wrong = Literal["under", "over", "undecided", "vague", "refused_wrongly", "graded_invalid", "error"]
Status = Literal["agree", "skipped"] | Wrong | Trouble
STATUSES: tuple[str, ...] = ("agree", *get_args(Wrong), "skipped", *get_args(Trouble))
_WORST_FIRST: tuple[Status, ...] = ("under", "over", "undecided", "vague", "agree")


@dataclasses.dataclass(frozen=True, slots=True)
class Judged:
    """A case, its answer and what that is worth. ``place`` is the observation that is answered worst."""

    case: SuiteCase
    answer: Answer
    status: Status
    place: int = 0

    @property
    def is_failure(self) -> bool:
        """Whether the answer is wrong, or there is none where one was asked."""
        return self.status not in ("agree", "skipped", "not-run")

    @property
    def expected(self) -> str:
        """What is right there, in words."""
        return "refused" if self.case.expected is None else str(self.case.expected[self.place])

    @property
    def got(self) -> str:
        """What was answered there, in words."""
        if self.answer.status != "graded":
            return f"{self.answer.status}: {self.answer.text}" if self.answer.text else self.answer.status
        if not self.answer.grades:
            return "no grade"
        entry = self.answer.grades[self.place]
        return "no grade" if entry is None else str(entry)


def judge(case: SuiteCase, answer: Answer, missing: Missing | None) -> Judged:
    """Judge an answer of a grader that treats unknown fields in the way it says (None: it did not say).

    Where the grade is a range, a grader of ``null`` may answer none and one of ``refuse`` may refuse the case.
    A single number there is wrong: it says more than anybody knows.
    """
    match answer.status:
        case "refused":
            may = case.expected is None or (missing == "refuse" and case.is_range)
            return Judged(case, answer, "agree" if may else "refused_wrongly")
        case "graded":
            return _graded(case, answer, missing)
        case other:
            return Judged(case, answer, other)


def _graded(case: SuiteCase, answer: Answer, missing: Missing | None) -> Judged:
    if case.expected is None:
        return Judged(case, answer, "graded_invalid")
    none_is_fine = missing in (None, "null")
    expected = case.expected
    found = [compared(right, got, none_is_fine) for right, got in zip(expected, answer.grades, strict=True)]
    worst = min(found, key=_WORST_FIRST.index)
    places = [place for place, status in enumerate(found) if status == worst]
    return Judged(case, answer, worst, max(places, key=lambda place: _missed(expected[place], answer.grades[place])))


def _missed(right: Grade, got: Grade | None) -> tuple[int, int]:
    """How far an answer lies below what is sure, and below what may be."""
    return (0, 0) if got is None else (right.floor - got.ceiling, right.ceiling - got.ceiling)


def compared(right: Grade, got: Grade | None, none_is_fine: bool = True) -> Status:
    """How one grade compares with what is right.

    Under: somebody is less ill by it than they may be. Over: more than is known.

    >>> compared(Grade(2, 3), Grade(2, 2)), compared(Grade(2, 2), Grade(3, 3)), compared(Grade(2, 3), Grade(0, 4))
    ('under', 'over', 'vague')
    """
    if got == right:
        return "agree"
    if got is None:
        return "agree" if none_is_fine and right.grade is None else "undecided"
    if got.ceiling < right.ceiling:
        return "under"
    return "over" if got.floor > right.floor else "vague"
