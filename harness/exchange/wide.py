"""Cases as one wide table: an observation or a dose a row, a column a field; what its columns are called and hold.

CSV, Parquet and Arrow files share it. Items of a score are columns of their own (``ice_items.year``). A row with a drug
is a dose, and an observation too where it charts anything.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PARTS, PATIENT, TREATMENT
from harness.exchange.chart import Named, Raw
from harness.exchange.charted import charted
from harness.exchange.units import factors, is_own

ID, TIME, CLOCK, INFUSION, SOURCE = "id", "time_h", "time", "infusion", "source"
DOSE_COLUMNS = tuple(name for name in TREATMENT if name != TIME)
VALUE_FIELDS: Mapping[str, Field] = {
    **PATIENT,
    **{n: f for n, f in OBSERVATION.items() if f.kind != "items"},
    **PARTS,
}
_IN_BRACKETS = re.compile(r"(?P<name>[^(\[]*?)\s*[(\[]\s*(?P<unit>.*?)\s*[)\]]\s*$")
_TEMPERATURE = ("temperature", "body_temperature", "body_temp")
_SUFFIX = re.compile(r"_(c|kg|h|min|l_min|mmhg|bpm|pct|per_ul|10e9_l|g_dl|mg_dl|ng_ml|u_l|u_ml|years)$")


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What a column holds: a field or one of the table's own names, and the unit written in the header."""

    name: str
    unit: str | None = None

    @property
    def is_converted(self) -> bool:
        """Whether its values are in another unit than the field's own."""
        return self.unit is not None and not is_own(VALUE_FIELDS[self.name], self.unit)


def head_of(text: str) -> Head | str:
    """What a header says, or why it is not understood.

    >>> head_of("temp_c"), head_of("temp (°F)")
    (Head(name='temp_c', unit=None), Head(name='temp_c', unit='°F'))
    >>> head_of("crp_mg_l"), head_of("crp")
    (Head(name='crp_mg_dl', unit='mg/L'), 'crp has no unit; write crp (mg/dL), or name it crp_mg_dl')
    """
    written = text.strip()
    found = _IN_BRACKETS.match(written)
    name, unit = (found["name"], found["unit"]) if found else (written, None)
    known = _NAMES.get(_plain(name))
    if known is None:
        return f"{written!r} is no column that is known{_nearest(name)}"
    field = VALUE_FIELDS.get(known.name)
    if known.name == CLOCK and unit in factors(VALUE_FIELDS[TIME]):
        return Head(TIME, unit)
    if field is None or field.kind not in ("number", "integer"):
        return known if not unit else f"{written!r}: {known.name} has no unit"
    if unit is None:
        if known.unit is None and _plain(name) != known.name:
            return f"{written} has no unit; write {written} ({field.unit}), or name it {field.name}"
        return known
    if unit not in factors(field):
        return f"{written!r}: the unit {unit} of {field.name} is not understood; known: {', '.join(_few(field))}"
    implied = known.unit if known.unit or _plain(name) != known.name else field.unit
    if implied is not None and field.unit and factors(field).get(implied) != factors(field)[unit]:
        return f"{written!r}: the name says {implied}, the brackets {unit}"
    return Head(known.name, unit)


def tells_time(names: Iterable[str]) -> bool:
    """Whether some names of columns are those of a wide table, which has at least a time.

    >>> tells_time(["id", "time (h)"]), tells_time(["id", "grade"])
    (True, False)
    """
    heads = [head_of(name) for name in names]
    return any(isinstance(head, Head) and head.name in (TIME, CLOCK) for head in heads)


def header() -> dict[str, str]:
    """The columns of the table with what they are called in a header that tells units, each number with its own."""
    units = {name: field.unit for name, field in VALUE_FIELDS.items() if field.unit not in ("", "1")}
    return {name: f"{name} ({units[name]})" if name in units else name for name in COLUMNS}


COLUMNS = (ID, *VALUE_FIELDS, *DOSE_COLUMNS)


def rows_of(cases: Iterable[Named]) -> Iterator[dict[str, Any]]:
    """The rows of cases: observations and doses in the order of time, an observation before a dose of its minute.

    What is unknown is absent, and so is what is the default.
    """
    for name, case in cases:
        who = {ID: name, **_told(case.patient, PATIENT)}
        rows: list[tuple[int, int, dict[str, Any]]] = [
            (o.minute, 0, {**who, TIME: o.time_h, **charted(o)}) for o in case.observations
        ]
        rows += [(t.minute, 1, {**who, TIME: t.time_h, **_told(t, TREATMENT)}) for t in case.treatments]
        for _, _, row in sorted(rows, key=lambda each: each[:2]):
            yield row


def case_parts(row: Mapping[str, Any]) -> tuple[Raw, Raw, Raw | None]:
    """The patient, the values and the dose that a row of known values tells; the dose is None where it has no drug.

    >>> case_parts({"age_years": 61.0, "temp_c": 38.5, "ice_items.year": 1})
    ({'age_years': 61.0}, {'temp_c': 38.5, 'ice_items': {'year': 1}}, None)
    """
    patient: Raw = {}
    values: Raw = {}
    dose: Raw = {}
    for name, value in row.items():
        if name in PATIENT:
            patient[name] = value
        elif name in PARTS:
            items, item = name.split(".")
            values.setdefault(items, {})[item] = value
        elif name in DOSE_COLUMNS:
            dose[name] = value
        elif name in OBSERVATION and name != TIME:
            values[name] = value
    return patient, values, dose or None


def _told(record: object, fields: Iterable[str]) -> Raw:
    return {name: getattr(record, name) for name in fields if name != TIME and getattr(record, name) is not None}


def _plain(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.strip().lower())


def _few(field: Field) -> list[str]:
    return list(factors(field))[:8]


def _nearest(name: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  only a column that is not known needs it

    near = get_close_matches(_plain(name), list(_NAMES), n=1, cutoff=0.7)
    return f"; did you mean {_NAMES[near[0]].name}?" if near else ""


def _slug(unit: str) -> str:
    """A unit as it stands in a name: ``mg/L`` is mg_l, ``/uL`` per_ul."""
    return re.sub(r"[^a-z0-9%]+", "_", unit.lower().replace("°", "").removeprefix("1/").removeprefix("/")).strip("_")


def _names() -> dict[str, Head]:
    """Every name of a column: the fields', their stems (a unit must follow), and stems with another unit."""
    names: dict[str, Head] = {}
    for name, field in VALUE_FIELDS.items():
        stem = _SUFFIX.sub("", name)
        if stem == name or field.kind != "number":
            continue
        names[stem] = Head(name)
        for unit in factors(field):
            if not is_own(field, unit):
                names.setdefault(f"{stem}_{_slug(unit)}", Head(name, unit))
    temps = {name.removeprefix("temp"): head for name, head in names.items() if head.name == "temp_c"}
    names |= {
        known + rest: head for known in _TEMPERATURE for rest, head in [*temps.items(), ("_c", Head("temp_c", "Cel"))]
    }
    names |= {name: Head(name) for name in VALUE_FIELDS}
    return names | {name: Head(name) for name in (ID, CLOCK, INFUSION, SOURCE, *DOSE_COLUMNS)}


_NAMES = _names()
