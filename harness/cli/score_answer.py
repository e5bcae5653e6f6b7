"""The score of a case as an object, and that object as lines to read."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core import Case, Observation, Score, Scored
from cartox_core.indices import Index, span
from cartox_core.score import Points, Printed
from cartox_core.score import score as score_of
from harness.cli.answers import Answer
from harness.cli.grade import reasons
from harness.cli.story import number
from harness.verify.answer import clean

Scores = Score | Index


def scored(case: Case, wanted: Scores) -> list[Answer]:
    """The score at each observation of a case.

    >>> from cartox_core import load_score, read_case
    >>> case = read_case({"observations": [{"time_h": -120, "platelets_10e9_l": 60}]})
    >>> scored(case, load_score("car-hematotox"))[0]["bands"]
    ['high']
    """
    if isinstance(wanted, Index):
        return [{"time_h": o.time_h, **_index(o, wanted)} for o in case.observations]
    return [{"time_h": o.time_h, **_points(score_of(o, wanted, case.patient), wanted)} for o in case.observations]


def _points(found: Scored, wanted: Score) -> Answer:
    beside = {} if wanted.printed is None else {"printed": _beside(found, wanted.printed)}
    return {
        "total": found.total,
        "low": found.low,
        "high": found.high,
        "bands": [band.name for band in found.bands],
        "items": {name: points[0] if len(points) == 1 else list(points) for name, points in found.items.items()},
        **beside,
    }


def _beside(found: Scored, printed: Printed) -> dict[str, str]:
    """What is printed at the totals found, or at those on either side of them."""
    below = max([total for total in printed.at if total <= found.low], default=-1)
    above = min([total for total in printed.at if total >= found.high], default=math.inf)
    return {str(total): text for total, text in printed.at.items() if below <= total <= above}


def _index(observation: Observation, wanted: Index) -> Answer:
    found = span(observation, wanted)
    if found is None:
        return {"total": None, "low": None, "high": None, "undefined": "the platelets are 0"}
    return {"total": found.value, "low": found.low, "high": found.high if math.isfinite(found.high) else None}


def lines(answer: Answer, wanted: Scores) -> Iterator[str]:
    """A line for each observation of an answer, or one that says why the case was refused."""
    name = clean(str(answer["id"])) if answer["id"] is not None else f"line {answer['line']}"
    if answer["status"] == "refused":
        yield f"{name}  refused: {reasons(answer)}"
        return
    for found in answer["scores"]:
        yield "  ".join([name, f"{number(found['time_h'])} h", *_told(found, wanted)])


def _told(found: Mapping[str, Any], wanted: Scores) -> Iterator[str]:
    if "undefined" in found:
        yield f"not defined: {found['undefined']}"
        return
    yield _between(found["low"], found["high"])
    if isinstance(wanted, Index):
        return
    words = {band.name: band.text for band in wanted.bands}
    yield " or ".join(words[name] for name in found["bands"])
    yield "(" + ", ".join(f"{name} {_range(points)}" for name, points in found["items"].items()) + ")"
    if found.get("printed"):
        assert wanted.printed is not None
        first, *rest = [f"{text} at {total}" for total, text in found["printed"].items()]
        yield f"{wanted.printed.title}: " + " to ".join([first, *rest[-1:]])


def _between(low: float, high: float | None) -> str:
    """A value or a range; a range without an upper end is told by its lower one."""
    if high is None:
        return f"{number(low)} or more"
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _range(points: int | Points) -> str:
    return str(points) if isinstance(points, int) else f"{points[0]}–{points[-1]}"
