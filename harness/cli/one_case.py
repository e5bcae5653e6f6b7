"""Find one case in a file: a JSON document with one case, or a line of JSON Lines."""

import json
from collections.abc import Iterator

from cartox_core import Case
from harness.cli.case_line import CaseLine, case_line, faults_told, lenient_id
from harness.cli.failure import Stopped, one_line
from harness.cli.lines import FILE_LIMIT, batches
from harness.cli.streams import Read
from harness.verify.answer import clean

_IDS_NAMED = 5


def one_case(read: Read, name: str, wanted: str | None) -> Case:
    """The case of that id, or the only one there is. Raises Stopped when there is none, or it has faults."""
    lines = _lines(read)
    first = next(lines, None)
    if first is None:
        raise Stopped(f"{name} holds no case; write one JSON object in it")
    found = _document(first, lines) if _is_opening(first) else _line(first, lines, name, wanted)
    if wanted is not None and str(found.id) != wanted:
        raise Stopped(f"{name} holds one case, with the id {found.id!r}; leave --case out, or ask for that")
    return _sound(found, name)


def _lines(read: Read) -> Iterator[bytes]:
    for batch in batches(read, FILE_LIMIT):
        for line in batch:
            if line is None:
                raise Stopped(f"a line is longer than {FILE_LIMIT >> 20} MiB")
            if line.strip():
                yield line


def _is_opening(line: bytes) -> bool:
    """Whether a line is the beginning of a document over several lines."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.lstrip()[:1] in (b"{", b"[")
    return False


def _document(first: bytes, rest: Iterator[bytes]) -> CaseLine:
    lines, size = [first], len(first)
    for line in rest:
        size += len(line) + 1
        if size > FILE_LIMIT:
            raise Stopped(f"the document is longer than {FILE_LIMIT >> 20} MiB; one case is wanted")
        lines.append(line)
    return case_line(b"\n".join(lines))


def _line(first: bytes, rest: Iterator[bytes], name: str, wanted: str | None) -> CaseLine:
    second = next(rest, None)
    if second is None:
        return case_line(first)
    ids = [lenient_id(first), lenient_id(second)]
    if wanted is None:
        ids += [lenient_id(line) for line, _ in zip(rest, range(_IDS_NAMED - 2), strict=False)]
        some = ", ".join(str(i) for i in ids if i is not None)
        raise Stopped(f"{name} holds several cases; choose one with --case ID" + (f" ({some}, …)" if some else ""))
    for line in (first, second):
        if str(lenient_id(line)) == wanted:
            return case_line(line)
    for line in rest:
        if str(lenient_id(line)) == wanted:
            return case_line(line)
    some = ", ".join(str(i) for i in ids if i is not None)
    raise Stopped(f"{name} holds no case {wanted!r}" + (f"; its first are {some}" if some else ""))


def _sound(found: CaseLine, name: str) -> Case:
    if found.case is not None:
        return found.case
    which = "" if found.id is None else f" {clean(str(found.id))}"
    raise Stopped(one_line(f"{name}: case{which} is refused: {faults_told(found.faults)}"))
