"""What a trainee goes through: a level's cases without end, or an exam's fixed ones; and what comes next.

Cases are mined ahead of need in the background, so that a page never waits for the simulation.
"""

import dataclasses
import itertools
import json
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from harness.train.answered import Answers, answers_of
from harness.train.judge import GradeAnswer
from harness.train.levels import Level, levels
from harness.train.mining import TrainingCase, cases
from harness.train.question import advice, found, question, with_changes
from harness.train.repetition import Asked, due
from harness.train.store import Question, Sitting, Store, now

SEEDS = 20  # of the cases of a level: few, so that those of one trainee are found already when another comes
_EXAMS = 10**8  # exams have seeds of their own, from here on
MOST_CASES = 40  # in an exam


class StudyError(ValueError):
    """Something a user asked for that cannot be; the text says what to do."""


class Stopping(StudyError):
    """The page is being stopped, so that nothing new is looked for."""

    def __init__(self) -> None:
        super().__init__("The page is being stopped. Open it again in a moment; every stored answer is kept")


class _Mine:
    """The cases of a level and a seed, found as they are needed."""

    def __init__(self, source: Iterator[TrainingCase]) -> None:
        self._source = source
        self._found: list[TrainingCase] = []
        self._one_at_a_time = threading.Lock()

    def case(self, place: int) -> TrainingCase:
        """The case at a place, from 0."""
        with self._one_at_a_time:
            while len(self._found) <= place:
                case = next(self._source, None)
                if case is None:  # it was given up before
                    raise Stopping
                self._found.append(case)
            return self._found[place]


