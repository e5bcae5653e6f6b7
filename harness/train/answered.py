"""What was answered, one entry a grade and one a question for the next steps, as results and files are made from it."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.train.judge import Verdict
from harness.train.store import Question, Sitting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Who answered, which question, how long it took and when; ``about`` is a level or the code of an exam.

    ``trainee`` is the name with the number, ``number`` that alone; ``question`` counts from 1 in the sitting.
    """

    trainee: str
    number: int = 0
    about: str = ""
    question: int = 0
    again: bool = False
    case: str
    hour: float
    seconds: float
    at: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Graded(Answered):
    """One grade that somebody set, beside the key, and the clauses that decided it.

    None is "cannot be told", ``because`` the finding that was said to be missing.
    """

    scale: str
    given: int | None
    because: str = ""
    floor: int
    ceiling: int
    verdict: Verdict
    clauses: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chosen(Answered):
    """The next steps that somebody chose, those that were due, and of them those missed; ``wrong`` were not advised."""

    steps: tuple[str, ...]
    due: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether nothing was missed and nothing wrong."""
        return not self.missed and not self.wrong


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """All answers of some sittings."""

    graded: tuple[Graded, ...] = ()
    chosen: tuple[Chosen, ...] = ()


def answers_of(sittings: Iterable[tuple[Sitting, Iterable[Question]]]) -> Answers:
    """The answers of sittings with their questions; those without an answer are left out."""
    attempts = [
        (_whose(sitting, one, one.attempt), one.attempt)
        for sitting, questions in sittings
        for one in questions
        if one.attempt is not None
    ]
    return Answers(
        tuple(graded for whose, attempt in attempts for graded in _graded(whose, attempt)),
        tuple(chosen for whose, attempt in attempts for chosen in _chosen(whose, attempt)),
    )


def _whose(sitting: Sitting, one: Question, attempt: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "trainee": f"{sitting.name} ({sitting.trainee})",
        "number": sitting.trainee,
        "about": sitting.exam or sitting.level or "",
        "question": one.place + 1,
        "again": one.again,
        "case": one.address,
        "hour": one.hour,
        "seconds": attempt["seconds"],
        "at": attempt["at"],
    }


def _graded(whose: Mapping[str, Any], attempt: Mapping[str, Any]) -> Iterator[Graded]:
    for scale, told in attempt["found"]["scales"].items():
        yield Graded(
            **whose,
            scale=scale,
            given=attempt["answer"]["grades"][scale]["grade"],
            because=attempt["answer"]["grades"][scale]["because"],
            floor=told["floor"],
            ceiling=told["ceiling"],
            verdict=told["verdict"],
            clauses=tuple(why["clause"] for why in told["because"] if "clause" in why),
        )


def _chosen(whose: Mapping[str, Any], attempt: Mapping[str, Any]) -> Iterator[Chosen]:
    if told := attempt["found"]["next"]:
        yield Chosen(
            **whose,
            steps=tuple(attempt["answer"]["steps"]),
            due=tuple(name for name, standing in told["standing"].items() if standing == "should"),
            missed=tuple(told["missed"]),
            wrong=tuple(told["wrong"]),
        )
