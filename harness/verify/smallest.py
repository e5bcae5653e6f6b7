"""The smallest case that still shows a fault, found by hypothesis: what does not matter is taken away."""

import contextlib
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cartox_core import Guideline, Refused
from cartox_core.observation import READABLE
from harness.charts import mildest
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.judge import Judged, judge
from harness.verify.suite.right import graded

MOST_CALLS = 400
_KEY = b"the failing case as it was found"
_FOUND = _KEY + b".secondary"  # where hypothesis keeps what fails and is not yet shrunk
Ask = Callable[[SuiteCase], Answer]
Part = tuple[str, int, str]  # of which list, at which place, which key; an empty key is the whole entry


def smallest(failed: Judged, guideline: Guideline, ask: Ask) -> Judged:
    """The same failure on less: rows and treatments dropped, signs put to their mildest, the rest left out.

    The smaller case must be wrong in the same way. It is graded by the core, and asked of the grader alone.
    """
    case = failed.case
    if case.expected is None or failed.status not in ("under", "over", "undecided", "vague"):
        return failed
    parts = _parts(case.raw)
    best = failed

    def still_fails(kept: Sequence[bool]) -> bool:
        nonlocal best
        smaller = _with_only(case, parts, kept, guideline)
        if smaller is None:
            return False
        found = judge(smaller, ask(smaller), None)
        if found.status == failed.status and _is_range(found) == _is_range(failed):
            best = found if _size(found) <= _size(best) else best
            return True
        return False

    _shrink(len(parts), still_fails)
    return best


def _shrink(parts: int, still_fails: Callable[[Sequence[bool]], bool]) -> None:
    """Let hypothesis shrink the choice which parts are kept, from all of them on."""
    from hypothesis import HealthCheck, Phase, find, settings  # noqa: PLC0415 - slow to import, and seldom wanted
    from hypothesis import strategies as st  # noqa: PLC0415
    from hypothesis.database import InMemoryExampleDatabase, choices_to_bytes  # noqa: PLC0415
    from hypothesis.errors import NoSuchExample  # noqa: PLC0415

    known = InMemoryExampleDatabase()
    known.save(_FOUND, choices_to_bytes((True,) * parts))
    quietly = settings(
        database=known,
        max_examples=MOST_CALLS,
        deadline=None,
        phases=(Phase.reuse, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    every = st.tuples(*[st.booleans()] * parts)
    with contextlib.suppress(NoSuchExample):  # alone it does not fail as it failed among the others
        find(every, still_fails, settings=quietly, database_key=_KEY)


def _parts(raw: Mapping[str, Any]) -> list[Part]:
    """What could be taken away, the largest things first."""
    found: list[Part] = [("treatments", i, "") for i in range(len(raw.get("treatments") or ()))]
    found += [("observations", i, "") for i in range(len(raw["observations"]))]
    for i, row in enumerate(raw["observations"]):
        found += [("observations", i, key) for key in row if key != "time_h"]
    return found + [("patient", 0, key) for key in raw.get("patient") or {}]


def _with_only(case: SuiteCase, parts: Sequence[Part], kept: Sequence[bool], guideline: Guideline) -> SuiteCase | None:
    """The case with only those parts; None where nothing is left, or it is no longer valid."""
    keep = {part for part, flag in zip(parts, kept, strict=True) if flag}
    rows = [
        {k: v for k, v in ((k, _told(("observations", i, k), v, keep)) for k, v in row.items()) if v is not None}
        for i, row in enumerate(case.raw["observations"])
        if ("observations", i, "") in keep
    ]
    if not rows:
        return None
    patient = {k: v for k, v in (case.raw.get("patient") or {}).items() if ("patient", 0, k) in keep}
    given = [t for i, t in enumerate(case.raw.get("treatments") or ()) if ("treatments", i, "") in keep]
    raw = {"patient": patient, "observations": rows, "treatments": given}
    try:
        grades, clauses = graded(raw, guideline.scale(case.scale))
    except Refused:
        return None
    return dataclasses.replace(case, id=f"{case.id}/smallest", raw=raw, expected=grades, clauses=clauses)


def _told(part: Part, value: Any, keep: set[Part]) -> Any:
    """A value as it was, or at its mildest; None (left out) where it is no sign."""
    if part in keep or part[2] == "time_h":
        return value
    field = READABLE.get(part[2])
    return None if field is None or field.default is not None or field.role != "sign" else mildest(field)


def _is_range(judged: Judged) -> bool:
    return judged.case.expected is not None and judged.case.expected[judged.place].grade is None


def _size(judged: Judged) -> tuple[int, int]:
    raw = judged.case.raw
    return len(raw["observations"]), len(oddities(raw))


def oddities(raw: Mapping[str, Any]) -> list[tuple[int, str, Any]]:
    """What is charted and not at its mildest: (row, field, value)."""
    return [
        (i, name, value)
        for i, row in enumerate(raw["observations"])
        for name, value in row.items()
        if name != "time_h" and value is not None and (name not in READABLE or value != mildest(READABLE[name]))
    ]
