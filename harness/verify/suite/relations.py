"""The same patient told otherwise: the grades must be as before. And signs one step worse, or a course cut short."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Guideline
from cartox_core.observation import OBSERVATION
from harness.verify.case import SuiteCase
from harness.verify.suite.right import right

_IRRELEVANT: Mapping[str, Any] = {
    "tremor": True,
    "myoclonus": True,
    "headache": True,
    "intracranial_hemorrhage": True,
    "heart_rate_bpm": 150,
    "spo2_pct": 80,
    "sbp_mmhg": 70,
    "crp_mg_dl": 31.5,
    "ferritin_ng_ml": 99_000,
    "anc_per_ul": 0,
    "platelets_10e9_l": 5,
}


def relations(guideline: Guideline, cases: Sequence[SuiteCase]) -> Iterator[SuiteCase]:
    """Other ways to tell each of these cases."""
    for case in cases:
        for what, why, raw in _retold(case, guideline):
            yield right(f"relation/{what}/{case.id}", f"{why}: {case.why}", raw, guideline, case.scale, case.clauses)


def _retold(case: SuiteCase, guideline: Guideline) -> Iterator[tuple[str, str, dict[str, Any]]]:
    rows = case.raw["observations"]
    read = set(guideline.scale(case.scale).fields)
    yield (
        "keys",
        "keys in reverse order",
        dict(reversed(list({**case.raw, "observations": [dict(reversed(list(row.items()))) for row in rows]}.items()))),
    )
    more = {k: v for k, v in _IRRELEVANT.items() if k not in read}
    yield "irrelevant", "with findings that never change this grade", _with(case, more)
    unknown = {k: None for k, f in OBSERVATION.items() if not f.required}
    yield "nulls", "unknown fields written as null", _with(case, unknown)
    yield "floats", "whole numbers written as 1.0", {**case.raw, "observations": [_floats(row) for row in rows]}
    yield "strange", "with keys that the protocol ignores", {**case.raw, "ward": "7B", "note": {"by": "nurse"}}
    if case.is_course:
        given = list(case.raw.get("treatments") or [])
        if len(given) > 1:
            yield "treatments", "treatments in reverse order", {**case.raw, "treatments": given[::-1]}
        for length in range(2, len(rows)):
            yield f"first-{length}", f"cut short after {length}", {**case.raw, "observations": rows[:length]}


def _with(case: SuiteCase, more: Mapping[str, Any]) -> dict[str, Any]:
    return {**case.raw, "observations": [{**more, **row} for row in case.raw["observations"]]}


def _floats(row: Mapping[str, Any]) -> dict[str, Any]:
    return {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in row.items()}
