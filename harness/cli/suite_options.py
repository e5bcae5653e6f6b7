"""The options by which a suite is chosen, shared by ``verify`` and ``cases``; and the files that go with them."""

import dataclasses
import difflib
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

import typer

from cartox_core import Guideline
from harness.cli.failure import Stopped, reason_of
from harness.cli.options import DEFAULT_GUIDELINE
from harness.patients.address import LARGEST_SEED
from harness.verify.examine import Namer
from harness.verify.public import Form, Recipe, recipe_of, written
from harness.verify.suite.build import Suite, build
from harness.verify.translation import MapError, Translation, translation_of

SuiteName = Literal["core", "full"]
SuiteOption = Annotated[
    SuiteName,
    typer.Option(
        "--suite", help="core: 500 cases (100 more for each scale beyond two) at most, no sealed ones; full: all."
    ),
]
PatientsOption = Annotated[
    int, typer.Option("--patients", "-n", min=0, max=10**6, help="Sealed courses of simulated patients.")
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", min=0, max=LARGEST_SEED, help="Seed of the sealed courses. Default: a fresh one."),
]
MapOption = Annotated[
    Path | None, typer.Option("--map", metavar="FILE", help="Your names, units and words for our fields (TOML).")
]
ON_PAPER: dict[str, Form] = {".csv": "csv", ".jsonl": "jsonl"}


def as_typed(
    guideline: str, scales: list[str] | None, readings: list[str] | None, map_file: Path | None = None
) -> tuple[str, ...]:
    """The options that choose what is asked, as a user would type them."""
    words = ["--guideline", guideline] if guideline != DEFAULT_GUIDELINE else []
    words += [word for scale in scales or () for word in ("--scale", scale)]
    words += [word for reading in readings or () for word in ("--reading", reading)]
    return (*words, *(["--map", str(map_file)] if map_file else []))


def read_text(path: Path) -> str:
    """The text of a small file. Raises Stopped."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Stopped(f"{path} is no text in UTF-8") from None
    except OSError as error:
        raise Stopped(f"{path} cannot be read: {reason_of(error)}") from None


def translation(path: Path | None) -> Translation:
    """The map in a file; without one everything is told in our own words. Raises Stopped."""
    if path is None:
        return Translation()
    try:
        return translation_of(read_text(path))
    except MapError as error:
        raise Stopped(f"{path}: {error}") from None


def only(suite: Suite, case_id: str) -> Suite:
    """A suite of one case. Raises Stopped with the ids most like it."""
    found = [case for case in suite.cases if case.id == case_id]
    if not found:
        near = difflib.get_close_matches(case_id, [case.id for case in suite.cases], n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; cartox cases --list shows all"
        raise Stopped(f"there is no case {case_id} in this suite{hint}")
    return dataclasses.replace(suite, cases=tuple(found))


def on_paper(suite: Suite, form: Form) -> tuple[Suite, Recipe]:
    """The part of a suite that a form can carry, and the recipe of its ids."""
    there = dataclasses.replace(suite, cases=tuple(written(suite.cases, form)))
    return there, recipe_of(there, form)


def as_written(
    answered: Collection[str], recipe: Recipe, guideline: Guideline, scales: tuple[str, ...], options: str
) -> tuple[Suite, Namer]:
    """The suite that a file of answers was written for, and the public id of each case. Raises Stopped."""
    suite, now = on_paper(build(guideline, scales, recipe.suite, recipe.seed, recipe.patients), recipe.form)
    if now != recipe:
        raise Stopped(
            f"these answers are to another suite (digest {recipe.digest}, here it is {now.digest}): "
            f"answer the cases that this command writes: {now.command(options)}"
        )
    names = {case.id: now.id(number) for number, case in enumerate(suite.cases)}
    if strange := sorted(set(answered) - set(names.values())):
        raise Stopped(
            f"{strange[0]} is the id of no case of that suite, which has {len(names):,}; keep the ids as they are"
        )
    return suite, lambda case: names[case.id]