class Study:
    """The course of study over one store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._mines: dict[tuple[str, int], _Mine] = {}
        self._lock = threading.Lock()
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="mining")
        self._given_up = threading.Event()

    def warm_up(self) -> None:
        """Look for the first cases of each level in the background."""
        for level, seed in itertools.product(levels(), range(1, 3)):
            self._ahead.submit(self._first, level, seed)

    def _first(self, level: str, seed: int) -> None:
        first = self._mine(level, seed).case(0)
        question(first.address, first.hours[0])

    def give_up(self) -> None:
        """Look for nothing any more, without waiting for what is being looked for."""
        self._given_up.set()
        self._ahead.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Stop looking for cases."""
        self.give_up()
        self._ahead.shutdown()

    # sittings

    def begin(self, trainee: int, level: str) -> str:
        """A sitting at a level, the one that is open where there is one; its id. Raises StudyError."""
        if level not in levels():
            raise StudyError("There is no such level. Go back and choose one of the list")
        seen = sum(sitting.level == level for sitting in self.store.sittings(trainee=trainee))
        seed = trainee % SEEDS + SEEDS * seen  # the next sitting of a level has other patients
        return self.store.new_sitting(trainee, level, None, seed, _asked([self._mine(level, seed).case(0)]))

    def sit(self, trainee: int, code: str) -> str:
        """The sitting of an exam by its code, the same one each time. Raises StudyError."""
        code = code.strip().upper()
        exam = self.store.exam(code)
        if exam is None:
            named = f"exam {code}" if code.isascii() and code.isalnum() else "such exam"
            raise StudyError(f"There is no {named}. Ask your teacher for the code of six signs")
        fixed = [(str(address), float(hour)) for address, hour in json.loads(exam["cases"])]
        mine = [s for s in self.store.sittings(exam=exam["code"]) if s.trainee == trainee]
        if exam["closed_at"] is not None and not mine:
            raise StudyError(f"Exam {exam['code']} is closed. Ask your teacher for another")
        return self.store.new_sitting(trainee, None, exam["code"], 0, fixed, exam["limit_min"])

    def new_exam(
        self, title: str, names: Sequence[str], patients: int, limit_min: float | None, form: str | None = None
    ) -> str:
        """An exam of so many patients of each level; its code. Raises StudyError."""
        if form is not None and (made := self.store.exam_of(form)) is not None:
            return str(made["code"])
        if not names:
            raise StudyError("Choose at least one level for the exam")
        if any(name not in levels() for name in names):
            raise StudyError("There is no such level. Choose levels of the list")
        if not 1 <= patients * len(names) <= MOST_CASES:
            raise StudyError(f"An exam has 1 to {MOST_CASES} patients. Choose fewer levels or fewer patients of each")
        seed = _EXAMS + secrets.randbelow(_EXAMS)
        chosen = [case for name in names for case in itertools.islice(self._cases(levels()[name], seed), patients)]
        return self.store.new_exam(title, names, _asked(chosen), limit_min, form)

    # questions

    def current(self, sitting: Sitting, at: datetime | None = None) -> Question | None:
        """The question to answer now, or at a time; None where there is none left. A level gets its next case here."""
        if sitting.is_over(at or now()):
            return None
        open_ones = self.store.open_questions(sitting.id)
        if not open_ones and sitting.level is not None:
            self._more(sitting)
            open_ones = self.store.open_questions(sitting.id)
        return open_ones[0] if open_ones else None

    def answer(
        self,
        sitting: Sitting,
        place: int,
        grades: Mapping[str, GradeAnswer],
        steps: Sequence[str],
        came_at: datetime | None = None,
    ) -> bool:
        """Store an answer to the question of a place; False where it has one, or is not the one that is asked."""
        asked = self.current(sitting, came_at)
        if asked is None or asked.place != place:
            return False
        told = found(asked.address, asked.hour, grades, steps)
        answer = given(grades, steps)
        if sitting.exam is None:
            told = with_changes(asked.address, asked.hour, {"answer": answer, "found": told})["found"]
        stored = self.store.answer(sitting.id, place, answer, told, came_at)
        self.prepare(sitting)
        return stored

    def prepare(self, sitting: Sitting) -> Future[None]:
        """Make the patients of the coming questions in the background."""
        try:
            return self._ahead.submit(self._prepare, sitting)
        except RuntimeError:  # it is being stopped
            return Future()

    def _prepare(self, sitting: Sitting) -> None:
        waiting = self.store.open_questions(sitting.id, 2)
        if not waiting and sitting.level is not None:
            following = self._following(sitting)
            question(following.address, following.hours[0])
        for one in waiting:
            question(one.address, one.hour)
            advice(one.address, one.hour)

    def _more(self, sitting: Sitting) -> None:
        """What is due again, else the next case."""
        behind = self.store.count_questions(sitting.id)
        mine = [s for s in reversed(self.store.sittings(trainee=sitting.trainee)) if s.level == sitting.level]
        there = [q for s in mine for q in self.store.questions(s.id)]
        answered = [Asked(q.address, q.hour, q.attempt["found"]["right"]) for q in there if q.attempt is not None]
        if again := due(answered):
            self.store.add_questions(sitting.id, behind, [(again[0].address, again[0].hour)], again=True)
        else:
            self.store.add_questions(sitting.id, behind, _asked([self._following(sitting)]))

    def _following(self, sitting: Sitting) -> TrainingCase:
        there = [q.address for q in self.store.questions(sitting.id) if not q.again]
        assert sitting.level is not None
        return self._mine(sitting.level, sitting.seed).case(len(dict.fromkeys(there)))

    def _mine(self, level: str, seed: int) -> _Mine:
        with self._lock:
            return self._mines.setdefault((level, seed), _Mine(self._cases(levels()[level], seed)))

    def _cases(self, level: Level, seed: int) -> Iterator[TrainingCase]:
        """The cases of a level until it is given up. Raises Stopping."""
        for case in cases(level, seed):
            if self._given_up.is_set():
                raise Stopping
            yield case

    # results

    def asked_in_all(self, sitting: Sitting) -> int:
        """How many grades an exam asks, the unanswered ones among them."""
        return sum(len(question(q.address, q.hour).scales) for q in self.store.questions(sitting.id))

    def answers(self, sittings: Sequence[Sitting]) -> Answers:
        """Everything that was answered in some sittings."""
        return answers_of((sitting, self.store.questions(sitting.id)) for sitting in sittings)


def given(grades: Mapping[str, GradeAnswer], steps: Sequence[str]) -> dict[str, Any]:
    """An answer as it is stored."""
    return {"grades": {name: dataclasses.asdict(grade) for name, grade in grades.items()}, "steps": list(steps)}


def _asked(chosen: Sequence[TrainingCase]) -> list[tuple[str, float]]:
    return [(case.address, hour) for case in chosen for hour in case.hours]
