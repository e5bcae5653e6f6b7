"""What a guideline file says beside its scales: the readings, its own sources, names that occur twice or nowhere."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core.guideline import GuidelineError, Reading
from cartox_core.guideline_file import Reader
from cartox_core.table_file import put_in_later, reading_of, source_of
from harness.authoring.finding import Fault, fault
from harness.authoring.lines import Path
from harness.authoring.walk import key_of, shapes

_STUB: Mapping[str, Any] = {"id": "-", "title": "-", "text": "-", "cite": ["-"], "scale": {"-": {}}}


class Parts:
    """The readings and sources of a file that are good, and the faults of what stands outside its scales."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.faults = list(shapes(raw, "top level", (), "the file"))
        self._sources: dict[str, Any] = {}
        self._raw_readings: dict[str, Any] = {}
        for key, source in part(raw, "source").items():
            if self._is_good(source, "source", ("source", key)) and self._can_be_read(key, source):
                self._sources[key] = source
        for key, reading in part(raw, "reading").items():
            if self._choices_are_good(key, reading) and self._is_set_once(key, reading):
                self._raw_readings[key] = reading
        self.readings = {key: reading_of(key, reading) for key, reading in self._raw_readings.items()}
        self.partly = len(self.readings) < len(part(raw, "reading"))
        self._top_cites(raw)
        self._twice(raw)

    def reader(self, chosen: Mapping[str, str]) -> Reader:
        """A reader of the scales, with the good readings chosen so."""
        return Reader({**_STUB, "source": self._sources, "reading": self._raw_readings}, chosen)

    def _is_good(self, raw: Any, kind: str, path: Path) -> bool:
        found = list(shapes(raw, kind, path, ".".join(map(str, path))))
        self.faults += found
        return not found

    def _can_be_read(self, key: str, source: Any) -> bool:
        try:
            source_of(key, source)
        except GuidelineError as error:
            self.faults.append(fault(("source", key), "bad-source", str(error)))
            return False
        return True

    def _choices_are_good(self, key: str, raw: Any) -> bool:
        """Whether a reading has the right shape, and each of its choices."""
        path = ("reading", key)
        good = self._is_good(raw, "reading", path)
        for name, choice in part(raw, "choice").items():
            good = self._is_good(choice, "choice", (*path, "choice", name)) and good
        return good

    def _is_set_once(self, key: str, raw: Any) -> bool:
        """Whether a reading can be read, beside those before it."""
        try:
            Reader({**_STUB, "reading": {**self._raw_readings, key: raw}}, {})
        except GuidelineError as error:
            self.faults.append(fault(("reading", key, *key_of(raw, str(error))), "bad-reading", str(error)))
            return False
        return True

    def _top_cites(self, raw: Mapping[str, Any]) -> None:
        cites, reader = raw.get("cite"), self.reader({})
        for i, cite in enumerate(cites if isinstance(cites, list) else []):
            try:
                reader.cited({"cite": [str(cite)]}, "the file")
            except GuidelineError as error:
                self.faults.append(fault(("cite", i), "unknown-source", str(error)))

    def _twice(self, raw: Mapping[str, Any]) -> None:
        seen: set[str] = set()
        for path, clause in clauses_of(raw):
            if isinstance(name := clause.get("id"), str):
                if name in seen:
                    self.faults.append(fault((*path, "id"), "duplicate-id", f"two clauses are called {name!r}"))
                seen.add(name)


def choices(readings: Mapping[str, Reading]) -> Iterator[tuple[str, dict[str, str]]]:
    """The defaults, then each reading turned to each other choice; told as ``--reading`` has it."""
    yield "", {}
    for key, reading in readings.items():
        for choice in reading.choices:
            if choice != reading.default:
                yield f"{key}={choice}", {key: choice}


def part(raw: Any, name: str) -> Mapping[str, Any]:
    """A table within a table; empty where there is none."""
    found = raw.get(name) if isinstance(raw, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def clauses_of(raw: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Every clause of a file with its path, the gates' first in each scale; what is no table is passed over."""
    for name, scale in part(raw, "scale").items():
        path: Path = ("scale", name)
        yield from _tables(scale, "gate", path)
        for place, domain in _tables(scale, "domain", path):
            yield from _tables(domain, "clause", place)


def _tables(raw: Any, key: str, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    found = raw.get(key) if isinstance(raw, Mapping) else None
    for i, table in enumerate(found if isinstance(found, list) else []):
        if isinstance(table, Mapping):
            yield (*path, key, i), table


def unused(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Values of readings that nothing puts in, and sources that nothing cites."""
    texts = list(_texts(raw))
    put_in = {text[1:] for text in texts if put_in_later(text)}
    cited = {text.split(" ")[0] for text in texts}
    for key, reading in part(raw, "reading").items():
        places: dict[str, Path] = {}
        for name, choice in part(reading, "choice").items():
            for value in part(choice, "values"):
                places.setdefault(value, ("reading", key, "choice", name, "values", value))
        for value, path in places.items():
            if value not in put_in:
                said = f"reading.{key}: nothing puts in its value {value!r}"
                hint = f"write it as ${value} where it belongs, or take it out of every choice"
                yield Fault(path, "unused-value", said, hint, "warning")
    for key in part(raw, "source"):
        if key not in cited:
            yield fault(("source", key), "unused-source", f"source.{key}: nothing cites it", "warning")


def _texts(raw: Any) -> Iterator[str]:
    """Every text of a file, however deep."""
    if isinstance(raw, str):
        yield raw
    inside = raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, list) else ()
    for value in inside:
        yield from _texts(value)
