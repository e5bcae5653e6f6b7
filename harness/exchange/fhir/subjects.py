"""Whose a resource is: patients by their ids, full URLs and identifiers, and what refers to them."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from harness.exchange.chart import Remark, Tell
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.tally import Tally
from harness.exchange.fhir.terms import CASE_SYSTEM


@dataclasses.dataclass(slots=True)
class Subject:
    """A patient, with the resource that tells who it is where there is one, and all that is about the patient."""

    id: str
    patient: Json
    about: list[Placed] = dataclasses.field(default_factory=list)


class Subjects:
    """The patients of a file in its order, found again by whatever a reference calls them."""

    def __init__(self) -> None:
        self.found: list[Subject] = []
        self._by_name: dict[str, Subject] = {}

    def add(self, placed: Placed, tell: Tell) -> None:
        """A Patient; of one that stands twice the first is kept."""
        names = [name for name in (placed.url, _own_name(placed.resource)) if name]
        there = next((self._by_name[name] for name in names if name in self._by_name), None)
        if there is not None and there.patient != placed.resource:
            tell(Remark(placed.place, "another Patient of this id stands before it; only the first is read"))
        subject = there or self._new(_called(placed.resource) or placed.url or placed.at, placed.resource)
        for name in (*names, *_identifiers(placed.resource)):
            self._by_name.setdefault(name, subject)

    def of(self, resource: Json) -> Subject | None:
        """The patient whom a resource is about; None where it does not say one."""
        subject = part(resource, "subject")
        reference, _, _ = text(subject.get("reference")).partition("/_history/")
        contained = next((c for c in parts(resource.get("contained")) if f"#{c.get('id')}" == reference), None)
        if contained is not None:
            return self._known(_identifiers(contained), contained)
        if not reference:
            return self._known(_identifiers({"identifier": [subject.get("identifier")]}))
        kind, _, logical = reference.partition("?identifier=")
        if logical:
            return self._known([logical] if kind == "Patient" else [])
        local = "/".join(reference.split("/")[-2:]) if "://" in reference else reference
        is_patient = local.startswith("Patient/") or reference.startswith("urn:")
        return self._known([reference, local] if is_patient else [])

    def _known(self, names: list[str], patient: Json | None = None) -> Subject | None:
        """The patient of the first name that is known, or a new one of these names."""
        if not names:
            return None
        there = next((self._by_name[name] for name in names if name in self._by_name), None)
        subject = there or self._new(names[-1].removeprefix("Patient/").rpartition("|")[2], patient or {})
        for name in names:
            self._by_name.setdefault(name, subject)
        return subject

    def _new(self, name: str, patient: Json) -> Subject:
        subject = Subject(name, patient)
        self.found.append(subject)
        return subject


def by_subject(placed: Iterable[Placed], tally: Tally, tell: Tell) -> list[Subject]:
    """The patients of a file, each with the resources about it in the order of the file."""
    subjects, others = Subjects(), []
    for each in placed:
        if each.kind == "Patient":
            subjects.add(each, tell)
        else:
            others.append(each)
    for each in others:
        subject = subjects.of(each.resource)
        if subject is None:
            tally.add(f"{each.kind} without a patient", "its subject is no patient that can be told; not read")
        else:
            subject.about.append(each)
    return subjects.found


def _own_name(patient: Json) -> str:
    key = text(patient.get("id"))
    return f"Patient/{key}" if key else ""


def _called(patient: Json) -> str:
    """What a patient is called: the case that this project wrote, or the id of the resource."""
    own = (each for each in parts(patient.get("identifier")) if each.get("system") == CASE_SYSTEM)
    return next((text(each.get("value")) for each in own), "") or text(patient.get("id"))


def _identifiers(resource: Any) -> list[str]:
    """The business identifiers of a resource, as references write them."""
    found = parts(part(resource).get("identifier"))
    return [f"{text(each.get('system'))}|{each['value']}" for each in found if text(each.get("value"))]
