"""One chart of some patients under both forms of a scale: peaks, times, and the rows that are graded otherwise."""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core import Columns, GradeColumns, Scale, as_graded, grade_course_columns
from harness.cohort.standing import standing

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
NEVER = -(2**31)  # a minute that was not seen
WHOLLY_OPEN = 4  # the ceiling where nothing was looked at; death is charted


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A chart under one form: the rows as it grades them, and their grades."""

    columns: Columns
    grades: GradeColumns

    @property
    def starts(self) -> Ints:
        """The first row of each patient."""
        assert self.columns.starts is not None
        return self.columns.starts

    @property
    def peaks(self) -> tuple[Bytes, Bytes]:
        """The worst floor and the worst ceiling of each patient."""
        return tuple(np.maximum.reduceat(bound, self.starts) for bound in (self.grades.floor, self.grades.ceiling))  # type: ignore[return-value]

    @property
    def onset_min(self) -> Ints:
        """The minute of each patient's first floor of 1 or more; NEVER without one."""
        first = self.first_row(self.grades.floor >= 1)
        return self._minutes()[first]

    @property
    def resolved_min(self) -> Ints:
        """The minute of the first row after each patient's last floor of 1 or more; NEVER where none is charted."""
        rows = np.where(self.grades.floor >= 1, np.arange(len(self.columns)), -2)
        after = np.maximum.reduceat(rows, self.starts) + 1
        ends = np.append(self.starts[1:], len(self.columns))
        return np.where(after < 0, NEVER, np.where(after < ends, self._minutes()[np.maximum(after, 0)], NEVER))

    def minutes_at(self, grade: int) -> Ints:
        """How long each patient was at that grade or more, in minutes, a grade until the next row that tells of one."""
        minute = self.columns.minute.astype(np.int64)
        span = np.diff(minute, append=minute[-1:])
        span[self.starts[1:] - 1] = 0
        told = (self.grades.floor > 0) | (self.grades.ceiling < WHOLLY_OPEN)
        floors = standing(self.grades.floor, told, self.starts)
        return np.add.reduceat(np.where(floors >= grade, span, 0), self.starts)

    def first_row(self, which: npt.NDArray[np.bool_]) -> Ints:
        """The first such row of each patient; the number of rows where there is none."""
        rows = np.where(which, np.arange(len(which)), len(which))
        found: Ints = np.minimum.reduceat(rows, self.starts)
        return found

    def _minutes(self) -> Ints:
        return np.append(self.columns.minute.astype(np.int64), NEVER)


def side(columns: Columns, scale: Scale) -> Side:
    """A chart under one form of a scale."""
    return Side(as_graded(columns, scale), grade_course_columns(columns, scale))
