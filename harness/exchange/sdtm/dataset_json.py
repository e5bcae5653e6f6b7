"""SDTM as a folder of CDISC Dataset-JSON 1.1: ``dm.json``, ``vs.json`` …, or the same as NDJSON to read.

Decimals are written as text with the target type decimal, so that no digit is lost; missing values are null.
Source: CDISC Dataset-JSON Specification, version 1.1 (2024-12-05).
"""

import contextlib
import datetime
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.exchange.chart import Chart, ExchangeError, Named, Remark, Tell
from harness.exchange.clock import WRITTEN_INFUSION
from harness.exchange.sdtm.columns import STUDY, TITLES, VARIABLES, Variable
from harness.exchange.sdtm.domains import records_of
from harness.exchange.sdtm.reading import REQUIRED, charts, datasets
from harness.exchange.table import Record, by_stem, heads

VERSION = "1.1.0"
_READ = ("1.1",)


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The subjects of a folder. Raises ExchangeError, OSError."""
    files = {**by_stem(path, ".ndjson"), **by_stem(path, ".json")}
    return charts(datasets(files, tell, lambda file, domain: _records(file, REQUIRED[domain], tell)), tell, infusion)


def _records(file: Path, required: Iterable[str], tell: Tell) -> Iterator[Record]:
    head, rows = _dataset(file, tell)
    names = _columns(head, file.name, required)
    for number, row in enumerate(rows, start=1):
        place = f"{file.name} row {number}"
        if not isinstance(row, list) or len(row) != len(names):
            what = f"{len(row)} values under {len(names)} columns" if isinstance(row, list) else "no list of values"
            tell(Remark(place, f"{what}; left out"))
            continue
        yield Record(place, {name: _text(place, name, cell, tell) for name, cell in zip(names, row, strict=True)})


def _dataset(file: Path, tell: Tell) -> tuple[Mapping[str, Any], Sequence[Any]]:
    """The metadata and the rows of a dataset."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeError(f"{file.name} is not in UTF-8") from None
    if file.suffix.lower() == ".ndjson":
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        head, *rows = [_json(line, f"{file.name} line {number}") for number, line in lines] or [None]
    else:
        head = _json(text, file.name)
        rows = head.get("rows", []) if isinstance(head, dict) else []
    if not isinstance(head, dict) or not isinstance(rows, list) or "columns" not in head:
        raise ExchangeError(f"{file.name} is no Dataset-JSON 1.1: it needs an object with columns and rows")
    version = str(head.get("datasetJSONVersion"))
    if not version.startswith(_READ):
        tell(Remark(file.name, f"Dataset-JSON version {version}, read as 1.1"))
    if str(head.get("records", len(rows))) != str(len(rows)):
        tell(Remark(file.name, f"tells {head['records']} records and has {len(rows)}; is it whole?"))
    return head, rows


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise ExchangeError(f"{place} is no JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise ExchangeError(f"{place} is no Dataset-JSON: nested too deeply") from None


def _columns(head: Mapping[str, Any], file: str, required: Iterable[str]) -> tuple[str, ...]:
    columns = head["columns"] if isinstance(head["columns"], list) else [None]
    names = [column.get("name") if isinstance(column, dict) else None for column in columns]
    if not all(isinstance(name, str) for name in names):
        number = next(n for n, name in enumerate(names, start=1) if not isinstance(name, str))
        raise ExchangeError(f"{file}: column {number} has no name")
    return heads(names, file, required)  # type: ignore[arg-type]


def _text(place: str, name: str, cell: object, tell: Tell) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    tell(Remark(f"{place}, column {name.upper()}", f"a {type(cell).__name__}, no text or number; left unknown"))
    return ""


def write(cases: Iterable[Named], path: Path) -> None:
    """Write every domain, also where it has no record. Raises OSError, and ExchangeError for what it cannot hold.

    The rows wait in files that have no name, since how many they are stands before them.
    """
    path.mkdir(exist_ok=True)
    count: Counter[str] = Counter()
    with contextlib.ExitStack() as stack:
        waiting = {
            domain: stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8", dir=path))
            for domain in VARIABLES
        }
        for domain, values in records_of(cases):
            cells = [_cell(variable, values.get(variable.name, "")) for variable in VARIABLES[domain]]
            waiting[domain].write(f"{',' if count[domain] else ''}\n{json.dumps(cells)}")
            count[domain] += 1
        for domain, rows in waiting.items():
            rows.seek(0)
            with (path / f"{domain.lower()}.json").open("w", encoding="utf-8", newline="\n") as stream:
                stream.write(json.dumps(_head(domain, count[domain]))[:-1] + ', "rows": [')
                shutil.copyfileobj(rows, stream)
                stream.write("\n]}\n")


def _head(domain: str, records: int) -> Mapping[str, Any]:
    return {
        "datasetJSONCreationDateTime": WRITTEN_INFUSION.strftime("%Y-%m-%dT%H:%M:%S"),  # the same cases, the same bytes
        "datasetJSONVersion": VERSION,
        "fileOID": f"{STUDY}.{domain}",
        "originator": "cartox",
        "studyOID": STUDY,
        "itemGroupOID": f"IG.{domain}",
        "records": records,
        "name": domain,
        "label": TITLES[domain],
        "columns": [_column(domain, variable) for variable in VARIABLES[domain]],
    }


def _column(domain: str, variable: Variable) -> Mapping[str, Any]:
    target = {"targetDataType": "decimal"} if variable.kind == "decimal" else {}
    length = {"length": variable.length} if variable.kind in ("string", "decimal") else {}
    return {
        "itemOID": f"IT.{domain}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": variable.kind,
        **target,
        **length,
    }


def _cell(variable: Variable, text: str) -> str | int | None:
    if not text:
        return None
    return int(text) if variable.kind == "integer" else text
