"""Hold an answer against the key: right, too low, too high, or wrong about whether it can be told at all."""

import dataclasses
from typing import Literal

from harness.train.key import EXCUSES, Key

Verdict = Literal["right", "under", "over", "guessed", "undecided", "other reason"]


@dataclasses.dataclass(frozen=True, slots=True)
class GradeAnswer:
    """The grade that a trainee set; None says that it cannot be told, ``because`` names the finding that is missing."""

    grade: int | None
    because: str = ""


def judge(answer: GradeAnswer, key: Key) -> Verdict:
    """The verdict on one scale. A grade inside a range is a guess, even where it should prove true.

    >>> from cartox_core import Grade
    >>> sure, range_ = Key("crs", Grade(2, 2), (), ()), Key("crs", Grade(1, 3), (), ("o2_device",))
    >>> [judge(GradeAnswer(grade), sure) for grade in (1, 2, 3, None)]
    ['under', 'right', 'over', 'undecided']
    >>> [judge(GradeAnswer(grade), range_) for grade in (0, 2, 4)]
    ['under', 'guessed', 'over']
    >>> [judge(GradeAnswer(None, field), range_) for field in ("o2_device", "temp_c")]
    ['right', 'other reason']
    """
    found = key.grade
    if answer.grade is None:
        if found.grade is not None:
            return "undecided"
        wanting = {*key.missing, *(EXCUSES[name] for name in key.excused)}  # what sedation hides is not known either
        return "right" if answer.because in wanting else "other reason"
    if answer.grade < found.floor:
        return "under"
    if answer.grade > found.ceiling:
        return "over"
    return "right" if found.grade is not None else "guessed"
