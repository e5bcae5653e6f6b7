"""What a trainee or a class has shown: accuracy, kappa against the key, under- and over-grading, what was missed.

Only what was certain and graded enters kappa and the matrix; what could not be told counts for accuracy alone. Of few
grades there is no kappa.
"""

import dataclasses
import statistics
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from harness.cohort.intervals import wilson
from harness.cohort.kappa import Matrix, weighted_kappa
from harness.train.answered import Answers, Chosen, Graded

GRADES = 6
RESAMPLES = 1000
_SEED = 1
_LEAST_CASES = 3  # for an interval
LEAST_GRADES = 10  # that can be told, for a kappa


@dataclasses.dataclass(frozen=True, slots=True)
class StepsResult:
    """How the next steps were chosen: answers, right ones, each step due with how often missed, each not advised."""

    count: int
    right: int
    missed: tuple[tuple[str, int, int], ...]
    wrong: tuple[tuple[str, int], ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Result:
    """The figures of some grades. ``matrix`` counts (key, given); intervals are of 95 %."""

    graded: int
    right: int
    accuracy_interval: tuple[float, float]
    under: int
    over: int
    untold: int
    kappa: float | None
    kappa_interval: tuple[float, float] | None
    matrix: Matrix
    missed: tuple[tuple[str, int, int], ...]
    median_seconds: float
    steps: StepsResult | None

    @property
    def accuracy(self) -> float:
        """The share that was right."""
        return self.right / self.graded

    @property
    def grades(self) -> range:
        """The grades of the matrix: 5, which nobody can choose, where a key has it."""
        return range(GRADES if self.matrix[-1].any() or self.matrix[:, -1].any() else GRADES - 1)


def result(answers: Answers, interval: bool = True) -> Result | None:
    """The figures; None where nothing was graded. ``missed`` has each clause, how often missed, of how often asked.

    Without ``interval`` kappa has none, which is quicker where it is not shown.

    >>> right = Graded(trainee="a", case="v1/table1/ZUMA-1/1/1", hour=60.0, scale="crs", given=1, floor=1, ceiling=1,
    ...                verdict="right", clauses=("crs.fever.g1",), seconds=20.0)
    >>> under = dataclasses.replace(right, floor=2, ceiling=2, verdict="under")
    >>> found = result(Answers((right, under)))
    >>> found.accuracy, found.under, found.missed
    (0.5, 1, (('crs.fever.g1', 1, 2),))
    """
    graded = answers.graded
    if not graded:
        return None
    verdicts = Counter(one.verdict for one in graded)
    right = verdicts["right"]
    matrix = _matrix(graded)
    has_kappa = bool(matrix.sum() >= LEAST_GRADES)
    return Result(
        graded=len(graded),
        right=right,
        accuracy_interval=wilson(right, len(graded)),
        under=verdicts["under"],
        over=verdicts["over"],
        untold=verdicts["guessed"] + verdicts["undecided"] + verdicts["other reason"],
        kappa=weighted_kappa(matrix) if has_kappa else None,
        kappa_interval=_bootstrap(graded) if interval and has_kappa else None,
        matrix=matrix,
        missed=_missed(graded),
        median_seconds=statistics.median(one.seconds for one in graded),
        steps=_steps(answers.chosen),
    )


def _steps(chosen: Sequence[Chosen]) -> StepsResult | None:
    if not chosen:
        return None
    due, missed, wrong = (
        Counter(name for one in chosen for name in getattr(one, kind)) for kind in ("due", "missed", "wrong")
    )
    return StepsResult(
        count=len(chosen),
        right=sum(one.is_right for one in chosen),
        missed=tuple((name, count, due[name]) for name, count in missed.most_common()),
        wrong=tuple(wrong.most_common()),
    )


def _matrix(graded: Sequence[Graded]) -> Matrix:
    found: Matrix = np.zeros((GRADES, GRADES), np.int64)
    for one in graded:
        if one.given is not None and one.floor == one.ceiling:
            found[one.floor, one.given] += 1
    return found


def _bootstrap(graded: Sequence[Graded]) -> tuple[float, float] | None:
    """The interval of kappa with whole cases drawn again, since the hours of a patient go together."""
    by_case: dict[str, list[Graded]] = {}
    for one in graded:
        by_case.setdefault(one.case, []).append(one)
    if len(by_case) < _LEAST_CASES:
        return None
    matrices = np.array([_matrix(some) for some in by_case.values()])
    rng = np.random.default_rng(_SEED)
    drawn: npt.NDArray[np.int64] = rng.integers(0, len(matrices), (RESAMPLES, len(matrices)))
    kappas = [weighted_kappa(matrices[places].sum(0)) for places in drawn]
    known = [kappa for kappa in kappas if kappa is not None]
    if len(known) < RESAMPLES / 2:
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def _missed(graded: Sequence[Graded]) -> tuple[tuple[str, int, int], ...]:
    """The clauses behind the grades, those missed most often first."""
    asked: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in graded:
        asked.update(one.clauses)
        if one.verdict != "right":
            wrong.update(one.clauses)
    return tuple((name, count, asked[name]) for name, count in sorted(wrong.items(), key=lambda x: (-x[1], x[0])))
