"""A file of cases as JSON Lines, whatever form of JSON it has; what is no JSON is told as such."""

import json

from harness.cli.failure import Stopped
from harness.cli.lines import FILE_LIMIT
from harness.cli.streams import CHUNK, Read


def json_lines(read: Read) -> Read:
    r"""Reads JSON Lines, or one document over several lines as one line.

    >>> parts = iter([b'{\n "id":', b' 1\n}\n', b""])
    >>> json_lines(lambda size: next(parts))(99)
    b'{  "id": 1 } '
    """
    head = _first_line(read)
    start = head.lstrip()
    if start[:1] in (b"{", b"[") and not _is_json(start.split(b"\n", 1)[0]):
        while len(head) <= FILE_LIMIT and (more := read(CHUNK)):
            head += more
        head = head.replace(b"\n", b" ") if _is_json(head) else head
    return _then(head, read)


def charted(read: Read, name: str, verb: str) -> Read:
    """Reads charted cases as they are. Raises Stopped for what is no JSON."""
    head = _first_line(read)
    start = head.lstrip()
    if start and start[:1] not in b"{[":
        raise Stopped(f"{name} {_looks(start)}; {verb} takes cases in JSON: see {verb} --example, and cartox schema")
    return _then(head, read)


def _first_line(read: Read) -> bytes:
    """What is there until the first line that is not empty has come."""
    head = read(CHUNK)
    while head and b"\n" not in head.lstrip() and len(head) <= FILE_LIMIT and (more := read(CHUNK)):
        head += more
    return head


def _then(head: bytes, read: Read) -> Read:
    pending = [head] if head else []

    def following(size: int) -> bytes:
        return pending.pop() if pending else read(size)

    return following


def _looks(start: bytes) -> str:
    line = start.split(b"\n", 1)[0]
    return "looks like a CSV" if any(sign in line for sign in (b",", b";", b"\t")) else "is no JSON"


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
