"""The rows of a wide table as charts, whatever kind of file they come from."""

import datetime
import decimal
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cartox_core.observation import TREATMENT
from harness.exchange.cell import UNKNOWN, Misread, cell_value
from harness.exchange.chart import Chart, ExchangeError, Raw, Remark, Row, Tell
from harness.exchange.clock import clock_time, hours_since
from harness.exchange.drugs import drug_named
from harness.exchange.units import own_value
from harness.exchange.wide import (
    CLOCK,
    DOSE_COLUMNS,
    ID,
    INFUSION,
    SOURCE,
    TIME,
    VALUE_FIELDS,
    Head,
    case_parts,
    head_of,
)

_AS = "; write it as 2026-03-01T10:00"


class WideTable:
    """Takes rows one by one, in any order of patients and times; without a column ``id`` all are one patient's.

    A column or a cell that is not understood is told, and left unknown. Raises ExchangeError where no column tells the
    time, or one stands twice.
    """

    def __init__(self, path: Path, names: Sequence[str], tell: Tell, infusion: datetime.datetime | None) -> None:
        self.path, self.tell, self.infusion = path, tell, infusion
        self.patients: dict[str, _Patient] = {}
        self.heads = [self._head(name) for name in names]
        held = [head.name for head in self.heads if head]
        self.has_ids = ID in held
        for name in held:
            if held.count(name) > 1:
                raise ExchangeError(f"{path}: two columns hold {name}; keep one")
        if not {TIME, CLOCK}.intersection(held):
            raise ExchangeError(
                f"{path}: no column tells the time; name one time_h (hours since the infusion), or time"
            )

    def take(self, number: int, cells: Sequence[Any]) -> None:
        """Take the cells of a row; texts are read, other values taken as they are."""
        place = f"row {number}"
        if len(cells) > len(self.heads):
            self.tell(Remark(place, f"{len(cells)} cells under a header of {len(self.heads)}; the rest is not read"))
        row: dict[str, Any] = {}
        for head, cell in zip(self.heads, cells, strict=False):
            if head is None or cell is None:
                continue
            try:
                value = _value(head, cell if isinstance(cell, str) else _plain(cell))
            except Misread as error:
                self.tell(Remark(f"{place}, column {head.name}", f"{error}; {_left(head)}"))
                continue
            if value is not None:
                row[head.name] = value
        name = str(row.pop(ID, "" if self.has_ids else self.path.stem))
        if not name:
            self.tell(Remark(place, "no id in a table of patients with ids; the row is left out"))
            return
        if name not in self.patients:
            self.patients[name] = _Patient(name, self.tell, self.infusion)
        self.patients[name].take(row, place)

    def charts(self) -> Iterator[Chart]:
        """The patients in the order in which they first came. Raises ExchangeError for one without an infusion."""
        names = sorted(self.patients, key=lambda name: (name.casefold(), name))
        for a, b in itertools.pairwise(names):
            if a.casefold() == b.casefold():
                self.tell(Remark("column id", f"{a} and {b} are read as two patients"))
        yield from [patient.chart() for patient in self.patients.values()]

    def _head(self, name: str) -> Head | None:
        if not name.strip():
            return None
        head = head_of(name)
        if isinstance(head, str):
            self.tell(Remark("header", f"{head}; the column is not read"))
            return None
        if head.is_converted:
            own = VALUE_FIELDS[head.name].unit or "the fraction"
            self.tell(Remark("header", f"{name.strip()} is converted exactly from {head.unit} to {own}"))
        return head


