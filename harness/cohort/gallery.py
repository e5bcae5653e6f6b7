"""Choose example courses for the report: one of each kind that teaches something."""

from collections.abc import Iterator

import numpy as np

from cartox_core import Guideline
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.cohort.example import Example, example
from harness.cohort.run import Plan

SEARCHED_PATIENTS = 300


def gallery(plan: Plan, guideline: Guideline) -> list[tuple[str, Example]]:
    """Kinds of course with an example of each, from the first patients of each trial."""
    found: dict[str, Example] = {}
    for name, patients in plan.scenario.patients_of(plan.patients).items():
        count = min(SEARCHED_PATIENTS, patients)
        if not count:
            continue
        graded = grade_block(Block(plan.scenario, name, plan.seed, 0, count), guideline)
        for kind, place in _kinds(graded):
            if kind not in found:
                found[kind] = example(graded, place, guideline)
        if len(found) == len(KINDS):
            break
    return [(kind, found[kind]) for kind in KINDS if kind in found]


KINDS = (
    "CRS grade 1: fever that goes by itself",
    "CRS grade 2",
    "CRS grade 3",
    "CRS grade 4",
    "Fever gone after tocilizumab, hypotension or hypoxia still there: graded by those",
    "ICANS grade 2 after CRS",
    "ICANS grade 4",
    "ICANS without CRS",
    "Death from toxicity",
)


def _kinds(graded: GradedBlock) -> Iterator[tuple[str, int]]:
    crs, icans = graded.peaks("crs")[0], graded.peaks("icans")[0]
    grades, columns = graded.grades["crs"].floor, graded.chart.columns
    masked_rows = (grades >= 2) & (columns.fields["temp_c"] < 38.0)
    masked = np.bincount(graded.chart.place[masked_rows], minlength=graded.block.count) >= 6
    wanted = (
        (crs == 1) & (icans == 0),
        (crs == 2) & (icans == 0),
        (crs == 3) & (icans == 0),
        (crs == 4) & (icans <= 1),
        masked & (crs == 3),
        (icans == 2) & (crs >= 1),
        icans == 4,
        (icans >= 1) & (crs == 0),
        (crs == 5) | (icans == 5),
    )
    for kind, mask in zip(KINDS, wanted, strict=True):
        places = np.flatnonzero(mask)
        if len(places):
            yield kind, int(places[0])
