"""How long the core takes: one observation, its explanation, one course, one case read, and columns of any length."""

from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.rows import MIXES, SCALES
from cartox_core import Case, explain, grade, grade_course, grade_scales, read_case
from cartox_core.guideline import Scale
from harness.cohort.block import Block, simulate_block
from harness.patients.told import case_of
from harness.scenarios.loader import load_scenario

PATIENTS = 20


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The patient with the most treatments among a few: a month of rounds, of which some are ill."""
    people, log, chart, _ = simulate_block(Block(load_scenario("zuma-1"), "ZUMA-1", 1, 0, PATIENTS))
    return max(
        (case_of(people, log, chart, place) for place in range(PATIENTS)), key=lambda case: len(case["treatments"])
    )


@pytest.fixture(scope="module")
def case(told: dict[str, Any]) -> Case:
    """The same patient, read and checked."""
    return read_case(told)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_grade(benchmark: BenchmarkFixture, case: Case, scale: Scale) -> None:
    """One observation of an ill patient."""
    benchmark(grade, case.observations[len(case.observations) // 4], scale, case.patient)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_explain(benchmark: BenchmarkFixture, case: Case, scale: Scale) -> None:
    """The same observation with the clauses that decide."""
    benchmark(explain, case.observations[len(case.observations) // 4], scale, case.patient)


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)
def test_course(benchmark: BenchmarkFixture, case: Case, scale: Scale) -> None:
    """A whole month of one patient."""
    benchmark.extra_info["observations"] = len(case.observations)
    benchmark(grade_course, case.observations, case.treatments, scale, case.patient)


def test_read_case(benchmark: BenchmarkFixture, told: dict[str, Any]) -> None:
    """A whole month of one patient, from protocol objects to checked records."""
    benchmark.extra_info["observations"] = len(told["observations"])
    benchmark(read_case, told)


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("rows", [10**3, 10**4, 10**5, 10**6])
def test_columns(benchmark: BenchmarkFixture, rows: int, mix: str) -> None:
    """Both scales, floor and ceiling, on one thread."""
    columns = MIXES[mix](rows, 1)
    benchmark.extra_info["rows"] = rows
    benchmark(grade_scales, columns, SCALES)
