"""What a grader would do to simulated patients: each at the worst hour of its course.

A grader of courses is told the round at which the illness began and the last before the worst; one of snapshots is
told the worst hour alone, with the episode stated.
"""

import dataclasses
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from cartox_core import Guideline
from harness.care_lines import care_lines
from harness.cohort import SCALES
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.patients.told import observations_of
from harness.scenarios.loader import load_scenario
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.suite.right import graded

PATIENTS = 10_000
ROUNDS_BEFORE = 4  # the worst that a grader of courses is told
AskAll = Callable[[Sequence[SuiteCase]], Mapping[str, Answer]]


@dataclasses.dataclass(frozen=True, slots=True)
class ScaleEffect:
    """Of so many patients with a grade of 1 or more: how many are graded too low, too high, or not at all.

    ``missed`` says of how many of those who should get it a treatment would be withheld. Those whose findings the
    grader cannot be told are ``not_asked`` and count nowhere else.
    """

    scale: str
    ill: int
    too_low: int
    too_high: int
    no_grade: int
    missed: Mapping[str, tuple[int, int]]
    not_asked: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Effect:
    """The effect on some patients of some trials."""

    trials: tuple[str, ...]
    patients: int
    scales: tuple[ScaleEffect, ...]
    as_courses: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Worst:
    """A chart that stands for so many patients at their worst hour."""

    case: SuiteCase
    patients: int


def effect(
    ask: AskAll,
    guideline: Guideline,
    scales: Sequence[str],
    trials: Sequence[str],
    seed: int,
    patients: int = PATIENTS,
    as_courses: bool = False,
) -> Effect:
    """Ask for the worst hour of every patient, equal charts once, and count what would go wrong.

    ``ask`` gives an answer to every case that can be told.
    """
    each = -(-patients // len(trials))
    blocks = [grade_block(Block(load_scenario("table1"), name, seed, 0, each), guideline) for name in trials]
    wanted = [s for s in scales if s in SCALES]
    worst = {scale: list(_worst_hours(blocks, guideline, scale, as_courses)) for scale in wanted}
    answers = ask([w.case for found in worst.values() for w in found])
    effects = tuple(_counted(scale, found, answers) for scale, found in worst.items())
    return Effect(tuple(trials), each * len(trials), effects, as_courses)


def _worst_hours(blocks: Sequence[GradedBlock], guideline: Guideline, scale: str, as_courses: bool) -> Iterator[_Worst]:
    charts: dict[str, list[Any]] = {}
    for block in blocks:
        for raw in _ill(block, scale, as_courses):
            charts.setdefault(json.dumps(raw, sort_keys=True), [raw, 0])[1] += 1
    for number, (raw, count) in enumerate(charts.values()):
        grades, clauses = graded(raw, guideline.scale(scale))
        why = "a simulated patient at the worst hour"
        yield _Worst(SuiteCase(f"{scale}/effect/{number}", scale, raw, grades, clauses, "effect", why), count)


def _ill(block: GradedBlock, scale: str, as_courses: bool) -> Iterator[dict[str, Any]]:
    """Each patient who has been ill, up to the first round at the peak. Its episode is open there."""
    floors = block.grades[scale].floor
    ends = np.append(block.starts[1:], len(floors))
    for place, (start, end) in enumerate(zip(block.starts.tolist(), ends.tolist(), strict=True)):
        peak = start + int(np.argmax(floors[start:end]))
        if not floors[peak]:
            continue
        age = {"age_years": float(block.people.age_years[place])} if scale == "icans" else {}
        if as_courses and scale == "crs":
            onset = start + int(np.argmax(floors[start:end] > 0))
            rows = np.unique([onset, *range(max(onset, peak - ROUNDS_BEFORE), peak + 1)])
            yield {"patient": age, "observations": observations_of(block.chart.columns, rows), "treatments": []}
        else:
            chart = observations_of(block.chart.columns, np.array([peak]))[0]
            state = {"crs_onset_fever": True, "fever_masked": True} if scale == "crs" else {}
            yield {"patient": age, "observations": [{**chart, **state, "time_h": 48.0}], "treatments": []}


def _counted(scale: str, worst: Sequence[_Worst], answers: Mapping[str, Answer]) -> ScaleEffect:
    low = high = none = ill = 0
    lines = care_lines(scale)
    due, missed = dict.fromkeys(lines, 0), dict.fromkeys(lines, 0)
    for found in worst:
        answer = answers.get(found.case.id)
        if answer is None:
            continue
        ill += found.patients
        right = (found.case.expected or ())[-1].floor
        grade = answer.grades[-1] if answer.status == "graded" else None
        none += found.patients if grade is None else 0
        low += found.patients if grade is not None and grade.ceiling < right else 0
        high += found.patients if grade is not None and grade.floor > right else 0
        for name, line in lines.items():
            if right >= line:
                due[name] += found.patients
                missed[name] += found.patients if grade is None or grade.ceiling < line else 0
    not_asked = sum(w.patients for w in worst) - ill
    return ScaleEffect(scale, ill, low, high, none, {n: (missed[n], due[n]) for n in lines}, not_asked)
