"""One line of text as a case: read and checked, or the faults it has."""

import dataclasses
import json
from typing import Any

from cartox_core import Case, Fault, Refused, read_case
from cartox_core.case import read_json

CaseId = str | int | None
_EXCERPT = 60


@dataclasses.dataclass(frozen=True, slots=True)
class CaseLine:
    """What a line holds: its id as given, and the case, or (case None) why it is refused."""

    id: CaseId
    case: Case | None
    faults: tuple[Fault, ...]


def case_line(line: bytes | None) -> CaseLine:
    """The case on a line of JSON; None stands for a line that was too long to keep.

    >>> case_line(b'{"id": "a", "observations": [{"time_h": 1, "temp_c": 391}]}').faults[0].field
    'temp_c'
    >>> print(case_line(b"temp 39").faults[0])
    line is "temp 39"; allowed: an object in JSON (not JSON: Expecting value at column 1)
    """
    try:
        raw = message(line)
    except ValueError as error:
        shown = "…" if line is None else line[:_EXCERPT].decode(errors="replace")
        return CaseLine(lenient_id(line), None, (Fault("", "line", shown, f"an object in JSON ({error})"),))
    try:
        case = read_case(raw)
    except Refused as refusal:
        return CaseLine(id_of(raw), None, refusal.faults)
    return CaseLine(id_of(raw), case, ())


def message(line: bytes | None) -> Any:
    """What a line of JSON says. Raises ValueError with the reason, in a few words."""
    if line is None:
        raise ValueError("the line is too long")
    try:
        return read_json(line.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start + 1}") from None


def id_of(raw: object) -> CaseId:
    """The id of a case: a text or a whole number; anything else is none."""
    given = raw.get("id") if isinstance(raw, dict) else None
    return given if isinstance(given, str) or type(given) is int else None


def lenient_id(line: bytes | None) -> CaseId:
    """The id on a line that JSON takes and the protocol does not, such as one with a key written twice."""
    try:
        return id_of(json.loads(line or b""))
    except (ValueError, RecursionError):
        return None
