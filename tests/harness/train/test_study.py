"""The course of study: levels without end, repetitions, exams alike for all, answers to what is asked alone."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from cartox_core import read_case
from harness.train.judge import GradeAnswer
from harness.train.question import before_orders, changes, key, question, with_changes
from harness.train.results import result
from harness.train.store import Question, Sitting
from harness.train.study import Study, StudyError

T = TypeVar("T")


def right(asked: Question) -> dict[str, GradeAnswer]:
    """The answer of somebody who knows."""
    keys = {scale: key(asked.address, asked.hour, scale) for scale in question(asked.address, asked.hour).scales}
    return {
        scale: GradeAnswer(found.grade.grade, found.missing[0] if found.grade.grade is None else "")
        for scale, found in keys.items()
    }


def wrong(asked: Question) -> dict[str, GradeAnswer]:
    """The answer of somebody who says 4 where it is 0, else 0."""
    keys = {scale: key(asked.address, asked.hour, scale) for scale in question(asked.address, asked.hour).scales}
    return {scale: GradeAnswer(4 if found.grade.ceiling == 0 else 0) for scale, found in keys.items()}


def begun(study: Study, level: str = "single-findings") -> Sitting:
    trainee, _ = study.store.new_trainee("Ann")
    sitting = study.store.sitting(study.begin(trainee, level))
    assert sitting is not None
    return sitting


def at_once(many: int, call: Callable[[], T]) -> list[T]:
    """What a call gives many threads that begin together."""
    together = threading.Barrier(many)

    def one(_: int) -> T:
        together.wait()
        return call()

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))


def ask(study: Study, sitting: Sitting) -> Question:
    found = study.current(sitting)
    assert found is not None
    return found


def test_a_level_goes_on_with_new_patients(study: Study) -> None:
    sitting = begun(study)
    seen = []
    for _ in range(9):
        asked = ask(study, sitting)
        seen.append((asked.address, asked.hour))
        assert study.answer(sitting, asked.place, right(asked), [])
    assert len(set(seen)) == 9 and len({address for address, _ in seen}) > 1
    found = result(study.answers([sitting]))
    assert found is not None and found.accuracy == 1.0 and found.missed == ()


def test_what_went_wrong_comes_back(study: Study) -> None:
    sitting = begun(study)
    first = ask(study, sitting)
    study.answer(sitting, first.place, wrong(first), [])
    came_back = False
    for _ in range(12):
        asked = ask(study, sitting)
        came_back = came_back or (asked.again and (asked.address, asked.hour) == (first.address, first.hour))
        study.answer(sitting, asked.place, right(asked), [])
    assert came_back


def test_the_time_to_answer_in_an_exam_says_nothing_of_the_key(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    code = study.new_exam("Monday", ["single-findings"], 1, None)
    trainee, _ = study.store.new_trainee("Ann")
    sitting = study.store.sitting(study.sit(trainee, code))
    assert sitting is not None
    with monkeypatch.context() as patched:
        patched.setattr("harness.train.question.smallest_change", lambda *_: pytest.fail("looked for in an exam"))
        asked = ask(study, sitting)
        assert study.answer(sitting, asked.place, wrong(asked), [])
    attempt = study.store.questions(sitting.id)[0].attempt
    assert attempt is not None and all("changes" not in told for told in attempt["found"]["scales"].values())
    shown = with_changes(asked.address, asked.hour, attempt)["found"]["scales"]
    grade = wrong(asked)["crs"].grade
    assert grade is not None
    assert shown["crs"]["changes"] == [dataclasses.asdict(c) for c in changes(asked.address, asked.hour, "crs", grade)]
    assert with_changes(asked.address, asked.hour, {**attempt, "found": {"scales": shown}})["found"]["scales"] == shown


def test_only_what_is_asked_is_answered_and_only_once(study: Study) -> None:
    sitting = begun(study)
    asked = ask(study, sitting)
    assert not study.answer(sitting, asked.place + 1, right(asked), [])
    assert study.answer(sitting, asked.place, right(asked), ["tocilizumab"])
    assert not study.answer(sitting, asked.place, wrong(asked), [])
    first = study.store.questions(sitting.id)[0]
    assert first.attempt is not None and first.attempt["answer"]["steps"] == ["tocilizumab"]
    study.store.end(sitting.id)
    ended = study.store.sitting(sitting.id)
    assert ended is not None and study.current(ended) is None


def test_the_next_sitting_of_a_level_has_other_patients(study: Study) -> None:
    trainee, _ = study.store.new_trainee("Ann")
    sat = [study.begin(trainee, "children")]
    assert study.begin(trainee, "children") == sat[0]
    study.store.end(sat[0])
    sat.append(study.begin(trainee, "children"))
    one, other = (study.store.questions(sitting)[0] for sitting in sat)
    assert one.address != other.address


def test_many_at_once_begin_one_sitting_and_get_one_question(study: Study) -> None:
    trainee, _ = study.store.new_trainee("Ann")
    begun_ones = at_once(8, lambda: study.begin(trainee, "single-findings"))
    assert len(set(begun_ones)) == 1
    sitting = study.store.sitting(begun_ones[0])
    assert sitting is not None
    for _ in range(3):
        while study.store.open_questions(sitting.id):
            asked = ask(study, sitting)
            study.answer(sitting, asked.place, right(asked), [])
        places = at_once(8, lambda: ask(study, sitting).place)
        assert len(set(places)) == 1
    there = [(q.address, q.hour) for q in study.store.questions(sitting.id)]
    assert len(set(there)) == len(there)


def test_an_exam_is_the_same_for_all(study: Study) -> None:
    code = study.new_exam("Monday", ["single-findings", "children"], 2, 30)
    sat = []
    for name in ("Ann", "Bo"):
        trainee, _ = study.store.new_trainee(name)
        sat.append(study.store.questions(study.sit(trainee, f" {code.lower()} ")))
    assert [(q.address, q.hour) for q in sat[0]] == [(q.address, q.hour) for q in sat[1]]
    assert len({q.address for q in sat[0]}) == 4
    sitting = study.store.sittings(exam=code)[0]
    while (asked := study.current(sitting)) is not None:
        study.answer(sitting, asked.place, right(asked), [])
    found = result(study.answers(study.store.sittings(exam=code)))
    assert found is not None and found.right == found.graded


@pytest.mark.parametrize(
    ("levels", "patients", "words"),
    [
        ([], 1, "at least one level"),
        (["nowhere"], 1, "no such level"),
        (["children", "nowhere"], 1, "no such level"),
        (["children"], 41, "1 to 40 patients"),
    ],
)
def test_exams_that_cannot_be(study: Study, levels: list[str], patients: int, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        study.new_exam("x", levels, patients, None)


def test_what_there_is_not(study: Study) -> None:
    trainee, _ = study.store.new_trainee("Ann")
    with pytest.raises(StudyError, match="There is no such level"):
        study.begin(trainee, "x")
    with pytest.raises(StudyError, match="There is no exam NONE99"):
        study.sit(trainee, "none99")
    for odd in ("a\x00b", "<b>", ""):
        with pytest.raises(StudyError, match="There is no such exam"):
            study.sit(trainee, odd)


def test_what_went_wrong_comes_back_in_the_next_sitting_too(study: Study) -> None:
    sitting = begun(study)
    first = ask(study, sitting)
    study.answer(sitting, first.place, wrong(first), [])
    study.store.end(sitting.id)
    following = study.store.sitting(study.begin(sitting.trainee, "single-findings"))
    assert following is not None
    seen = []
    for _ in range(12):
        asked = ask(study, following)
        seen.append((asked.address, asked.hour))
        study.answer(following, asked.place, right(asked), [])
    assert (first.address, first.hour) in seen


def test_what_is_given_at_the_hour_is_not_known_when_it_is_asked() -> None:
    doses = [{"time_h": hour, "drug": "tocilizumab", "dose": 560, "unit": "mg"} for hour in (20.0, 24.0)]
    case = read_case({"observations": [{"time_h": 24, "temp_c": 38.4}], "treatments": doses})
    assert [dose.time_h for dose in before_orders(case, 24.0).treatments] == [20.0]
