"""The column layout: how millions of observations stand in memory.

One numpy array a field. A number is float64 with NaN for unknown. Everything else is one byte: a bool is 0
or 1, an enumeration the position of its value, a whole number itself; unknown is the code after the last.
Items of a score become codes of its total after that, one for each stretch of totals that they leave possible. A
column that is absent is unknown in every row.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.case import Case
from cartox_core.fields import Field
from cartox_core.observation import ITEMS_OF, MASKING_DRUGS, PATIENT, READABLE
from cartox_core.vasopressors import Given, given_of

Column = npt.NDArray[Any]
NO_DRUG = np.iinfo(np.int32).min
STRETCHES = tuple((low, high) for low in range(11) for high in range(low, 11))


def unknown_code(field: Field) -> int | float:
    """What stands for unknown in a field's column.

    >>> unknown_code(READABLE["vasopressors"]), unknown_code(READABLE["hypotension"])
    (7, 2)
    """
    match field.kind:
        case "number":
            return float("nan")
        case "bool":
            return 2
        case "enum":
            return len(field.values)
        case _:
            return int(field.high) + 1


def codes_in(field: Field) -> int:
    """How many codes a byte column of this field may hold."""
    extra = len(STRETCHES) if field.name in ITEMS_OF else 0
    return int(unknown_code(field)) + 1 + extra


def code_of(field: Field, value: object) -> int | float:
    """The code of one value; None is unknown."""
    if value is None:
        return unknown_code(field)
    if field.kind == "enum":
        return field.values.index(str(value))
    return float(value) if field.kind == "number" else int(value)  # type: ignore[call-overload, arg-type]


@dataclasses.dataclass(frozen=True, slots=True)
class Columns:
    """Rows of observations as columns.

    ``minute`` int32 (rows); ``fields`` one array (rows) a field; ``starts`` int64 (cases): the first row of
    each case, rows of a case together and in order of time; ``drug_minute`` int32 (rows): the minute of the
    latest masking drug at or before the row, NO_DRUG without one; ``vasopressors`` those given, by case (its place in
    ``starts``); ``own`` the fields among them that a scale makes itself. Raises ValueError for a wrong length, type or
    code.
    """

    minute: npt.NDArray[np.int32]
    fields: Mapping[str, Column]
    starts: npt.NDArray[np.int64] | None = None
    drug_minute: npt.NDArray[np.int32] | None = None
    own: Mapping[str, Field] = dataclasses.field(default_factory=dict)
    vasopressors: Mapping[int, Given] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in self.fields.items():
            field = self.own.get(name) or READABLE.get(name)
            if field is None or field.kind == "items":
                hint = f" in columns; write {field.total}" if field else ""
                raise ValueError(f"there is no field {name!r}{hint}")
            kind = np.dtype(np.float64 if field.kind == "number" else np.uint8)
            if column.dtype != kind or column.shape != self.minute.shape:
                raise ValueError(
                    f"column {name} is {column.dtype} {column.shape}; it must be {kind} {self.minute.shape}"
                )
            if field.kind != "number" and column.size and int(column.max()) >= codes_in(field):
                raise ValueError(f"column {name} holds the code {column.max()}; codes end at {codes_in(field) - 1}")

    def __len__(self) -> int:
        return len(self.minute)

    def column(self, name: str) -> Column:
        """A column (rows), of unknowns where it is absent. Raises KeyError for no field."""
        if name in self.fields:
            return self.fields[name]
        field = self.own.get(name) or READABLE[name]
        return np.full(len(self), unknown_code(field), np.float64 if field.kind == "number" else np.uint8)

    def rows(self, start: int, stop: int) -> "Columns":
        """Some rows, as views; without the division into cases."""
        part = object.__new__(Columns)  # codes were checked with the whole
        drug = self.drug_minute
        for name, value in (
            ("minute", self.minute[start:stop]),
            ("fields", {k: v[start:stop] for k, v in self.fields.items()}),
            ("starts", None),
            ("drug_minute", None if drug is None else drug[start:stop]),
            ("own", self.own),
            ("vasopressors", {}),
        ):
            object.__setattr__(part, name, value)
        return part


def columns_of(cases: Sequence[Case], names: Iterable[str] = tuple(READABLE)) -> Columns:
    """Cases as columns of the fields named; the inverse of reading a row is not offered.

    >>> from cartox_core.case import read_case
    >>> columns_of([read_case({"observations": [{"time_h": 1, "temp_c": 38.5}]})]).fields["temp_c"]
    array([38.5])
    """
    rows = [(case, o) for case in cases for o in case.observations]
    fields = {}
    for name in names:
        field = READABLE[name]
        if field.kind in ("text", "items"):
            continue
        values = [getattr(case.patient if name in PATIENT else o, name) for case, o in rows]
        dtype = np.float64 if field.kind == "number" else np.uint8
        fields[name] = np.array([code_of(field, v) for v in values], dtype)
    for total in ITEMS_OF.keys() & fields.keys():
        first = int(unknown_code(READABLE[total])) + 1
        for i, (_, o) in enumerate(rows):
            items = getattr(o, ITEMS_OF[total])
            if getattr(o, total) is None and items is not None:
                fields[total][i] = first + STRETCHES.index(items.possible)
    lengths = [len(case.observations) for case in cases]
    return Columns(
        minute=np.array([o.minute for _, o in rows], np.int32),
        fields=fields,
        starts=np.concatenate([[0], np.cumsum(lengths)])[:-1].astype(np.int64),
        drug_minute=np.concatenate([_latest_drug(case) for case in cases]) if cases else np.empty(0, np.int32),
        vasopressors={i: given for i, case in enumerate(cases) if (given := given_of(case.treatments, case.patient))},
    )


def _latest_drug(case: Case) -> npt.NDArray[np.int32]:
    given = sorted(t.minute for t in case.treatments if t.drug in MASKING_DRUGS)
    times = np.array([NO_DRUG, *given], np.int64)
    minutes = np.array([o.minute for o in case.observations])
    return times[np.searchsorted(times, minutes, "right") - 1].astype(np.int32)
