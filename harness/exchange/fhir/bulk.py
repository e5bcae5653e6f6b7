"""FHIR R4 bulk data: a folder of NDJSON files, a resource on each line."""

import contextlib
import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import Chart, ExchangeError, Named, Tell
from harness.exchange.fhir.documents import Placed, lines, text_of, unpacked
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

    What is read of them is held in memory. Raises ExchangeError where a file is no NDJSON, or none holds a resource.
    """
    placed = [each for file in sorted(path.glob("*.ndjson")) for each in _resources(file, tell)]
    if not placed:
        raise ExchangeError(f"{path} holds no FHIR resource that is read, in files named *.ndjson")
    yield from charts(placed, tell, infusion)


def _resources(file: Path, tell: Tell) -> Iterator[Placed]:
    for number, each in lines(text_of(file), file):
        for placed in unpacked(each, f"{file.name} line {number}", tell):
            if placed.kind in READ:
                yield placed
