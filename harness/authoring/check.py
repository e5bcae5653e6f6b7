"""Every fault of a guideline file at once, with its line: of its form, its soundness under each reading, its words."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core.guideline import GuidelineError, Reading
from cartox_core.library import TooDeep, parse, toml_of
from cartox_core.printable import visible
from harness.authoring.finding import Fault, Finding, fault
from harness.authoring.lines import Lines, Path
from harness.authoring.named import gate_faults, idle, value_faults
from harness.authoring.parts import Parts, choices, clauses_of, part, unused
from harness.authoring.walk import Walk
from harness.authoring.words import word_faults


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a file by line, and how much of it there is."""

    findings: tuple[Finding, ...]
    scales: int
    clauses: int
    readings: int

    def count(self, severity: str) -> int:
        """How many findings are errors, or warnings."""
        return sum(f.severity == severity for f in self.findings)


def check(text: str) -> Checked:
    """Check the text of a guideline file.

    Each reading is turned to each of its choices, the others at their defaults. A file without an error is one that
    :func:`cartox_core.load` accepts under every such choice.

    >>> from cartox_core.library import guideline_text
    >>> check(guideline_text("mskcc-2018")).count("error")
    0
    """
    try:
        raw = toml_of(text)
    except TooDeep as error:
        return Checked((_too_deep(str(error), text),), 0, 0, 0)
    except ValueError as error:
        return Checked((_not_toml(str(error), text),), 0, 0, 0)
    lines, found = Lines(text), _unique(_faults(raw, text))
    findings = [Finding(lines.of(f.path), f.severity, f.code, visible(f.message), visible(f.hint)) for f in found]
    scales, readings = len(part(raw, "scale")), len(part(raw, "reading"))
    clauses = sum(1 for _ in clauses_of(raw))
    return Checked(tuple(sorted(findings, key=lambda f: f.line)), scales, clauses, readings)


def _too_deep(said: str, text: str) -> Finding:
    """Told at the line that opens most; the parser does not say where it gave up."""
    lines = text.split("\n")
    deepest = max(range(len(lines)), key=lambda i: sum(map(lines[i].count, "[{.")))
    found = fault((), "not-toml", said)
    return Finding(deepest + 1, "error", found.code, found.message, found.hint)


def _not_toml(said: str, text: str) -> Finding:
    place = re.search(r" \(at line (\d+), column \d+\)", said)
    line = int(place[1]) if place else text.rstrip("\n").count("\n") + 1
    found = fault((), "not-toml", (said.replace(place[0], "") if place else said).replace(";", ","))
    return Finding(line, "error", found.code, found.message, found.hint)


def _unique(faults: Iterator[Fault]) -> list[Fault]:
    """One fault of a kind at a place: the first, which is that of the defaults where they have it."""
    seen: dict[tuple[Path, str], Fault] = {}
    for found in faults:
        seen.setdefault((found.path, found.code), found)
    return list(seen.values())


def _faults(raw: Mapping[str, Any], text: str) -> Iterator[Fault]:
    parts = Parts(raw)
    yield from parts.faults
    walks = []
    for told, chosen in choices(parts.readings):
        walk = Walk(parts.reader(chosen), parts.partly)
        for name, scale in part(raw, "scale").items():
            walk.scale(name, scale)
        walks.append(walk)
        yield from (_under(found, told) for found in walk.faults)
    if not any(f.severity == "error" for f in [*parts.faults, *(f for walk in walks for f in walk.faults)]):
        yield from _refused(text, parts.readings)
        yield from idle(raw, walks)
    yield from word_faults(raw, walks)
    yield from value_faults(raw, walks)
    yield from gate_faults(raw, walks)
    yield from unused(raw)


def _under(found: Fault, told: str) -> Fault:
    return dataclasses.replace(found, message=f"{found.message} (with --reading {told})") if told else found


def _refused(text: str, readings: Mapping[str, Reading]) -> Iterator[Fault]:
    """What the core refuses, though its pieces are good; so that what is called sound can be loaded."""
    for told, chosen in choices(readings):
        try:
            parse(text, "the file", chosen)
        except GuidelineError as error:
            yield _under(fault((), "refused", str(error)), told)
