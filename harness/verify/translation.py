"""``--map``: how our fields are called, measured and coded at theirs, and how their grades read (a small TOML).

grade_text = "Grade {}"          # their answer for a grade
not_taken = ["cn6_palsy"]        # fields that they have no place for
[grades]
"none" = 0                       # other words for grades
[fields.temp_c]
name = "temperature"
unit = "[degF]"
[fields.o2_device]
values = { nasal_cannula = "NC", none = "RA" }
"""

import dataclasses
import re
import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pydantic

from cartox_core import Grade, Guideline, Refused, Scale, read_case
from cartox_core.fields import Field, is_number
from cartox_core.observation import ITEMS_OF, OBSERVATION, PATIENT, READABLE
from harness.charts import mildest
from harness.verify.case import SuiteCase
from harness.verify.suite.right import graded

Raw = dict[str, Any]
_FIELDS: Mapping[str, Field] = {**OBSERVATION, **PATIENT}
_UNITS: Mapping[tuple[str, str], tuple[Fraction, Fraction]] = {  # theirs = factor × ours + offset
    ("Cel", "[degF]"): (Fraction(9, 5), Fraction(32)),
    ("L/min", "mL/min"): (Fraction(1000), Fraction(0)),
    ("1", "%"): (Fraction(100), Fraction(0)),
    ("h", "min"): (Fraction(60), Fraction(0)),
    ("h", "d"): (Fraction(1, 24), Fraction(0)),
    ("a", "mo"): (Fraction(12), Fraction(0)),
    ("kg", "g"): (Fraction(1000), Fraction(0)),
    ("mg/dL", "mg/L"): (Fraction(10), Fraction(0)),
    ("mg/dL", "g/L"): (Fraction(1, 100), Fraction(0)),
    ("g/dL", "g/L"): (Fraction(10), Fraction(0)),
    ("/uL", "10*9/L"): (Fraction(1, 1000), Fraction(0)),
}


class MapError(ValueError):
    """A map that cannot be read. The message names the place and what is allowed."""


class _FieldMap(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)
    name: str | None = None
    unit: str | None = None
    values: dict[str, str | int | float | bool] | None = None


class _MapFile(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)
    grade_text: str | None = None
    not_taken: list[str] = []
    grades: dict[str, int] = {}
    fields: dict[str, _FieldMap] = {}


