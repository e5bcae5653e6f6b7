"""``cartox policy``: the policies of care, one in words, and what another does to the same simulated persons."""

import json
import os
import shutil
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from typing import Annotated

import typer

from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    chosen_guideline,
    chosen_scenario,
    graded_scales,
    policy_shelf,
    scenario_shelf,
)
from harness.cli.policy_page import READ_ON, page, policy_object, shelf_table
from harness.cli.progress import steps
from harness.cli.streams import on_terminal, show
from harness.cohort.run import Plan
from harness.cohort.workers import worker_pool
from harness.compare.policies import CareMoves, Policies, under_both
from harness.compare.policies_report import care_object, care_told
from harness.patients.address import LARGEST_SEED
from harness.scenarios.policy_file import PolicyError, load_policy, policy_names, policy_text

SCENARIO, PATIENTS, SEED = "table1", 1000, 1
_PIPE_WIDTH, _NARROWEST = 120, 80


@verb(
    "cartox policy",
    "cartox policy early-tocilizumab",
    "cartox policy early-tocilizumab --toml > my-policy.toml",
    "cartox policy standard early-tocilizumab",
    "cartox policy standard no-treatment --scenario zuma-1 --patients 5000",
    "cartox policy standard my-policy.toml --json",
)
def policy(
    old: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME|OLD",
            help="Policy on the shelf, or in a file. Default: list the shelf.",
            autocompletion=policy_shelf,
            show_default=False,
        ),
    ] = None,
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="NEW", help="Another, to compare with OLD.", autocompletion=policy_shelf, show_default=False
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="NAME|FILE",
            help=f"Whose patients; cartox scenarios lists them. Default: {SCENARIO}.",
            autocompletion=scenario_shelf,
        ),
    ] = None,
    patients: Annotated[
        int | None, typer.Option("--patients", "-n", min=1, max=10**8, help=f"Patients a trial. Default: {PATIENTS}.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, max=LARGEST_SEED, help=f"Same seed, same patients. Default: {SEED}."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=1024, help="Processes. Default: one a core.")
    ] = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    as_toml: Annotated[bool, typer.Option("--toml", help="Print the file of NAME, to begin one of your own.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List the policies of care, tell one in words, or compare two on the same simulated persons.

    With NAME: what is given, when and how much, and what is assumed, with source and confidence. Where a policy speaks
    of a stage, it is that of the signs of CRS: stage 1 are those of grade 2, 2 of grade 3, 3 of grade 4. A file of your
    own is a few lines of TOML; docs/policy-and-scenario-files.md has every key.

    With OLD and NEW: worst grades under both, onset and duration, doses, days at grade 3 or more, deaths, and the first
    patient of each kind of change. Nothing here is evidence of what helps.
    """
    compares = [
        name
        for name, value in (("scenario", scenario), ("patients", patients), ("seed", seed), ("workers", workers))
        if value is not None
    ]
    if new is None and compares:
        raise Stopped(f"--{compares[0]} is for a comparison; name two policies, as in cartox policy standard NEW")
    if as_toml and (old is None or new is not None):
        raise Stopped("--toml prints one file; name one policy, as in cartox policy early-tocilizumab --toml")
    if as_toml and as_json:
        raise Stopped("--toml and --json exclude each other; leave one out")
    if old is None:
        shelf = [load_policy(name) for name in policy_names()]
        table = shelf_table(shelf, _width())
        show(_json([policy_object(p) for p in shelf]) if as_json else f"{table}\n\n{READ_ON}\n\n{PURPOSE}")
    elif new is None:
        _tell(old, as_toml, as_json)
    else:
        before, after = (chosen_scenario(scenario or SCENARIO, name) for name in (old, new))
        plan = Plan(before, patients or PATIENTS, SEED if seed is None else seed, guideline)
        _compare(Policies(before.policy, after.policy, guideline), plan, workers or os.cpu_count() or 1, as_json)


def _tell(name: str, as_toml: bool, as_json: bool) -> None:
    """Print one policy: its file, an object, or words. Raises Stopped."""
    try:
        found = load_policy(name)
        text = policy_text(name)
    except PolicyError as error:
        raise Stopped(str(error)) from None
    if as_toml:
        show(text.rstrip("\n"))
    elif as_json:
        show(_json({**policy_object(found), "note": PURPOSE}))
    else:
        show(f"{page(found, name, _width())}\n\n{PURPOSE}")


def _compare(policies: Policies, plan: Plan, workers: int, as_json: bool) -> None:
    """Print what NEW does to the patients of OLD. Raises Stopped."""
    core = chosen_guideline(plan.guideline)
    graded_scales(core)
    counts = _with_progress(policies, plan, workers)
    if as_json:
        told = {"scenario": plan.scenario.name, "seed": plan.seed, "guideline": plan.guideline}
        show(_json({**told, **care_object(policies, counts), "note": PURPOSE}))
        return
    source = f"Simulated patients of scenario {plan.scenario.name}, seed {plan.seed}"
    show("\n\n".join(part for part in (*care_told(policies, counts, source, core), PURPOSE) if part))


def _width() -> int:
    return max(shutil.get_terminal_size().columns, _NARROWEST) if on_terminal() else _PIPE_WIDTH


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _with_progress(policies: Policies, plan: Plan, workers: int) -> CareMoves:
    blocks = plan.blocks
    with steps() as step, ExitStack() as stack:
        done = step("simulating", sum(block.count for block in blocks))
        wanted = min(workers, len(blocks))
        pool = stack.enter_context(worker_pool(wanted)) if wanted > 1 else None
        try:
            return under_both(policies, blocks, pool, wanted + 2, done)
        except BrokenProcessPool:
            raise Stopped("a worker process died, perhaps for want of memory; try --workers 1") from None
