"""Replications of a ward on any executor, in the order of their seeds."""

import functools
from collections.abc import Callable
from concurrent.futures import Executor

from cartox_core import Guideline, load
from harness.cohort.workers import in_order
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.ward.replication import Replication, replicate


def replications(
    scenario: Scenario,
    spec: WardSpec,
    guideline: str,
    seeds: range,
    executor: Executor | None,
    in_flight: int,
    done: Callable[[int], None],
) -> list[Replication]:
    """One ward a seed; ``done`` is told after each. The same with one worker or many."""
    work = functools.partial(_one, scenario, spec, guideline)
    found = map(work, seeds) if executor is None else in_order(executor, work, seeds, in_flight)
    parts = []
    for part in found:
        parts.append(part)
        done(1)
    return parts


def _one(scenario: Scenario, spec: WardSpec, guideline: str, seed: int) -> Replication:
    return replicate(scenario, spec, seed, _guideline(guideline))


@functools.lru_cache(maxsize=1)
def _guideline(source: str) -> Guideline:
    return load(source)
