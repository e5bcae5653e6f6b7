"""What pydantic finds wrong with a file, in a line for its author."""

import difflib
from typing import Any, get_args

from pydantic import BaseModel


def told(error: Any, model: type[BaseModel]) -> str:
    """One fault of a file that ``model`` describes: the key, what was got, what is allowed."""
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return f"{place} is missing"
    if error["type"] == "value_error":
        return f"{place}: {error['ctx']['error']}" if place else str(error["ctx"]["error"])
    if error["type"] != "extra_forbidden":
        return f"{place} is {error['input']!r}: {error['msg']}"
    for part in error["loc"][:-1]:
        model = _inner(model, part)
    keys = [k for k in model.model_fields if k != "name"]
    near = difflib.get_close_matches(str(error["loc"][-1]), keys, n=1, cutoff=0.5)
    return f"unknown key {place!r};{f' did you mean {near[0]!r}?' if near else ''} allowed: {', '.join(keys)}"


def _inner(model: type[BaseModel], part: str | int) -> type[BaseModel]:
    """The model of a table in a table, or of those in a list."""
    if isinstance(part, int) or part not in model.model_fields:
        return model
    annotation = model.model_fields[part].annotation
    for inner in (annotation, *get_args(annotation)):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return model
