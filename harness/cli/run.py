"""``cartox run``: simulate, grade, check, report."""

import dataclasses
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.app import verb
from harness.cli.failure import INTERRUPTED, Stopped, reason_of, say
from harness.cli.kept import journal_of
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    PolicyOption,
    chosen_guideline,
    chosen_scenario,
    graded_scales,
    scenario_shelf,
)
from harness.cli.output import check_file, folder_of_its_own, move_whole, new_place, write_whole
from harness.cli.progress import steps
from harness.cli.streams import show
from harness.cohort.block import Block
from harness.cohort.cluster import ClusterError, cluster
from harness.cohort.estimate import Estimate, estimate
from harness.cohort.journal import Journal
from harness.cohort.page import html_report
from harness.cohort.report import json_report, text_report
from harness.cohort.run import Outcome, Plan
from harness.cohort.run import run as run_plan
from harness.cohort.workers import worker_pool
from harness.patients.address import LARGEST_SEED


@verb(
    "cartox run",
    "cartox run zuma-1 --patients 20000 --seed 7",
    "cartox run table1 --patients 5000 --out cohort --json result.json",
    "cartox run --guideline my-guideline.toml",
    "cartox run zuma-1 --policy early-tocilizumab",
    "cartox run table1 --patients 1000000 --dask tcp://scheduler:8786",
    "cartox run table1 --patients 1000000 --keep blocks            # and after a kill the same with --resume",
)
def run(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="[SCENARIO]",
            help="A file, or one of those that cartox scenarios lists.",
            autocompletion=scenario_shelf,
        ),
    ] = "table1",
    patients: Annotated[
        int, typer.Option("--patients", "-n", min=1, max=10**9, help="Patients a trial or arm; of a mix, in all.")
    ] = 2000,
    seed: Annotated[int, typer.Option("--seed", min=0, max=LARGEST_SEED, help="Same seed, same patients.")] = 1,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=1024, help="Processes. Default: one a core.")
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask", metavar="ADDRESS", help="Scheduler of a Dask cluster to run on, as tcp://scheduler:8786."
        ),
    ] = None,
    policy: PolicyOption = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Write the cohort (Parquet) and report.html here; docs/cohort-files.md has every column.",
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the outcome as JSON; - prints only that.")
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Keep what each finished block came to here, for --resume."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last finished block that --keep has.")
    ] = False,
) -> int:
    """Simulate patients, grade them, hold the numbers against Table 1 or 4, check golden cases and invariants.

    Where a scenario switches charting faults on, the report says how each changes the grades found.

    Exit code 0: all checks hold. 1: one does not. 2: wrong usage or input.
    """
    plan = Plan(chosen_scenario(scenario, policy), patients, seed, guideline)
    core = chosen_guideline(guideline)
    graded_scales(core)
    to_stdout = json_file is not None and str(json_file) == "-"
    if json_file is not None and not to_stdout:
        check_file(json_file)
    if resume and keep is None:
        raise Stopped("--resume goes on from what --keep has; give --keep DIR as well, from the first time on")
    journal = None if keep is None else journal_of(keep, plan, resume)
    with ExitStack() as stack:
        folder = stack.enter_context(_cohort_folder(out, journal, plan.blocks[0])) if out is not None else None
        outcome = _with_progress(plan, _Where(workers or os.cpu_count() or 1, dask), folder, journal)
        result = json.dumps(json_report(outcome), indent=2, ensure_ascii=False) + "\n"
        if folder is not None:
            _write(folder / "report.html", html_report(outcome, core))
            _write(folder / "run.json", result)
    if json_file is not None and not to_stdout:
        write_whole(json_file, result)
    show(result.rstrip() if to_stdout else text_report(outcome))
    if out is not None and not to_stdout:
        show(f"\nWritten to {out}: report.html, run.json, patients, observations, treatments, grades, days")
    return 0 if outcome.ok else 1


@contextmanager
def _cohort_folder(out: Path, journal: Journal | None, first: Block) -> Iterator[Path]:
    """Where the cohort is written: beside its place, or where the finished blocks are, until it is whole.

    A cohort that is whole is looked at where it is, so that to go on with a finished run changes nothing.
    """
    if journal is None:
        with folder_of_its_own(out) as folder:
            yield folder
    elif journal.finished(first, out):
        yield out
    else:
        new_place(out)
        folder = journal.folder.parent / "cohort"
        folder.mkdir(exist_ok=True)
        yield folder
        move_whole(folder, out)


def _write(path: Path, text: str) -> None:
    try:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Stopped(f"{path.name} cannot be written: {reason_of(error)}") from None


_LONG = 500_000  # patients, from which on a run says beforehand how long it will take


@dataclasses.dataclass(frozen=True, slots=True)
class _Where:
    """Where blocks are worked on: so many processes here, or the Dask cluster of a scheduler."""

    workers: int
    dask: str | None

    @contextmanager
    def executor(self, blocks: int) -> Iterator[tuple[Executor | None, int]]:
        """What works on the blocks, None for this process alone, and how many at once."""
        if self.dask is not None:
            with cluster(self.dask) as found:
                yield found
        elif min(self.workers, blocks) > 1:
            with worker_pool(min(self.workers, blocks)) as pool:
                yield pool, self.workers
        else:
            yield None, 1


def _with_progress(plan: Plan, where: _Where, out: Path | None, journal: Journal | None) -> Outcome:
    with steps() as step:
        done = step("simulating", sum(block.count for block in plan.blocks))
        try:
            with where.executor(len(plan.blocks)) as (pool, at_once):
                if (patients := sum(block.count for block in plan.blocks)) >= _LONG:
                    expected = estimate(plan, at_once, writes=out is not None)
                    say(f"cartox: {patients:,} patients, {expected}{_no_room(expected, out)}")
                return run_plan(plan, pool, done, out, in_flight=at_once + 2, journal=journal)
        except KeyboardInterrupt:
            if journal is None:
                raise
            raise Stopped("stopped; the finished blocks are kept: go on with --resume", INTERRUPTED) from None
        except ClusterError as error:
            raise Stopped(str(error)) from None
        except BrokenProcessPool:
            raise Stopped("a worker process died, perhaps for want of memory; try --workers 1") from None
        except OSError as error:
            raise Stopped(f"the cohort cannot be written: {reason_of(error)}") from None


def _no_room(expected: Estimate, out: Path | None) -> str:
    """That the disk has less room than a cohort will take, to end the sentence about it."""
    free = shutil.disk_usage(out).free if out is not None else expected.bytes
    return f", of which {free / 1e9:.1f} GB are free" if free < expected.bytes else ""
