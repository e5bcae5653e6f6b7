"""The other side of ``call:``, a process that answers the protocol by calling a Python function.

Started as ``python -m harness.verify.doors.host package.module:function``. What the function prints goes to
stderr. It is given the grade message and may return the answer object, a list of grades, or for a snapshot one
grade: a whole number, None, or an object with floor and ceiling. A ValueError that it raises refuses the case; any
other exception is an error. It may be async. A module may say what it can in a constant ``HELLO``, the answer to
hello as section 4 of the protocol has it.
"""

import asyncio
import importlib
import inspect
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_FLUSH_S = 0.01
Function = Callable[[dict[str, Any]], Any]


def _plain(value: Any) -> Any:
    """A value that JSON does not know: numpy's numbers and arrays know their plain form; others become text."""
    return value.tolist() if hasattr(value, "tolist") else repr(value)


_encode = json.JSONEncoder(separators=(",", ":"), default=_plain).encode


def main() -> None:
    """Answer until bye or the end of input."""
    out = os.dup(1)
    os.dup2(2, 1)  # prints of the function are a log
    sys.path.insert(0, os.getcwd())
    module, function = found(sys.argv[1])
    serve(function, getattr(module, "HELLO", {}), 0, out)


def found(target: str) -> tuple[Any, Function]:
    """The module and the function of that name; ends the process with a message when there is none."""
    name, _, attribute = target.partition(":")
    try:
        module: Any = importlib.import_module(name)
        function = module
        for part in attribute.split("."):
            function = getattr(function, part)
    except (ImportError, AttributeError) as error:
        hint = "; leave out .py, as in call:my_grader:grade" if name.endswith(".py") else ""
        sys.exit(f"{target} cannot be imported: {error}{hint}")
    if not callable(function):
        sys.exit(f"{target} is no function")
    return module, function


def serve(function: Function, hello: Mapping[str, Any], source: int, out: int) -> None:
    """Answer the messages that come from one file descriptor on another."""
    is_async = inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)
    loop = asyncio.new_event_loop()
    rest = b""
    while data := os.read(source, 1 << 18):
        *lines, rest = (rest + data).split(b"\n")
        messages = [json.loads(line) for line in lines if line]
        grades = [m for m in messages if m.get("op") == "grade"]
        for message in messages:
            if message.get("op") == "hello":
                _write(out, _line({"grader": {}, **hello, "op": "hello", "protocol": 1}))
        if is_async:
            loop.run_until_complete(_all(function, grades, out))
        else:
            _each(function, grades, out, loop)
        if any(m.get("op") == "bye" for m in messages):
            return


def _each(function: Function, messages: list[dict[str, Any]], out: int, loop: asyncio.AbstractEventLoop) -> None:
    """Answer one after another; what is answered is written at latest after some milliseconds."""
    ready: list[bytes] = []
    written = time.perf_counter()
    for message in messages:
        try:
            result = function(message)
            if hasattr(result, "__await__"):  # a plain function may still return a coroutine
                result = loop.run_until_complete(result)
            answer = answer_line(message["id"], result)
        except Exception as error:
            answer = _line(failed(message["id"], error))
        ready.append(answer)
        if time.perf_counter() - written > _FLUSH_S:
            _write(out, b"".join(ready))
            ready.clear()
            written = time.perf_counter()
    _write(out, b"".join(ready))


async def _all(function: Function, messages: list[dict[str, Any]], out: int) -> None:
    """Answer all at once, each as soon as it is known."""

    async def one(message: dict[str, Any]) -> None:
        try:
            answer = answer_line(message["id"], await function(message))
        except Exception as error:
            answer = _line(failed(message["id"], error))
        _write(out, answer)

    await asyncio.gather(*map(one, messages))


def answer_line(name: str, result: Any) -> bytes:
    """What a function returned, as the answer to the case of that id.

    >>> answer_line("a", {"floor": 2, "ceiling": 3}).decode().strip()
    '{"id":"a","status":"graded","grades":[{"floor":2,"ceiling":3}]}'
    """
    if type(result) is int:  # by far the most
        return b'{"id":"%s","status":"graded","grades":[%d]}\n' % (name.encode(), result)
    if isinstance(result, Mapping):
        if "status" in result:
            return _line({**result, "id": result.get("id", name)})
        grades = result.get("grades", [result])
    else:
        result = result.tolist() if hasattr(result, "tolist") else result  # numpy, pandas
        is_several = isinstance(result, Sequence | Iterator) and not isinstance(result, str | bytes)
        grades = list(result) if is_several else [result]
    return _line({"id": name, "status": "graded", "grades": grades})


def failed(name: str, error: Exception) -> dict[str, Any]:
    """The answer where the function raised: refused for a ValueError, else error."""
    text = f"{type(error).__name__}: {error}"[:400]
    if isinstance(error, ValueError):
        return {"id": name, "status": "refused", "reason": text}
    sys.stderr.write("".join(traceback.format_exception(error)))
    return {"id": name, "status": "error", "message": text}


def _line(answer: Mapping[str, Any]) -> bytes:
    return (_encode(answer) + "\n").encode()


def _write(out: int, data: bytes) -> None:
    while data:
        data = data[os.write(out, data) :]


if __name__ == "__main__":
    main()
