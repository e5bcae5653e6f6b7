"""The failures of a run sorted by what is broken, the most dangerous first, each with its smallest case."""

import dataclasses
from collections.abc import Iterable, Sequence

from cartox_core import Grade, Guideline
from harness.verify.clauses import tallies
from harness.verify.judge import Judged
from harness.verify.mutants import HABITS
from harness.verify.smallest import oddities
from harness.verify.suite.right import graded
from harness.verify.suspects import Likeness

MOST_FAULTS = 24
_UNSTABLE = "two answers to one case, so nothing else is sure"
_KINDS = {"nan": "NaN and infinity must be refused"}
_STATUSES = {
    "unstable": _UNSTABLE,
    "timeout": "no answer in time",
    "crashed": "it crashes",
    "silent": "it falls silent",
    "garbled": "what it answers is no answer (stdout is for answers only; a log belongs on stderr)",
    "misaddressed": "it answers cases that nobody asked",
    "wrong-length": "one grade for each observation",
    "out-of-range": "grades that do not exist",
    "error": "it reports an error",
    "refused_wrongly": "a valid case refused",
}
_SEALED_TRACED = 200
_VARIED = 4  # right grades that differ, from which on a grader's must differ, too


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """Something broken: a clause, or a habit in words; the failures it explains, and the smallest of them."""

    name: str
    failures: tuple[Judged, ...]
    smallest: Judged

    @property
    def missed(self) -> int:
        """The worst line of treatment that is missed: 3, 2, or 0 for none."""
        return max((line_missed(j) for j in self.failures), default=0)

    @property
    def danger(self) -> tuple[int, int, int]:
        """For sorting: what misses a line of treatment most often comes first."""
        missed = [line_missed(j) for j in self.failures]
        return -sum(line > 0 for line in missed), -max(missed, default=0), -len(missed)


def _only_grade(judged: Sequence[Judged], scale: str) -> Grade | None:
    """The one grade that was ever answered under a scale, None where there were several."""
    given = {
        grade for j in judged if j.case.scale == scale and j.answer.status == "graded" for grade in j.answer.grades
    }
    right = {g for j in judged if j.case.scale == scale for g in j.case.expected or ()}
    return given.pop() if len(given) == 1 and len(right) > _VARIED else None


def traced(judged: Sequence[Judged], guideline: Guideline) -> list[Judged]:
    """The same, with the clauses that decide the sealed cases that fail."""
    left = _SEALED_TRACED
    found = []
    for j in judged:
        if j.is_failure and j.case.kind == "sealed" and not j.case.clauses and left:
            left -= 1
            deciding = graded(j.case.raw, guideline.scale(j.case.scale))[1]
            found.append(dataclasses.replace(j, case=dataclasses.replace(j.case, clauses=deciding)))
        else:
            found.append(j)
    return found


def faults(judged: Sequence[Judged], causes: Sequence[Likeness]) -> list[Fault]:
    """Explain all failures by as few causes as will do.

    First how the grader itself misbehaves, then the causes of the diagnosis, then clause by clause what is most
    suspected, and last what nothing explains.
    """
    left = [j for j in judged if j.is_failure]
    fine = [j for j in judged if not j.is_failure]
    found: list[Fault] = []

    def take(name: str, mine: Sequence[Judged]) -> None:
        nonlocal left
        if mine:
            found.append(_fault(name, mine))
            taken = {id(j) for j in mine}
            left = [j for j in left if id(j) not in taken]

    for status, name in _STATUSES.items():
        take(name, [j for j in left if j.status == status])
    for kind, name in _KINDS.items():
        take(name, [j for j in left if j.case.kind == kind and j.status == "graded_invalid"])
    take("invalid input must be refused", [j for j in left if j.status == "graded_invalid"])
    for scale in dict.fromkeys(j.case.scale for j in left):
        if (only := _only_grade(judged, scale)) is not None:
            told = f"{scale}: every answer is {only}; does it grade {scale} at all?"
            take(told, [j for j in left if j.case.scale == scale])
    for cause in causes:
        mine = [j for j in left if j.case.id in cause.explains]
        take(_title(cause, mine), mine)
    while any(j.case.clauses for j in left) and len(found) < MOST_FAULTS:
        best = next((t.id for t in tallies([*fine, *left]) if t.failed), "")
        take(best, [j for j in left if best in j.case.clauses])
    take("what no clause or habit explains", left)
    return sorted(_merged(found), key=lambda f: (f.name != _UNSTABLE, *f.danger))


def _title(cause: Likeness, failures: Sequence[Judged]) -> str:
    """The clause of a cause on which most of its failures stand; a habit has only a name."""
    if not cause.clauses:
        return cause.name
    return max(cause.clauses, key=lambda clause: sum(clause in j.case.clauses for j in failures))


def _merged(found: Sequence[Fault]) -> list[Fault]:
    """Faults of the same name as one."""
    by_name: dict[str, list[Judged]] = {}
    for fault in found:
        by_name.setdefault(fault.name, []).extend(fault.failures)
    return [_fault(name, failures) for name, failures in by_name.items()]


def _fault(name: str, failures: Sequence[Judged]) -> Fault:
    ordered = dangerous_first(failures)
    worst = line_missed(ordered[0])
    telling = [j for j in ordered if line_missed(j) == worst]
    if name in HABITS:
        telling = [j for j in ordered if _is_habit_alone(j)] or telling
    return Fault(name, tuple(ordered), min(telling, key=_size))


def _is_habit_alone(j: Judged) -> bool:
    """Whether a range was answered by its very floor or ceiling: nothing but the habit is wrong there."""
    if j.case.expected is None or j.answer.status != "graded":
        return False
    right, got = j.case.expected[j.place], j.answer.grades[j.place]
    return right.grade is None and got is not None and got.grade in (right.floor, right.ceiling)


def dangerous_first(failures: Iterable[Judged]) -> list[Judged]:
    """Failures by danger: a missed line of treatment, then too low, then the rest; small cases first."""
    return sorted(failures, key=lambda j: (-line_missed(j), j.status != "under", _size(j), j.case.id))


def line_missed(j: Judged) -> int:
    """The grade at which treatment changes and which this answer misses: 3, 2, or 0 for none."""
    if j.case.expected is None or j.answer.status != "graded":
        return 0
    pairs = list(zip(j.case.expected, j.answer.grades, strict=True))
    return next((n for n in (3, 2) if any(g is not None and r.floor >= n > g.ceiling for r, g in pairs)), 0)


def _size(j: Judged) -> tuple[int, ...]:
    """How much there is to read: decided grades are easier than ranges, a snapshot than a course."""
    rows = j.case.raw.get("observations")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return 0, 1, 0, 0
    got = j.answer.grades[j.place] if j.answer.status == "graded" and j.case.expected is not None else None
    is_range = j.case.expected is not None and j.case.expected[j.place].grade is None
    ranges = int(is_range) + int(got is not None and got.grade is None)
    derived = j.case.kind not in ("clause", "edge", "golden", "pair")
    return ranges, len(rows), len(oddities(j.case.raw)), int(derived)
