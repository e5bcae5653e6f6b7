"""Whose a resource is: patients by their ids, full URLs and identifiers, and what refers to them."""

import dataclasses
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from harness.exchange.chart import Remark, Tell
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.kept import Kept, Line
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.tally import Tally
from harness.exchange.fhir.terms import CASE_SYSTEM


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """A patient, with the resource that tells who it is where there is one, and all that is about the patient."""

    id: str
    patient: Json
    about: Sequence[Placed]


@dataclasses.dataclass(slots=True)
class _Known:
    """A patient, and at which places what is about the patient is kept."""

    id: str
    patient: Json
    places: "array[int]" = dataclasses.field(default_factory=lambda: array("Q"))


class Subjects:
    """The patients of a file in its order, found again by whatever a reference calls them."""

    def __init__(self) -> None:
        self.found: list[_Known] = []
        self._by_name: dict[str, _Known] = {}

    def add(self, placed: Placed, tell: Tell) -> None:
        """A Patient; of one that stands twice the first is kept."""
        names = [name for name in (placed.url, _own_name(placed.resource)) if name]
        there = next((self._by_name[name] for name in names if name in self._by_name), None)
        if there is not None and there.patient != placed.resource:
            tell(Remark(placed.place, "another Patient of this id stands before it; only the first is read"))
        subject = there or self._new(_called(placed.resource) or placed.url or placed.at, placed.resource)
        for name in (*names, *_identifiers(placed.resource)):
            self._by_name.setdefault(name, subject)

    def of(self, names: Sequence[str], patient: Json | None) -> _Known:
        """The patient of the first name that is known, or a new one of these names, of whom this may be told."""
        there = next((self._by_name[name] for name in names if name in self._by_name), None)
        subject = there or self._new(names[-1].removeprefix("Patient/").rpartition("|")[2], patient or {})
        for name in names:
            self._by_name.setdefault(name, subject)
        return subject

    def _new(self, name: str, patient: Json) -> _Known:
        subject = _Known(name, patient)
        self.found.append(subject)
        return subject


class Gathered:
    """The resources of files as they are found; whose they are is told when all are, since a Patient may come last."""

    def __init__(self) -> None:
        self._patients: list[Placed] = []
        self._owners: dict[tuple[str, ...], tuple[int, Json | None]] = {}  # by what they are called
        self._kept = Kept()
        self._without: Counter[str] = Counter()

    def add(self, placed: Placed, line: Line | None) -> None:
        """One more resource, of a line that is it."""
        if placed.kind == "Patient":
            self._patients.append(placed)
            return
        names, contained = _whose(placed.resource)
        if names:
            number, _ = self._owners.setdefault(names, (len(self._owners), contained))
            self._kept.add(number, placed, line)
        else:
            self._without[placed.kind] += 1

    def subjects(self, tally: Tally, tell: Tell) -> Iterator[Subject]:
        """The patients in the order of the files, each read when its turn comes. Raises ExchangeError."""
        known = Subjects()
        for each in self._patients:
            known.add(each, tell)
        owners = [known.of(names, contained) for names, (_, contained) in self._owners.items()]
        for kind in self._without.elements():
            tally.add(f"{kind} without a patient", "its subject is no patient that can be told; not read")
        for place, number in self._kept.owners():
            owners[number].places.append(place)
        for subject in known.found:
            yield Subject(subject.id, subject.patient, tuple(self._kept.again(subject.places)))


def _whose(resource: Json) -> tuple[tuple[str, ...], Json | None]:
    """The names of the patient whom a resource is about, none where it says no patient; the one that it contains."""
    subject = part(resource, "subject")
    reference, _, _ = text(subject.get("reference")).partition("/_history/")
    contained = next((c for c in parts(resource.get("contained")) if f"#{c.get('id')}" == reference), None)
    if contained is not None:
        return tuple(_identifiers(contained)), contained
    if not reference:
        return tuple(_identifiers({"identifier": [subject.get("identifier")]})), None
    kind, _, logical = reference.partition("?identifier=")
    if logical:
        return ((logical,) if kind == "Patient" else ()), None
    local = "/".join(reference.split("/")[-2:]) if "://" in reference else reference
    is_patient = local.startswith("Patient/") or reference.startswith("urn:")
    return ((reference, local) if is_patient else ()), None


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
