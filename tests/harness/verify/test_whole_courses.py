"""Verify and scales that grade a whole course: suites, mutants, the paper form and the words for a series."""

import csv
import dataclasses
import io
from typing import Any

import pytest

from cartox_core import Grade, load, read_case
from harness.verify.answer import Answer
from harness.verify.diagnosis import diagnose
from harness.verify.doors.rows import rows_door
from harness.verify.judge import judge
from harness.verify.mutants import mutants
from harness.verify.public import NO_GRADE_HERE, table
from harness.verify.suite.build import build
from harness.verify.suite.series import series
from harness.verify.words import in_words
from tests.plain_icaht import PLAIN

ICAHT = load("eha-ebmt-2023")


@pytest.mark.slow
@pytest.mark.parametrize(("guideline", "scale"), PLAIN, ids=lambda v: v)
def test_the_plain_implementation_agrees_with_every_expectation(guideline: str, scale: str) -> None:
    shelf = load(guideline)
    cases = list(series(shelf, shelf.scale(scale)))
    assert len(cases) > 300
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        read_case(case.raw)
        assert case.expected == (Grade(*PLAIN[guideline, scale](case.raw["observations"])),), case.id


def test_a_suite_of_courses_asks_for_one_grade_each() -> None:
    suite = build(ICAHT, tuple(ICAHT.scales), "core", 1, 0)
    assert len(suite.cases) <= 500
    assert all(case.expected is None or len(case.expected) == 1 for case in suite.cases)


def test_every_feature_is_made_otherwise() -> None:
    early = [m.name for m in mutants(ICAHT.scale("icaht_early")) if m.operator == "feature"]
    for words in (
        "days_anc_500: ≤ 500 became < 500",
        "days_anc_100: ≤ 100 became ≤ 100.1",
        "days_anc_500: gap_days became 6",
        "days_anc_500: join_days became 3",
        "days_anc_500: made by total_days",
        "anc_500_never_recovered: by_day became 4",
        "days_anc_500: rounded to 10, or not",
        "what ends the days does not",
        "the last observation ends the days, or not",
        "days without a value may count, or never do",
    ):
        assert words in early
    late = [m.name for m in mutants(ICAHT.scale("icaht_late")) if m.operator == "feature"]
    assert "second_anc_per_ul: one value alone, turned round" in late
    assert "the last observation ends the days, or not" not in late


def told() -> list[tuple[str, str, dict[str, Any]]]:
    rows = [{"time_h": 24 * day + 6, "anc_per_ul": 400.0 if 5 <= day < 9 else 4000.0} for day in range(12)]
    return [("a", "icaht_early", {"patient": {}, "observations": rows, "treatments": []})]


def test_on_paper_a_course_is_answered_in_its_first_row(tmp_path: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(table(told(), ICAHT))))
    assert [row["grade"] for row in rows] == ["", *[NO_GRADE_HERE] * 11]
    rows[0]["grade"] = "1"
    out = tmp_path / "graded.csv"
    with out.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with rows_door(str(out)).open(None) as session:  # type: ignore[arg-type]
        (reply,) = session.exchange([("a", b"")], 1)
    assert reply.raw["grades"] == [1]  # type: ignore[union-attr]


def test_a_long_series_is_told_in_stretches() -> None:
    case = next(c for c in series(ICAHT, ICAHT.scale("icaht_early")) if c.raw["observations"])
    case = dataclasses.replace(case, raw=told()[0][2])
    words = in_words(case, ICAHT.scale("icaht_early"))
    assert words.split("; ") == [
        "6 to 102 h, 5 times: nothing wrong",
        "126 to 198 h, 4 times: anc_per_ul 400",
        "222 to 270 h, 3 times: nothing wrong",
    ]


@pytest.mark.slow
def test_a_grader_that_is_always_wrong_is_diagnosed_like_any_other() -> None:
    suite = build(ICAHT, ("icaht_early",), "core", 1, 0)
    judged = [judge(case, Answer("graded", (Grade(1, 1),)), "range") for case in suite.cases if case.expected]
    found = diagnose(judged, ICAHT, lambda readings: load("eha-ebmt-2023", dict(readings)))
    assert found.clauses[0].id.startswith("icaht_early.")
