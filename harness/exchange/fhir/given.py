"""The drugs given: MedicationAdministrations as treatments of the protocol, and those that are the infusion itself."""

import datetime
from collections.abc import Mapping

from cartox_core.observation import DRUGS, TREATMENT
from harness.exchange.chart import Raw, Remark, Tell
from harness.exchange.codes import CAR_T_NAMES, CAR_T_RXNORM, DRUG_OF_RXNORM, OWN_SYSTEM
from harness.exchange.drugs import drug_named
from harness.exchange.fhir.documents import Placed
from harness.exchange.fhir.doses import dose_of
from harness.exchange.fhir.loose import Json, part, parts, text
from harness.exchange.fhir.moments import end, hours, start
from harness.exchange.fhir.running import Run
from harness.exchange.fhir.tally import Tally, called
from harness.exchange.fhir.terms import RXNORM_SYSTEM

Medications = Mapping[str, Json]
"""What the Medications of a file are, by whatever a reference calls them."""
_RUNNING = frozenset(DRUGS["vasopressor"])


def named(medication: Placed) -> Medications:
    """The code of a Medication, by each name that a reference may call it."""
    code = part(medication.resource, "code")
    return {name: code for name in (medication.name, medication.url) if name}


def concept_of(resource: Json, known: Medications) -> Json:
    """What was given, by its own code or that of the Medication that it refers to; empty where that is not there."""
    reference = text(part(resource, "medicationReference").get("reference"))
    contained = (part(c, "code") for c in parts(resource.get("contained")) if f"#{c.get('id')}" == reference)
    referred = next(contained, None) or known.get(reference, {})
    return part(resource, "medicationCodeableConcept") or referred


def is_car_t(concept: Json) -> bool:
    """Whether a code or its text is of a CAR-T product.

    >>> is_car_t({"text": "Tisagenlecleucel infusion"}), is_car_t({"text": "leukapheresis"})
    (True, False)
    """
    named = " ".join(_texts(concept)).casefold()
    codings = parts(concept.get("coding"))
    return any(name in named for name in CAR_T_NAMES) or any(
        each.get("system") == RXNORM_SYSTEM and text(each.get("code")) in CAR_T_RXNORM for each in codings
    )


def run_of(placed: Placed, known: Medications, infusion: datetime.datetime, tally: Tally, tell: Tell) -> Run | None:
    """The treatment that a MedicationAdministration is, for a drug that runs with its end; None where it is none."""
    resource = placed.resource
    concept = concept_of(resource, known)
    if is_car_t(concept):
        return None
    drugs = _drugs(concept)
    if len(drugs) != 1:
        several = f"drugs of the protocol at once ({', '.join(sorted(drugs))})"
        tally.add(_called(concept), f"{several if drugs else 'no drug of the protocol'}; not read")
        return None
    (drug,) = drugs
    time_h = hours(placed, start(resource), infusion, tally, tell)
    if time_h is None:
        return None
    dose = dose_of(resource.get("dosage"), drug in _RUNNING, placed.place, tell)
    entry: Raw = {"time_h": time_h, "drug": drug, **dose}
    stopped_h = None
    if drug in _RUNNING and end(resource):
        stopped_h = hours(placed, end(resource), infusion, tally, tell)
        if stopped_h is not None and stopped_h <= time_h:
            tell(Remark(placed.place, "it ends before it has run a minute; no end is read"))
            stopped_h = None
    return Run(entry, stopped_h, placed.place)


def _drugs(concept: Json) -> set[str]:
    """The drugs that the codes of a concept mean; where they mean none, the one that its texts name."""
    codings = [(each.get("system"), text(each.get("code"))) for each in parts(concept.get("coding"))]
    own = {code for system, code in codings if system == OWN_SYSTEM and code in TREATMENT["drug"].values}
    public = {DRUG_OF_RXNORM[code] for system, code in codings if system == RXNORM_SYSTEM and code in DRUG_OF_RXNORM}
    return own | public or {drug for each in _texts(concept) if (drug := drug_named(each))}


def _texts(concept: Json) -> list[str]:
    return [text(concept.get("text")), *(text(each.get("display")) for each in parts(concept.get("coding")))]


def _called(concept: Json) -> str:
    named = next((each for each in _texts(concept) if each), "")
    return f"drug {named!r:.80}" if named else f"drug of {called(concept)}"
