"""The messages of section 4 of the protocol, from the side that asks."""

import json
from collections.abc import Collection, Mapping
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Any, get_args

from harness.verify.answer import clean, quoted
from harness.verify.doors.door import Can, DoorError, Limits, Missing, Reply, Request

PROTOCOL = 1
FORMS = ("snapshot", "course")
BYE = b'{"op":"bye"}\n'
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def hello(limits: Limits) -> bytes:
    """The first message."""
    try:
        version = installed_version("cartox")
    except PackageNotFoundError:
        version = "unknown"
    return line_of(
        {
            "op": "hello",
            "protocol": [PROTOCOL, PROTOCOL],
            "harness": {"name": "cartox", "version": version},
            "limits": {"start_ms": round(1000 * limits.start_s), "case_ms": round(1000 * limits.case_s)},
        }
    )


def line_of(message: Mapping[str, Any]) -> bytes:
    """A message as one line."""
    return (_encode(message) + "\n").encode()


def request(name: str, guideline: str, scale: str, raw: Mapping[str, Any]) -> Request:
    """The request to grade a case under a name that tells nothing."""
    return name, line_of({"op": "grade", "id": name, "guideline": guideline, "scale": scale, **raw})


def can_of(raw: Any, fallback_name: str) -> Can:
    """What an answer to hello says. Raises DoorError with what is wrong with it.

    >>> can_of({"op": "hello", "protocol": 1, "grader": {"name": "ours"}}, "x").name
    'ours'
    """
    if not isinstance(raw, Mapping) or raw.get("op") != "hello":
        raise DoorError(f'the answer to hello must be an object with "op": "hello"; got {quoted(raw)}')
    if raw.get("protocol", PROTOCOL) != PROTOCOL:
        raise DoorError(f"it speaks protocol {quoted(raw['protocol'])}; cartox speaks {PROTOCOL}")
    grader, can = (_object(raw, key) for key in ("grader", "can"))
    fields, missing = can.get("fields"), can.get("missing")
    forms = _texts(can.get("form", list(FORMS)), "form")
    if strange := [form for form in forms if form not in FORMS]:
        raise DoorError(f'"form" must be a list of {" and ".join(FORMS)}; got {quoted(strange[0])}')
    if missing is not None and missing not in get_args(Missing):
        raise DoorError(f'"missing" must be one of {", ".join(get_args(Missing))}; got {quoted(missing)}')
    return Can(
        name=clean(str(grader.get("name") or fallback_name)[:80]),
        version=clean(str(grader.get("version") or "")[:40]),
        guidelines={str(k): _texts(v, f"the scales of {k}") for k, v in _object(can, "guidelines").items()},
        forms=forms,
        missing=missing,
        fields=None if fields is None else frozenset(_texts(fields, "fields")),
    )


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = raw.get(key)
    if found is not None and not isinstance(found, Mapping):
        raise DoorError(f'in the answer to hello, "{key}" must be an object; got {quoted(found)}')
    return found or {}


def _texts(raw: Any, what: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        raise DoorError(f"in the answer to hello, {what} must be a list of texts; got {quoted(raw)}")
    return tuple(raw)


def reply_of(line: bytes, waiting: Collection[str]) -> Reply:
    """What a line answers.

    >>> reply_of(b'{"id":"a","status":"graded","grades":[1]}', ["a"]).id
    'a'
    >>> reply_of(b"Listening ...", ["a"]).trouble
    'garbled'
    """
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return Reply(None, None, "garbled", f"not JSON: {quoted(line[:200].decode(errors='replace'))}")
    return addressed(raw, waiting)


def addressed(raw: Any, waiting: Collection[str]) -> Reply:
    """What a parsed answer answers."""
    if not isinstance(raw, dict):
        return Reply(None, raw, "garbled", f"not an answer object: {quoted(raw)}")
    name = raw.get("id")
    if not isinstance(name, str) or name not in waiting:
        return Reply(name if isinstance(name, str) else None, raw, "misaddressed", f"answers no case: {quoted(raw)}")
    return Reply(name, raw)
