"""The subjects of DM: who they are, and when their cells were infused."""

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cartox_core.observation import PATIENT
from harness.exchange.chart import Chart, Remark, Tell
from harness.exchange.clock import clock_time
from harness.exchange.drugs import names_cells, with_ends
from harness.exchange.gather import Counted, Gathered
from harness.exchange.table import Record
from harness.exchange.values import value_of, wanted
from harness.exchange.weights import Weight, weight_at

_LYMPHODEPLETION = ("fludarabine", "cyclophosphamide", "bendamustine", "pentostatin", "clofarabine")


@dataclasses.dataclass(slots=True)
class Subject:
    """A subject while its records are read; all minutes count from ``infusion``."""

    name: str
    infusion: datetime.datetime
    patient: dict[str, Any]
    gathered: Gathered = dataclasses.field(default_factory=Gathered)
    weights: list[Weight] = dataclasses.field(default_factory=list)
    given: list[tuple[dict[str, Any], float | None]] = dataclasses.field(default_factory=list)

    def chart(self) -> Chart:
        """What was read of it."""
        weight = weight_at(self.weights, self.infusion.date())
        patient = self.patient if weight is None else {**self.patient, "weight_kg": weight}
        return Chart(self.name, patient, self.gathered.rows(), with_ends(self.given))


def subjects_of(
    demographics: Iterable[Record],
    exposures: Iterable[Record],
    tell: Tell,
    counted: Counted,
    infusion: datetime.datetime | None,
) -> dict[str, Subject]:
    """The subjects by their names; one without a time of infusion is told and left out."""
    given: dict[str, list[Record]] = {}
    for record in exposures:
        if record.get("exoccur").upper() != "N":
            given.setdefault(record.get("usubjid"), []).append(record)
    found: dict[str, Subject] = {}
    names: set[str] = set()
    for record in demographics:
        name = record.get("usubjid")
        if not name or name in names:
            tell(Remark(record.place, f"the subject {name!r} is there before; left out" if name else "no USUBJID"))
            continue
        names.add(name)
        at = _infused(record, given.get(name, []), counted) or infusion
        if at is None:
            tell(Remark(record.place, f"no time of infusion for {name}; left out (tell one with --infusion TIME)"))
            continue
        found[name] = Subject(name, at, _patient(record, at, tell))
    return found


def left_out(demographics: Iterable[Record], there: Mapping[str, Subject]) -> set[str]:
    """The names in DM of which no chart is made."""
    return {record.get("usubjid") for record in demographics} - there.keys()


def _infused(subject: Record, given: Sequence[Record], counted: Counted) -> datetime.datetime | None:
    """When the cells were given: by EX, else by RFSTDTC where EX does not gainsay it; None where neither tells."""
    cells = [record for record in given if names_cells(record.get("extrt")) or names_cells(record.get("exdecod"))]
    treatments = {record.get("extrt").lower() for record in given}
    if not cells and len(treatments) == 1 and not any(drug in treatments.copy().pop() for drug in _LYMPHODEPLETION):
        cells = list(given)
        counted.add(_file(cells[0]), "the one treatment there is, taken as the infusion of the cells")
    times = [at for record in cells if (at := clock_time(record.get("exstdtc"))) is not None]
    if len(set(times)) > 1:
        counted.add(_file(cells[0]), "a subject with several infusions of cells; the first is hour 0")
    if times:
        return min(times, key=lambda at: at.replace(tzinfo=None))
    at = clock_time(subject.get("rfstdtc"))
    dates = {record.get("exstdtc")[:10] for record in cells if record.get("exstdtc")}
    if at is None or (dates and at.date().isoformat() not in dates):
        return None
    counted.add(_file(subject), "the time of infusion taken from RFSTDTC, since EX tells none")
    return at


def _file(record: Record) -> str:
    return record.place.partition(" row ")[0]


def _patient(record: Record, infusion: datetime.datetime, tell: Tell) -> dict[str, Any]:
    age, unit = record.get("age"), record.get("ageu")
    if age:
        value = value_of(PATIENT["age_years"], age, unit)
        if value is None:
            tell(Remark(f"{record.place}, column AGE", f"{wanted(PATIENT['age_years'], age, unit)}; left unknown"))
        return {} if value is None else {"age_years": value}
    try:
        born = datetime.date.fromisoformat(record.get("brthdtc")[:10])
    except ValueError:
        return {}
    day = infusion.date()
    return {"age_years": day.year - born.year - ((day.month, day.day) < (born.month, born.day))}
