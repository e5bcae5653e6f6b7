"""Grades as the objects that the protocol answers with, and those as lines of JSON."""

import dataclasses
import json
import math
from collections.abc import Sequence
from typing import Any

from cartox_core import Because, CourseGrades, Fault, Grade, Summary

Entry = int | dict[str, Any]
Answer = dict[str, Any]
_LONGEST = 60
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def entry(grade: Grade, because: Sequence[Because]) -> Entry:
    """A grade as the protocol writes it: a whole number, or a range with the clauses that decide its ends.

    >>> entry(Grade(2, 2), []), entry(Grade(2, 3), [])["ceiling"]
    (2, 3)
    """
    if grade.grade is not None:
        return grade.grade
    return {"grade": None, "floor": grade.floor, "ceiling": grade.ceiling, "because": [str(b) for b in because]}


def summary(course: CourseGrades) -> Answer:
    """The summaries of a course, from its floors and from its ceilings; hours."""
    return {"floors": _summary(course.floors), "ceilings": _summary(course.ceilings)}


def _summary(found: Summary) -> Answer:
    return {**dataclasses.asdict(found), "hours_at_grade": list(found.hours_at_grade)}


def fault_object(fault: Fault) -> Answer:
    """A fault as an object; a value that JSON cannot say, or that is long, becomes a short text."""
    return {"where": fault.where, "field": fault.field, "value": short_value(fault.value), "allowed": fault.allowed}


def short_value(value: object) -> object:
    """A value fit for an answer.

    >>> short_value(101.5), short_value(float("nan")), len(short_value("x" * 999))
    (101.5, 'NaN', 60)
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, int) and abs(value) < 1 << 63:
        return value
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} that cannot be shown"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def encoded(answer: Answer) -> bytes:
    r"""An answer as one line of JSON in UTF-8.

    >>> encoded({"id": "k7f3", "status": "graded", "grades": [3]})
    b'{"id":"k7f3","status":"graded","grades":[3]}\n'
    """
    try:
        return (_encode(answer) + "\n").encode()
    except UnicodeEncodeError:  # half a surrogate pair in an id
        return (json.dumps(answer, separators=(",", ":")) + "\n").encode()
