"""A case at the edge: protocol objects in, checked records out, every fault reported at once.

What the record may hold is said in :mod:`cartox_core.observation`; here it is held against what came.
"""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, TypeVar

from cartox_core.fields import Field
from cartox_core.observation import ITEMS_OF, OBSERVATION, PATIENT, TREATMENT, Observation, Patient, Treatment

Record = TypeVar("Record", Observation, Patient, Treatment)
_LONGEST_SHOWN = 60
_FEW = 5  # fields that can all be named
_REQUIRED: Mapping[type, tuple[str, ...]] = {
    record: tuple(name for name, field in fields.items() if field.required)
    for record, fields in ((Patient, PATIENT), (Observation, OBSERVATION), (Treatment, TREATMENT))
}
_LONGEST_NUMERAL = 4000  # int() itself refuses more than 4,300 digits
_HINTED = 20  # a nearest name costs half a millisecond, and one line can hold 60,000 unknown ones


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a case: where, which field, what was got, what is allowed.

    >>> print(Fault("observations[0]", "temp_c", 101.5, "a number from 25 to 45 Cel"))
    observations[0].temp_c is 101.5; allowed: a number from 25 to 45 Cel
    """

    where: str
    field: str
    value: object
    allowed: str

    def __str__(self) -> str:
        try:
            shown = json.dumps(self.value, default=str, ensure_ascii=False)
        except (ValueError, TypeError, RecursionError):  # endless digits, keys that are no text, a value in itself
            shown = f"a {type(self.value).__name__} that cannot be shown"
        shown = shown.encode("utf-8", "replace").decode()  # half a surrogate pair is no text
        shown = shown if len(shown) <= _LONGEST_SHOWN else shown[: _LONGEST_SHOWN - 1] + "…"
        place = f"{self.where}.{self.field}" if self.where else self.field
        return f"{place} is {shown}; allowed: {self.allowed}"


class Refused(ValueError):
    """A case that may not be graded, with all its faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, faults)))


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """A checked case: a snapshot when it has one observation, else a course."""

    id: str | None
    patient: Patient
    observations: tuple[Observation, ...]
    treatments: tuple[Treatment, ...]

    @property
    def is_snapshot(self) -> bool:
        """Whether the case is graded as a snapshot."""
        return len(self.observations) == 1


def read_case(raw: object) -> Case:
    """The case that a protocol object describes. Raises Refused with every fault there is.

    >>> read_case({"observations": [{"time_h": 1, "temp_c": 38}]}).observations[0].temp_c
    38.0
    >>> read_case({"observations": [{"time_h": 1, "temp_f": 101}]})
    Traceback (most recent call last):
        ...
    cartox_core.case.Refused: observations[0].temp_f is 101; allowed: a field of the protocol; did you mean temp_c?
    """
    if not isinstance(raw, Mapping):
        raise Refused([Fault("", "case", raw, "an object with observations")])
    faults: list[Fault] = []
    patient = _record(raw.get("patient") or {}, Patient, PATIENT, "patient", faults) if _is_object(
        raw.get("patient"), "patient", faults
    ) else None  # fmt: skip
    rows = raw.get("observations")
    if not isinstance(rows, list) or not rows:
        faults.append(Fault("", "observations", rows, "a list of at least one observation"))
        rows = []
    observations = [_record(r, Observation, OBSERVATION, f"observations[{i}]", faults) for i, r in enumerate(rows)]
    given = raw.get("treatments")
    if given is not None and not isinstance(given, list):
        faults.append(Fault("", "treatments", given, "a list of treatments"))
        given = []
    treatments = [_record(t, Treatment, TREATMENT, f"treatments[{i}]", faults) for i, t in enumerate(given or [])]
    charted = [o for o in observations if o is not None]
    if len(charted) == len(observations):
        faults.extend(_order_faults(charted))
    faults.extend(_agreement_faults(observations))
    if len(rows) > 1:
        faults.extend(_state_faults(rows))
    if faults or patient is None:
        raise Refused(faults)
    given_id = raw.get("id")
    return Case(
        given_id if isinstance(given_id, str) else None,
        patient,
        tuple(charted),
        tuple(t for t in treatments if t is not None),
    )


def _is_object(value: object, name: str, faults: list[Fault]) -> bool:
    if value is None or isinstance(value, Mapping):
        return True
    faults.append(Fault("", name, value, "an object"))
    return False


def _record(
    raw: Any, record: type[Record], fields: Mapping[str, Field], where: str, faults: list[Fault]
) -> Record | None:
    if not isinstance(raw, Mapping):
        kind = where.partition("[")[0]
        faults.append(Fault("", kind, raw, f"an object as {where}"))
        return None
    found = len(faults)
    values = {}
    for name, value in raw.items():
        if name not in fields:
            near = get_close_matches(str(name), list(fields), n=1, cutoff=0.5) if len(faults) < _HINTED else []
            few = f": {', '.join(fields)}" if len(fields) <= _FEW and len(faults) == found else ""
            hint = f"; did you mean {near[0]}?" if near else few
            faults.append(Fault(where, str(name), value, f"a field of the protocol{hint}"))
        elif value is not None:
            if allowed := fields[name].fault(value):
                faults.append(Fault(where, name, value, allowed))
            else:
                values[name] = fields[name].clean(value)
    for name in _REQUIRED[record]:
        if raw.get(name) is None:
            faults.append(Fault(where, name, None, fields[name].allowed))
    return record(**values) if len(faults) == found else None


def _order_faults(observations: Sequence[Observation]) -> Iterator[Fault]:
    for i, (earlier, later) in enumerate(pairwise(observations), start=1):
        if later.minute <= earlier.minute:
            allowed = f"a later minute than the observation before it ({earlier.time_h:g} h)"
            yield Fault(f"observations[{i}]", "time_h", later.time_h, allowed)


def _agreement_faults(observations: Sequence[Observation | None]) -> Iterator[Fault]:
    for i, observation in enumerate(observations):
        for total, name in ITEMS_OF.items():
            charted, items = getattr(observation, total, None), getattr(observation, name, None)
            if charted is None or items is None:
                continue
            low, high = items.possible
            if not low <= charted <= high:
                allowed = f"items that add up to the {total} of {charted}; these give {low} to {high}"
                yield Fault(f"observations[{i}]", name, dataclasses.asdict(items), allowed)


def _state_faults(rows: Sequence[object]) -> Iterator[Fault]:
    for i, row in enumerate(rows):
        for name, field in OBSERVATION.items():
            if field.snapshot_only and isinstance(row, Mapping) and row.get(name) is not None:
                allowed = "nothing in a course, where it is derived; state it in a snapshot only"
                yield Fault(f"observations[{i}]", name, row[name], allowed)


def _whole(digits: str) -> int | float:
    """A whole number; one with more digits than any field takes is as good as infinite."""
    return int(digits) if len(digits) < _LONGEST_NUMERAL else float(digits)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise ValueError(f"the key {next(k for k in held if counts[k] > 1)!r} stands twice")
    return held


_JSON = json.JSONDecoder(object_pairs_hook=_once, parse_int=_whole)  # json.loads would make one for each line


def read_json(line: str) -> Any:
    """The object that a line of JSON holds. Raises ValueError; a key written twice is refused."""
    if line.startswith("\ufeff"):
        raise ValueError("not JSON: Unexpected UTF-8 BOM (decode using utf-8-sig) at column 1")
    try:
        return _JSON.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a case: nested too deeply") from None
