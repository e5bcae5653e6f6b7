"""Bundles, lines, arrays and folders: in which documents resources come, and what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.exchange.chart import Chart, ExchangeError, Remark
from harness.exchange.fhir import bulk, bundle
from tests.harness.exchange.fhir.files import (
    given,
    in_a_bundle,
    infused,
    observed,
    patient,
    quantity,
    read,
)

FEVER = quantity(39, "Cel")


def only(charts: list[Chart]) -> Chart:
    (chart,) = charts
    return chart


@pytest.mark.parametrize("kind", ["collection", "searchset", "transaction", "message", "batch-response"])
def test_bundles_of_any_type(kind: str, tmp_path: Path) -> None:
    content = in_a_bundle(patient(), infused(), observed("8310-5", **FEVER), kind=kind)
    content["entry"].append({"response": {"status": "204"}})
    charts, told = read("\ufeff" + json.dumps(content, indent=2), tmp_path)
    assert (len(charts), told) == (1, [])


def test_arrays_lines_and_bundles_in_bundles(tmp_path: Path) -> None:
    parts = [in_a_bundle(patient()), in_a_bundle(infused()), in_a_bundle(in_a_bundle(observed("8310-5", **FEVER)))]
    in_lines = "\n\n".join(json.dumps(each) for each in parts)
    for content in (parts, in_a_bundle(*parts), in_lines, in_lines + "\n"):
        charts, told = read(content, tmp_path)
        assert [row.place for row in only(charts).rows] == ["Observation/o1"]
        assert told == []


def test_places_in_lines_and_without_ids(tmp_path: Path) -> None:
    lost = {name: value for name, value in observed("8310-5", **quantity(39, "K")).items() if name != "id"}
    parts = [in_a_bundle(patient(), infused()), in_a_bundle(observed("8310-5", **FEVER), lost)]
    _, told = read("\n".join(json.dumps(each) for each in parts), tmp_path)
    (line,) = told
    assert line.startswith("Observation in line 2, entry 2: temp_c: ")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({**in_a_bundle(), "type": "history"}, "the document: a Bundle of old versions; not read"),
        ({"resourceType": "Bundle", "entry": {}}, "the document: a Bundle whose entry is no list; not read"),
        (in_a_bundle(7), "entry 1: no resource; not read"),
        ({"resourceType": "Bundle", "entry": [7]}, "entry 1: no resource; not read"),
        ({"resourceType": 7}, "the document: no resource; not read"),
        ([[3]], "document 1, document 1: no resource; not read"),
    ],
)
def test_what_is_no_resource_is_told(content: Any, line: str, tmp_path: Path) -> None:
    beside = [patient(), infused(), observed("8310-5", **FEVER)]
    charts, told = read([content, *beside], tmp_path)
    prefix = "document 1" if line.startswith("the document") else f"document 1, {line.partition(': ')[0]}"
    assert (len(charts), told) == (1, [f"{prefix}: {line.partition(': ')[2]}"])
    with pytest.raises(ExchangeError, match=r"file\.json holds no FHIR resource"):
        read(content, tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"file\.json, line 1: not JSON: Expecting value at column 1"),
        ('{"resourceType": "Bundle",\n "entry": [}', r"file\.json, line 2: not JSON"),
        ('{"resourceType": "Patient", "id": "p1"}\n{"resourceType"', r"file\.json, line 2: not JSON"),
        ('{"id": 1, "id": 2}', r"file\.json: the key 'id' stands twice"),
        ("[" * 100_000, r"file\.json: not a case: nested too deeply"),
        ("[]", r"file\.json holds no FHIR resource"),
    ],
)
def test_what_is_no_json(content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=message):
        read(content, tmp_path)


def test_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(ExchangeError, match=r"f\.json is no text in UTF-8"):
        list(bundle.read(tmp_path / "f.json", print))


# bulk data


def test_a_folder_of_another_server(tmp_path: Path) -> None:
    files = {
        "Patient.ndjson": [patient(birthDate="1960-01-01")],
        "Observation.000.ndjson": [observed("8310-5", **FEVER)],
        "Observation.001.ndjson": [observed("59408-5", **quantity(93, "%")), observed("8302-2", **quantity(170, "cm"))],
        "Condition.ndjson": [{"resourceType": "Condition", "id": "c"}],
        "everything.ndjson": [infused(), given({"text": "anakinra"})],
    }
    for name, parts in files.items():
        (tmp_path / name).write_text("\n".join(json.dumps(each) for each in parts), encoding="utf-8")
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    told: list[Remark] = []
    chart = only(list(bulk.read(tmp_path, told.append)))
    assert chart.patient == {"age_years": 66.0}
    assert [row.values for row in chart.rows] == [{"temp_c": 39.0, "spo2_pct": 93.0}]
    assert chart.treatments == ({"time_h": 2.0, "drug": "anakinra"},)
    assert str(told[-1]) == "code 8302-2 (LOINC): no field of the protocol; not read (once)"


def test_places_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text("\n".join(json.dumps(p) for p in (patient(), infused())), encoding="utf-8")
    lost = observed("8310-5", **quantity(39, "K"))
    (tmp_path / "b.ndjson").write_text(f"\n{json.dumps(lost)}\n7\n", encoding="utf-8")
    told: list[Remark] = []
    assert list(bulk.read(tmp_path, told.append)) == []
    assert [each.place for each in told] == ["b.ndjson line 3", "b.ndjson line 2, Observation/o1", "patient p1"]


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "Condition.ndjson").write_text('{"resourceType": "Condition"}\n', encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"holds no FHIR resource that is read"):
        list(bulk.read(tmp_path, print))
    (tmp_path / "Condition.ndjson").write_text('{"resourceType": "Condition"', encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"Condition\.ndjson, line 1: not JSON"):
        list(bulk.read(tmp_path, print))
