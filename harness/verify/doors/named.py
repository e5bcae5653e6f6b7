"""The door that a user names on the command line."""

from harness.verify.doors.door import Door, DoorError
from harness.verify.doors.http import HttpDoor
from harness.verify.doors.process import call_door, command_door
from harness.verify.doors.rows import rows_door


def door_of(spec: str) -> Door:
    """The door of a text such as ``cmd:'node grader.js'``. Raises DoorError.

    >>> door_of("http://127.0.0.1:8080").title
    'http://127.0.0.1:8080'
    """
    kind, colon, rest = spec.partition(":")
    match kind.lower():
        case "call":
            return call_door(rest)
        case "cmd":
            return command_door(rest)
        case "http" | "https":
            address = spec if rest.startswith("//") else rest
            return HttpDoor(address.rstrip("/"))
        case "rows":
            return rows_door(rest)
    hint = "" if colon else f"; did you mean {_guess(spec)}?"
    kinds = "call:package.module:function, cmd:COMMAND, http://HOST:PORT or rows:FILE"
    raise DoorError(f"a grader is named {kinds}; got {spec!r}{hint}")


def _guess(spec: str) -> str:
    """The door that somebody may mean who names a file.

    >>> _guess("my_grader.py")
    "call:my_grader:FUNCTION or cmd:'python my_grader.py'"
    """
    stem, dot, ending = spec.rpartition(".")
    runner = {"js": "node", "mjs": "node", "R": "Rscript", "rb": "ruby", "jl": "julia", "sh": "bash"}.get(ending)
    if " " in spec:
        return f"cmd:{spec!r}"
    if ending == "py":
        return f"call:{stem.replace('/', '.')}:FUNCTION or cmd:'python {spec}'"
    if ending in ("csv", "jsonl"):
        return f"rows:{spec}"
    return f"cmd:'{runner} {spec}'" if dot and runner else f"cmd:{spec!r}"
