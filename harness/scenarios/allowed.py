"""What may be written under a key of a policy or scenario file, in words, from the model that reads it."""

import types
from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

ELSEWHERE: dict[str, str] = {"policy": "the name of a policy, or its file"}  # read by a validator of its own
_WORDS: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "values true or false"),
    str: ("text", "texts"),
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
}


def allowed(model: type[BaseModel], place: Sequence[str | int]) -> str:
    """What may be written at a place of a file that ``model`` describes, empty where nothing may.

    >>> from harness.patients.policy import Policy
    >>> allowed(Policy, ["tocilizumab", "every_h"])
    'a number from 8 to 72'
    >>> allowed(Policy, ["effect", "crs"])
    'a list of 5 numbers from 0 to 10'
    >>> allowed(Policy, ["steroids", "crs_from_stage"])
    "1, 2, 3, 'refractory' or 'never'"
    """
    if place and place[-1] in ELSEWHERE:
        return ELSEWHERE[str(place[-1])]
    found: Any = model
    for part in place:
        found = _inner(found, part)
    return "" if found is None else words(found)


def inner_model(model: type[BaseModel], place: Sequence[str | int]) -> type[BaseModel]:
    """The model of the table at a place, the outermost where there is none."""
    found: Any = model
    for part in place:
        found = _inner(found, part)
    bare = _bare(found)[0] if found is not None else None
    return bare if isinstance(bare, type) and issubclass(bare, BaseModel) else model


def words(annotation: Any, many: bool = False) -> str:
    """What a value of a type may be, in words; of several where ``many``."""
    bare, limits = _bare(annotation)
    origin, args = get_origin(bare), get_args(bare)
    if bare in _WORDS:
        return " ".join(filter(None, [_WORDS[bare][many], _range(limits)]))
    if origin is Literal:
        *first, last = (repr(value) for value in args)
        return f"{', '.join(first)} or {last}" if first else last
    if origin in (list, tuple):
        each = [arg for arg in args if arg is not Ellipsis]
        fixed = origin is tuple and Ellipsis not in args
        some = f"{len(each)} " if fixed else "one or more " if any(isinstance(x, MinLen) for x in limits) else ""
        return f"a list of {some}{words(each[0], many=True)}"
    if origin is dict:
        return f"a table of names, each with {words(args[1])}"
    return "tables" if many else "a table"


def _bare(annotation: Any) -> tuple[Any, list[Any]]:
    """A type without what is written around it, and its limits; None as an alternative is the key left out."""
    limits: list[Any] = []
    while True:
        if isinstance(annotation, FieldInfo):
            limits += annotation.metadata
            annotation = annotation.annotation
        elif get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            for extra in more:
                limits += extra.metadata if isinstance(extra, FieldInfo) else [extra]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation, limits


def _inner(annotation: Any, part: str | int) -> Any:
    """The type of what stands under a key, or at a place of a list; None where there is none."""
    bare, _ = _bare(annotation) if annotation is not None else (None, [])
    args = [arg for arg in get_args(bare) if arg is not Ellipsis]
    if isinstance(part, int):
        return args[min(part, len(args) - 1)] if args and get_origin(bare) in (list, tuple) else None
    if get_origin(bare) is dict:
        return args[1]
    return bare.model_fields.get(part) if isinstance(bare, type) and issubclass(bare, BaseModel) else None


def _range(limits: Iterable[Any]) -> str:
    """Limits in words.

    >>> _range([Gt(4), Le(72)]), _range([Ge(0), Le(1)]), _range([Ge(0), Lt(24)]), _range([Gt(0)])
    ('more than 4 and at most 72', 'from 0 to 1', 'from 0 to less than 24', 'more than 0')
    """
    low = next((x for x in limits if isinstance(x, Ge | Gt)), None)
    high = next((x for x in limits if isinstance(x, Le | Lt)), None)
    if isinstance(low, Ge):
        start = f"from {low.ge:g}" if high else f"of {low.ge:g} or more"
        ends = {Le: " to ", Lt: " to less than "}
    else:
        start = f"more than {low.gt:g}" if low else ""
        ends = {Le: " and at most ", Lt: " and less than "} if low else {Le: "of at most ", Lt: "of less than "}
    if high is None:
        return start
    return f"{start}{ends[type(high)]}{high.le if isinstance(high, Le) else high.lt:g}"
