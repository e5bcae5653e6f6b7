"""FHIR R4 bulk data: a folder of NDJSON files, a resource on each line."""

import codecs
import contextlib
import datetime
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from harness.exchange.chart import Chart, ExchangeError, Named, Tell
from harness.exchange.fhir.documents import decoded, lines, unpacked
from harness.exchange.fhir.kept import File, Found, Line
from harness.exchange.fhir.reading import READ, charts
from harness.exchange.fhir.resources import KINDS, resources_of


def write(cases: Iterable[Named], path: Path) -> None:
    """Write cases into a folder, a file for each type of resource. Raises OSError."""
    path.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        streams = {
            kind: stack.enter_context((path / f"{kind}.ndjson").open("w", encoding="utf-8", newline="\n"))
            for kind in KINDS
        }
        for resource in resources_of(cases):
            streams[resource["resourceType"]].write(json.dumps(resource) + "\n")


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The patients of a folder; what its resources are is told by their lines, not by the names of the files.

    The files are read twice: as a whole, to tell whose each line is, and then the lines of one patient after another.
    Raises ExchangeError where a file is no NDJSON, was changed between, or none holds a resource.
    """
    yield from charts(_resources(path, tell), tell, infusion)


def _resources(folder: Path, tell: Tell) -> Iterator[Found]:
    is_empty = True
    for path in sorted(folder.glob("*.ndjson")):
        for line, document in _documents(path):
            for placed in unpacked(document, line.file.line(line.number), tell):
                if placed.kind in READ:
                    is_empty = False
                    yield placed, line if placed.resource is document else None
    if is_empty:
        raise ExchangeError(f"{folder} holds no FHIR resource that is read, in files named *.ndjson")


def _documents(path: Path) -> Iterator[tuple[Line, Any]]:
    """The document on each line of a file, one line in memory at a time."""
    with path.open("rb") as stream:
        file = File(path, os.fstat(stream.fileno()).st_size)
        at = len(codecs.BOM_UTF8) if stream.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8 else 0
        stream.seek(at)
        for number, data in enumerate(stream, 1):
            try:
                for _, document in lines(decoded(data, path), path, number):
                    yield Line(file, number, at, data), document
            except ExchangeError:
                for rest in stream:
                    decoded(rest, path)  # that a file is no text goes before what is wrong in a line
                raise
            at += len(data)
