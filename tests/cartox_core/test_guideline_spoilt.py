"""Any change to the shipped guideline file is read or refused; nothing else happens."""

import contextlib
import copy
import datetime
import functools
import json
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import GuidelineError, columns_of, explain_course, grade_course_columns, read_case
from cartox_core.guideline import Guideline
from cartox_core.library import parse

SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")
JUNK = [
    *(0, -1, 1, 2.5, 7, 99, 300, 10**30, float("inf"), float("nan")),
    *(True, False),
    *("", "x", "-", "never", "$x", "$fever", ">= 38.0", "crs", "0..3"),
    *([], ["x"], [1], [[]], [{}], {}, {"x": 1}, {"temp_c": ">= 38"}),
    datetime.date(2019, 1, 1),
]


def as_toml(value: Any) -> str:
    """A value in TOML; tables stand inline."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value)
        case list():
            return f"[{', '.join(map(as_toml, value))}]"
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)} = {as_toml(v)}" for k, v in value.items()) + "}"
        case _:
            return str(value)


def as_file(table: dict[str, Any]) -> str:
    """A whole file in TOML."""
    return "\n".join(f"{json.dumps(key)} = {as_toml(value)}" for key, value in table.items())


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every node below this one."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield (*path, key)
        yield from places(value, (*path, key))


@functools.cache
def shipped() -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    raw = tomllib.loads(SHIPPED)
    return raw, list(places(raw))


def spoilt(path: tuple[Any, ...], junk: Any) -> str:
    """The shipped file with one node replaced, or deleted when ``junk`` is an Ellipsis."""
    table = copy.deepcopy(shipped()[0])
    at: Any = table
    for key in path[:-1]:
        at = at[key]
    if junk is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = junk
    return as_file(table)


def test_the_writer_of_this_test_loses_nothing() -> None:
    assert tomllib.loads(as_file(shipped()[0])) == shipped()[0]


CASES = [
    read_case({"observations": [{"time_h": 1, "temp_c": 39.0, "consciousness": "voice", "ice": 9}]}),
    read_case(
        {
            "observations": [
                {"time_h": 1, "temp_c": 39.0, "ice_items": {"naming": 3}},
                {"time_h": 26, "temp_c": 36.0, "hypotension": False, "o2_device": "none"},
                {"time_h": 60},
            ],
            "treatments": [{"time_h": 2, "drug": "tocilizumab"}],
        }
    ),
]


def use(guideline: Guideline) -> None:
    """Grade a little with a guideline, in both ways."""
    for scale in guideline.scales.values():
        for case in CASES:
            explain_course(case.observations, case.treatments, scale, case.patient)
        grade_course_columns(columns_of(CASES, scale.fields), scale)


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_spoilt_file_is_read_or_refused_and_what_is_read_can_be_used(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(shipped()[1]))
    text = spoilt(path, data.draw(st.sampled_from([..., *JUNK])))
    try:
        guideline = parse(text, "spoilt.toml")
    except GuidelineError:
        return
    use(guideline)


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_with_spoilt_text_is_read_or_refused(data: st.DataObject) -> None:
    """Lines lost, doubled, swapped, or cut short."""
    lines = SHIPPED.splitlines()
    i, j = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    match data.draw(st.sampled_from(["lose", "double", "swap", "cut"])):
        case "lose":
            del lines[i]
        case "double":
            lines.insert(i, lines[i])
        case "swap":
            lines[i], lines[j] = lines[j], lines[i]
        case "cut":
            lines[i] = lines[i][: len(lines[i]) // 2]
    with contextlib.suppress(GuidelineError):
        parse("\n".join(lines), "spoilt.toml")
