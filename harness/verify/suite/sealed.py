"""Sealed cases: pieces of simulated patients' courses that nobody has seen before the run, drawn by its seed."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, Grade, Guideline, grade_course_columns
from harness.cohort import SCALES
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.patients.address import Address
from harness.patients.told import observations_of, treatments_of
from harness.patients.trials import trials
from harness.scenarios.loader import load_scenario
from harness.verify.case import SuiteCase

SCENARIOS = ("table1", "sparse-charting")
LONGEST = 8
CHANGING = 0.7  # share of pieces that lie about a change of grade
Ints = npt.NDArray[np.int64]


def sealed(guideline: Guideline, scales: Sequence[str], seed: int, count: int) -> Iterator[SuiteCase]:
    """So many pieces of courses, an equal share of every trial, half of them sparsely charted.

    Each is asked of one scale in turn, of those that simulated patients are graded by. The grades are those of the core
    over columns.
    """
    scales = [scale for scale in scales if scale in SCALES]
    if not scales:
        return
    kinds = list(itertools.product(SCENARIOS, trials()))
    for number, (scenario, trial) in enumerate(kinds):
        patients = len(range(number, count, len(kinds)))
        if patients:
            block = Block(load_scenario(scenario), trial, seed, 0, patients)
            yield from _pieces(grade_block(block, guideline), guideline, scales, np.random.default_rng([seed, number]))


def _pieces(
    found: GradedBlock, guideline: Guideline, scales: Sequence[str], rng: np.random.Generator
) -> Iterator[SuiteCase]:
    rows = [_piece(found, place, scales[place % len(scales)], rng) for place in range(found.block.count)]
    lengths = [len(r) for r in rows]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
    taken = _taken(found.chart.columns, np.concatenate(rows), starts)
    graded = {name: grade_course_columns(taken, guideline.scale(name)) for name in scales}
    bounds = {name: list(zip(g.floor.tolist(), g.ceiling.tolist(), strict=True)) for name, g in graded.items()}
    for place, (start, piece) in enumerate(zip(starts.tolist(), rows, strict=True)):
        scale = scales[place % len(scales)]
        expected = tuple(Grade(low, high) for low, high in bounds[scale][start : start + len(piece)])
        yield _case(found, place, piece, scale, expected)


def _piece(found: GradedBlock, place: int, scale: str, rng: np.random.Generator) -> Ints:
    """The rows of a piece of a patient's course, most often about a change of grade."""
    starts = np.append(found.starts, len(found.chart.place))
    first, end = int(starts[place]), int(starts[place + 1])
    changes = np.flatnonzero(np.diff(found.grades[scale].floor[first:end].astype(int))) + first
    middle = int(rng.choice(changes)) if len(changes) and rng.random() < CHANGING else int(rng.integers(first, end))
    length, stride = int(rng.integers(1, LONGEST + 1)), int(rng.choice([1, 1, 1, 3, 6]))
    begin = max(first, middle - stride * int(rng.integers(0, length)))
    return np.arange(begin, min(end, begin + stride * length), stride, dtype=np.int64)


def _taken(columns: Columns, rows: Ints, starts: Ints) -> Columns:
    drug = None if columns.drug_minute is None else columns.drug_minute[rows]
    return Columns(columns.minute[rows], {k: v[rows] for k, v in columns.fields.items()}, starts, drug)


def _case(found: GradedBlock, place: int, rows: Ints, scale: str, expected: tuple[Grade, ...]) -> SuiteCase:
    block = found.block
    address = Address(block.scenario.name, block.trial, block.seed, place)
    raw = {
        "patient": {"age_years": float(found.people.age_years[place])},
        "observations": observations_of(found.chart.columns, rows),
        "treatments": treatments_of(found.log, place),
    }
    first, count = int(rows[0] - found.starts[place]), len(rows)
    why = f"{count} rounds of a simulated patient of {block.trial}, from round {first + 1}"
    return SuiteCase(f"{scale}/sealed/{address}/{first}", scale, raw, expected, (), "sealed", why)
