"""How long each step from nobody to a tallied block of patients takes, on one worker."""

import dataclasses

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.rows import GUIDELINE
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.tally import tally
from harness.patients.courses import simulate
from harness.patients.draws import Draws
from harness.patients.people import people
from harness.patients.signs import render
from harness.patients.trials import trial
from harness.scenarios.loader import load_scenario
from harness.scenarios.policy_file import load_policy
from harness.ward.replication import replicate

PATIENTS = 1000
SCENARIO = load_scenario("zuma-1")
ROW = trial("ZUMA-1")
BLOCK = Block(SCENARIO, "ZUMA-1", 1, 0, PATIENTS)


@pytest.fixture(scope="module")
def graded() -> GradedBlock:
    """A block that is done, for the steps that begin with what an earlier one left."""
    return grade_block(BLOCK, GUIDELINE)


def test_people(benchmark: BenchmarkFixture) -> None:
    """Who the patients are."""
    benchmark(people, Draws(1, "ZUMA-1", 0, PATIENTS), ROW, ROW.assumed.age_years)


def test_simulate(benchmark: BenchmarkFixture, graded: GradedBlock) -> None:
    """What happens to them, in SimPy."""
    benchmark(simulate, graded.people, SCENARIO.follow_up_days)


def test_render(benchmark: BenchmarkFixture, graded: GradedBlock) -> None:
    """The signs of every round."""
    benchmark(render, graded.people, graded.log, SCENARIO.illness.febrile_share)


def test_grade_block(benchmark: BenchmarkFixture) -> None:
    """All of it, charted and graded under both scales."""
    benchmark.extra_info["patients"] = PATIENTS
    benchmark(grade_block, BLOCK, GUIDELINE)


@pytest.mark.parametrize("policy", ["early-tocilizumab", "no-treatment", "defibrotide-days-minus-5-7"])
def test_grade_block_under_a_policy(benchmark: BenchmarkFixture, policy: str) -> None:
    """The same patients under another policy: those that give the most doses, and the fewest."""
    benchmark.extra_info["patients"] = PATIENTS
    benchmark(grade_block, dataclasses.replace(BLOCK, scenario=SCENARIO.under(load_policy(policy))), GUIDELINE)


def test_ward(benchmark: BenchmarkFixture) -> None:
    """A year of a ward, and the same persons where nothing is short."""
    scenario = load_scenario("ward-surge")
    assert scenario.ward is not None
    benchmark.extra_info["patients"] = scenario.ward.patients
    benchmark(replicate, scenario, scenario.ward, 1, GUIDELINE)


def test_tally(benchmark: BenchmarkFixture, graded: GradedBlock) -> None:
    """The counts and the invariants of a graded block."""
    benchmark(tally, graded, GUIDELINE)
