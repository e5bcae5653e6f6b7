"""FHIR resources as the charts of patients: who is whose, when the cells were infused, and what was charted since.

A patient without an infusion is left out and told. Nothing is derived from another thing, save the age at the infusion
from a birth date.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cartox_core.observation import PATIENT
from harness.exchange.chart import Chart, Raw, Remark, Row, Tell
from harness.exchange.clock import clock_time
from harness.exchange.codes import OWN_SYSTEM
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.given import Medications, concept_of, is_car_t, named, run_of
from harness.exchange.fhir.kept import Found
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.moments import hours, start
from harness.exchange.fhir.observed import values_of
from harness.exchange.fhir.patient import age_at, at_infusion
from harness.exchange.fhir.rows import Rows
from harness.exchange.fhir.running import Run, entries
from harness.exchange.fhir.subjects import Gathered, Subject
from harness.exchange.fhir.tally import Tally
from harness.exchange.fhir.terms import INFUSION

READ = ("Patient", "Procedure", "Observation", "MedicationAdministration", "Medication")
"""The types of resources that are read; others are passed over."""
_HAPPENED = {
    "Observation": {"final", "amended", "corrected", "preliminary"},
    "Procedure": {"completed", "in-progress", "stopped"},
    "MedicationAdministration": {"completed", "in-progress", "stopped", "on-hold"},
}
_ASKED = ("hypotension", "vasopressors", "o2_device")
"""Signs of CRS that hardly any file has; without them its grades are ranges."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Given:
    """A time at which cells may have been infused, and whether our own code says so."""

    at: datetime.datetime
    placed: Placed
    is_own: bool


def charts(found: Iterable[Found], tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The charts of resources, patient by patient; remarks on the whole come after the last one.

    Raises ExchangeError where what is kept as a line of a file is no longer there.
    """
    tally, gathered = Tally(), Gathered()
    known: dict[str, Json] = {}
    later: list[Remark] = []  # what is no resource is told first
    for each, line in found:
        if each.kind == "Medication":
            known.update(named(each))
        elif each.kind in READ and _happened(each, tally, later.append):
            gathered.add(each, line)
    for remark in later:
        tell(remark)
    fields: set[str] = set()
    for subject in gathered.subjects(tally, tell):
        at = _infusion(subject, known, tell) or infusion
        if at is None:
            what = "no infusion of CAR T cells with a time; left out. Tell it with --infusion TIME"
            tell(Remark(f"patient {subject.id}", what))
        elif chart := _chart(subject, known, at, tally, tell):
            fields.update(*(row.values for row in chart.rows))
            yield chart
        del subject  # before the next one is read
    missing = [name for name in _ASKED if name not in fields]
    if fields and missing:
        tell(Remark("the file", f"no {', no '.join(missing)} in it: grades of CRS will be ranges where there is fever"))
    tally.tell(tell)


def _happened(placed: Placed, tally: Tally, tell: Tell) -> bool:
    """Whether a resource says that something was so, and says it in a way that can be read."""
    resource = placed.resource
    within = (resource, *parts(resource.get("component")), part(resource, "dosage"))
    if "focus" in resource or any("modifierExtension" in each for each in within):
        tell(Remark(placed.place, "an extension changes its meaning, or it is about somebody else; not read"))
        return False
    status = resource.get("status")
    if placed.kind in _HAPPENED and not (isinstance(status, str) and status in _HAPPENED[placed.kind]):
        tally.add(f"{placed.kind} of status {status!r:.40}", "nothing that was so; not read")
        return False
    return True


def _infusion(subject: Subject, known: Medications, tell: Tell) -> datetime.datetime | None:
    """When the cells were first infused; what has our own code goes before what is only named so."""
    found = list(_infusions(subject.about, known, tell))
    own = [each for each in found if each.is_own] or found
    if not own:
        return None
    try:
        first = min(own, key=lambda each: each.at)
    except TypeError:  # times with a zone and without one have no order
        tell(Remark(own[0].placed.place, "of several infusions only some have a time zone; hours count from this one"))
        return own[0].at
    if len({each.at for each in own}) > 1:
        tell(Remark(first.placed.place, f"the first of {len(own)} infusions; hours count from it"))
    elif not first.is_own:
        tell(
            Remark(
                first.placed.place, "taken for the infusion of CAR T cells by what it is called; hours count from it"
            )
        )
    return first.at


def _infusions(about: Sequence[Placed], known: Medications, tell: Tell) -> Iterator[_Given]:
    for each in about:
        is_procedure = each.kind == "Procedure"
        if not is_procedure and each.kind != "MedicationAdministration":
            continue
        concept = part(each.resource, "code") if is_procedure else concept_of(each.resource, known)
        is_own = is_procedure and _is_own_infusion(concept)
        if is_own or is_car_t(concept):
            at = clock_time(start(each.resource))
            if at is None:
                tell(
                    Remark(
                        each.place, f"an infusion whose time {start(each.resource)[:40]!r} tells no minute; not read"
                    )
                )
            else:
                yield _Given(at, each, is_own)


def _is_own_infusion(concept: Json) -> bool:
    codings = parts(concept.get("coding"))
    return any(each.get("system") == OWN_SYSTEM and each.get("code") == INFUSION for each in codings)


def _chart(subject: Subject, known: Medications, at: datetime.datetime, tally: Tally, tell: Tell) -> Chart | None:
    """The chart of a patient; None where nothing is charted."""
    rows = Rows()
    runs: list[Run] = []
    about_patient: list[tuple[float, str, Any]] = []
    for each in subject.about:
        if each.kind == "MedicationAdministration":
            if run := run_of(each, known, at, tally, tell):
                runs.append(run)
        elif each.kind == "Observation" and (values := values_of(each, tally, tell)) is not None:
            told = {name: values.pop(name) for name in PATIENT if name in values}
            time_h = hours(each, start(each.resource), at, tally, tell)
            if time_h is None:
                continue
            about_patient += [(time_h, name, value) for name, value in told.items()]
            if values or not told:
                rows.add(Row(time_h, values, each.name, _source(each.resource)))
    charted = tuple(rows.all)
    if not charted:
        tell(Remark(f"patient {subject.id}", "nothing of the protocol is charted; left out"))
        return None
    if subject.patient.get("deceasedBoolean") is True or text(subject.patient.get("deceasedDateTime")):
        tell(
            Remark(f"patient {subject.id}", "deceased, of what is not told; a death counts where its field is charted")
        )
    patient: Raw = {name: value for name in PATIENT if (value := at_infusion(about_patient, name)) is not None}
    if "age_years" not in patient and "birthDate" in subject.patient:
        age = age_at(at, text(subject.patient["birthDate"]))
        if age is None:
            tell(Remark(f"patient {subject.id}", "its birthDate tells no age at the infusion; left unknown"))
        else:
            patient["age_years"] = age
    return Chart(subject.id, patient, charted, tuple(entries(runs, tell)))


def _source(observation: Json) -> str:
    """Who or what charted it, as far as it is displayed."""
    performers = (text(each.get("display")) for each in parts(observation.get("performer")))
    return next((each for each in performers if each), "") or text(part(observation, "device").get("display"))