class _Patient:
    """The rows of one patient as they come."""

    def __init__(self, name: str, tell: Tell, infusion: datetime.datetime | None) -> None:
        self.name, self.tell, self.infusion = name, tell, infusion
        self.patient: Raw = {}
        self.rows: list[Row] = []
        self.treatments: list[Raw] = []
        self.needs_infusion = False
        self.waiting: list[tuple[Mapping[str, Any], str]] = []  # from a time of day on, for the infusion

    def take(self, row: Mapping[str, Any], place: str) -> None:
        """Take a row; the first infusion told holds for the rows before it, too."""
        if INFUSION in row and TIME not in row:
            self._infused(row[INFUSION], place)
        self.waiting.append((row, place))
        self.needs_infusion |= CLOCK in row and TIME not in row
        if self.infusion is not None or not self.needs_infusion:
            self._add_waiting()

    def chart(self) -> Chart:
        """All that was taken. Raises ExchangeError where times of day have no infusion."""
        self._add_waiting()
        return Chart(self.name, self.patient, tuple(self.rows), tuple(self.treatments))

    def _add_waiting(self) -> None:
        for row, place in self.waiting:
            self._add(row, place)
        self.waiting.clear()

    def _add(self, row: Mapping[str, Any], place: str) -> None:
        """Add a row; what the first row says of the patient holds."""
        patient, values, dose = case_parts(row)
        for name, value in patient.items():
            held = self.patient.setdefault(name, value)
            if held != value:
                self.tell(Remark(f"{place}, column {name}", f"{value:g} is not {held:g} as before; not read"))
        hours = row[TIME] if TIME in row else self._hours(row, place)
        if hours is None:
            how = _AS if CLOCK in row else ""
            self.tell(Remark(place, f"no time that is understood{how}; the row is left out", self.name))
        elif dose is not None and "drug" not in dose:
            self.tell(
                Remark(place, f"{' and '.join(dose)} of no drug that is understood; the dose is left out", self.name)
            )
        elif dose is not None:
            self.treatments.append({TIME: hours, **dose})
        if hours is not None and (values or dose is None):
            self.rows.append(Row(hours, values, place, str(row.get(SOURCE, ""))))

    def _infused(self, given: object, place: str) -> None:
        infused = _clock(given)
        if infused is None:
            self.tell(Remark(f"{place}, column infusion", f"{given!r} is no time to the minute{_AS}"))
        elif self.infusion not in (None, infused):
            self.tell(Remark(f"{place}, column infusion", f"{given} is not {self.infusion}; the first one holds"))
        self.infusion = self.infusion or infused

    def _hours(self, row: Mapping[str, Any], place: str) -> float | None:
        at = _clock(row.get(CLOCK))
        if at is None:
            return None
        if self.infusion is None:
            raise ExchangeError(
                f"{place}: times of day need that of the infusion of {self.name}; "
                "state it in a column infusion, or by --infusion"
            )
        hours = hours_since(self.infusion, at)
        if hours is None:
            self.tell(Remark(f"{place}, column time", "of time and infusion one has a time zone, the other none"))
        return hours


def _plain(cell: Any) -> str | float | datetime.datetime:
    """A cell of a typed table that a column can hold, a decimal as its text. Raises Misread."""
    if isinstance(cell, decimal.Decimal):
        return str(cell)
    if isinstance(cell, str | int | float | datetime.datetime):
        return cell
    raise Misread(f"{str(cell)[:40]!r} is of type {type(cell).__name__}, which no column holds")


def _drug(text: str) -> str | None:
    if text.strip().lower() in UNKNOWN:
        return None
    found = drug_named(text)
    if found is None:
        raise Misread(f"{text.strip()!r} is not one drug of the protocol")
    return found


def _left(head: Head) -> str:
    """What becomes of a value that is not understood."""
    field = VALUE_FIELDS.get(head.name)
    if field is None or field.default is None:
        return "left unknown"
    default = str(field.default)
    return f"taken as its default, {default.lower()}"


def _clock(value: object) -> datetime.datetime | None:
    if isinstance(value, datetime.datetime):
        return value
    return clock_time(str(value)) if value is not None else None


@functools.lru_cache(maxsize=1 << 16, typed=True)  # a chart says the same over and over
def _value(head: Head, cell: Any) -> Any:
    """The value of a cell, None for unknown. Raises Misread."""
    field = VALUE_FIELDS.get(head.name) or (TREATMENT[head.name] if head.name in DOSE_COLUMNS else None)
    if field is None:
        return (cell.strip() or None) if isinstance(cell, str) else cell
    if isinstance(cell, str) and head.name == "drug":
        return _drug(cell)
    if isinstance(cell, str):
        return cell_value(field, cell, head.unit)
    if isinstance(cell, datetime.datetime):
        raise Misread(f"{cell} is a time of day")
    if field.kind == "bool" and cell in (0, 1):
        return bool(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and head.is_converted:
        return own_value(field, repr(cell), head.unit)
    return cell
