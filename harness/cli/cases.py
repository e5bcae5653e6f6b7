"""``cartox cases``: the suite on paper, for a grader that nobody can call."""

import secrets
import shlex
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.app import verb
from harness.cli.failure import Stopped
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    ReadingOption,
    ScaleOption,
    chosen_guideline,
    chosen_scales,
)
from harness.cli.output import check_file, write_whole
from harness.cli.streams import show
from harness.cli.suite_options import (
    ON_PAPER,
    MapOption,
    PatientsOption,
    SeedOption,
    SuiteOption,
    as_typed,
    on_paper,
    translation,
)
from harness.verify.public import json_lines, table
from harness.verify.suite.build import SEALED_CASES, build


@verb(
    "cartox cases --out cases.csv",
    "cartox cases --suite core --scale crs --out cases.jsonl",
    "cartox cases --list | grep edge",
)
def cases(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="cases.csv for a table, cases.jsonl for objects.")
    ] = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    scale: ScaleOption = None,
    suite: SuiteOption = "full",
    seed: SeedOption = None,
    patients: PatientsOption = SEALED_CASES,
    reading: ReadingOption = None,
    map_file: MapOption = None,
    listed: Annotated[bool, typer.Option("--list", help="Print the id and the point of every case.")] = False,
) -> None:
    """Write the cases of the suite to a file, to be graded wherever you like.

    Add your grades and hand the file to [bold]cartox verify rows:FILE[/bold]. In a CSV, fill the column grade of every
    row (one row an observation; leave it empty where no grade can be given, write refused for invalid input). In JSON
    Lines, answer each id with grades, as in cartox schema.
    """
    chosen = chosen_guideline(guideline, reading)
    scales = [s.name for s in chosen_scales(chosen, scale)]
    drawn = secrets.randbelow(1 << 31) if seed is None else seed
    made = build(chosen, scales, suite, drawn, patients if suite == "full" else 0)
    if listed:
        show("\n".join(f"{case.id}\t{case.why}" for case in made.cases))
        return
    if out is None or out.suffix.lower() not in ON_PAPER:
        raise Stopped("name the file: --out cases.csv or --out cases.jsonl")
    check_file(out)
    if out.exists():
        raise Stopped(f"{out} is there already, perhaps with answers in it; name another file")
    there, recipe = on_paper(made, ON_PAPER[out.suffix.lower()])
    words = translation(map_file)
    told = [(recipe.id(number), case.scale, words.told(case.raw)) for number, case in enumerate(there.cases)]
    write_whole(out, table(told, chosen) if recipe.form == "csv" else "".join(json_lines(told, chosen.id)))
    again = shlex.join(["cartox", "verify", f"rows:{out}", *as_typed(guideline, None, reading, map_file)])
    show(f"{len(told):,} cases written to {out} (digest {recipe.digest}); fill in the grades, then: {again}")
