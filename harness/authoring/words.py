"""Where a text and the test beside it name different numbers: ``38.5 °C or more`` beside ``temp_c = ">= 38.0"``.

A text is compared with the tests under every choice of the readings, and only where it is plain which field it
means: by its unit, by a word of the field's name, or because the clause tests one number only.
"""

import contextlib
import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core.conditions import Between, ConditionError, parse_test
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, READABLE
from cartox_core.table_file import put_in_later
from harness.authoring.claims import MEASURES, Claim, agrees, claims
from harness.authoring.finding import Fault, fault
from harness.authoring.lines import Path
from harness.authoring.parts import clauses_of, part
from harness.authoring.walk import Walk

_RANKS = ("grade", "stage")


@dataclasses.dataclass(slots=True)
class Measure:
    """A field that holds a number, and the tests that a clause has of it under the choices of the readings."""

    field: Field
    tests: list[Between]

    def agrees(self, claim: Claim) -> bool:
        """Whether a claim says what some choice makes of the test."""
        return any(agrees(self._in_its_unit(claim), test, self.field) for test in self.tests)

    def _in_its_unit(self, claim: Claim) -> Claim:
        if claim.unit != "%" or self.field.unit != "1":
            return claim
        low, high = (round(end / 100, 9) for end in (claim.stretch.low, claim.stretch.high))
        return dataclasses.replace(claim, stretch=dataclasses.replace(claim.stretch, low=low, high=high))

    def has_unit_of(self, claim: Claim) -> bool:
        """Whether a claim is in the unit of the field."""
        is_ratio = "_times_" in self.field.name
        if claim.unit == "times":
            return is_ratio
        return claim.unit == self.field.unit or (claim.unit == "%" and self.field.unit == "1" and not is_ratio)

    def is_named_by(self, claim: Claim) -> bool:
        """Whether a word of the field's name stands beside the number."""
        names = set(self.field.name.split("_")) - {"times", "baseline"}  # a ratio is told by its unit
        if claim.about and claim.about[0] in _RANKS:
            return claim.about[0] in names
        return any(_alike(name, word) for name in names for word in claim.about if len(name) > 2)

    def told(self) -> str:
        """The tests in words."""
        unit = f" {self.field.unit}" if self.field.unit not in ("", "1") else ""
        return f"{self.field.name} {' or '.join(dict.fromkeys(map(str, self.tests)))}{unit}"


def _alike(name: str, word: str) -> bool:
    return (name.startswith(word) or word.startswith(name)) and abs(len(name) - len(word)) <= 2 < len(word)


def word_faults(raw: Mapping[str, Any], walks: Sequence[Walk]) -> Iterator[Fault]:
    """Warnings for clauses, features of a course and choices whose texts name other numbers than their tests."""
    for path, tested in _tested(walks).items():
        for i, said in enumerate(disagreements(_text(raw, path), tested)):
            yield fault((*path, "text", i), "number", f"{_name(raw, path)}: {said}", "warning")
    for path, text, tested in _choices(raw):
        for i, said in enumerate(disagreements(text, tested)):
            yield fault((*path, "text", i), "number", f"{'.'.join(map(str, path))}: {said}", "warning")


def _choices(raw: Mapping[str, Any]) -> Iterator[tuple[Path, str, list[Measure]]]:
    """The choices of the readings, each with its text and the number tests that it puts into clauses."""
    fields: dict[str, set[str]] = {}
    for _, clause in clauses_of(raw):
        for name, value in part(clause, "when").items():
            if put_in_later(value) and name in READABLE:
                fields.setdefault(value[1:], set()).add(name)
    for key, reading in part(raw, "reading").items():
        for name, choice in part(reading, "choice").items():
            found: dict[str, Measure] = {}
            for value, written in part(choice, "values").items():
                for field in sorted(fields.get(value, ())):
                    if test := _number_test(written, READABLE[field]):
                        found.setdefault(field, Measure(READABLE[field], [])).tests.append(test)
            if found:
                yield ("reading", key, "choice", name), str(choice.get("text", "")), list(found.values())


