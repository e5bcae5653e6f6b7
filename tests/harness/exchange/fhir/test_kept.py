"""Bulk data read patient by patient: its lines are found again wherever they stand, and only as they were."""

import json
import tempfile
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.exchange.chart import Chart, ExchangeError, Raw, Remark
from harness.exchange.fhir import bulk, bundle
from tests.harness.exchange.fhir.files import in_a_bundle, infused, observed, patient, quantity

MRN = [{"system": "urn:mrn", "value": "77"}]
BY_MRN = {"subject": {"reference": "Patient?identifier=urn:mrn|77"}}
NO_CODES = "no hypotension, no vasopressors, no o2_device in it: grades of CRS will be ranges where there is fever"


def fever(temp_c: float, key: str = "p1", **more: Any) -> Raw:
    return observed("8310-5", key=key, **quantity(temp_c, "Cel")) | {"id": f"t{temp_c}"} | more


def in_lines(resources: Iterable[Any]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in resources).encode()


def read(folder: Path) -> tuple[list[Chart], list[str]]:
    told: list[Remark] = []
    return list(bulk.read(folder, told.append)), [str(each) for each in told if each.place != "the file"]


def temperatures(chart: Chart) -> list[Any]:
    return [row.values.get("temp_c") for row in chart.rows]


def test_lines_of_patients_in_turn_and_under_two_names(tmp_path: Path) -> None:
    first = [fever(38.0), fever(38.1), fever(39.0, "p2"), fever(38.2, **BY_MRN), fever(38.3), fever(39.1, "p2")]
    within = [[fever(38.4), fever(39.2, "p2")], in_a_bundle(fever(38.5)), fever(38.6)]
    (tmp_path / "a.ndjson").write_bytes(in_lines([*first, *within]))
    last = [fever(38.7), {"resourceType": "Condition"}, fever(38.8, **BY_MRN)]
    (tmp_path / "b.ndjson").write_bytes(in_lines([*last, patient("p2"), patient(identifier=MRN)]))
    (tmp_path / "c.ndjson").write_bytes(in_lines([infused(), infused(key="p2"), fever(38.9)]))
    charts, told = read(tmp_path)
    assert [(chart.id, temperatures(chart)) for chart in charts] == [
        ("p2", [39.0, 39.1, 39.2]),
        ("p1", [38.0, 38.1, 38.2, 38.3, 38.4, 38.5, 38.6, 38.7, 38.8, 38.9]),
    ]
    assert told == []


def test_lines_are_those_of_the_file_whatever_its_line_ends(tmp_path: Path) -> None:
    nurse = json.dumps(fever(38.0, device={"display": "a\u2028b\x85c"}), ensure_ascii=False)
    lost = {name: value for name, value in fever(39.0, **quantity(39.0, "K")).items() if name != "id"}
    whole = "\r\n".join([json.dumps(patient()), "", json.dumps(infused()), nurse, "  ", json.dumps(lost), "\x1c"])
    (tmp_path / "a.ndjson").write_bytes(b"\xef\xbb\xbf" + whole.encode())
    charts, told = read(tmp_path)
    assert [(row.values, row.source) for row in charts[0].rows] == [({"temp_c": 38.0}, "a\u2028b\x85c")]
    (line,) = told
    assert line.startswith("Observation in a.ndjson line 6: temp_c: ")


def test_a_file_that_begins_with_its_patient_and_ends_without_a_line_end(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(b"\xef\xbb\xbf" + in_lines([fever(38.0), infused()]).rstrip())
    charts, told = read(tmp_path)
    assert ([temperatures(chart) for chart in charts], told) == ([[38.0]], [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"resourceType"\n{"a": "\xff"}\n', r"a\.ndjson is no text in UTF-8"),
        (b'{"resourceType": "Patient"}\n{"a": "\xe2\x82', r"a\.ndjson is no text in UTF-8"),
        (b'\n{"resourceType"\n{}\n', r"a\.ndjson, line 2: not JSON: Expecting ':' delimiter at column 16"),
        (b"{}\n\xef\xbb\xbf{}\n", r"a\.ndjson, line 2: not JSON: Unexpected UTF-8 BOM \(decode using utf-8-sig\) at "),
        (b'{"id": 1, "id": 2}', r"a\.ndjson, line 1: the key 'id' stands twice"),
        (b"", r"holds no FHIR resource that is read, in files named \*\.ndjson"),
    ],
)
def test_what_is_no_ndjson(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(content)
    with pytest.raises(ExchangeError, match=message):
        read(tmp_path)


def test_what_is_no_resource_is_told_before_what_is_not_read(tmp_path: Path) -> None:
    changed = fever(38.0, modifierExtension=[{"url": "urn:x"}])
    (tmp_path / "a.ndjson").write_bytes(in_lines([changed, 7, patient(), patient(birthDate="1960-01-01")]))
    assert [line.partition(": ")[0] for line in read(tmp_path)[1]] == [
        "a.ndjson line 2",
        "a.ndjson line 1, Observation/t38.0",
        "a.ndjson line 4, Patient/p1",
        "patient p1",
    ]


def gone(file: Path) -> None:
    file.unlink()


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def other_value(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"39.0", b"40.0"))


def other_patient(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"Patient/p2", b"Patient/p1"))


