"""``cartox regrade``: the same patients under several guidelines, side by side."""

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.app import verb
from harness.cli.case_file import case_file
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption
from harness.cli.failure import REFUSED, Stopped
from harness.cli.options import DEFAULT_GUIDELINE, shelf_names
from harness.cli.output import check_file, write_whole
from harness.cli.progress import steps
from harness.cli.streams import STDIN, show, title
from harness.cohort.run import Plan
from harness.patients.address import LARGEST_SEED
from harness.regrade.page import html_report
from harness.regrade.regraded import Regraded, regrade_blocks, regrade_cases
from harness.regrade.report import csv_rows, json_report, text_report
from harness.regrade.result import Comparison, comparison
from harness.regrade.under import Under, chosen_under, every_under
from harness.scenarios.loader import ScenarioError, load_scenario, scenario_names

SCENARIO = "table1-as-graded"  # each trial as its own scale graded it, so that the others predict
PATIENTS, SEED = 1000, 1


@verb(
    "cartox regrade --html scales.html",
    "cartox regrade cases.jsonl",
    "cartox regrade cases.jsonl --under lee-2014 --under astct-2019:crs",
    "cartox regrade juliet --patients 2000 --html juliet.html --rows peaks.csv",
    "cartox regrade table1 --under penn-2018 --under astct-2019:crs --json -",
)
def regrade(
    whose: Annotated[
        str,
        typer.Argument(
            metavar="FILE|SCENARIO",
            help="Cases in any format of cartox convert (- is standard input), or a scenario: "
            f"{', '.join(scenario_names())}. Default: {SCENARIO}.",
            show_default=False,
        ),
    ] = SCENARIO,
    under: Annotated[
        list[str] | None,
        typer.Option(
            "--under",
            "-u",
            metavar="ID[:SCALE]",
            help="A guideline, or one scale of it; repeat it. Default: all CRS and neurotoxicity scales.",
            autocompletion=shelf_names,
        ),
    ] = None,
    patients: Annotated[
        int | None,
        typer.Option(
            "--patients", "-n", min=1, max=10**7, help=f"Patients a trial of a scenario. Default: {PATIENTS}."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=LARGEST_SEED, help=f"Seed of a scenario. Default: {SEED}."),
    ] = None,
    rows: Annotated[
        Path | None, typer.Option("--rows", metavar="FILE.csv", help="Write a line a patient, a column a scale.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the outcome as JSON; - prints only that.")
    ] = None,
    html_file: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page of its own.")] = None,
    format_: FromOption = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
) -> int:
    """Grade the same patients under several guidelines, and say how far these agree.

    The peak grade of each patient under each scale, transition matrices, agreement and weighted kappa, and what was
    published of real patients beside it. Where a scale reads what is not charted, its grades are ranges: counts are by
    floors, with exact bounds.
    """
    unders = chosen_under(under) if under else every_under()
    files = _Files(rows, json_file, html_file)
    files.check(whose)
    is_scenario = whose in scenario_names() or whose.endswith(".toml")
    if is_scenario:
        words, found, code = _of_scenario(whose, PATIENTS if patients is None else patients, seed, unders)
    elif patients is None and seed is None:
        words, found, code = _of_file(whose, How(format_, merge, infusion), unders)
    else:
        raise Stopped(f"--patients and --seed draw the patients of a scenario; {whose} is a file of cases")
    files.write(comparison(words, is_scenario, found))
    return code


@dataclasses.dataclass(frozen=True, slots=True)
class _Files:
    """Where the outcome goes beside the terminal."""

    rows: Path | None
    json: Path | None
    html: Path | None

    def check(self, whose: str) -> None:
        """Say before long work that a file could not be written, or that one would take the place of another."""
        wanted = [f for f in (self.rows, self.json, self.html) if f is not None]
        for file in wanted:
            if str(file) != STDIN:
                check_file(file)
            elif file is not self.json:
                raise Stopped("only --json goes to standard output; name a file for --rows and --html")
        places = [f.resolve() for f in wanted if str(f) != STDIN]
        if len(set(places)) < len(places):
            raise Stopped("--rows, --json and --html name the same file; name one for each")
        if Path(whose).resolve() in places:
            raise Stopped(f"{whose} holds the cases; name another file for what comes of them")

    def write(self, told: Comparison) -> None:
        """Write what is wanted, and show the report, or the JSON alone. Patients of a scenario go to ``rows`` only."""
        with_rows = not told.simulated
        if self.rows is not None:
            write_whole(self.rows, csv_rows(told))
        if self.html is not None:
            write_whole(self.html, html_report(told, with_rows))
        result = json.dumps(json_report(told, with_rows), indent=2, ensure_ascii=False)
        if self.json is not None and str(self.json) == STDIN:
            show(result)
            return
        if self.json is not None:
            write_whole(self.json, f"{result}\n")
        show(text_report(told, with_rows))


def _of_scenario(name: str, patients: int, seed: int | None, unders: tuple[Under, ...]) -> tuple[str, Regraded, int]:
    try:
        plan = Plan(load_scenario(name), patients, SEED if seed is None else seed, DEFAULT_GUIDELINE)
    except ScenarioError as error:
        raise Stopped(str(error)) from None
    with steps() as step:
        done = step("simulating", sum(block.count for block in plan.blocks))
        found = regrade_blocks(plan.blocks, unders, done)
    return f"Simulated patients of scenario {plan.scenario.name}, seed {plan.seed}", found, 0


def _of_file(file: str, how: How, unders: tuple[Under, ...]) -> tuple[str, Regraded, int]:
    """The good cases of a file graded; others make the exit code 2."""
    if file != STDIN and not Path(file).exists() and not Path(file).suffix:
        raise Stopped(_neither(file))
    read = case_file(file, how)
    return (
        "; ".join([f"Cases of {title(file)}", *read.rules]),
        regrade_cases(read.cases, read.names, unders),
        REFUSED if read.refused else 0,
    )


def _neither(name: str) -> str:
    try:
        load_scenario(name)
    except ScenarioError as error:
        return str(error)
    raise AssertionError(name)
