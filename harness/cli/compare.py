"""``cartox compare``: what a change of a guideline changes, exactly and for patients."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cartox_core.library import readable
from harness.cli.app import PURPOSE, verb
from harness.cli.compare_patients import PATIENTS, SCENARIO, SEED, Wanted
from harness.cli.expected import Approving
from harness.cli.failure import Stopped
from harness.cli.options import ReadingOption, chosen_guideline, scenario_shelf, shelf_names
from harness.cli.output import check_file, on_shelf, write_whole
from harness.cli.streams import STDIN, show
from harness.compare.guidelines import changes, scale_pairs
from harness.compare.page import html_report
from harness.compare.population import Sides
from harness.compare.population_report import population_object, population_told
from harness.compare.report import told
from harness.patients.address import LARGEST_SEED
from harness.scenarios.loader import scenario_names


@verb(
    "cartox compare astct-2019 my-draft.toml",
    "cartox compare astct-2019 my-draft.toml --patients 5000 --html change.html",
    "cartox compare astct-2019 my-draft.toml --cases our-patients.jsonl",
    "cartox compare lee-2014 astct-2019 --scale crs --scenario zuma-1",
    "cartox compare astct-2019 cartox-2018 --scale icans=cres",
    "cartox compare astct-2019 astct-2019 --reading C1=high --json",
    "cartox compare astct-2019 my-draft.toml --write-expect approved.toml",
    "cartox compare astct-2019 my-draft.toml --expect approved.toml",
)
def compare(
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="Guideline on the shelf, or in a file.", autocompletion=shelf_names),
    ],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW", help="The same, or another; a file may bear the id of OLD.", autocompletion=shelf_names
        ),
    ],
    scale: Annotated[
        list[str] | None,
        typer.Option("--scale", "-s", metavar="NAME|OLD=NEW", help="Scales to compare. Default: those of one name."),
    ] = None,
    reading: ReadingOption = None,
    old_reading: Annotated[
        list[str] | None,
        typer.Option("--old-reading", metavar="NAME=CHOICE", help="Read OLD another way; --reading is for NEW."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="NAME|FILE",
            help=f"Simulate patients: {', '.join(scenario_names())}. Default: {SCENARIO}.",
            autocompletion=scenario_shelf,
        ),
    ] = None,
    patients: Annotated[
        int | None,
        typer.Option(
            "--patients",
            "-n",
            min=1,
            max=10**8,
            help=f"Simulated patients a trial. Default: {PATIENTS}.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=LARGEST_SEED, help=f"Same seed, same patients. Default: {SEED}."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=1024, help="Processes. Default: one a core.")
    ] = None,
    cases: Annotated[
        str | None,
        typer.Option(
            "--cases", metavar="FILE", help="Patients: cases in any format of cartox convert; - is standard input."
        ),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option("--expect", metavar="FILE", help="Exit with 1 unless it is the difference approved there."),
    ] = None,
    write_expect: Annotated[
        str | None,
        typer.Option("--write-expect", metavar="FILE", help="Write it as a draft for --expect; - prints only that."),
    ] = None,
    signed: Annotated[
        bool,
        typer.Option("--signed", help="With --expect: fail where nobody approved, or a reason is missing."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Let --write-expect overwrite a file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    html_file: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page of its own: matrices, flow."),
    ] = None,
) -> int:
    """Tell what NEW grades otherwise than OLD: over every cell of their tables, and for patients.

    Exactly, nothing sampled: findings that change grade, merged into few rules, each with the clauses on both sides and
    a case that shows it, for cartox explain. On patients, simulated or from a file, the same under both: who moves, by
    which clause, and what it does to onset, duration and care. A reading is one of NEW.

    Exit code 0, whatever differs; 1 with --expect where more, less or something other differs than was approved; 2 for
    wrong usage or input.
    """
    again = [old, new, *_options("--scale", scale), *_options("--old-reading", old_reading)]
    approving = Approving(expect, write_expect, force, signed, (*again, *_options("--reading", reading)))
    given = [name for name in (old, new, cases, scenario, expect) if name]
    if html_file is not None:
        _check_page(html_file, [*given, *([write_expect] if write_expect else [])])
    approving.check(as_json, [*given[: -1 if expect else None], *([str(html_file)] if html_file else [])])
    wanted = Wanted(cases, scenario, patients, seed, workers)
    before, after = chosen_guideline(old, old_reading), chosen_guideline(new, reading)
    scales = scale_pairs(before, after, scale)
    expected = approving.read(before, after, scales)
    found = changes(before, after, scales, (readable(old), readable(new)))
    verdict = approving.verdict(expected, found, scales)
    sides = Sides(old, tuple(sorted(before.chosen.items())), new, tuple(sorted(after.chosen.items())), tuple(scales))
    population, code = wanted.population(sides)
    if html_file is not None:
        write_whole(html_file, html_report(found, population, verdict.told, verdict.is_met))
    written = approving.write(found)
    if as_json:
        on_patients = {} if population is None else population_object(population)
        told_all = {"ok": verdict.is_met, **found.as_object, **on_patients, **verdict.as_object}
        show(json.dumps(told_all, indent=2, ensure_ascii=False))
    elif write_expect != STDIN:
        on_patients_told = () if population is None else population_told(population)
        show("\n\n".join([*told(found), *on_patients_told, *verdict.told, *written, PURPOSE]))
    return code or verdict.code


def _options(name: str, values: list[str] | None) -> list[str]:
    return [f"{name}={value}" for value in values or ()]


def _check_page(file: Path, given: list[str]) -> None:
    """Say before any work that the page could not be written, or would take the place of something. Raises Stopped."""
    check_file(file)
    if file.resolve() in [Path(name).resolve() for name in given] or on_shelf(file):
        raise Stopped(f"{file} is something else of this command, or of cartox; name another file for the page")
