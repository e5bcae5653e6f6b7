"""Where each system of the review is, as docs/coverage.md tells it: rows of coverage.toml, and entries that name a row.

Run as a program it writes the page: ``python -m tests.the_coverage``.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cartox_core import load_plan, plan_ids
from cartox_core.catalogue import catalogue
from harness.findable import findable
from harness.scenarios.loader import scenario_names

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "coverage.md"
HEAD = """# Coverage of the review

Every system that [Ferreri & Bhutani 2024](https://doi.org/10.3389/fonc.2024.1396490) tells of, and where it is here.
`cartox lookup NAME` shows an entry, a step, a reading or a score; `cartox guideline ID` a scale; `cartox recommend` the
plan. This page is made by `python -m tests.the_coverage`.

| row | system | where | entries of the catalogue |
|---|---|---|---|"""


def rows() -> list[dict[str, Any]]:
    """The rows as they are written."""
    written: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "coverage.toml").read_text(encoding="utf-8"))["row"]
    return written


def page() -> str:
    """The page."""
    return "\n".join([HEAD, *_lines(), "", ending(), ""])


def ending() -> str:
    """How many rows are built, and which are entries alone."""
    entries = {n for entry in catalogue().values() for n in entry.systems}
    alone = [row["n"] for row in rows() if not row["at"] and row["n"] in entries]
    plans = ", ".join(f"`{name}` ({len(load_plan(name).steps)} steps)" for name in plan_ids())
    told = f"{len(rows())} rows: {len(rows()) - len(alone)} are built, {len(alone)} are entries of the catalogue alone"
    told += f" ({_list(alone)}). {len(catalogue())} entries; plans: {plans}."
    return f"{told}\n\nFor testing and teaching. Not for treating patients."


def _list(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _lines() -> Iterator[str]:
    for row in rows():
        entries = [f"`{entry.id}`" for entry in catalogue().values() if row["n"] in entry.systems]
        places = [_place(kind, name) for kind, name in split(row["at"])]
        yield f"| {row['n']} | {row['title']} | {'<br>'.join(places) or '–'} | {', '.join(entries) or '–'} |"


def _place(kind: str, name: str) -> str:
    return name if kind == "note" else f"{kind} `{name}`"


def split(places: list[str]) -> list[tuple[str, str]]:
    """Places as kind and name."""
    return [(kind, name) for kind, _, name in (at.partition(" ") for at in places)]


def missing() -> Iterator[str]:
    """Places that do not exist, and rows that are nowhere."""
    items = {(item.kind, item.id) for item in findable()}
    entries = {n for entry in catalogue().values() for n in entry.systems}
    for row in rows():
        if not row["at"] and row["n"] not in entries:
            yield f"row {row['n']} is nowhere"
        for kind, name in split(row["at"]):
            there = {
                "note": True,
                "file": (ROOT / name).is_file(),
                "golden": (ROOT / "golden" / name).is_file(),
                "scenario": name in scenario_names(),
            }.get(kind, (kind, name) in items)
            if not there:
                yield f"row {row['n']}: there is no {kind} {name}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
