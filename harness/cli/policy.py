"""``cartox policy``: what another policy of care does to the same simulated persons."""

import json
import os
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
from harness.cli.progress import steps
from harness.cli.streams import show
from harness.cohort.run import Plan
from harness.cohort.workers import worker_pool
from harness.compare.policies import CareMoves, Policies, under_both
from harness.compare.policies_report import care_object, care_told
from harness.patients.address import LARGEST_SEED
from harness.scenarios.policy_file import policy_names


@verb(
    "cartox policy standard early-tocilizumab",
    "cartox policy standard no-treatment --scenario zuma-1 --patients 5000",
    "cartox policy standard my-policy.toml --json",
)
def policy(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help=f"A file, or one of: {', '.join(policy_names())}.", autocompletion=policy_shelf
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, or another.", autocompletion=policy_shelf)],
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="NAME|FILE",
            help="Whose patients; cartox scenarios lists them.",
            autocompletion=scenario_shelf,
        ),
    ] = "table1",
    patients: Annotated[int, typer.Option("--patients", "-n", min=1, max=10**8, help="Patients a trial.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="Same seed, same patients.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=1024, help="Processes. Default: one a core.")
    ] = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Tell what policy NEW does to the patients of policy OLD: the same persons, cared for in another way.

    Worst grades under both, onset and duration, doses, days at grade 3 or more, deaths, and the first patient of each
    kind of change. What a policy assumes is printed with it; nothing here is evidence of what helps.
    """
    core = chosen_guideline(guideline)
    graded_scales(core)
    before, after = (chosen_scenario(scenario, name) for name in (old, new))
    policies = Policies(before.policy, after.policy, guideline)
    plan = Plan(before, patients, seed, guideline)
    counts = _with_progress(policies, plan, workers or os.cpu_count() or 1)
    if as_json:
        told = {"scenario": before.name, "seed": seed, "guideline": guideline, **care_object(policies, counts)}
        show(json.dumps({**told, "note": PURPOSE}, indent=2, ensure_ascii=False))
        return
    source = f"Simulated patients of scenario {before.name}, seed {seed}"
    show("\n\n".join(part for part in (*care_told(policies, counts, source, core), PURPOSE) if part))


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
