"""The suite proves its own sight: every mutant of the guideline killed, every animal of the zoo caught and named."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from tabulate import tabulate

from cartox_core import Guideline
from harness.verify.diagnosis import diagnose
from harness.verify.judge import Judged, judge
from harness.verify.mutants import LoadWith
from harness.verify.suite.build import Name, Suite, build
from harness.verify.suspects import Suspects
from harness.verify.zoo.herd import ANIMALS, ZOO_GRADES, Animal

SEED = 1
SEALED = 300
NEEDED = {"full": 1.0, "core": 0.95}
Step = Callable[[str, int], Callable[[int], None]]


@dataclasses.dataclass(frozen=True, slots=True)
class Sight:
    """One wrong grader, whether the suite catches it, and whether the clause it breaks is named first."""

    operator: str
    name: str
    cases: int
    proven_equivalent: bool
    named: bool | None

    @property
    def is_seen(self) -> bool:
        """Caught, or proven to be no mistake."""
        return self.cases > 0 or self.proven_equivalent


@dataclasses.dataclass(frozen=True, slots=True)
class SelfTest:
    """The kill matrix of a suite."""

    suite: Suite
    mutants: tuple[Sight, ...]
    animals: tuple[Sight, ...]

    @property
    def ok(self) -> bool:
        """Whether the suite sees as much as it must, and names what it must name."""
        shares = []
        for found in (self.mutants, self.animals):
            shares += [_share([s.is_seen for s in found]), _share([s.named for s in found if s.named is not None])]
        return min(shares) >= NEEDED[self.suite.name]

    @property
    def text(self) -> str:
        """The kill matrix for a terminal."""
        missed = [s for s in (*self.mutants, *self.animals) if not s.is_seen or s.named is False]
        lines = [
            f"The {self.suite.name} suite ({len(self.suite.cases):,} cases, digest {self.suite.digest}) "
            f"under {self.suite.guideline.id}",
            _matrix(self.mutants, "mutants of the guideline"),
            *([_zoo(self.animals)] if self.animals else []),
            *[f"NOT SEEN: {s.operator}, {s.name}" for s in missed if not s.is_seen],
            *[f"NOT NAMED: {s.operator}, {s.name}" for s in missed if s.is_seen],
            f"{'The suite sees what it should.' if self.ok else 'The suite does not see enough.'}",
        ]
        return "\n\n".join(lines)


def self_test(guideline: Guideline, load_with: LoadWith, suite: Name, step: Step) -> SelfTest:
    """Try a suite on every mutant, and on every animal where it grades what they grade."""
    scales = tuple(guideline.scales)
    made = build(guideline, scales, suite, SEED, SEALED if suite == "full" else 0)
    found: list[Sight] = []
    ready = {scale: Suspects(guideline, scale, made.cases, load_with) for scale in scales}
    for suspects in ready.values():
        found += _mutants(suspects, step)
    zoo = list(ANIMALS.values()) if guideline.id == ZOO_GRADES else []
    done = step("animals", len(zoo))
    animals = []
    for animal in zoo:
        animals.append(_animal(animal, made, load_with, ready))
        done(1)
    return SelfTest(made, tuple(found), tuple(animals))


def _mutants(suspects: Suspects, step: Step) -> Iterator[Sight]:
    """Each mutant of a scale as if it were a grader that nobody knows."""
    done = step(f"mutants of {suspects.scale}", len(suspects.mutants))
    whole = np.ones(len(suspects.board.cases), bool)
    for mutant in suspects.equivalents:
        yield Sight(mutant.operator, mutant.name, 0, True, None)
    for place, mutant in enumerate(suspects.mutants):
        given = suspects.answers(place)
        caught = int(suspects.board.wrong(given).sum())
        named = None
        if mutant.clause and caught:
            likely = sorted(suspects.alike(given, whole), key=lambda like: -like.score)
            named = any(mutant.clause in like.clauses for like in likely if like.score == likely[0].score)
        yield Sight(mutant.operator, mutant.name, caught, False, named)
        done(1)


def _animal(animal: Animal, suite: Suite, load_with: LoadWith, ready: Mapping[str, Suspects]) -> Sight:
    """Ask an animal the suite, diagnose it without knowing the animals, and see whether its clause comes first."""
    judged = answers_of(animal, suite)
    failed = sum(j.is_failure for j in judged)
    if not animal.clauses or not failed:
        return Sight("animal", animal.name, failed, False, None if not animal.clauses else False)
    clauses = diagnose(judged, suite.guideline, load_with, False, ready).clauses
    first = {c.id for c in clauses if c.suspicion >= clauses[0].suspicion}
    return Sight("animal", animal.name, failed, False, bool(first & set(animal.clauses)))


def answers_of(animal: Animal, suite: Suite) -> list[Judged]:
    """What an animal answers to a suite, judged."""
    answers = animal.answers(suite.cases)
    return [judge(case, answers[case.id], "range") for case in suite.cases]


def _share(flags: Sequence[bool | None]) -> float:
    return sum(flag is True for flag in flags) / len(flags) if flags else 1.0


def _zoo(found: Sequence[Sight]) -> str:
    rows = [[s.name, f"{s.cases:,}", {True: "yes", False: "NO", None: "–"}[s.named]] for s in found]
    heads = ["wrong grader of the zoo", "cases that catch it", "clause named"]
    return str(tabulate(rows, heads, colalign=("left", "right", "left"), disable_numparse=True))


def _matrix(found: Sequence[Sight], title: str) -> str:
    kinds = Counter(s.operator for s in found)
    rows: list[list[Any]] = []
    for kind, count in kinds.items():
        mine = [s for s in found if s.operator == kind]
        killed, proven = sum(s.cases > 0 for s in mine), sum(s.proven_equivalent for s in mine)
        rows.append([kind, count, killed, proven, count - killed - proven])
    rows.append(["all", *[sum(r[i] for r in rows) for i in range(1, 5)]])
    heads = [title, "made", "killed", "proven equivalent", "missed"]
    return str(tabulate(rows, heads))
