"""The quick entries are those of the core, seen for the first time or again."""

from typing import Any

import pytest
from hypothesis import given, settings

from cartox_core import explain, explain_course, grade_course, load, read_case
from harness.cli import entries
from harness.cli.answers import entry
from harness.cli.entries import EntryBook
from harness.golden import golden_cases
from tests import strategies

ASTCT = load("astct-2019")
BOOKS = [EntryBook(scale) for scale in ASTCT.scales.values()]  # kept over all examples, as a long run keeps them


@given(strategies.snapshots())
@settings(max_examples=200, deadline=None)
def test_snapshots(raw: dict[str, Any]) -> None:
    case = read_case(raw)
    for book in BOOKS:
        plain = [entry(*explain(case.observations[0], book.scale, case.patient))]
        assert book.entries(case) == plain
        assert book.entries(case) == plain


@given(strategies.courses())
@settings(max_examples=50, deadline=None)
def test_courses(raw: dict[str, Any]) -> None:
    case = read_case(raw)
    for book in BOOKS:
        found, course = book.course(case)
        chart = case.observations, case.treatments, book.scale, case.patient
        assert found == book.entries(case) == [entry(*e) for e in explain_course(*chart)]
        assert course == grade_course(*chart)


def test_the_golden_cases() -> None:
    told = 0
    for case in golden_cases():
        if case.expect is None:
            continue
        book = EntryBook(load(case.guideline, case.readings).scale(case.scale))
        found = [
            (e, e) if isinstance(e, int) else (e["floor"], e["ceiling"]) for e in book.entries(read_case(case.raw))
        ]
        assert found == [(g.floor, g.ceiling) for g in case.expect], case.id
        told += 1
    assert told > 100


def test_it_forgets_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "_KEPT", 3)
    book = EntryBook(ASTCT.scale("crs"))
    for tenths in range(360, 400):
        case = read_case({"observations": [{"time_h": 1, "temp_c": tenths / 10, "o2_flow_l_min": tenths / 10}]})
        assert book.entries(case) == [entry(*explain(case.observations[0], book.scale))]
    assert len(book._known) <= 3
