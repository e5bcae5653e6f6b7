"""``cartox ward``: patients who compete for nurses, doses and beds."""

import json
import os
import textwrap
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from tabulate import tabulate

from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    chosen_guideline,
    chosen_scenario,
    graded_scales,
    scenario_shelf,
)
from harness.cli.output import check_file, write_whole
from harness.cli.progress import steps
from harness.cli.streams import STDIN, show
from harness.cohort.workers import worker_pool
from harness.patients.address import LARGEST_SEED
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.ward.measures import measures
from harness.ward.page import html_report
from harness.ward.replication import Replication
from harness.ward.report import caution, heading, ward_object, ward_told
from harness.ward.run import replications as run_all
from harness.ward.stress import Item, checklist

SCENARIO = "ward-surge"


@verb(
    "cartox ward",
    "cartox ward --beds 2 --replications 20",
    f"cartox scenarios {SCENARIO} --toml > my-ward.toml",
    "cartox ward my-ward.toml --json ward.json",
    "cartox ward --html ward.html",
    "cartox ward --stress",
)
def ward(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO]",
            help=f"A scenario with a \\[ward] table, on the shelf or in a file. Default: {SCENARIO}, whose file "
            f"cartox scenarios {SCENARIO} --toml prints.",
            autocompletion=scenario_shelf,
            show_default=False,
        ),
    ] = SCENARIO,
    replications: Annotated[
        int, typer.Option("--replications", "-R", min=1, max=10_000, help="Wards to run, one a seed.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", min=0, max=LARGEST_SEED - 10_000, help="Seed of the first.")] = 1,
    patients: Annotated[int | None, typer.Option("--patients", "-n", min=1, max=100_000, help="Infusions.")] = None,
    beds: Annotated[int | None, typer.Option("--beds", min=1, max=100_000, help="Intensive care beds.")] = None,
    doses: Annotated[
        int | None, typer.Option("--doses", min=1, max=100_000, help="Doses of tocilizumab in the pharmacy.")
    ] = None,
    nurses: Annotated[int | None, typer.Option("--nurses", min=1, max=100_000, help="Nurses who do rounds.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=1024, help="Processes. Default: one a core.")
    ] = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the outcome as JSON; - prints only that.")
    ] = None,
    html_file: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page of its own.")] = None,
    stress: Annotated[bool, typer.Option("--stress", help="Print the STRESS-DES checklist beside the report.")] = False,
) -> None:
    """Run a ward whose patients compete for nurses, doses of tocilizumab and intensive care beds.

    Bed-days by grade, waits, doses used, and peak grades beside those of the same persons where nothing is short, each
    with an interval over replications. docs/policy-and-scenario-files.md has every key of a ward.
    """
    to_stdout = json_file is not None and str(json_file) == STDIN
    _check([file for file in (None if to_stdout else json_file, html_file) if file is not None])
    graded_scales(chosen_guideline(guideline))
    wanted = chosen_scenario(scenario)
    spec = _spec(
        wanted, scenario, {"patients": patients, "icu_beds": beds, "tocilizumab_doses": doses, "nurses": nurses}
    )
    found = _with_progress(wanted, spec, guideline, range(seed, seed + replications), workers or os.cpu_count() or 1)
    told, head = measures(found), heading(wanted, spec, replications, seed)
    items = checklist(wanted, spec, told, replications, seed)
    warning = caution(wanted.policy)
    result = json.dumps({**ward_object(head, told, items, warning), "note": PURPOSE}, indent=2, ensure_ascii=False)
    if json_file is not None and not to_stdout:
        write_whole(json_file, f"{result}\n")
    if html_file is not None:
        write_whole(html_file, html_report(wanted, spec, found, told, items))
    show(
        result
        if to_stdout
        else "\n\n".join([*ward_told(head, told, warning), *([_stress(items)] if stress else []), PURPOSE])
    )


def _check(files: list[Path]) -> None:
    """Say before long work what cannot be written."""
    if any(str(file) == STDIN for file in files):
        raise Stopped("only --json goes to standard output; name a file for --html")
    if len({file.resolve() for file in files}) < len(files):
        raise Stopped("--json and --html name the same file; name one for each")
    for file in files:
        check_file(file)


def _spec(scenario: Scenario, name: str, changed: dict[str, int | None]) -> WardSpec:
    if scenario.ward is None:
        raise Stopped(f"scenario {name} has no [ward] table; start from cartox scenarios {SCENARIO} --toml")
    if scenario.arms:
        raise Stopped(f"scenario {name} has the arms of Table 4, each with its own policy; a ward has one: name trials")
    return scenario.ward.model_copy(update={key: value for key, value in changed.items() if value is not None})


def _with_progress(scenario: Scenario, spec: WardSpec, guideline: str, seeds: range, workers: int) -> list[Replication]:
    many = min(workers, len(seeds))
    with steps() as step, ExitStack() as stack:
        done = step("running wards", len(seeds))
        pool = stack.enter_context(worker_pool(many)) if many > 1 else None
        try:
            return run_all(scenario, spec, guideline, seeds, pool, many + 1, done)
        except BrokenProcessPool:
            raise Stopped("a worker process died, perhaps for want of memory; try --workers 1") from None


def _stress(items: list[Item]) -> str:
    rows = [[item, textwrap.fill(text, 84)] for _, item, text in items]
    return f"STRESS-DES (Monks 2019)\n\n{tabulate(rows, tablefmt='plain')}"
