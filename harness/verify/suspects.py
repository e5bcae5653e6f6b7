"""Who could be behind a grader's answers: mutants of the guideline, other readings or guidelines, animals of the zoo.

A suspect is as like the grader as the cases that both get wrong in the same way are many among those that either gets
wrong (Jaccard's index).
"""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from cartox_core import Guideline, GuidelineError
from harness.verify.board import Answers, Board, board_of
from harness.verify.case import SuiteCase
from harness.verify.equivalent import equivalent
from harness.verify.mutants import LoadWith, Mutant, flipped, mutants, other_guidelines
from harness.verify.zoo.herd import ANIMALS, Animal

MOST_READINGS = 4  # flipped together
SURE = 0.9
_MOST_COMPARED = 250  # failing cases that every animal is asked
Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Likeness:
    """A suspect and how like the grader it is, 0 to 1; ``clauses`` are those it breaks, none where it is a habit.

    ``explains`` are the ids of the cases that both get wrong in the same way.
    """

    name: str
    kind: str
    scale: str
    clauses: tuple[str, ...]
    score: float
    explains: frozenset[str] = frozenset()


class Suspects:
    """The suspects of a scale on the cases that a grader answered."""

    def __init__(self, guideline: Guideline, scale: str, cases: Iterable[SuiteCase], load_with: LoadWith) -> None:
        self.guideline, self.scale, self.load_with = guideline, scale, load_with
        self.board: Board = board_of(cases, scale)
        right = guideline.scale(scale)
        every = [*mutants(right), *flipped(guideline, scale, load_with), *other_guidelines(guideline, scale)]
        same = [not m.habit and equivalent(right, m.scale) for m in every]
        self.equivalents: list[Mutant] = list(itertools.compress(every, same))
        self.mutants = [m for m, is_same in zip(every, same, strict=True) if not is_same]
        self._answers: dict[int, Answers] = {}
        self._animals: dict[str, tuple[Answers, Mask]] = {}
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

    def alike(self, given: Answers, among: Mask) -> Iterator[Likeness]:
        """How like each mutant and reading the answers are, over some cases."""
        for place, mutant in enumerate(self.mutants):
            kind = mutant.operator if mutant.operator in ("reading", "guideline") else "mutant"
            clauses = (mutant.clause,) if mutant.clause else ()
            found = Likeness(mutant.name, kind, self.scale, clauses, 0.0)
            yield self._likened(found, given, self.answers(place), self.wrong(place), among)

    def alike_animals(self, given: Answers, among: Mask) -> Iterator[Likeness]:
        """How like each animal of the zoo the answers are, on the cases that tell most; the likest on all."""
        tried = among & self._telling(self.board.wrong(given) & among)
        for animal in ANIMALS.values():
            found = self._animal(animal, given, tried)
            yield self._animal(animal, given, among) if found.score >= SURE else found

    def _animal(self, animal: Animal, given: Answers, among: Mask) -> Likeness:
        """How like one animal the answers are; what it has answered once is kept."""
        answers, asked = self._animals.get(animal.name) or (self.board.right.copy(), np.zeros(len(among), bool))
        cases = [case for case, wanted in zip(self.board.cases, among & ~asked, strict=True) if wanted]
        theirs, whole = self.board.filled({k: a.grades for k, a in animal.answers(cases).items()})
        answers = np.where(self.board.rows_of(whole)[:, None], theirs, answers)
        self._animals[animal.name] = answers, asked | whole
        found = Likeness(animal.confession, "animal", self.scale, animal.clauses, 0.0)
        return self._likened(found, given, answers, self.board.wrong(answers), among & (asked | whole))

    def _telling(self, wrong: Mask) -> Mask:
        """Short fixed cases, and some of those that fail: enough to compare, few enough to ask every animal."""
        simple = np.array([c.kind in ("golden", "clause", "edge", "course") for c in self.board.cases], bool)
        failing = np.flatnonzero(wrong)
        some = failing[:: max(1, len(failing) // _MOST_COMPARED)]
        simple[some] = True
        return simple

    def _likened(self, found: Likeness, given: Answers, theirs: Answers, theirs_wrong: Mask, among: Mask) -> Likeness:
        wrong = self.board.wrong(given) & among
        may_be = wrong & theirs_wrong
        if not may_be.any():
            return found
        both = may_be & self.board.same(given, theirs)
        explains = frozenset(self.board.cases[i].id for i in np.flatnonzero(both))
        either = wrong | (theirs_wrong & among)
        return dataclasses.replace(found, score=len(explains) / int(either.sum()), explains=explains)

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