def longer(file: Path) -> None:
    file.write_bytes(file.read_bytes() + in_lines([fever(38.0, "p2")]))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (gone, "b.ndjson cannot be read a second time: No such file or directory"),
        (a_folder, "b.ndjson cannot be read a second time: Is a directory"),
        (emptied, "b.ndjson was changed while it was read; read it again when it is whole"),
        (other_value, "b.ndjson was changed while it was read; read it again when it is whole"),
        (other_patient, "b.ndjson was changed while it was read; read it again when it is whole"),
        (longer, "b.ndjson was changed while it was read; read it again when it is whole"),
    ],
)
def test_a_file_that_is_no_more_what_it_was(change: Callable[[Path], None], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_bytes(in_lines([patient("p1"), patient("p2"), infused(), fever(38.0)]))
    (tmp_path / "b.ndjson").write_bytes(in_lines([infused(key="p2"), fever(39.0, "p2")]))
    charts = bulk.read(tmp_path, lambda _: None)
    assert next(charts).id == "p1"
    change(tmp_path / "b.ndjson")
    with pytest.raises(ExchangeError) as caught:
        next(charts)
    assert str(caught.value) == f"{tmp_path}/{message}"


@pytest.mark.parametrize("in_turn", [False, True])
def test_memory_is_that_of_a_patient(in_turn: bool, tmp_path: Path) -> None:
    def peak_bytes(patients: int) -> int:
        folder = tmp_path / str(patients)
        folder.mkdir()
        rows = [fever(38.0, f"p{number}") for number in range(patients) for _ in range(300)]
        infusions = [infused(key=f"p{number}") for number in range(patients)]
        rows = [each for first in range(300) for each in rows[first::300]] if in_turn else rows
        (folder / "a.ndjson").write_bytes(in_lines([*infusions, *rows]))
        tracemalloc.start()
        try:
            assert sum(1 for _ in bulk.read(folder, lambda _: None)) == patients
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak_bytes(12) < 2 * peak_bytes(2)  # six times as much, were all held


makers = [patient, lambda key: infused(key=key), lambda key: fever(38.0, key), lambda key: fever(39.0, key)]
others = [{"identifier": MRN}, {"status": "unknown"}, {"subject": None}, {"focus": []}, {"birthDate": "1960-01-01"}]
contained = {"contained": [patient("me", identifier=MRN)], "subject": {"reference": "#me"}}
parts = st.builds(
    lambda make, key, more: make(key) | more,
    st.sampled_from(makers),
    st.sampled_from(["p1", "p2", "p3"]),
    st.sampled_from([{}, {}, {}, BY_MRN, contained, *others]),
)
documents = st.lists(parts | st.lists(parts, max_size=3) | parts.map(in_a_bundle) | st.just(7), min_size=1, max_size=12)


@settings(max_examples=100, deadline=None)
@given(documents, st.data())
def test_any_lines_are_read_as_from_a_file_held_in_memory(found: list[Any], data: st.DataObject) -> None:
    lines = [json.dumps(each) for each in (patient(), *found, fever(40.0))]
    gaps = data.draw(st.lists(st.sampled_from(["\n", "\r\n", "\n\n"]), min_size=len(lines), max_size=len(lines)))
    whole = "".join(line + gap for line, gap in zip(lines, gaps, strict=True)).encode()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.ndjson").write_bytes(whole)
        once: list[Remark] = []
        held = list(bundle.read(Path(folder) / "a.ndjson", once.append))
        twice: list[Remark] = []
        assert list(bulk.read(Path(folder), twice.append)) == held
    assert [str(each).removeprefix("a.ndjson ").replace(" in a.ndjson ", " in ") for each in twice] == list(
        map(str, once)
    )
