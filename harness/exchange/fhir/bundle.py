"""FHIR R4 in one file: a Bundle, several of them in an array, or one on each line."""

import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from harness.exchange.chart import Chart, ExchangeError, Named, Tell
from harness.exchange.fhir.documents import Placed, document, lines, text_of, unpacked
from harness.exchange.fhir.reading import charts
from harness.exchange.fhir.resources import resources_of

_SERVER = "http://cartox.invalid/fhir"  # no such host: the full URL of an entry must have one


def write(cases: Iterable[Named], path: Path) -> None:
    """Write cases as one Bundle of type collection. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"resourceType": "Bundle", "type": "collection"')
        before = ', "entry": [\n'
        for resource in resources_of(cases):
            url = f"{_SERVER}/{resource['resourceType']}/{resource['id']}"
            stream.write(before + json.dumps({"fullUrl": url, "resource": resource}))
            before = ",\n"
        stream.write("}\n" if before.startswith(", ") else "\n]}\n")


def read(path: Path, tell: Tell, infusion: datetime.datetime | None = None) -> Iterator[Chart]:
    """The patients of a file in their order; the whole file is held in memory.

    Raises ExchangeError where it is no JSON or holds no resource, OSError where it is not there.
    """
    placed = list(_resources(path, tell))
    if not placed:
        raise ExchangeError(f"{path} holds no FHIR resource")
    yield from charts(((each, None) for each in placed), tell, infusion)


def _resources(path: Path, tell: Tell) -> Iterator[Placed]:
    text = text_of(path)
    whole = document(text, path)
    if whole is None:
        for number, each in lines(text, path):
            yield from unpacked(each, f"line {number}", tell)
    else:
        yield from unpacked(whole, "", tell)
