"""How far two graders agree on decided grades: the confusion matrix, weighted kappa, and lines of treatment crossed."""

import dataclasses
from collections.abc import Iterable

import numpy as np

from harness.cohort.kappa import Matrix, weighted_kappa
from harness.verify.judge import Judged

LINES = (3, 2)  # grades at which treatment changes, the graver first (Ferreri 2024, Tables 3 and 7)


@dataclasses.dataclass(frozen=True, slots=True)
class Agreement:
    """Of one scale: ``matrix`` (expected, got) of entries that both decide, kappa, and by line the errors across it."""

    scale: str
    matrix: Matrix
    kappa: float | None
    missed: dict[int, int]
    needless: dict[int, int]


@dataclasses.dataclass(frozen=True, slots=True)
class UnknownTreated:
    """What became of entries whose grade is a range: answered as it is, by its floor, ceiling, or otherwise."""

    exact: int
    as_mildest: int
    as_worst: int
    no_grade: int
    other: int
    refused: int


def agreement(judged: Iterable[Judged], scale: str, top: int) -> Agreement:
    """How a grader agrees with what is right under one scale."""
    matrix = np.zeros((top + 1, top + 1), np.int64)
    for j in judged:
        if j.case.scale == scale and j.case.expected is not None and j.answer.status == "graded":
            for right, got in zip(j.case.expected, j.answer.grades, strict=True):
                if right.grade is not None and got is not None and got.grade is not None:
                    matrix[right.grade, got.grade] += 1
    missed = {line: int(matrix[line:, :line].sum()) for line in LINES}
    needless = {line: int(matrix[:line, line:].sum()) for line in LINES}
    return Agreement(scale, matrix, weighted_kappa(matrix), missed, needless)


def unknown_treated(judged: Iterable[Judged]) -> UnknownTreated:
    """How unknown data was treated, over all entries whose right grade is a range."""
    counts = dict.fromkeys(("exact", "as_mildest", "as_worst", "no_grade", "other", "refused"), 0)
    for j in judged:
        if j.case.expected is None or not j.case.is_range:
            continue
        ranges = [g.grade is None for g in j.case.expected]
        if j.answer.status == "refused":
            counts["refused"] += sum(ranges)
        elif j.answer.status == "graded":
            for right, got in zip(j.case.expected, j.answer.grades, strict=True):
                if right.grade is None:
                    counts[_treated(right.floor, right.ceiling, None if got is None else (got.floor, got.ceiling))] += 1
    return UnknownTreated(**counts)


def _treated(low: int, high: int, got: tuple[int, int] | None) -> str:
    if got is None:
        return "no_grade"
    named = {(low, high): "exact", (low, low): "as_mildest", (high, high): "as_worst"}
    return named.get(got, "other")