@dataclasses.dataclass(frozen=True)
class Translation:
    """Our cases in their words. ``untold`` are our fields that they do not take.

    ``unsaid`` are, by field, values for which they have no word.
    """

    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    values: Mapping[str, Callable[[Any], Any]] = dataclasses.field(default_factory=dict)
    untold: frozenset[str] = frozenset()
    unsaid: Mapping[str, frozenset[Any]] = dataclasses.field(default_factory=dict)
    grades: Mapping[str, int] = dataclasses.field(default_factory=dict)
    grade_text: re.Pattern[str] | None = None

    def leaving_out(self, fields: frozenset[str]) -> "Translation":
        """The same for somebody who takes still less."""
        return dataclasses.replace(self, untold=self.untold | fields)

    def told(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """A case in their words."""
        if not (self.names or self.values or self.untold):
            return raw
        return self._each_record(raw, self._record)

    def heard(self, raw: Any) -> Any:
        """Their answer object with its grades as numbers, where the map knows their words."""
        if not (self.grades or self.grade_text) or not isinstance(raw, Mapping) or "grades" not in raw:
            return raw
        grades = raw["grades"]
        return {**raw, "grades": [self._grade(g) for g in grades] if isinstance(grades, list) else self._grade(grades)}

    def can_tell(self, case: SuiteCase, guideline: Guideline) -> bool:
        """Whether nothing that they cannot be told makes a difference to what is right."""
        return not self.blocking(case, guideline)

    def blocking(self, case: SuiteCase, guideline: Guideline) -> tuple[str, ...]:
        """The fields that they cannot be told, or whose value they have no word for, on which the answer turns."""
        if not (self.untold or self.unsaid):
            return ()
        records = _records(case.raw)
        if wordless := tuple(k for k, said in self.unsaid.items() if any(_is_among(r.get(k), said) for r in records)):
            return wordless
        scale = guideline.scale(case.scale)
        there = tuple(sorted({name for record in records for name in record} & self.untold))
        if case.expected is None:
            return () if _is_refused(self._each_record(case.raw, self._without)) else there
        read = [k for k in self.untold if k in READABLE and k in scale.fields]
        items = [ITEMS_OF[k] for k in scale.fields if k in ITEMS_OF and ITEMS_OF[k] in self.untold]
        saying = [k for k in read if _says_something(case.raw, k)]
        saying += [k for k in items if any(row.get(k) for row in case.raw["observations"])]
        if not saying or self._at_mildest(case.raw, read, scale) == case.expected:
            return ()
        return tuple(sorted(saying))

    def _each_record(self, raw: Mapping[str, Any], change: Callable[[Mapping[str, Any]], Raw]) -> Raw:
        patient, rows = raw.get("patient"), raw.get("observations")
        told = dict(raw)
        if isinstance(patient, Mapping):
            told["patient"] = change(patient)
        if isinstance(rows, list):
            told["observations"] = [change(row) if isinstance(row, Mapping) else row for row in rows]
        return told

    def _record(self, row: Mapping[str, Any]) -> Raw:
        return {
            self.names.get(k, k): self.values[k](v) if k in self.values else v
            for k, v in row.items()
            if k not in self.untold
        }

    def _without(self, row: Mapping[str, Any]) -> Raw:
        return {k: v for k, v in row.items() if k not in self.untold}

    def _at_mildest(self, raw: Mapping[str, Any], read: list[str], scale: Scale) -> tuple[Grade, ...]:
        """The grades were the untold signs all at their mildest."""
        mild = {k: mildest(READABLE[k]) for k in read if not READABLE[k].snapshot_only or len(raw["observations"]) == 1}
        patient = {k: v for k, v in (raw.get("patient") or {}).items() if k not in self.untold}
        rows = [
            {**self._without(row), **{k: v for k, v in mild.items() if k not in PATIENT}} for row in raw["observations"]
        ]
        return graded({**raw, "patient": patient, "observations": rows}, scale)[0]

    def _grade(self, entry: Any) -> Any:
        if not isinstance(entry, str):
            return entry
        if entry in self.grades:
            return self.grades[entry]
        found = self.grade_text.fullmatch(entry.strip()) if self.grade_text else None
        return int(found.group(1)) if found else entry


def translation_of(text: str) -> Translation:
    r"""Read a map. Raises MapError.

    >>> there = translation_of('[fields.temp_c]\nname = "T"\nunit = "[degF]"')
    >>> there.told({"observations": [{"time_h": 1, "temp_c": 38.0}]})["observations"]
    [{'time_h': 1, 'T': 100.4}]
    """
    try:
        raw = _MapFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MapError(f"not TOML: {error}") from None
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        raise MapError(f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}") from None
    for name in (*raw.fields, *raw.not_taken):
        if name not in _FIELDS:
            raise MapError(f"there is no field {name!r}; see cartox schema")
    names = {k: m.name for k, m in raw.fields.items() if m.name}
    taken = list(names.values())
    if double := next((n for n in taken if taken.count(n) > 1), None):
        raise MapError(f"two fields are both called {double!r}")
    if raw.grade_text is not None and raw.grade_text.count("{}") != 1:
        raise MapError('grade_text needs one {} where the number stands, as in "Grade {}"')
    return Translation(
        names=names,
        values={k: _converter(_FIELDS[k], m) for k, m in raw.fields.items() if m.unit or m.values is not None},
        untold=frozenset(raw.not_taken),
        unsaid={k: _unsaid(_FIELDS[k], m.values) for k, m in raw.fields.items() if m.values is not None},
        grades=raw.grades,
        grade_text=re.compile(re.escape(raw.grade_text).replace(r"\{\}", r"\s*(\d)\s*")) if raw.grade_text else None,
    )


def _converter(field: Field, wanted: _FieldMap) -> Callable[[Any], Any]:
    if wanted.values is not None:
        words = {_key(k, field): v for k, v in wanted.values.items()}
        return lambda value: words.get(value, value) if isinstance(value, str | bool) else value
    assert wanted.unit is not None
    if wanted.unit == field.unit:
        return lambda value: value
    if (field.unit, wanted.unit) not in _UNITS:
        known = [theirs for ours, theirs in _UNITS if ours == field.unit]
        raise MapError(f"{field.name} in {wanted.unit!r} is not known; it can be in {', '.join([field.unit, *known])}")
    factor, offset = _UNITS[field.unit, wanted.unit]

    def converted(value: Any) -> Any:
        return float(Fraction(str(value)) * factor + offset) if is_number(value) else value

    return converted


def _key(word: str, field: Field) -> str | bool:
    """One of our values, as TOML can write it for a key. Raises MapError."""
    if field.kind == "bool" and word in ("true", "false"):
        return word == "true"
    if field.kind == "enum" and word in field.values:
        return word
    allowed = (
        "true and false" if field.kind == "bool" else ", ".join(field.values) or "none: it is a number, give a unit"
    )
    raise MapError(f"{field.name} has no value {word!r}; its values are {allowed}")


def _unsaid(field: Field, values: Mapping[str, Any] | None) -> frozenset[Any]:
    ours = (True, False) if field.kind == "bool" else field.values
    return frozenset(v for v in ours if v not in {_key(k, field) for k in values or ()})


def _is_among(value: Any, said: frozenset[Any]) -> bool:
    """Whether a value is one of these; what a case holds that must be refused may be a list."""
    return isinstance(value, str | bool) and value in said


def _records(raw: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = raw.get("observations")
    records = [raw.get("patient"), *(rows if isinstance(rows, list) else [])]
    return [r for r in records if isinstance(r, Mapping)]


def _says_something(raw: Mapping[str, Any], name: str) -> bool:
    """Whether a field is anything but charted at its mildest."""
    field = READABLE[name]
    rows = [raw.get("patient") or {}] if name in PATIENT else raw["observations"]
    return any((field.default if row.get(name) is None else row[name]) != mildest(field) for row in rows)


def _is_refused(raw: Mapping[str, Any]) -> bool:
    try:
        read_case(raw)
    except Refused:
        return True
    return False
