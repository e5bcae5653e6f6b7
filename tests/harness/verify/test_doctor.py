"""The doctor: five plain patients tell a badly fitted adapter from a wrong grader."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.verify.doctor import PLAIN_CASES, complaint, plain_cases
from harness.verify.zoo.plain import Plain
from tests.harness.verify.answers import answered, suite

PLAIN = plain_cases(suite("core").cases)


def said(grader: Callable[[dict[str, Any]], Any]) -> str:
    found = complaint(PLAIN, lambda case: answered(grader, case))
    return found.text if found else ""


def in_words(form: str) -> Callable[[dict[str, Any]], Any]:
    def grade(message: dict[str, Any]) -> Any:
        answer = Plain()(message)
        return {**answer, "grades": [form.format(g["floor"]) for g in answer["grades"]]}

    return grade


def wants_fahrenheit(message: dict[str, Any]) -> Any:
    row = message["observations"][0]
    celsius = {**row, "temp_c": (row.get("temp_c", 98.6) - 32) / 1.8 + 1e-9}
    return {"status": "graded", "grades": Plain().entries({**message, "observations": [celsius]})}


def test_the_five_are_of_both_scales_and_of_different_grades() -> None:
    assert len(PLAIN) == PLAIN_CASES
    assert {c.scale for c in PLAIN} == {"crs", "icans"}
    assert len({(c.expected or ())[0].floor for c in PLAIN}) >= 2
    assert not any(c.is_range or c.is_course for c in PLAIN)


@pytest.mark.parametrize(
    ("grader", "says"),
    [
        (lambda _: {"status": "graded", "grades": [0]}, "all got 0; do the fields"),  # though right for some
        (lambda _: {"status": "graded", "grades": [{"floor": 0, "ceiling": 5}]}, "all got 0–5; do the fields"),
        (in_words("{}"), "grades as text, '"),
        (in_words("Grade {}"), "give --map with grade_text"),
        (lambda m: {**Plain()(m), "status": "GRADED"}, "letter case"),
        (lambda _: {"status": "error", "message": "KeyError: temperature"}, "'error': KeyError: temperature"),
        (lambda _: {"status": "refused", "reason": ""}, "answered 'refused': without a reason"),
        (lambda _: [1], "not an answer object"),
        (Plain(), ""),
    ],
)
def test_what_the_doctor_says(grader: Callable[[dict[str, Any]], Any], says: str) -> None:
    assert said(grader) == "" if not says else says in said(grader)


def test_a_grader_that_wants_fahrenheit_is_told_how() -> None:
    assert "[degF]" in said(wants_fahrenheit)
