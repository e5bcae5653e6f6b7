"""What is wrong with a policy or scenario file, in a line for its author."""

import difflib
from typing import Any

from pydantic import BaseModel

from harness.scenarios.allowed import allowed, inner_model


def told(error: Any, model: type[BaseModel]) -> str:
    """One fault of a file that ``model`` describes: the key, what was got, what to write instead."""
    loc = error["loc"]
    place = ".".join(str(part) for part in loc)
    if error["type"] == "value_error":
        return f"{place}: {error['ctx']['error']}" if place else str(error["ctx"]["error"])
    if error["type"] == "missing" and isinstance(loc[-1], int):  # a list that is too short
        return f"{place.rpartition('.')[0]} has too few values: write {allowed(model, loc[:-1])}"
    if error["type"] == "missing":
        what = allowed(model, loc)
        return f"{place} is missing: write {what}" if what else f"{place} is missing"
    if error["type"] == "extra_forbidden":
        return _unknown(place, str(loc[-1]), inner_model(model, loc[:-1]))
    what = allowed(model, loc)
    return f"{place} is {shown(error['input'])}: write {what}" if what else f"{place} is {shown(error['input'])}"


def shown(value: object) -> str:
    """A value as it stands in the file.

    >>> shown(True), shown("x"), shown([1, "y"]), shown({"a": 1})
    ('true', "'x'", "[1, 'y']", 'a table')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    return repr(value) if isinstance(value, str | int | float) else str(value)


def _unknown(place: str, key: str, model: type[BaseModel]) -> str:
    keys = [k for k in model.model_fields if k != "name"]
    near = difflib.get_close_matches(key, keys, n=1, cutoff=0.5)
    return f"unknown key {place!r};{f' did you mean {near[0]!r}?' if near else ''} allowed: {', '.join(keys)}"
