"""The line of each table and key of a TOML text."""

import re
import tomllib
from typing import Any

import pytest

from cartox_core import guideline_ids
from cartox_core.library import guideline_text
from harness.authoring.lines import Lines, Path

TEXT = '''\
id = "a"  # [not a header]
text = """
[neither] = 1
key = 2
"""
"quoted key".inner = 1

[scale.crs]
cite = [
  "x",
  ["y = 1"],
]
[[scale.crs.gate]]
id = "first"
[[ scale . crs . gate ]]   # blanks
id = "second"
when.temp_c = "> 38"
[[scale.crs.domain]]
[[scale.crs.domain.clause]]
when = { temp_c = "> 38", "ice" = "3" }
[[scale.crs.domain]]
[[scale.crs.domain.clause]]
[[scale.crs.domain.clause]]
grade = 1
[reading."R 1".choice.a]
values = { x = 1 }
'''

AT = {
    ("id",): 1,
    ("text",): 2,
    ("quoted key", "inner"): 6,
    ("scale",): 8,
    ("scale", "crs"): 8,
    ("scale", "crs", "cite"): 9,
    ("scale", "crs", "cite", 1): 9,
    ("scale", "crs", "gate", 0, "id"): 14,
    ("scale", "crs", "gate", 1): 15,
    ("scale", "crs", "gate", 1, "when"): 17,
    ("scale", "crs", "gate", 1, "when", "temp_c"): 17,
    ("scale", "crs", "domain", 0, "clause", 0, "when", "ice"): 20,
    ("scale", "crs", "domain", 1): 21,
    ("scale", "crs", "domain", 1, "clause", 0): 22,
    ("scale", "crs", "domain", 1, "clause", 1, "grade"): 24,
    ("scale", "crs", "domain", 1, "clause", 1, "cite"): 23,
    ("reading", "R 1"): 25,
    ("reading", "R 1", "choice", "a", "values", "x"): 26,
    ("nowhere",): 1,
    (): 1,
}


@pytest.mark.parametrize(("path", "line"), AT.items(), ids=str)
def test_the_line_of_a_path(path: Path, line: int) -> None:
    assert Lines(TEXT).of(path) == line
    assert Lines(TEXT.replace("\n", "\r\n")).of(path) == line


def clauses(raw: Any) -> list[tuple[Path, str]]:
    return [
        (("scale", name, "domain", i, "clause", j), clause["id"])
        for name, scale in raw["scale"].items()
        for i, domain in enumerate(scale["domain"])
        for j, clause in enumerate(domain["clause"])
    ]


@pytest.mark.parametrize("name", guideline_ids())
def test_every_clause_of_the_shelf_is_found_on_its_line(name: str) -> None:
    text = guideline_text(name)
    lines, found = text.split("\n"), Lines(text)
    for path, told in clauses(tomllib.loads(text)):
        assert re.fullmatch(rf'id = "{re.escape(told)}".*', lines[found.of((*path, "id")) - 1])
        assert lines[found.of(path) - 1].startswith("[[")
        assert lines[found.of((*path, "when", "anything")) - 1].startswith("when = ")
