"""Parts of JSON that anybody may have written: what is not of the type that it should be is taken for absent."""

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def part(value: object, *names: str) -> Json:
    """The object at the end of a path of names; empty where there is none.

    >>> part({"code": {"text": "x"}}, "code"), part({"code": ["x"]}, "code", "text")
    ({'text': 'x'}, {})
    """
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: object) -> list[Json]:
    """The objects of a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A text; empty where it is none."""
    return value if isinstance(value, str) else ""
