"""The formats there are: their names, what their files are called, and which one a path is in."""

import dataclasses
import datetime
import importlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harness.exchange.chart import Chart, ExchangeError, Named, Tell

_HEAD_BYTES = 4096


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """A format; ``module`` has its ``read`` and ``write``. Where it ``has_rows``, a chart of it may need merging."""

    name: str
    title: str
    module: str
    suffixes: tuple[str, ...] = ()  # of a file; a folder has none
    has_rows: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.suffixes

    def read(self, path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
        """The patients of a file, in its order. ``infusion`` is for files that tell none.

        Raises ExchangeError where the file as a whole cannot be read, OSError where it is not there.
        """
        charts: Iterator[Chart] = self._module.read(path, tell, infusion)
        return charts

    def write(self, cases: Iterable[Named], path: Path) -> None:
        """Write cases to a path that is not there yet. Raises OSError, and ExchangeError for what it cannot hold."""
        self._module.write(cases, path)

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"harness.exchange.{self.module}")


FORMATS = {
    each.name: each
    for each in (
        Format("jsonl", "cases of the protocol, one JSON object a line", "json_lines", (".jsonl", ".ndjson", ".json")),
        Format("csv", "a wide table, an observation a row, units in its header", "csv_file", (".csv", ".tsv"), True),
        Format("parquet", "the same table as Parquet", "parquet_file", (".parquet",)),
        Format("arrow", "the same table as an Arrow IPC file", "arrow_file", (".arrow", ".feather", ".ipc")),
        Format("cohort", "the Parquet folder that cartox run --out writes", "cohort_folder"),
        Format("fhir", "FHIR R4, a Bundle", "fhir.bundle", (".json",), True),
        Format("fhir-ndjson", "FHIR R4 bulk data, a folder of NDJSON", "fhir.bulk", (), True),
        Format("sdtm-json", "CDISC SDTM, a folder of Dataset-JSON 1.1", "sdtm.dataset_json", (), True),
        Format("sdtm-csv", "CDISC SDTM, a folder of CSV", "sdtm.csv_folder", (), True),
        Format("omop", "OMOP CDM 5.4, a folder of CSV", "omop.folder", (), True),
    )
}
_FOLDERS = {  # a file that tells what a folder is
    "cohort": ("observations",),
    "sdtm-json": ("dm.json", "DM.json"),
    "sdtm-csv": ("dm.csv", "DM.csv"),
    "omop": ("person.csv", "PERSON.csv"),
}


def format_of(path: Path) -> Format:
    """The format that a file or folder is in, by its name and how it begins. Raises ExchangeError, OSError.

    Any other file is taken for JSON Lines, whose reader tells what is wrong with it.
    """
    return _folder_of(path) if path.is_dir() else _file_of(path)


def format_named(path: Path) -> Format | None:
    """The format to write to a path, by its suffix; None where the suffix says nothing.

    >>> format_named(Path("cases.CSV")).name, format_named(Path("out")), format_named(Path("b.fhir.json")).name
    ('csv', None, 'fhir')
    """
    if path.name.lower().endswith((".fhir.json", ".bundle.json")):
        return FORMATS["fhir"]
    suffix = path.suffix.lower()
    return next((each for each in FORMATS.values() if suffix in each.suffixes), None)


def _folder_of(path: Path) -> Format:
    there = {entry.name for entry in path.iterdir()}
    for name, signs in _FOLDERS.items():
        if there.intersection(signs):
            return FORMATS[name]
    if any(name.endswith(".ndjson") for name in there):
        return FORMATS["fhir-ndjson"]
    names = ", ".join(each.name for each in FORMATS.values() if each.is_folder)
    raise ExchangeError(f"{path} is a directory of no format that is known ({names}); name a file in it, or a format")


def _file_of(path: Path) -> Format:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return FORMATS["parquet"]
    if head.startswith(b"ARROW1"):
        return FORMATS["arrow"]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        return FORMATS["fhir" if _is_bundle(start) else "jsonl"]
    return FORMATS["csv"] if path.suffix.lower() in FORMATS["csv"].suffixes else FORMATS["jsonl"]


def _is_bundle(start: bytes) -> bool:
    """Whether a document of JSON begins as a FHIR resource, wherever in its beginning the type stands."""
    first = start.split(b"\n", 1)[0]
    try:
        line = json.loads(first)
    except (ValueError, RecursionError):
        return b'"resourceType"' in start
    line = line[0] if isinstance(line, list) and line else line
    return isinstance(line, dict) and "resourceType" in line
