"""The golden cases of scores: all come out, they cover the scores, and a malformed file is refused."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cartox_core import GuidelineError, Score, load_score, score_ids
from cartox_core.bibliography import bibliography
from cartox_core.indices import INDICES
from cartox_core.observation import PARTS
from cartox_core.tables import axis_of, domain_grid
from harness.golden import GoldenError, golden_cases
from harness.golden_scores import Outcome, ScoreCase, golden_scores, outcomes

CASES = golden_scores()
BY_ID = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@BY_ID
def test_a_case_comes_out(case: ScoreCase) -> None:
    assert outcomes(case) == case.expect


def test_they_stand_apart_from_those_of_grades() -> None:
    assert not {case.id for case in golden_cases()} & {case.id for case in CASES}
    assert {case.score for case in CASES} == {*score_ids(), *INDICES}


@pytest.mark.parametrize("name", score_ids())
def test_every_clause_is_named_by_a_case_and_no_other(name: str) -> None:
    raw = tomllib.loads((resources.files("cartox_core") / "scores" / f"{name}.toml").read_text("utf-8"))
    clauses = {clause["id"] for item in raw["item"] for clause in item["clause"]}
    assert {named for case in CASES if case.score == name for named in case.clauses} == clauses


@pytest.mark.parametrize(
    ("name", "reading"),
    [(n, r) for n in score_ids() for r in load_score(n).readings.values()],
    ids=lambda x: str(x)[:20],
)
def test_every_choice_of_a_reading_has_a_case_that_the_default_scores_otherwise(name: str, reading: Any) -> None:
    mine = [case for case in CASES if case.score == name]
    for choice in set(reading.choices) - {reading.default}:
        asked = [case for case in mine if case.readings == {reading.id: choice}]
        beside = [(a, b) for a in asked for b in mine if not b.readings and a.raw == b.raw]
        assert any(a.expect != b.expect for a, b in beside), choice


@BY_ID
def test_a_case_says_why_it_exists_whence_it_is_and_what_a_wrong_score_does(case: ScoreCase) -> None:
    assert case.why.endswith(".") and case.effect and case.source
    assert {source.split(" ")[0] for source in case.source} <= set(bibliography())
    assert len(case.expect) == len(case.raw["observations"])


WHOLE = """
score = "ice"
[[case]]
id = "a-001"
why = "why."
source = ["lee-2019"]
effect = "effect"
clauses = []
observations = [{ time_h = 1, ice = 7 }]
expect = [{ total = 7, bands = ["mild"] }]
"""


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(WHOLE, encoding="utf-8")
    (case,) = golden_scores(tmp_path)
    assert (case.id, case.file, case.expect) == ("a-001", "a.toml", (Outcome((7, 7), ("mild",)),))
    assert outcomes(case) == case.expect
    (tmp_path / "a.toml").write_text(WHOLE.replace("ice = 7", "ice = 6"), encoding="utf-8")
    assert outcomes(golden_scores(tmp_path)[0]) == (Outcome((6, 6), ("moderate",)),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WHOLE + "x = ", "a.toml: TOMLDecodeError"),
        (WHOLE.replace('score = "ice"', ""), "a.toml: KeyError: 'score'"),
        (WHOLE.replace('effect = "effect"', 'efect = "effect"'), "a.toml: a-001: unknown key efect"),
        (WHOLE.replace("total = 7", 'total = "seven"'), "a.toml: ValueError"),
        (WHOLE + WHOLE.replace('score = "ice"', ""), "golden ids stand twice: a-001"),
    ],
)
def test_a_malformed_file_is_refused_by_name(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(GoldenError) as error:
        golden_scores(tmp_path)
    assert str(error.value).startswith(told)


def spoilt(name: str) -> Iterator[tuple[str, str]]:
    """The file of a score with one clause that gives a point more, or one line that is let in or left out."""
    text = (resources.files("cartox_core") / "scores" / f"{name}.toml").read_text("utf-8")
    for found in re.finditer(r'id = "([\w.]+)"\npoints = (\d+)\nwhen = (.*)\n', text):
        clause, points, when = found.groups()
        yield clause, text[: found.start(2)] + str(int(points) + 1) + text[found.end(2) :]
        for sign in re.finditer(r'"([<>]=?) ', when):
            other = sign[1].removesuffix("=") if sign[1].endswith("=") else f"{sign[1]}="
            at = found.start(3) + sign.start(1)
            yield clause, text[:at] + other + text[at + len(sign[1]) :]


def same(one: Score, other: Score) -> bool:
    """Whether two scores give the same points in every cell: a clause that another one outdoes may be wider."""
    for mine, theirs in zip(one.items, other.items, strict=True):
        clauses = [*mine.clauses, *theirs.clauses]
        axes = [axis_of(name, clauses, own=PARTS) for name in mine.fields]
        if not np.array_equal(domain_grid(mine, axes), domain_grid(theirs, axes)):
            return False
    return True


@pytest.mark.parametrize("name", score_ids())
def test_a_spoilt_score_is_refused_or_fails_a_case(name: str, tmp_path: Path) -> None:
    mine = [case for case in CASES if case.score == name]
    for clause, text in spoilt(name):
        file = tmp_path / "spoilt.toml"
        file.write_text(text, encoding="utf-8")
        try:
            if same(load_score(file), load_score(name)):
                continue
        except GuidelineError:
            continue
        likely_first = sorted(mine, key=lambda case: clause not in case.clauses)
        assert any(outcomes(replace(case, score=str(file))) != case.expect for case in likely_first), clause
