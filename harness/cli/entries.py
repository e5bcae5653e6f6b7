"""The protocol entries of one scale, fast: equal cells of its tables have equal entries, so each is found once."""

from collections.abc import Callable, Hashable
from operator import attrgetter
from typing import Any

from cartox_core import Case, CourseGrades, Observation, Patient, Scale, explain, explain_course, grade_course
from cartox_core.grade import Chart, before_start
from cartox_core.observation import ITEMS_OF, PATIENT
from cartox_core.tables import Table, tables_of
from harness.cli.answers import Entry, entry

_KEPT = 20_000  # entries; then everything is forgotten, so that a long run stays small
Cell = tuple[int, ...]


class EntryBook:
    """Answers the entries of cases under one scale."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self._readers = [_cell_reader(table) for table in tables_of(scale).tables]
        self._known: dict[tuple[Cell, ...], Entry] = {}

    def snapshot(self, case: Case) -> list[Entry]:
        """The entry of a snapshot."""
        if self.scale.is_whole:
            return self.course(case)[0]
        observation, patient = case.observations[0], case.patient
        if before_start(observation, self.scale):
            return [0]
        cells = tuple([read(observation, patient) for read in self._readers])
        found = self._known.get(cells)
        if found is None:
            found = entry(*explain(observation, self.scale, patient))
            _keep(self._known, cells, found)
        return [found]

    def course(self, case: Case) -> tuple[list[Entry], CourseGrades]:
        """The entries of a course, one for each observation or one for all, and its summaries."""
        chart = case.observations, case.treatments, self.scale, case.patient
        course = grade_course(*chart)
        if all(g.grade is not None for g in course.grades):
            return [g.floor for g in course.grades], course
        return [entry(*explained) for explained in explain_course(*chart)], course

    def entries(self, case: Case) -> list[Entry]:
        """The entries of a case of either form."""
        return self.snapshot(case) if case.is_snapshot else self.course(case)[0]


def _cell_reader(table: Table) -> Callable[[Observation, Patient], Cell]:
    """A function that finds a table's cell; values seen before are looked up, not classified again."""
    names = [axis.field.name for axis in table.axes]
    charted = _values([n for n in names if n not in PATIENT] + [ITEMS_OF[n] for n in names if n in ITEMS_OF])
    of_patient = _values([n for n in names if n in PATIENT])
    known: dict[Hashable, Cell] = {}

    def read(observation: Observation, patient: Patient) -> Cell:
        key = charted(observation), of_patient(patient)
        cell = known.get(key)
        if cell is None:
            cell = Chart(observation, patient).cell(table)
            _keep(known, key, cell)
        return cell

    return read


def _values(names: list[str]) -> Callable[[object], Hashable]:
    return attrgetter(*names) if names else lambda _: None


def _keep(known: dict[Any, Any], key: Hashable, value: object) -> None:
    if len(known) >= _KEPT:
        known.clear()
    known[key] = value
