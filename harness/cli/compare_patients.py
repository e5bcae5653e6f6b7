"""The patients of ``cartox compare``: whose they are, and what the change does to them."""

import dataclasses
import os
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack

from harness.cli.case_file import case_file
from harness.cli.failure import REFUSED, Stopped
from harness.cli.options import DEFAULT_GUIDELINE
from harness.cli.progress import steps
from harness.cli.streams import title
from harness.cohort.run import Plan
from harness.cohort.workers import worker_pool
from harness.compare.population import Population, Sides, of_blocks, of_cases
from harness.scenarios.loader import ScenarioError, load_scenario

SCENARIO, PATIENTS, SEED = "table1", 1000, 1


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """The patients asked for: those of a file of cases, or of a scenario, or none. Raises Stopped for both."""

    cases: str | None
    scenario: str | None
    patients: int | None
    seed: int | None
    workers: int | None

    def __post_init__(self) -> None:
        if self.cases is not None and self._draws:
            raise Stopped("--cases names the patients; --scenario, --patients, --seed and --workers draw others")

    @property
    def _draws(self) -> bool:
        return any(v is not None for v in (self.scenario, self.patients, self.seed, self.workers))

    def population(self, sides: Sides) -> tuple[Population | None, int]:
        """What the change does to them, None where none are asked for; and the exit code of reading them."""
        if self.cases is not None:
            read = case_file(self.cases)
            found = of_cases(f"Cases of {title(self.cases)}", read.cases, read.names, sides.pairs())
            return found, REFUSED if read.refused else 0
        return (self._simulated(sides) if self._draws else None), 0

    def _simulated(self, sides: Sides) -> Population:
        try:
            scenario = load_scenario(self.scenario or SCENARIO)
        except ScenarioError as error:
            raise Stopped(str(error)) from None
        seed = SEED if self.seed is None else self.seed
        plan = Plan(scenario, self.patients or PATIENTS, seed, DEFAULT_GUIDELINE)
        workers = min(self.workers or os.cpu_count() or 1, len(plan.blocks))
        source = f"Simulated patients of scenario {scenario.name}, seed {seed}"
        with steps() as step, ExitStack() as stack:
            done = step("simulating", sum(block.count for block in plan.blocks))
            pool = stack.enter_context(worker_pool(workers)) if workers > 1 else None
            try:
                return of_blocks(source, plan.blocks, sides, pool, workers + 2, done)
            except BrokenProcessPool:
                raise Stopped("a worker process died, perhaps for want of memory; try --workers 1") from None
