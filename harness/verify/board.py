"""A suite laid out in columns, so that hundreds of scales can be graded on it in a moment."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, Grade, Scale, columns_of, grade_columns, grade_course_columns, read_case
from harness.verify.case import SuiteCase
from harness.verify.mutants import Mutant

Bytes = npt.NDArray[np.uint8]
Answers = npt.NDArray[np.uint8]  # (rows, 2): floor and ceiling of each observation


@dataclasses.dataclass(frozen=True)
class _Part:
    """The snapshots, or the courses, of one scale."""

    columns: Columns
    cases: tuple[SuiteCase, ...]
    is_courses: bool

    def graded(self, scale: Scale) -> Answers:
        by_course = self.is_courses or scale.is_whole
        found = (grade_course_columns if by_course else grade_columns)(self.columns, scale)
        return np.stack([found.floor, found.ceiling], axis=1)


@dataclasses.dataclass(frozen=True)
class Board:
    """The valid cases of one scale; ``right`` has their grades, ``starts`` the first row of each."""

    cases: tuple[SuiteCase, ...]
    starts: npt.NDArray[np.int64]
    right: Answers
    parts: tuple[_Part, ...]

    def answers(self, mutant: Mutant) -> Answers:
        """What a mutant answers."""
        match mutant.habit:
            case "unknown is mildest":
                return np.repeat(self.right[:, :1], 2, axis=1)
            case "unknown is worst":
                return np.repeat(self.right[:, 1:], 2, axis=1)
            case "first domain":
                return self._first_domain(mutant.scale)
            case _:
                return np.concatenate([part.graded(mutant.scale) for part in self.parts])

    def _first_domain(self, scale: Scale) -> Answers:
        found = np.zeros_like(self.right)
        for domain in scale.domains:
            if scale.episode is not None and domain.name == scale.episode.fever:
                continue
            alone = dataclasses.replace(scale, domains=(domain,), episode=None)
            mine = np.concatenate([dataclasses.replace(part, is_courses=False).graded(alone) for part in self.parts])
            found = np.where(found == 0, mine, found)
        return np.where(self.right == 0, 0, np.where(found == 0, self.right, found)).astype(np.uint8)

    def wrong(self, answers: Answers) -> npt.NDArray[np.bool_]:
        """Which cases (bool, one a case) some answers get wrong."""
        differs = (answers != self.right).any(axis=1)
        return np.logical_or.reduceat(differs, self.starts) if len(differs) else np.zeros(0, bool)

    def same(self, one: Answers, other: Answers) -> npt.NDArray[np.bool_]:
        """Which cases two answer alike."""
        differs = (one != other).any(axis=1)
        return ~np.logical_or.reduceat(differs, self.starts) if len(differs) else np.zeros(0, bool)

    def rows_of(self, cases: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """The rows (bool, one a row) of some cases."""
        return np.repeat(cases, np.diff(np.append(self.starts, len(self.right))))

    def filled(self, grades: Mapping[str, Sequence[Grade | None]]) -> tuple[Answers, npt.NDArray[np.bool_]]:
        """Grades by case id as answers, and which cases (bool) have them whole."""
        found = self.right.copy()
        whole = np.zeros(len(self.cases), bool)
        for place, case in enumerate(self.cases):
            given = grades.get(case.id)
            if given and len(given) == len(case.expected or ()) and all(g is not None for g in given):
                start = self.starts[place]
                found[start : start + len(given)] = [(g.floor, g.ceiling) for g in given if g is not None]
                whole[place] = True
        return found, whole


def board_of(cases: Iterable[SuiteCase], scale: str) -> Board:
    """Lay out the valid cases of a scale."""
    mine = [c for c in cases if c.scale == scale and c.expected is not None]
    groups = [[c for c in mine if not c.is_course], [c for c in mine if c.is_course]]
    parts = tuple(
        _Part(columns_of([read_case(c.raw) for c in group]), tuple(group), is_courses)
        for group, is_courses in zip(groups, (False, True), strict=True)
        if group
    )
    ordered = tuple(c for part in parts for c in part.cases)
    lengths = [len(c.expected or ()) for c in ordered]
    right = np.array([(g.floor, g.ceiling) for c in ordered for g in c.expected or ()], np.uint8).reshape(-1, 2)
    return Board(ordered, np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64), right, parts)
