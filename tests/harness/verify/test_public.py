"""The suite on paper: what a table can carry, and ids that say how the cases were made."""

import csv
import io
import json

import pytest

from cartox_core import load
from harness.verify.public import Form, Recipe, json_lines, recipe_of, table, written
from tests.harness.verify.answers import suite


def test_an_id_says_how_the_suite_was_made() -> None:
    recipe = recipe_of(suite("core"), "csv")
    assert Recipe.of(recipe.id(17)) == recipe
    scales = "--scale crs --scale icans"
    assert recipe.command() == f"cartox cases {scales} --suite core --seed 1 --patients 0 --out cases.csv"
    assert recipe.command("--reading C1=high").startswith(f"cartox cases --reading C1=high {scales}")


@pytest.mark.parametrize("wrong", ["", "17", "csv-core-1-0-abc-00001", "csv-huge-1-0-0123456789abcdef-00001"])
def test_another_id_is_none_of_ours(wrong: str) -> None:
    assert Recipe.of(wrong) is None


@pytest.mark.parametrize(("form", "least"), [("jsonl", 0.99), ("csv", 0.6)])
def test_paper_carries_all_but_what_it_cannot(form: Form, least: float) -> None:
    cases = suite("full", 60).cases
    there = written(cases, form)
    assert not any(c.kind == "nan" for c in there)
    assert len(there) >= least * len(cases)
    assert {c.scale for c in there} == {"crs", "icans"}


def test_json_lines_are_grade_messages_without_the_answer() -> None:
    cases = written(suite("core").cases, "jsonl")
    lines = [json.loads(line) for line in json_lines([("a", c.scale, c.raw) for c in cases], "astct-2019")]
    assert [line["scale"] for line in lines] == [c.scale for c in cases]
    assert not any("expected" in line or "grades" in line for line in lines)


def test_a_table_has_a_row_for_each_observation_and_nothing_but_values() -> None:
    cases = written(suite("full", 60).cases, "csv")
    told = [(str(i), c.scale, c.raw) for i, c in enumerate(cases)]
    rows = list(csv.DictReader(io.StringIO(table(told, load("astct-2019")))))
    assert len(rows) == sum(len(c.raw["observations"]) for c in cases)
    assert all(row["grade"] == "" for row in rows)
    by_id: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    for name, _, raw in told[:400]:
        for row, observation in zip(by_id[name], raw["observations"], strict=True):
            for field, value in observation.items():
                text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                assert row[field] == text
