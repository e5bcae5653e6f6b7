"""Where a text names a value that its test leaves out: ``CPAP`` beside ``o2_device = ["bipap"]``; and idle clauses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core.conditions import OneOf
from cartox_core.fields import Field, Value
from harness.authoring.finding import Fault, fault
from harness.authoring.lines import Path
from harness.authoring.parts import clauses_of, part
from harness.authoring.walk import Walk
from harness.authoring.words import Measure, disagreements

_DENIED = r"(?:\b(?:no|not|not for|without|nor|never|other than|except)\s+)"
_SHORTEST = 4  # a word of three letters may mean anything


def value_faults(raw: Mapping[str, Any], walks: Sequence[Walk]) -> Iterator[Fault]:
    """Warnings for clauses whose text names a value of a tested field that no choice of a reading lets pass."""
    tested: dict[Path, dict[str, tuple[Field, set[Value]]]] = {}
    for walk in walks:
        for path, clause in walk.clauses.items():
            for name, test in clause.when.items():
                if isinstance(test, OneOf) and walk.fields[path][name].kind == "enum":
                    found = tested.setdefault(path, {}).setdefault(name, (walk.fields[path][name], set()))
                    found[1].update(test.values)
    for path, written in clauses_of(raw):
        for field, values in tested.get(path, {}).values():
            for value in named(str(written.get("text", "")), field, values):
                said = f"the text names {value.replace('_', ' ')}, the test of {field.name} leaves it out"
                yield fault((*path, "text", field.name, value), "value", f"{written.get('id')}: {said}", "warning")


def named(text: str, field: Field, passing: set[Value]) -> Iterator[str]:
    """The values of a field that a text names, not to deny them, and that do not pass.

    >>> from cartox_core.observation import READABLE
    >>> list(named("CPAP, BiPAP or a ventilator", READABLE["o2_device"], {"bipap"}))
    ['cpap']
    """
    words = text.replace("-", " ").replace("_", " ").lower()
    for value in sorted(passing, key=lambda v: -len(str(v))):
        words = words.replace(str(value).replace("_", " "), " ")
    for value in field.values:
        spelt = re.escape(value.replace("_", " "))
        if value not in passing and len(value) >= _SHORTEST and value != "none":
            denied = re.sub(rf"{_DENIED}(?:\w+\s+)?{spelt}\b", " ", words)
            if re.search(rf"\b{spelt}\b", denied):
                yield value


def gate_faults(raw: Mapping[str, Any], walks: Sequence[Walk]) -> Iterator[Fault]:
    """Warnings for the words of a gate that name other numbers than its clauses test."""
    for name, scale in part(raw, "scale").items():
        measures: dict[str, Measure] = {}
        for walk in walks:
            for path, clause in walk.clauses.items():
                if path[:3] == ("scale", name, "gate"):
                    for field, test in clause.when.items():
                        if not isinstance(test, OneOf):
                            measures.setdefault(field, Measure(walk.fields[path][field], [])).tests.append(test)
        text = part(raw, "scale")[name].get("gate_text", "") if isinstance(scale, Mapping) else ""
        for i, said in enumerate(disagreements(str(text), list(measures.values()))):
            yield fault(("scale", name, "gate_text", i), "number", f"gate_text of {name}: {said}", "warning")


def idle(raw: Mapping[str, Any], walks: Sequence[Walk]) -> Iterator[Fault]:
    """The clauses of a file without an error that no choice of any reading lets hold."""
    held = {path for walk in walks for path in walk.clauses}
    for path, clause in clauses_of(raw):
        if path not in held:
            said = f"{clause.get('id')}: one of its tests is never met under any choice of the readings"
            yield fault(path, "dead-clause", f"{said}; take it out, and the reading if it has but one choice")
