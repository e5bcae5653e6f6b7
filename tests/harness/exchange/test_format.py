"""Which format a file or folder is in."""

from pathlib import Path

import pytest

from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS, format_named, format_of


@pytest.mark.parametrize(
    ("name", "begins", "format_name"),
    [
        ("a.jsonl", b'{"id": "a"}\n', "jsonl"),
        ("a.txt", b"", "jsonl"),
        ("a.csv", b"time_h,temp_c\n", "csv"),
        ("a.tsv", b"time_h\ttemp_c\n", "csv"),
        ("a.csv", b"PAR1rest", "parquet"),
        ("a.bin", b"ARROW1\0\0rest", "arrow"),
        ("a.json", b'{\n "resourceType": "Bundle"', "fhir"),
        ("a.json", b'\xef\xbb\xbf{"resourceType": "Bundle", "entry": []}\n', "fhir"),
        ("a.json", b'{"id": "a", "note": {"resourceType": "x"}}\n', "jsonl"),
        ("a.json", b"[]", "jsonl"),
    ],
)
def test_of_a_file(name: str, begins: bytes, format_name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(begins)
    assert format_of(tmp_path / name).name == format_name


@pytest.mark.parametrize(
    ("holds", "format_name"),
    [
        (["observations", "patients"], "cohort"),
        (["Patient.ndjson", "Observation.ndjson"], "fhir-ndjson"),
        (["dm.json", "vs.json"], "sdtm-json"),
        (["DM.csv"], "sdtm-csv"),
        (["person.csv", "measurement.csv"], "omop"),
    ],
)
def test_of_a_folder(holds: list[str], format_name: str, tmp_path: Path) -> None:
    for name in holds:
        (tmp_path / name).touch()
    assert format_of(tmp_path).name == format_name
    assert format_of(tmp_path).is_folder


def test_of_a_folder_of_nothing_known(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ExchangeError, match=r"is a directory of no format that is known.*name a file in it"):
        format_of(tmp_path)


def test_every_format_has_its_suffixes_to_itself_save_json() -> None:
    for each in FORMATS.values():
        for suffix in each.suffixes:
            found = format_named(Path(f"cases{suffix}"))
            assert found is not None
            assert found.name == each.name or suffix == ".json"
