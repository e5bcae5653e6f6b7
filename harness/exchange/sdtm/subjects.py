"""The subjects of DM: who they are, and when their cells were infused."""

import datetime
from collections.abc import Iterable, Mapping, Sequence

from cartox_core.observation import PATIENT
from harness.exchange.chart import Raw, Remark, Tell
from harness.exchange.clock import clock_time
from harness.exchange.drugs import names_cells
from harness.exchange.gather import Counted
from harness.exchange.subject import Subject, whole_years
from harness.exchange.table import Record
from harness.exchange.values import value_of, wanted

_LYMPHODEPLETION = ("fludarabine", "cyclophosphamide", "bendamustine", "pentostatin", "clofarabine")


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
    treatments = sorted({record.get("extrt").lower() for record in given})
    if not cells and len(treatments) == 1 and not any(drug in treatments[0] for drug in _LYMPHODEPLETION):
        cells = list(given)
        counted.add(cells[0].file, "the one treatment there is, taken as the infusion of the cells")
    times = [at for record in cells if (at := clock_time(record.get("exstdtc"))) is not None]
    if len(set(times)) > 1:
        counted.add(cells[0].file, "a subject with several infusions of cells; the first is hour 0")
    if times:
        return min(times, key=lambda at: at.replace(tzinfo=None))
    at = clock_time(subject.get("rfstdtc"))
    dates = {record.get("exstdtc")[:10] for record in cells if record.get("exstdtc")}
    if at is None or (dates and at.date().isoformat() not in dates):
        return None
    counted.add(subject.file, "the time of infusion taken from RFSTDTC, since EX tells none")
    return at


def _patient(record: Record, infusion: datetime.datetime, tell: Tell) -> Raw:
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
    return {"age_years": whole_years(born, infusion.date())}
