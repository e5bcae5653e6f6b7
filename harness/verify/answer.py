"""What a grader answered, read strictly (section 3 and 4 of the protocol), and what the harness says instead."""

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from cartox_core import Grade

Trouble = Literal[
    "timeout", "crashed", "garbled", "misaddressed", "wrong-length", "out-of-range", "silent", "unstable", "not-run"
]
_CONTRADICTION = -1
Said = Literal["graded", "refused", "skipped", "error"]


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or the status that the harness gives in its place.

    ``grades`` has one entry an observation, None where the grader cannot decide and gives no range.
    ``text`` is the reason, the message, or what went wrong; ``field`` is the field of a refusal.
    """

    status: Said | Trouble
    grades: tuple[Grade | None, ...] = ()
    text: str = ""
    field: str = ""


def read_answer(raw: Any, entries: int, top: int) -> Answer:
    """Read the answer to a case of so many observations under a scale whose worst grade is ``top``.

    >>> read_answer({"status": "graded", "grades": [3]}, 1, 5).grades
    (Grade(floor=3, ceiling=3),)
    >>> read_answer({"status": "graded", "grades": [7]}, 1, 5).status
    'out-of-range'
    """
    if not isinstance(raw, Mapping):
        return Answer("garbled", text=f"not an answer object: {quoted(raw)}")
    status = raw.get("status")
    if status == "refused":
        return Answer("refused", text=_text(raw, "reason"), field=_text(raw, "field"))
    if status == "skipped":
        return Answer("skipped", text=_text(raw, "reason"))
    if status == "error":
        return Answer("error", text=_text(raw, "message"))
    grades = raw.get("grades")
    if status != "graded" or not isinstance(grades, list):
        return Answer("garbled", text=f"not an answer: {quoted(raw)}")
    if len(grades) != entries:
        return Answer("wrong-length", text=f"{len(grades)} grades where {entries} belong")
    return _graded(grades, top)


def _graded(grades: list[Any], top: int) -> Answer:
    found: list[Grade | None] = []
    for entry in grades:
        bounds = _bounds(entry)
        if bounds is None:
            return Answer("garbled", text=f"not a grade: {quoted(entry)}")
        if bounds == (None, None):
            found.append(None)
            continue
        low, high = bounds
        if high == _CONTRADICTION:
            return Answer("out-of-range", text=f"{quoted(entry)} contradicts itself")
        if low is None or high is None or not 0 <= low <= high <= top:
            return Answer("out-of-range", text=f"{quoted(entry)} is no grade of 0 to {top}")
        found.append(Grade(low, high))
    return Answer("graded", tuple(found))


def _bounds(entry: Any) -> tuple[int | None, int | None] | None:
    """Floor and ceiling of an entry, (None, None) where it is undecided, None where it is none."""
    if entry is None:
        return None, None
    if not isinstance(entry, Mapping):
        whole = _whole(entry)
        return None if whole is None else (whole, whole)
    if not entry.keys() & {"grade", "floor", "ceiling"}:
        return None
    read = {}
    for name in ("grade", "floor", "ceiling"):
        value = entry.get(name)
        read[name] = None if value is None else _whole(value)
        if value is not None and read[name] is None:
            return None
    grade = read["grade"]
    low = grade if read["floor"] is None else read["floor"]
    high = grade if read["ceiling"] is None else read["ceiling"]
    if grade is not None and (low, high) != (grade, grade):
        return grade, _CONTRADICTION
    return low, high


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 1e9 and value == int(value) else None  # NaN is not below anything


def _text(raw: Mapping[str, Any], key: str) -> str:
    return clean(str(raw.get(key, ""))[:400])


def clean(text: str) -> str:
    r"""A grader's text without what could move a cursor, or cannot be written: one line of characters that print.

    >>> clean("\x1b[31mred\ud800\n")
    '�[31mred�'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def quoted(raw: Any, longest: int = 120) -> str:
    """A value as a short quotation.

    >>> quoted("x" * 500)[-1]
    '…'
    """
    text = clean(repr(raw))
    return text if len(text) <= longest else text[: longest - 1] + "…"