def _number_test(written: object, field: Field) -> Between | None:
    with contextlib.suppress(ConditionError):
        test = parse_test(written, field)
        return test if isinstance(test, Between) else None
    return None


def _tested(walks: Sequence[Walk]) -> dict[Path, list[Measure]]:
    """The number tests of each clause and feature, of all walks together."""
    found: dict[Path, dict[str, Measure]] = {}
    for walk in walks:
        for path, clause in walk.clauses.items():
            mine = found.setdefault(path, {})
            for name, test in clause.when.items():
                if isinstance(test, Between):
                    mine.setdefault(name, Measure(walk.fields[path][name], [])).tests.append(test)
        for path, feature in walk.features.items():
            if feature.test is not None:
                name = feature.of[0]
                mine = found.setdefault(path, {})
                mine.setdefault(name, Measure(OBSERVATION[name], [])).tests.append(feature.test)
    return {path: list(fields.values()) for path, fields in found.items()}


def _text(raw: Any, path: Path) -> str:
    return str(_at(raw, path)["text"])


def _name(raw: Any, path: Path) -> str:
    """What a clause or a feature is called."""
    table = _at(raw, path)
    return str(table.get("id") or table.get("name"))


def _at(raw: Any, path: Path) -> Any:
    for key in path:
        raw = raw[key]
    return raw


def disagreements(text: str, fields: Sequence[Measure]) -> Iterator[str]:
    """What a text says otherwise than the tests beside it.

    >>> fever = Measure(OBSERVATION["temp_c"], [Between(low=38)])
    >>> list(disagreements("38.5 °C or more", [fever]))
    ['the text says "38.5 °C or more", the test says temp_c ≥ 38 Cel']
    """
    told, agreed = list(claims(text)), set()
    left = []
    for claim in told:
        same = [t for t in fields if _may_mean(claim, t) and t.agrees(claim)]
        agreed |= {t.field.name for t in same}
        left += [] if same else [claim]
    free = [t for t in fields if t.field.name not in agreed]
    for claim in left:
        if meant := _meant(claim, free):
            yield f'the text says "{claim.said}", the test says {" and ".join(t.told() for t in meant)}'
        elif foreign := [t for t in free if _in_another_unit(claim, t, fields)]:
            yield f'the text says "{claim.said}", {foreign[0].field.name} is in {foreign[0].field.unit}'


def _may_mean(claim: Claim, tested: Measure) -> bool:
    """Whether a claim may be one of a field; a bare number must say so by its unit or a word."""
    if claim.unit:
        return tested.has_unit_of(claim)
    return tested.is_named_by(claim) or not (claim.is_bare or _is_rank(claim))


def _is_rank(claim: Claim) -> bool:
    return bool(claim.about) and claim.about[0] in _RANKS


def _meant(claim: Claim, free: Sequence[Measure]) -> list[Measure]:
    """The fields, of those whose tests nothing has told yet, that a claim surely means."""
    if claim.unit:
        return [t for t in free if t.has_unit_of(claim)]
    if named := [t for t in free if t.is_named_by(claim)]:
        return named
    if claim.is_bare or claim.in_words or _is_rank(claim) or len(free) != 1:
        return []
    ends = [end for end in (claim.stretch.low, claim.stretch.high) if math.isfinite(end)]
    return list(free) if all(free[0].field.low <= end <= free[0].field.high for end in ends) else []


def _in_another_unit(claim: Claim, tested: Measure, fields: Sequence[Measure]) -> bool:
    """Whether a claim has the number of a test, in a unit that no field of the clause has."""
    if claim.unit not in MEASURES or any(t.has_unit_of(claim) for t in fields):
        return False
    return tested.field.unit not in ("", "1", "d") and tested.agrees(dataclasses.replace(claim, denied=False))
