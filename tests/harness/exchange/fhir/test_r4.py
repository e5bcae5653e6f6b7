"""What is written is FHIR R4: by models generated from the definitions of 4.0.1, and by its invariants."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from fhirclient.models.bundle import Bundle
from fhirclient.models.fhirabstractbase import FHIRValidationError

from cartox_core import Case, read_case
from cartox_core.observation import ITEMS_OF, OBSERVATION, TREATMENT
from harness.exchange.chart import Raw
from harness.exchange.fhir import bundle
from tests.harness.exchange.fhir.test_golden import CASE
from tests.harness.exchange.fhir.test_round_trip import each_of


def with_everything(number: int, drug: str) -> Case:
    """A snapshot with a value of every field, another one for each number."""
    fields = {name: each_of(field) for name, field in OBSERVATION.items() if name not in ITEMS_OF}
    row = {name: some[number % len(some)] for name, some in fields.items()} | {"time_h": number}
    return read_case({"observations": [row], "treatments": [{"time_h": 1, "drug": drug}]})


EVERY = [("case", read_case(CASE))]
EVERY += [(f"all {n}", with_everything(n, drug)) for n, drug in enumerate(TREATMENT["drug"].values)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    path = tmp_path_factory.mktemp("r4") / "b.json"
    bundle.write(EVERY, path)
    found: Raw = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_it_is_valid(written: Raw) -> None:
    assert len(Bundle(written, strict=True).entry) > 100


@pytest.mark.parametrize(
    ("place", "change"),
    [(2, {"status": None}), (1, {"performedBy": "x"}), (2, {"effectiveDateTime": "soon"})],
)
def test_the_models_do_refuse(written: Raw, place: int, change: Raw) -> None:
    entry = written["entry"][place]
    resource = {name: value for name, value in (entry["resource"] | change).items() if value is not None}
    entries = [entry | {"resource": resource}]
    with pytest.raises(FHIRValidationError):
        Bundle({**written, "entry": entries}, strict=True)


def test_ids_are_valid_and_unique_and_references_are_of_a_patient_that_is_there(written: Raw) -> None:
    resources = [entry["resource"] for entry in written["entry"]]
    names = Counter((each["resourceType"], each["id"]) for each in resources)
    assert set(names.values()) == {1}
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", key) for _, key in names)
    urls = [entry["fullUrl"] for entry in written["entry"]]
    assert len(set(urls)) == len(urls)
    assert all(url.endswith(f"/{r['resourceType']}/{r['id']}") for url, r in zip(urls, resources, strict=True))
    there = {f"Patient/{key}" for kind, key in names if kind == "Patient"}
    assert {each["subject"]["reference"] for each in resources if "subject" in each} == there


def test_the_invariants_of_the_resources_hold(written: Raw) -> None:
    for entry in written["entry"]:
        each = entry["resource"]
        shown = [name for name in each if name.startswith("value")]
        if each["resourceType"] == "Observation":
            assert bool(shown) + ("dataAbsentReason" in each) + ("component" in each) == 1  # obs-6, and no empty one
        if "dosage" in each:
            assert {"dose", "rateQuantity"} & each["dosage"].keys()  # mad-1
    assert not empty(written)


def empty(found: Any) -> bool:
    """Whether an object, a list or a text is empty anywhere, which FHIR forbids."""
    if isinstance(found, dict | list):
        parts = list(found.values() if isinstance(found, dict) else found)
        return not parts or any(empty(each) for each in parts)
    return found is None or found == ""
