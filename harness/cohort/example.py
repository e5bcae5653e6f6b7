"""One patient again, from the address: what was charted, what was given, what was graded and why."""

import dataclasses
from typing import Any

import numpy as np

from cartox_core import Guideline, grade_course, read_case
from cartox_core.course import Summary
from harness.cohort import SCALES
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.risk_factors import risk_factors, risk_words
from harness.patients.address import Address, AddressError
from harness.patients.signs import NO_GRADE
from harness.patients.told import case_of, days_of
from harness.scenarios.loader import Scenario, load_scenario


@dataclasses.dataclass(frozen=True, slots=True)
class Example:
    """A patient made again; ``case`` is the protocol object of the rounds, grades one entry a charted round.

    ``days`` are the observations of the daily chart, where it was wanted, and ``risk`` the risk factors in words.
    ``true_peaks`` are the worst floors had everything been charted as it was, by scale; empty where it was.
    """

    address: Address
    case: dict[str, Any]
    days: list[dict[str, Any]]
    times_h: list[float]
    floors: dict[str, list[int]]
    ceilings: dict[str, list[int]]
    intended: dict[str, list[int | None]]
    summaries: dict[str, tuple[Summary, Summary]]
    risk: str = ""
    true_peaks: dict[str, int] = dataclasses.field(default_factory=dict)

    @property
    def whole(self) -> dict[str, Any]:
        """The protocol object with the days before the first round and after the last as well."""
        return _with_days(self.case, self.days)


def _with_days(case: dict[str, Any], days: list[dict[str, Any]]) -> dict[str, Any]:
    """After the last round the patient is well, so what was charted last of each sign goes on."""
    rounds = case["observations"]
    before = [o for o in days if o["time_h"] < rounds[0]["time_h"]]
    daily = {name for o in days for name in o}
    last = {name: value for o in rounds for name, value in o.items() if name not in daily}
    after = [{**last, **o} for o in days if o["time_h"] > rounds[-1]["time_h"]]
    return {**case, "observations": [*before, *rounds, *after]}


def make_again(address: Address, guideline: Guideline, scenario: Scenario | None = None) -> Example:
    """Simulate and grade the patient of an address alone. Raises ScenarioError or AddressError."""
    return example(block_again(address, guideline, scenario), 0, guideline)


def block_again(address: Address, guideline: Guideline, scenario: Scenario | None = None) -> GradedBlock:
    """The block of the patient of an address alone. Raises ScenarioError or AddressError."""
    found = scenario or load_scenario(address.scenario)
    if address.trial not in found.trial_names:
        there = ", ".join(found.trial_names)
        raise AddressError(f"scenario {address.scenario} has no patients of {address.trial}; it has those of {there}")
    return grade_block(Block(found, address.trial, address.seed, address.index, 1), guideline, full=True)


def whole_case(graded: GradedBlock, place: int) -> dict[str, Any]:
    """The rounds and the days of the patient at a place of a graded block, ungraded and without reasons."""
    days = [] if graded.laboratory is None else days_of(graded.laboratory, place)
    return _with_days(case_of(graded.people, graded.log, graded.chart, place), days)


def example(graded: GradedBlock, place: int, guideline: Guideline) -> Example:
    """The patient at a place of a graded block."""
    block, chart = graded.block, graded.chart
    rows = np.flatnonzero(chart.place == place)
    case = case_of(graded.people, graded.log, chart, place)
    read = read_case(case)
    summaries = {}
    scales = [name for name in SCALES if name in guideline.scales]
    for name in scales:
        course = grade_course(read.observations, read.treatments, guideline.scale(name), read.patient)
        summaries[name] = (course.floors, course.ceilings)
    meant = {"crs": chart.crs_intended[rows], "icans": chart.icans_intended[rows]}
    return Example(
        address=Address(block.scenario.name, block.trial, block.seed, block.first + place),
        case=case,
        days=[] if graded.laboratory is None else days_of(graded.laboratory, place),
        times_h=(chart.columns.minute[rows] / 60).tolist(),
        floors={k: graded.grades[k].floor[rows].tolist() for k in scales},
        ceilings={k: graded.grades[k].ceiling[rows].tolist() for k in scales},
        intended={k: [None if g == NO_GRADE else int(g) for g in v] for k, v in meant.items()},
        summaries=summaries,
        risk="" if graded.laboratory is None else risk_words(risk_factors(graded.laboratory, block.row.trial), place),
        true_peaks={}
        if block.scenario.how_charted.complete
        else {k: int(graded.true_peaks(k)[0][place]) for k in scales},
    )
