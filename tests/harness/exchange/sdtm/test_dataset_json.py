"""Dataset-JSON 1.1: what is written holds to the specification, and what of others is read."""

import json

import jsonschema
import pytest

from cartox_core import read_case
from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS, format_of
from tests.harness.exchange.there_and_back import ONE

TEXT = {"type": "string", "minLength": 1}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)?$"}
KINDS = ["string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI"]
COLUMN = {
    "type": "object",
    "required": ["itemOID", "name", "label", "dataType"],
    "additionalProperties": False,
    "properties": {
        "itemOID": TEXT,
        "name": TEXT,
        "label": {"type": "string"},
        "dataType": {"enum": KINDS},
        "targetDataType": {"enum": ["integer", "decimal"]},
        "length": {"type": "integer", "minimum": 1},
        "displayFormat": {"type": "string"},
        "keySequence": {"type": "integer", "minimum": 1},
    },
}
SCHEMA = {  # own reading of the specification of 2024-12-05, its tables of attributes
    "type": "object",
    "required": [
        *("datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name", "label", "columns"),
    ],
    "additionalProperties": False,
    "properties": {
        "datasetJSONCreationDateTime": TIME,
        "datasetJSONVersion": {"type": "string", "pattern": r"^1\.1(\.(0|[1-9]\d*))?$"},
        **dict.fromkeys(("fileOID", "studyOID", "metaDataVersionOID", "itemGroupOID", "name"), TEXT),
        **{name: {"type": "string"} for name in ("originator", "metaDataRef", "label")},
        "dbLastModifiedDateTime": TIME,
        "sourceSystem": {"type": "object"},
        "records": {"type": "integer", "minimum": 0},
        "columns": {"type": "array", "items": COLUMN},
        "rows": {
            "type": "array",
            "items": {"type": "array", "items": {"type": ["string", "integer", "number", "boolean", "null"]}},
        },
    },
}
OF_KIND = {"integer": int, "string": str, "decimal": str, "datetime": str}
DM = {"columns": [{"name": "USUBJID"}, {"name": "RFSTDTC"}], "rows": [["A", "2026-03-01T10:00"]], "records": 1}
VS = {
    "columns": [{"name": name} for name in ("USUBJID", "VSTESTCD", "VSDTC", "VSSTRESN", "VSSTRESU")],
    "rows": [["A", "TEMP", "2026-03-01T12:00", 38.05, "C"]],
}


def read(folder, **files):
    for name, content in files.items():
        stem, _, suffix = name.partition("_")
        text = content if isinstance(content, str) else json.dumps({"datasetJSONVersion": "1.1.0", **content})
        (folder / f"{stem}.{suffix or 'json'}").write_text(text, encoding="utf-8")
    told = []
    return list(FORMATS["sdtm-json"].read(folder, lambda remark: told.append(str(remark)))), told


def test_every_file_holds_to_the_specification(tmp_path):
    FORMATS["sdtm-json"].write([("P1", read_case(ONE))], tmp_path)
    assert format_of(tmp_path).name == "sdtm-json"
    files = {file.stem: json.loads(file.read_text()) for file in tmp_path.iterdir()}
    assert set(files) == {"dm", "ex", "cm", "vs", "lb", "qs", "re", "fa", "ce", "ae", "suppae"}
    for found in files.values():
        jsonschema.validate(found, SCHEMA)
        assert len(found["rows"]) == found["records"]
        for row in found["rows"]:
            assert len(row) == len(found["columns"])
            for column, cell in zip(found["columns"], row, strict=True):
                assert cell is None or type(cell) is OF_KIND[column["dataType"]]


def test_the_file_of_demographics_byte_by_byte(tmp_path):
    FORMATS["sdtm-json"].write([("P1", read_case(ONE))], tmp_path)
    head, row, end = (tmp_path / "dm.json").read_text().splitlines()
    assert head.startswith(
        '{"datasetJSONCreationDateTime": "2020-01-01T00:00:00", "datasetJSONVersion": "1.1.0", "fileOID": "CARTOX.DM", '
        '"originator": "cartox", "studyOID": "CARTOX", "itemGroupOID": "IG.DM", "records": 1, "name": "DM", '
        '"label": "Demographics", "columns": [{"itemOID": "IT.DM.STUDYID", "name": "STUDYID", '
        '"label": "Study Identifier", "dataType": "string", "length": 6}, '
    )
    assert row == '["CARTOX", "DM", "P1", "P1", "2020-01-01T00:00", "2020-01-01T00:00", "61.5", "YEARS", "U"]'
    assert end == "]}"


def test_numbers_may_be_numbers_and_lines_may_be_rows(tmp_path):
    lines = "\n".join(
        [json.dumps({"datasetJSONVersion": "1.1.0", "columns": VS["columns"]}), json.dumps(VS["rows"][0])]
    )
    charts, told = read(tmp_path, dm=DM, vs_ndjson=lines + "\n")
    assert [dict(row.values) for row in charts[0].rows] == [{"temp_c": 38.05}]
    assert told == ["dm.json: 1 record: the time of infusion taken from RFSTDTC, since EX tells none"]


def test_wrong_cells_rows_and_counts_are_told(tmp_path):
    rows = [["A", "TEMP", "2026-03-01T12:00", True, "C"], ["A"], {"USUBJID": "A"}]
    charts, told = read(tmp_path, dm=DM, vs={**VS, "rows": rows, "records": 9, "datasetJSONVersion": "1.0.0"})
    assert [dict(row.values) for row in charts[0].rows] == [{}]
    assert told[:-1] == [
        "vs.json: Dataset-JSON version 1.0.0, read as 1.1",
        "vs.json: tells 9 records and has 3; is it whole?",
        "vs.json row 1, column VSSTRESN: a bool, no text or number; left unknown",
        "vs.json row 2: 1 values under 5 columns; left out",
        "vs.json row 3: no list of values; left out",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "vs.json is no JSON: .* at line 1 column 2"),
        ("[1]", "vs.json is no Dataset-JSON 1.1"),
        ('{"clinicalData": {}}', "vs.json is no Dataset-JSON 1.1"),
        ('{"columns": [], "rows": 3}', "vs.json is no Dataset-JSON 1.1"),
        ('{"columns": 3, "rows": []}', "column 1 has no name"),
        ('{"columns": [{"name": "USUBJID"}, {}], "rows": []}', "column 2 has no name"),
        ('{"columns": [{"name": "USUBJID"}], "rows": []}', "vs.json has no column VSTESTCD"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path, text, words):
    with pytest.raises(ExchangeError, match=words):
        read(tmp_path, dm=DM, vs=text)


def test_lines_that_are_none_and_another_encoding(tmp_path):
    with pytest.raises(ExchangeError, match=r"vs\.ndjson is no Dataset-JSON"):
        read(tmp_path, dm=DM, vs_ndjson="")
    (tmp_path / "vs.ndjson").write_bytes(b"\xff")
    with pytest.raises(ExchangeError, match="not in UTF-8"):
        read(tmp_path, dm=DM)
