"""What a grader has most likely got wrong: which small mistake, or which other reading, behaves most like it.

Every mutant of the guideline, every other reading and every animal of the zoo is a suspect. A suspect is as like the
grader as the cases that both get wrong in the same way are many among those that either gets wrong (Jaccard's index).
"""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cartox_core import Guideline, GuidelineError
from harness.verify.board import Answers, Board, board_of
from harness.verify.case import SuiteCase
from harness.verify.clauses import ClauseTally, tallies
from harness.verify.equivalent import equivalent
from harness.verify.judge import Judged
from harness.verify.mutants import LoadWith, Mutant, flipped, mutants
from harness.verify.zoo.herd import ANIMALS

MOST_READINGS = 4  # flipped together
_ALIKE = 0.05  # below, a likeness says nothing
_MOST_COMPARED = 250  # failing cases that every animal is asked
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """A suspect and how like the grader it is, 0 to 1; ``clause`` is the one it breaks, empty where none.

    ``explains`` are the ids of the cases that both get wrong in the same way.
    """

    name: str
    kind: str
    scale: str
    clause: str
    score: float
    explains: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Diagnosis:
    """The likeliest causes, the clauses most suspected, and readings under which every answer would be right."""

    likely: tuple[Likeness, ...]
    clauses: tuple[ClauseTally, ...]
    conforms_under: Mapping[str, str]


