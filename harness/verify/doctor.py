"""Before the suite: five plain patients, to tell a badly fitted adapter from a wrong grader."""

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from cartox_core.units import fahrenheit_of_celsius
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.judge import judge

PLAIN_CASES = 5
Ask = Callable[[SuiteCase], Answer]


@dataclasses.dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with the way the grader is connected, and what to do about it."""

    text: str


def plain_cases(cases: Iterable[SuiteCase]) -> list[SuiteCase]:
    """Five snapshots of one clause each, of different scales and grades, with nothing unknown that matters."""
    by_scale: dict[str, dict[int, SuiteCase]] = {}
    for case in cases:
        if case.kind == "clause" and case.expected and case.expected[0].grade is not None:
            by_scale.setdefault(case.scale, {}).setdefault(case.expected[0].floor, case)
    rounds = itertools.zip_longest(*(found.values() for found in by_scale.values()))
    return [case for cases_of_round in rounds for case in cases_of_round if case][:PLAIN_CASES]


def complaint(cases: Sequence[SuiteCase], ask: Ask) -> Complaint | None:
    """What five plain patients tell of the adapter; None when it seems to fit."""
    if len(cases) < PLAIN_CASES:
        return None
    answers = [ask(case) for case in cases]
    wrong = [c for c, a in zip(cases, answers, strict=True) if judge(c, a, None).is_failure]
    first = answers[0]
    if not wrong or any(a.status == "silent" for a in answers):  # a file may leave a case out
        return None
    if all(a.status == "garbled" and "not a grade" in a.text for a in answers):
        return Complaint(_about_words(first.text))
    if all(a.status == "garbled" for a in answers) and "'status': 'graded'" in first.text.lower():
        return Complaint(f"letter case: the words of the protocol are lower-case; it answers {first.text}")
    if len({a.status for a in answers}) == 1 and first.status != "graded":
        return Complaint(f"all five plain patients were answered {first.status!r}: {first.text or 'without a reason'}")
    if _in_fahrenheit(wrong, ask):
        return Complaint('it wants the temperature in °F: give --map with [fields.temp_c] unit = "[degF]"')
    if all(a.grades == (None,) for a in answers):
        return Complaint("five plain patients got no grade at all; is the answer, or the column grade, filled in?")
    if len({(a.status, a.grades) for a in answers}) == 1:
        return Complaint(
            f"five different patients all got {first.grades[0]}; do the fields of the case reach the grader?"
        )
    return None


def _about_words(text: str) -> str:
    quoted = text.removeprefix("not a grade: ")
    if quoted.strip("'\"").isdigit():
        return f'it answers grades as text, {quoted}; a grade is a number, or give --map with grade_text = "{{}}"'
    return f"it answers grades in words, {quoted}; give --map with grade_text, or a table [grades]"


def _in_fahrenheit(wrong: Sequence[SuiteCase], ask: Ask) -> bool:
    """Whether all patients who were graded wrong have a temperature, and are right once it is told in °F."""
    told = [
        dataclasses.replace(c, raw=_fahrenheit(c.raw))
        for c in wrong
        if c.raw["observations"][0].get("temp_c") is not None
    ]
    return len(told) == len(wrong) and all(not judge(c, ask(c), None).is_failure for c in told)


def _fahrenheit(raw: Mapping[str, Any]) -> dict[str, Any]:
    row = raw["observations"][0]
    return {**raw, "observations": [{**row, "temp_c": float(fahrenheit_of_celsius(row["temp_c"]))}]}
