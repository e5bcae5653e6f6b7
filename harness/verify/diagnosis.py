"""What a grader has most likely got wrong: which small mistakes, habits or other readings behave most like it."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from cartox_core import Guideline
from harness.verify.board import Answers
from harness.verify.clauses import ClauseTally, tallies
from harness.verify.judge import Judged
from harness.verify.mutants import UNKNOWN_IS_NORMAL, UNKNOWN_IS_WORST, LoadWith
from harness.verify.suspects import SURE, Likeness, Mask, Suspects

MOST_CAUSES = 8
_ALIKE = 0.05  # below, a likeness says nothing
_EXPLAINS = 0.2  # a suspect less like the grader explains too little to be believed
_WHOLE = ("animal", "guideline")  # graders of their own, which explain nothing unless they are much alike
_USUALLY = 0.6  # share of the ranges that are answered by one number, from which on that is a habit


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likeliest causes first, those that together explain most, the clauses most suspected.

    ``conforms_under`` are readings under which every answer would be right.
    """

    likely: tuple[Likeness, ...] = ()
    causes: tuple[Likeness, ...] = ()
    clauses: tuple[ClauseTally, ...] = ()
    conforms_under: Mapping[str, str] = dataclasses.field(default_factory=dict)


def diagnose(
    judged: Sequence[Judged],
    guideline: Guideline,
    load_with: LoadWith,
    with_animals: bool = True,
    ready: Mapping[str, Suspects] = MappingProxyType({}),
) -> Diagnosis:
    """The diagnosis of a grader by its judged answers; ``ready`` are suspects of scales laid out before.

    Where a grader has the habit of taking what is unknown for normal, or for the worst, that explains its failures on
    ranges, and the rest is sought in the cases that are decided.
    """
    likely: list[Likeness] = []
    causes: list[Likeness] = []
    readings: dict[str, str] = {}
    for scale in dict.fromkeys(j.case.scale for j in judged if j.is_failure):
        mine = [j for j in judged if j.case.scale == scale and j.answer.status == "graded" and j.case.expected]
        if not mine:  # it fails only where it should refuse
            continue
        suspects = ready.get(scale) or Suspects(guideline, scale, [j.case for j in _worth_comparing(mine)], load_with)
        given, whole = suspects.board.filled({j.case.id: j.answer.grades for j in mine})
        ranked = list(_ranked(suspects, given, whole, with_animals))
        likely += ranked
        readings |= suspects.readings(given, whole)
        if habit := _habit(mine, scale):
            causes.append(habit)
            whole &= ~np.array([case.is_range for case in suspects.board.cases], bool)
            ranked = list(_ranked(suspects, given, whole, with_animals))
            likely += ranked
        causes += _causes(ranked, suspects, given, whole)
    likely = _best_of_each(like for like in likely if like.score >= _ALIKE)
    return Diagnosis(tuple(likely), tuple(causes), tuple(suspected(judged, likely)), readings)


def _best_of_each(likely: Iterable[Likeness]) -> list[Likeness]:
    """Each suspect once, where it is likest, the likest first."""
    best: dict[tuple[str, str], Likeness] = {}
    for like in sorted(likely, key=_rank):
        best.setdefault((like.scale, like.name), like)
    return list(best.values())


def _rank(like: Likeness) -> tuple[float, str, str]:
    return -like.score, like.kind, like.name


def _ranked(suspects: Suspects, given: Answers, among: Mask, with_animals: bool) -> Iterator[Likeness]:
    yield from suspects.alike(given, among)
    if with_animals:
        yield from suspects.alike_animals(given, among)


def _causes(ranked: Sequence[Likeness], suspects: Suspects, given: Answers, among: Mask) -> Iterator[Likeness]:
    """The likest suspect, then the likest for what it leaves unexplained, and so on."""
    left, now = among.copy(), list(ranked)
    for _ in range(MOST_CAUSES):
        sure = [like for like in now if like.score >= (SURE if like.kind in _WHOLE else _EXPLAINS)]
        if not sure:
            return
        best = min(sure, key=_rank)
        yield best
        left &= np.array([case.id not in best.explains for case in suspects.board.cases], bool)
        if not (suspects.board.wrong(given) & left).any():
            return
        now = list(suspects.alike(given, left))


def _habit(judged: Sequence[Judged], scale: str) -> Likeness | None:
    """The habit of answering a range by one number near its floor, or near its ceiling, if the grader has it."""
    ranges = normal = worst = 0
    failing = frozenset(j.case.id for j in judged if j.is_failure and j.case.is_range)
    for j in judged:
        for right, got in zip(j.case.expected or (), j.answer.grades, strict=True):
            if right.grade is None:
                ranges += 1
                if got is not None and got.grade is not None:
                    normal += got.grade - right.floor < right.ceiling - got.grade
                    worst += got.grade - right.floor >= right.ceiling - got.grade
    if not failing or normal + worst < _USUALLY * ranges:
        return None
    name, count = (UNKNOWN_IS_NORMAL, normal) if normal >= worst else (UNKNOWN_IS_WORST, worst)
    return Likeness(name, "habit", scale, (), count / ranges, failing)


def _worth_comparing(judged: Sequence[Judged]) -> list[Judged]:
    """All fixed cases, and of the sealed ones those that fail: the others tell little and cost time."""
    return [j for j in judged if j.case.kind != "sealed" or j.is_failure]


def suspected(judged: Sequence[Judged], likely: Iterable[Likeness]) -> list[ClauseTally]:
    """The clauses, most suspected first: by the cases that fail on them, or by a mutant of theirs that is alike."""
    best: dict[str, float] = {}
    for like in likely:
        for clause in like.clauses if like.kind != "animal" else ():
            best[clause] = max(best.get(clause, 0.0), like.score)
    raised = [dataclasses.replace(t, suspicion=max(t.suspicion, best.get(t.id, 0.0))) for t in tallies(judged)]
    return sorted(raised, key=lambda t: (-t.suspicion, t.id))
