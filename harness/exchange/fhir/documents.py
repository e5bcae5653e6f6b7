"""FHIR documents taken apart into resources, each with its place; what is no FHIR is refused or told."""

import codecs
import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cartox_core.case import read_json
from harness.exchange.chart import ExchangeError, Remark, Tell

_OLD = "history"


@dataclasses.dataclass(frozen=True, slots=True)
class Placed:
    """A resource, where in the files it stands, and the URL that its Bundle gives it."""

    resource: Mapping[str, Any]
    at: str
    url: str = ""

    @property
    def kind(self) -> str:
        """The type of the resource."""
        return str(self.resource["resourceType"])

    @property
    def name(self) -> str:
        """What the resource calls itself, or where it stands.

        >>> Placed({"resourceType": "Patient", "id": "p1"}, "entry 1").name
        'Patient/p1'
        """
        key = self.resource.get("id")
        return f"{self.kind}/{key}" if isinstance(key, str) else f"{self.kind} in {self.at}"

    @property
    def place(self) -> str:
        """Where it stands and what it calls itself."""
        return f"{self.at}, {self.name}" if isinstance(self.resource.get("id"), str) else self.name


def text_of(path: Path) -> str:
    """The text of a file. Raises ExchangeError where it is none in UTF-8."""
    return decoded(path.read_bytes().removeprefix(codecs.BOM_UTF8), path)


def decoded(data: bytes, path: Path) -> str:
    """The text that bytes of a file are. Raises ExchangeError where they are none in UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ExchangeError(f"{path} is no text in UTF-8") from None


def document(text: str, path: Path) -> Any:
    """What a text of JSON holds; None where each line is a document of its own. Raises ExchangeError."""
    try:
        return read_json(text)
    except ValueError as error:
        first, _, rest = text.strip().partition("\n")
        if rest and _is_json(first):
            return None
        raise ExchangeError(f"{path}{_line_of_fault(text)}: {error}") from None


def lines(text: str, path: Path, first: int = 1) -> Iterator[tuple[int, Any]]:
    """The document on each line, with its number in the file; empty lines are passed over. Raises ExchangeError."""
    for number, line in enumerate(text.split("\n"), first):
        if line.strip():
            try:
                yield number, read_json(line)
            except ValueError as error:
                raise ExchangeError(f"{path}, line {number}: {error}") from None


def unpacked(found: Any, at: str, tell: Tell) -> Iterator[Placed]:
    """The resources of a document: of an array, of a Bundle, or the one that it is.

    >>> bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "p1"}}, 7]}
    >>> [each.place for each in unpacked(bundle, "", print)]
    entry 2: no resource; not read
    ['entry 1, Patient/p1']
    """
    if isinstance(found, list):
        for number, each in enumerate(found, 1):
            yield from unpacked(each, _within(at, f"document {number}"), tell)
    elif not isinstance(found, dict) or not isinstance(found.get("resourceType"), str):
        tell(Remark(at or "the document", "no resource; not read"))
    elif found["resourceType"] == "Bundle":
        yield from _entries(found, at, tell)
    else:
        yield Placed(found, at or "the document")


def _entries(bundle: Mapping[str, Any], at: str, tell: Tell) -> Iterator[Placed]:
    entries = bundle.get("entry", [])
    if bundle.get("type") == _OLD or not isinstance(entries, list):
        why = "a Bundle of old versions" if bundle.get("type") == _OLD else "a Bundle whose entry is no list"
        tell(Remark(at or "the document", f"{why}; not read"))
        return
    for number, entry in enumerate(entries, 1):
        place = _within(at, f"entry {number}")
        if isinstance(entry, dict) and "resource" not in entry:  # a deletion, or the answer to one
            continue
        held = entry if isinstance(entry, dict) else {"resource": entry}
        url = held.get("fullUrl")
        for placed in unpacked(held["resource"], place, tell):
            yield dataclasses.replace(placed, url=url) if placed.at == place and isinstance(url, str) else placed


def _within(outer: str, inner: str) -> str:
    return f"{outer}, {inner}" if outer else inner


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except ValueError:
        return False
    return True


def _line_of_fault(text: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f", line {error.lineno}"
    except (ValueError, RecursionError):
        pass
    return ""
