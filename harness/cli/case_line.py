"""One line of text as a case: read and checked, or the faults it has."""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from cartox_core import Case, Fault, Refused, read_case
from cartox_core.case import read_json
from cartox_core.observation import DRUGS

CaseId = str | int | None
_EXCERPT = 60
_FAULTS_NAMED = 5


@dataclasses.dataclass(frozen=True, slots=True)
class CaseLine:
    """What a line holds: its id as given, and the case, or (case None) why it is refused.

    ``merged`` are the rules by which a chart became this case, ``left_out`` what of it is not in the case; empty for
    most.
    """

    id: CaseId
    case: Case | None
    faults: tuple[Fault, ...]
    merged: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


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
        return CaseLine(id_of(raw), None, tuple(map(_in_protocol_words, refusal.faults)))
    return CaseLine(id_of(raw), case, (), _words(raw.get("merged")), _words(raw.get("left_out")))


def _words(given: object) -> tuple[str, ...]:
    return tuple(map(str, given)) if isinstance(given, list) else ()


def faults_told(faults: Sequence[Fault], more: int = 0) -> str:
    """Some faults in words, a few of many; ``more`` are not among them.

    >>> faults_told([Fault("", "id", 1, "a text")] * 7)[-43:]
    'id is 1; allowed: a text; and 2 more faults'
    """
    more += len(faults[_FAULTS_NAMED:])
    told = "; ".join(map(str, faults[:_FAULTS_NAMED]))
    return told + (f"; and {more} more fault{'s' * (more > 1)}" if more else "")


def _in_protocol_words(fault: Fault) -> Fault:
    """A fault of a drug that has another name in the protocol, which is told instead of all drugs.

    >>> print(_in_protocol_words(Fault("treatments[0]", "drug", "Tylenol", "one of many")))
    treatments[0].drug is "Tylenol"; allowed: acetaminophen, as the protocol calls it
    """
    if fault.field != "drug" or not isinstance(fault.value, str):
        return fault
    from harness.search import same_words, words  # noqa: PLC0415  only a drug that is refused needs it

    ours = {words(name.replace("_", " ")): name for group in DRUGS.values() for name in group}
    written = words(fault.value)
    name = ours.get(same_words().get(written, written))
    return fault if name is None else dataclasses.replace(fault, allowed=f"{name}, as the protocol calls it")


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
