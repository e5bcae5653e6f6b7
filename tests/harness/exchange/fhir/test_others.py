"""Files of other generators: one in the style of Synthea, and any JSON in any place of a file."""

import contextlib
import copy
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Refused
from harness.exchange.chart import ExchangeError
from harness.exchange.fhir import bundle
from tests.harness.exchange.fhir.files import LOINC, RXNORM, UCUM, case_of, in_a_bundle, patient, read
from tests.harness.exchange.fhir.test_golden import RESOURCES

SNOMED = "http://snomed.info/sct"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
WHO = "urn:uuid:00000000-0000-4000-8000-000000000001"


def concept(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def amount(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def entry(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    """An entry of a transaction, as Synthea writes one: a URN for its URL, and what the server shall do."""
    key = f"00000000-0000-4000-8000-{number:012}"
    about = {} if kind == "Patient" else {"subject": {"reference": WHO}, "encounter": {"reference": f"{WHO[:-1]}2"}}
    meta = {"profile": [f"{US_CORE}/us-core-{kind.lower()}"]}
    return {
        "fullUrl": f"urn:uuid:{key}",
        "resource": {"resourceType": kind, "id": key, "meta": meta, **about, **fields},
        "request": {"method": "POST", "url": kind},
    }


def charted(number: int, code: dict[str, Any], **fields: Any) -> dict[str, Any]:
    at = "2021-05-04T09:12:33-04:00"
    vital = {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]
    }
    issued = {"issued": "2021-05-04T09:12:33.114-04:00", "status": "final", "category": [vital]}
    return entry(number, "Observation", code=code, effectiveDateTime=at, **issued, **fields)


PRESSURE = [
    {"code": concept(LOINC, "8462-4", "Diastolic Blood Pressure"), "valueQuantity": amount(58, "mm[Hg]")},
    {"code": concept(LOINC, "8480-6", "Systolic Blood Pressure"), "valueQuantity": amount(94, "mm[Hg]")},
]
ENTRIES = [
    entry(
        1,
        "Patient",
        birthDate="1958-11-30",
        gender="male",
        name=[{"use": "official", "family": "Doe123", "given": ["Jon456"]}],
        extension=[{"url": f"{US_CORE}/us-core-birthsex", "valueCode": "M"}],
        identifier=[{"system": "https://github.com/synthetichealth/synthea", "value": WHO[9:]}],
    ),
    entry(
        2, "Encounter", status="finished", period={"start": "2021-05-03T08:00:00-04:00"}, **{"class": {"code": "IMP"}}
    ),
    entry(3, "Claim", status="active", use="claim", item=[{"sequence": 1}]),
    entry(
        4,
        "Procedure",
        status="completed",
        code=concept(SNOMED, "1", "Infusion of axicabtagene ciloleucel (procedure)"),
        performedPeriod={"start": "2021-05-03T08:12:33-04:00", "end": "2021-05-03T08:42:33-04:00"},
    ),
    charted(5, concept(LOINC, "85354-9", "Blood Pressure"), component=PRESSURE),
    charted(6, concept(LOINC, "8310-5", "Body temperature"), valueQuantity=amount(39.337, "Cel")),
    charted(7, concept(LOINC, "29463-7", "Body Weight"), valueQuantity=amount(81.4, "kg")),
    charted(
        8,
        concept(LOINC, "72166-2", "Tobacco smoking status"),
        valueCodeableConcept=concept(SNOMED, "266919005", "Never"),
    ),
    charted(9, concept(LOINC, "777-3", "Platelets in Blood"), valueQuantity=amount(211.9, "10*3/uL")),
    charted(10, concept(LOINC, "9279-1", "Respiratory rate"), valueQuantity=amount(22, "/min")),
    charted(11, concept(LOINC, "4544-3", "Hematocrit"), valueQuantity=amount(41.5, "%")),
    entry(
        12,
        "MedicationAdministration",
        status="completed",
        medicationCodeableConcept=concept(RXNORM, "313782", "Acetaminophen 325 MG Oral Tablet"),
        effectiveDateTime="2021-05-04T10:12:33-04:00",
        context={"reference": f"{WHO[:-1]}2"},
    ),
    entry(
        13,
        "MedicationRequest",
        status="stopped",
        intent="order",
        medicationCodeableConcept=concept(RXNORM, "1", "Tocilizumab"),
    ),
]


def test_a_transaction_in_the_style_of_synthea(tmp_path: Path) -> None:
    charts, told = read({"resourceType": "Bundle", "type": "transaction", "entry": ENTRIES}, tmp_path)
    (chart,) = charts
    assert chart.id == WHO[9:]
    assert chart.patient == {"age_years": 62.0, "weight_kg": 81.4}
    assert [(row.time_h, row.values) for row in chart.rows] == [
        (
            25.0,
            {"dbp_mmhg": 58.0, "sbp_mmhg": 94.0, "temp_c": 39.337, "platelets_10e9_l": 211.9, "resp_rate_min": 22.0},
        )
    ]
    assert chart.treatments == ({"time_h": 26.0, "drug": "acetaminophen"},)
    assert [line.partition(", ")[2] or line for line in told] == [
        "Procedure/00000000-0000-4000-8000-000000000004: taken for the infusion of CAR T cells by what it is called; "
        "hours count from it",
        "code 72166-2 (LOINC): no field of the protocol; not read (once)",
        "code 4544-3 (LOINC): no field of the protocol; not read (once)",
    ]
    assert case_of(chart).is_snapshot


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "code", "coding", "value"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(found: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what holds it, and its key there."""
    for key, value in found.items() if isinstance(found, dict) else enumerate(found):
        yield found, key
        if isinstance(value, dict | list):
            yield from places(value)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_json_in_any_place_is_no_crash(data: st.DataObject) -> None:
    document = copy.deepcopy(
        data.draw(st.sampled_from([in_a_bundle(*RESOURCES), {"entry": ENTRIES, "resourceType": "Bundle"}]))
    )
    for _ in range(data.draw(st.integers(1, 3))):
        held, key = data.draw(st.sampled_from(list(places(document))))
        held[key] = data.draw(ANY)
        if not document or document.get("resourceType") != "Bundle":
            break
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExchangeError):
        for chart in read(document, Path(folder))[0]:
            with contextlib.suppress(Refused):
                case_of(chart)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.binary(max_size=6))
def test_any_bytes_in_any_place_are_no_crash(place: int, put: bytes) -> None:
    whole = json.dumps(in_a_bundle(patient(), *RESOURCES[:3])).encode()
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(ExchangeError):
        path = Path(folder) / "f.json"
        path.write_bytes(whole[:place] + put + whole[place + len(put) :])
        list(bundle.read(path, lambda _: None))