class Suspects:
    """The suspects of a scale on the cases that a grader answered."""

    def __init__(self, guideline: Guideline, scale: str, cases: Iterable[SuiteCase], load_with: LoadWith) -> None:
        self.guideline, self.scale, self.load_with = guideline, scale, load_with
        self.board: Board = board_of(cases, scale)
        right = guideline.scale(scale)
        every = [*mutants(right), *flipped(guideline, scale, load_with)]
        same = [not m.habit and equivalent(right, m.scale) for m in every]
        self.equivalents: list[Mutant] = list(itertools.compress(every, same))
        self.mutants = [m for m, is_same in zip(every, same, strict=True) if not is_same]
        self._answers: dict[int, Answers] = {}
        self._wrong: dict[int, Mask] = {}

    def answers(self, place: int) -> Answers:
        """What the mutant at that place answers."""
        if place not in self._answers:
            self._answers[place] = self.board.answers(self.mutants[place])
        return self._answers[place]

    def wrong(self, place: int) -> Mask:
        """Which cases the mutant at that place gets wrong."""
        if place not in self._wrong:
            self._wrong[place] = self.board.wrong(self.answers(place))
        return self._wrong[place]

    def alike(self, given: Answers, whole: Mask) -> Iterator[Likeness]:
        """How like each mutant and reading the answers are, over the cases that were answered whole."""
        wrong = self.board.wrong(given) & whole
        for place, mutant in enumerate(self.mutants):
            kind = "reading" if mutant.operator == "reading" else "mutant"
            theirs = self.wrong(place) & whole
            found = Likeness(mutant.name, kind, self.scale, mutant.clause, 0.0)
            yield self._likened(found, given, wrong, self.answers(place), theirs)

    def alike_animals(self, given: Answers, whole: Mask) -> Iterator[Likeness]:
        """How like each animal of the zoo the answers are, on the cases that tell most."""
        wrong = self.board.wrong(given) & whole
        tried = self._telling(wrong)
        cases = [c for c, telling in zip(self.board.cases, tried, strict=True) if telling]
        for animal in ANIMALS.values():
            theirs, answered = self.board.filled({k: a.grades for k, a in animal.answers(cases).items()})
            found = Likeness(animal.confession, "animal", self.scale, next(iter(animal.clauses), ""), 0.0)
            yield self._likened(found, given, wrong & answered, theirs, self.board.wrong(theirs) & whole & answered)

    def _telling(self, wrong: Mask) -> Mask:
        """Short fixed cases, and some of those that fail: enough to compare, few enough to ask every animal."""
        simple = np.array([c.kind in ("golden", "clause", "edge", "course") for c in self.board.cases], bool)
        failing = np.flatnonzero(wrong)
        some = failing[:: max(1, len(failing) // _MOST_COMPARED)]
        simple[some] = True
        return simple

    def _likened(self, found: Likeness, given: Answers, wrong: Mask, theirs: Answers, theirs_wrong: Mask) -> Likeness:
        may_be = wrong & theirs_wrong
        if not may_be.any():
            return found
        both = may_be & self.board.same(given, theirs)
        explains = frozenset(self.board.cases[i].id for i in np.flatnonzero(both))
        return dataclasses.replace(found, score=len(explains) / int((wrong | theirs_wrong).sum()), explains=explains)

    def readings(self, given: Answers, whole: Mask) -> Mapping[str, str]:
        """Other readings under which all these answers are right, the fewest that will do; empty when none will."""
        changed: dict[str, str] = {}
        now = dict(self.guideline.chosen)
        left = int((self.board.wrong(given) & whole).sum())
        while left and len(changed) < MOST_READINGS:
            flips = [
                (name, choice)
                for name, reading in self.guideline.readings.items()
                for choice in reading.choices
                if choice != now[name] and name not in changed
            ]
            counted = [(self._mismatches(given, whole, {**now, n: c}), n, c) for n, c in flips]
            best, name, choice = min(counted, default=(left, "", ""))
            if best >= left:
                return {}
            left, now[name], changed[name] = best, choice, choice
        return {} if left else changed

    def _mismatches(self, given: Answers, whole: Mask, readings: Mapping[str, str]) -> int:
        try:
            scale = self.load_with(readings).scale(self.scale)
        except GuidelineError:  # two readings that contradict each other
            return len(self.board.cases)
        return int((~self.board.same(given, self.board.answers(Mutant("reading", "", "", scale))) & whole).sum())


def diagnose(
    judged: Sequence[Judged],
    guideline: Guideline,
    load_with: LoadWith,
    with_animals: bool = True,
    ready: Mapping[str, Suspects] = MappingProxyType({}),
) -> Diagnosis:
    """The diagnosis of a grader by its judged answers; ``ready`` are suspects of scales laid out before."""
    likely: list[Likeness] = []
    readings: dict[str, str] = {}
    for scale in dict.fromkeys(j.case.scale for j in judged if j.is_failure):
        mine = [j for j in judged if j.case.scale == scale and j.answer.status == "graded" and j.case.expected]
        suspects = ready.get(scale) or Suspects(guideline, scale, [j.case for j in _worth_comparing(mine)], load_with)
        given, whole = suspects.board.filled({j.case.id: j.answer.grades for j in mine})
        likely += suspects.alike(given, whole)
        readings |= suspects.readings(given, whole)
        if with_animals:
            likely += suspects.alike_animals(given, whole)
    likely = sorted((like for like in likely if like.score >= _ALIKE), key=lambda x: (-x.score, x.kind, x.name))
    return Diagnosis(tuple(likely), tuple(suspected(judged, likely)), readings)


def _worth_comparing(judged: Sequence[Judged]) -> list[Judged]:
    """All fixed cases, and of the sealed ones those that fail: the others tell little and cost time."""
    return [j for j in judged if j.case.kind != "sealed" or j.is_failure]


def suspected(judged: Sequence[Judged], likely: Iterable[Likeness]) -> list[ClauseTally]:
    """The clauses, most suspected first: by the cases that fail on them, or by a mutant of theirs that is alike."""
    best: dict[str, float] = {}
    for like in likely:
        if like.clause and like.kind != "animal":
            best[like.clause] = max(best.get(like.clause, 0.0), like.score)
    raised = [dataclasses.replace(t, suspicion=max(t.suspicion, best.get(t.id, 0.0))) for t in tallies(judged)]
    return sorted(raised, key=lambda t: (-t.suspicion, t.id))
