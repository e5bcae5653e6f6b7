"""Run a scenario: blocks on any executor, merged in order, held against the printed table and the golden cases.

The result is the same bytes with one worker or many, since a block depends only on what names it and counts
are whole numbers.
"""

import dataclasses
import functools
import gc
import importlib.metadata
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from cartox_core import Guideline, load
from cartox_core.library import guideline_text
from harness.cohort.block import Block, grade_block
from harness.cohort.counts import grade_counts
from harness.cohort.fault_effects import switched_on
from harness.cohort.journal import Finished, Journal, checksum
from harness.cohort.ledger import LedgerRow, ledger
from harness.cohort.parquet import write_block
from harness.cohort.tally import NOTHING, Tally, merge, tally
from harness.cohort.workers import in_order, undisturbed
from harness.golden import GoldenCase, GoldenFailure, check_all, golden_cases
from harness.scenarios.loader import Scenario

BLOCK_PATIENTS = 8000  # what is done once a block then counts little, and a worker stays under 1 GiB
FEWEST_PATIENTS = 2500
LEAST_BLOCKS = 4  # of a run with fewer patients, so that several workers have work
IN_FLIGHT = 4
Progress = Callable[[int], None]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What to run: a scenario, patients a trial or side of an arm (of a mix: in all), a seed, and a guideline."""

    scenario: Scenario
    patients: int
    seed: int
    guideline: str

    @property
    def blocks(self) -> list[Block]:
        """The blocks, in the order in which they count."""
        most = self.block_patients
        return [
            Block(self.scenario, name, self.seed, first, min(most, count - first))
            for name, count in self.scenario.patients_of(self.patients).items()
            for first in range(0, count, most)
        ]

    @property
    def block_patients(self) -> int:
        """How many patients a block has at most, whoever works on it: fewer in a run of few.

        With charting faults, too, for then there is a chart of the same patients for each of them.
        """
        whole = sum(self.scenario.patients_of(self.patients).values())
        wanted = FEWEST_PATIENTS if switched_on(self.scenario) else -(-whole // LEAST_BLOCKS)
        return min(BLOCK_PATIENTS, max(FEWEST_PATIENTS, wanted))

    @property
    def checksum(self) -> str:
        """A checksum of all that the run is made of, the text of the guideline and the version of cartox among it."""
        parts = (self.scenario.model_dump_json(), self.patients, self.seed, guideline_text(self.guideline))
        return checksum(json.dumps([*parts, self.block_patients, importlib.metadata.version("cartox")]).encode())

    @property
    def fewest(self) -> int:
        """The patients of the trial that has the fewest."""
        return min(self.scenario.patients_of(self.patients).values())

    @property
    def how_many(self) -> str:
        """How many patients, in words."""
        each = "an arm and comparator" if self.scenario.arms else "a trial"
        return f"{self.patients:,} patients {'in all' if self.scenario.mix else each}"


@dataclasses.dataclass(frozen=True, slots=True)
class Golden:
    """The golden cases that were held against the guideline, and those that came out otherwise."""

    cases: tuple[GoldenCase, ...]
    failures: tuple[GoldenFailure, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a run found; ``ok`` when every check holds."""

    plan: Plan
    tally: Tally
    ledger: tuple[LedgerRow, ...]
    golden: Golden

    @property
    def ok(self) -> bool:
        """Whether the ledger, the golden cases and the invariants all hold."""
        rows_hold = all(row.ok is not False for row in self.ledger)
        return rows_hold and not self.golden.failures and not any(t.failed for t in self.tally.tested.values())


def run(
    plan: Plan,
    executor: Executor | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
    in_flight: int = IN_FLIGHT,
    journal: Journal | None = None,
) -> Outcome:
    """Simulate, grade and check.

    ``progress`` is told the number of patients of each block that is done; ``out`` is the folder that the
    cohort is written to as Parquet; ``in_flight`` how many blocks an executor is given at once; what ``journal`` has
    of a block is not done again. Golden cases are those of the guideline's id. Raises GuidelineError, OSError.
    """
    guideline = load(plan.guideline)
    checking = executor and executor.submit(_golden, plan.guideline, guideline.id)
    whole = NOTHING
    for block, part in zip(plan.blocks, _tallies(plan, guideline, executor, out, in_flight, journal), strict=True):
        whole = merge([whole, part])
        if progress:
            progress(block.count)
    golden = checking.result() if checking else _golden(plan.guideline, guideline.id)
    return Outcome(plan, whole, tuple(ledger(whole, plan.scenario.is_held)), golden)


def _golden(guideline: str, named: str) -> Golden:
    """The golden cases of a guideline's id, held against it: on a worker, where there is one, beside the blocks."""
    cases = tuple(case for case in golden_cases() if case.guideline == named)
    return Golden(cases, tuple(check_all(guideline, cases)))


def _tallies(
    plan: Plan,
    guideline: Guideline,
    executor: Executor | None,
    out: Path | None,
    in_flight: int,
    journal: Journal | None,
) -> Iterator[Tally]:
    """The tallies in block order, a bounded number under way; a journal gives those it has and keeps the others."""
    blocks = plan.blocks
    kept = {i for i, block in enumerate(blocks) if journal and journal.finished(block, out)}
    left = [block for i, block in enumerate(blocks) if i not in kept]
    done: Iterator[Finished]
    if executor is None:
        done = (finish(block, guideline, out) for block in left)
    else:
        done = in_order(executor, functools.partial(_work, guideline=plan.guideline, out=out), left, in_flight)
    for i, block in enumerate(blocks):
        again = journal.finished(block) if journal and i in kept else None
        found = again or next(done)
        if journal and again is None:
            journal.keep(block, found)
        yield found.tally


def _work(block: Block, guideline: str, out: Path | None) -> Finished:
    """One block on a worker, which loads the guideline itself."""
    return finish(block, load(guideline), out)


def finish(block: Block, guideline: Guideline, out: Path | None) -> Finished:
    """Simulate, grade and count a block; with ``out`` its tables are written there. Raises OSError."""
    with undisturbed(), _nothing_collected():  # SimPy may keep an interrupt to itself
        graded = grade_block(block, guideline, full=out is not None)
        counts = grade_counts(graded)
        files = {} if out is None else write_block(graded, counts, out)
        return Finished(tally(graded, guideline, counts), files)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """No search for cycles: what a block makes lives to its end, and looking for the rest takes a fifth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
