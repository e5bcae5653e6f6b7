"""What of a grader's log is worth showing: the lines about an error, else the last."""

import re

from harness.verify.answer import clean

_ERROR = re.compile(r"error|exception|cannot|not found|traceback|panic", re.IGNORECASE)
_FRAME = re.compile(r"^(at |File |node:|in \S+$)")


def telling_lines(log: str, most: int) -> list[str]:
    r"""At most so many lines, in their order.

    >>> telling_lines("start\nError: Cannot find module 'x'\n    at Module (node:1)\n\nNode.js v20", 1)
    ["Error: Cannot find module 'x'"]
    """
    lines = [clean(line) for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line) and not _FRAME.match(line)]
    return (errors or lines)[-most:]
