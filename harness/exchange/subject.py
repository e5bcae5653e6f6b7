"""A patient while the records of other files are read: whatever comes, in any order, until it is a chart."""

import dataclasses
import datetime
from collections.abc import Sequence

from cartox_core.observation import DRUGS, EARLIEST_H, LATEST_H
from harness.exchange.chart import Chart, Raw, Remark, Tell
from harness.exchange.clock import clock_time, hours_since
from harness.exchange.gather import Counted, Gathered
from harness.exchange.table import Record
from harness.exchange.units import exact

Weight = tuple[datetime.date, float]
"""The day on which it was taken, and kilograms."""
Given = tuple[Raw, float | None]
"""A treatment, and the hour at which it was told to end."""


@dataclasses.dataclass(slots=True)
class Subject:
    """A patient by name; minutes count from ``infusion``."""

    name: str
    infusion: datetime.datetime
    patient: Raw
    gathered: Gathered = dataclasses.field(default_factory=Gathered)
    weights: list[Weight] = dataclasses.field(default_factory=list)
    given: list[Given] = dataclasses.field(default_factory=list)

    def chart(self) -> Chart:
        """What was read of it."""
        weight = weight_at(self.weights, self.infusion.date())
        patient = self.patient if weight is None else {**self.patient, "weight_kg": weight}
        return Chart(self.name, patient, self.gathered.rows(), with_ends(self.given))

    def minute(self, text: str, place: str, tell: Tell, counted: Counted) -> int | None:
        """Whole minutes since the infusion; None, and told, where a text tells none, or one that cannot be graded."""
        at = clock_time(text)
        hours = None if at is None else hours_since(self.infusion, at)
        if hours is None:
            what = "tells no minute" if at is None else "has a time zone where the infusion has none, or the reverse"
            tell(Remark(place, f"{text!r} {what}; left out"))
        elif EARLIEST_H <= hours <= LATEST_H:
            return round(hours * 60)
        else:
            counted.add(place.partition(" row ")[0], f"before {EARLIEST_H:g} h or after {LATEST_H:g} h; left out")
        return None

    def give(self, drug: str, minute: int, record: Record, columns: Sequence[str], tell: Tell) -> None:
        """A treatment from the columns of its dose, unit, route and end. A dose that is none is told, and unknown."""
        dose, unit, route, end = columns
        given: Raw = {"time_h": minute / 60, "drug": drug}
        if text := record.get(dose):
            number = exact(text)
            if number is None or number < 0:
                tell(Remark(f"{record.place}, column {dose.upper()}", f"{text!r} is no dose; left unknown"))
            else:
                given["dose"] = float(number)
        for name, column in (("unit", unit), ("route", route)):
            if written := record.cells.get(column):
                given[name] = written
        ended = clock_time(record.get(end))
        self.given.append((given, None if ended is None else hours_since(self.infusion, ended)))


def weight_at(weights: Sequence[Weight], day: datetime.date) -> float | None:
    """The last weight up to the day of the infusion, else the first after it; None where there is none.

    >>> days = [datetime.date(2026, 3, n) for n in (1, 3, 5)]
    >>> weight_at([(days[0], 70.0), (days[1], 71.0), (days[2], 69.0)], days[1]), weight_at([(days[2], 69.0)], days[1])
    (71.0, 69.0)
    """
    before = [(taken, kg) for taken, kg in weights if taken <= day]
    if before:
        return max(before, key=lambda weight: weight[0])[1]
    return min(weights, key=lambda weight: weight[0])[1] if weights else None


def with_ends(given: Sequence[Given]) -> tuple[Raw, ...]:
    """Treatments with a dose of 0 where a vasopressor is told to end, unless a later entry of it has begun by then.

    >>> dose = {"time_h": 1.0, "drug": "dopamine", "dose": 5.0, "unit": "ug/kg/min"}
    >>> [one["dose"] for one in with_ends([(dose, 3.0)])]
    [5.0, 0.0]
    """
    starts = [(one["drug"], one["time_h"]) for one, _ in given]
    found: list[Raw] = []
    for one, end_h in given:
        found.append(one)
        drug, start_h = one["drug"], one["time_h"]
        if end_h is None or end_h <= start_h or drug not in DRUGS["vasopressor"]:
            continue
        if not any(drug == other and start_h < at_h <= end_h for other, at_h in starts):
            found.append({**one, "time_h": end_h, "dose": 0.0})
    return tuple(found)


def whole_years(born: datetime.date, day: datetime.date) -> int:
    """Completed years of life on a day.

    >>> whole_years(datetime.date(2014, 3, 2), datetime.date(2026, 3, 1))
    11
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
