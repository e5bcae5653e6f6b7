"""The reference core as a grader: one message of the protocol in, one answer out (section 4)."""

from collections.abc import Mapping, Sequence
from typing import Any

from cartox_core import Guideline, Refused, read_case
from harness.cli.answers import Answer, encoded
from harness.cli.case_line import id_of, lenient_id, message
from harness.cli.entries import EntryBook
from harness.cli.failure import one_line

PROTOCOL = 1


class Bye(Exception):
    """The other side has said goodbye."""


class Grader:
    """Answers messages under some guidelines. Raises Bye when told to stop, and nothing else.

    >>> from cartox_core import load
    >>> Grader([load("astct-2019")], "0").answer(b'{"op": "hello", "protocol": [1, 1]}')[:25]
    b'{"op":"hello","protocol":'
    """

    def __init__(self, guidelines: Sequence[Guideline], version: str) -> None:
        self.version = version
        self.books = {g.id: {name: EntryBook(scale) for name, scale in g.scales.items()} for g in guidelines}

    def answer(self, line: bytes | None) -> bytes:
        """The answer to one line; None is a line over the limit."""
        try:
            raw = message(line)
        except ValueError as error:
            return encoded(unread(line, str(error)))
        identity = id_of(raw)
        try:
            return encoded(self.reply(raw))
        except Bye:
            raise
        except Exception as error:  # a grader answers whatever happens to it
            return encoded(_error(identity, f"a fault of the grader: {type(error).__name__}: {error}"))

    def reply(self, raw: Any) -> Answer:
        """The answer to one message."""
        if not isinstance(raw, Mapping):
            return _error(None, "a message is an object with an op")
        op = raw.get("op")
        if op == "grade":
            return self.grade(raw)
        if op == "hello":
            return self.hello(raw)
        if op == "bye":
            raise Bye
        return _error(id_of(raw), f"unknown op {op!r}; this grader knows hello, grade and bye")

    def hello(self, raw: Mapping[str, Any]) -> Answer:
        """What this grader is and can."""
        if not _speaks(raw.get("protocol")):
            return _error(id_of(raw), f"this grader speaks protocol {PROTOCOL}, not {raw.get('protocol')!r}")
        return {
            "op": "hello",
            "protocol": PROTOCOL,
            "grader": {"name": "cartox", "version": self.version},
            "can": {
                "guidelines": {name: list(scales) for name, scales in self.books.items()},
                "form": ["snapshot", "course"],
                "missing": "range",
            },
        }

    def grade(self, raw: Mapping[str, Any]) -> Answer:
        """The answer to a case."""
        identity = id_of(raw)
        if identity is None:
            return _error(None, "a grade request needs an id, which is a text")
        book = self._book(raw.get("guideline"), raw.get("scale"))
        if isinstance(book, str):
            return {"id": identity, "status": "skipped", "reason": one_line(book)}
        try:
            case = read_case(raw)
        except Refused as refusal:
            first = refusal.faults[0]
            return {"id": identity, "status": "refused", "field": first.field, "reason": one_line(str(refusal))}
        return {"id": identity, "status": "graded", "grades": book.entries(case)}

    def _book(self, guideline: object, scale: object) -> EntryBook | str:
        """The entries of a declared scale, or why there are none."""
        scales = self.books.get(guideline) if isinstance(guideline, str) else None
        if scales is None:
            return f"guideline {guideline!r} is not declared; declared: {', '.join(self.books)}"
        book = scales.get(scale) if isinstance(scale, str) else None
        return book or f"scale {scale!r} of {guideline} is not declared; declared: {', '.join(scales)}"


def unread(line: bytes | None, reason: str) -> Answer:
    """The answer to a line that the protocol cannot read; its id where JSON can still find one."""
    identity = lenient_id(line)
    if identity is None:
        return _error(None, reason)
    return {"id": identity, "status": "refused", "field": "case", "reason": reason}


def _speaks(offered: object) -> bool:
    """Whether a range of protocols holds ours; a harness that names none is given the benefit of the doubt."""
    if offered is None:
        return True
    ends = [e for e in (offered if isinstance(offered, list) else [offered]) if isinstance(e, int)]
    return bool(ends) and ends[0] <= PROTOCOL <= ends[-1]


def _error(identity: object, reason: str) -> Answer:
    return {"id": identity, "status": "error", "message": one_line(reason)}
