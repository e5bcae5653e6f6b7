"""The JSON Schema and read_case say the same of every single field."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from cartox_core import Refused, read_case
from cartox_core.fields import ICE_ITEM_MAXIMUM, Field
from cartox_core.observation import ITEMS_OF, OBSERVATION, PATIENT, TREATMENT
from cartox_core.schema import case_schema
from tests import strategies

SCHEMA = case_schema()
VALID = Draft202012Validator(SCHEMA)
REGISTRY: Registry[Any] = Registry().with_resource(SCHEMA["$id"], Resource.from_contents(SCHEMA))
RECORDS = {"patient": PATIENT, "observation": OBSERVATION, "treatment": TREATMENT}
FIELDS = [(record, field) for record, fields in RECORDS.items() for field in fields.values()]
WRONG: list[Any] = [True, False, "x", "", 0, 1, -1, 9.5, 1e9, -1e9, 10**400, [], [1], {}, {"year": 1}, {"yeer": 1}]


def case_with(record: str, name: str, value: Any) -> dict[str, Any]:
    """A case that is good but for one field, perhaps."""
    observation, treatment = {"time_h": 1.0}, {"time_h": 1.0, "drug": "tocilizumab"}
    match record:
        case "patient":
            return {"patient": {name: value}, "observations": [observation]}
        case "observation":
            return {"observations": [{**observation, name: value}]}
        case _:
            return {"observations": [observation], "treatments": [{**treatment, name: value}]}


def accepted(raw: object) -> bool:
    try:
        read_case(raw)
    except Refused:
        return False
    return True


def edges(field: Field) -> list[Any]:
    """Values on and beside the limits of a field."""
    if field.kind in ("number", "integer"):
        ends = [field.low, field.high if field.high < math.inf else 1e300]
        beside = [end + step for end in ends for step in (-1, -0.5, 0, 0.5, 1)]
        jump = [0.4, 9.99, 10] if field.least else []
        return [*beside, *[int(e) for e in ends], *jump]
    if field.kind == "items":
        assert field.items is not None
        tops = field.items.most.items()
        return [{k: v} for k, top in tops for v in (None, 0, 1.0, top, top + 1, -1, 0.5, True, "1")]
    return list(field.values) + [v.upper() for v in field.values]


def test_it_is_a_schema_of_the_draft_it_names() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"].endswith("2020-12/schema")
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize(("record", "field"), FIELDS, ids=lambda x: x if isinstance(x, str) else x.name)
def test_one_field_at_its_limits(record: str, field: Field) -> None:
    for value in [None, *WRONG, *edges(field)]:
        raw = case_with(record, field.name, value)
        assert VALID.is_valid(raw) == accepted(raw), raw


@pytest.mark.parametrize(("record", "field"), FIELDS, ids=lambda x: x if isinstance(x, str) else x.name)
def test_a_field_says_what_it_is(record: str, field: Field) -> None:
    said = SCHEMA["$defs"][record]["properties"][field.name]
    assert said["description"].startswith(field.doc)
    assert said.get("unit", "") == field.unit
    assert said.get("default") == field.default


@given(st.sampled_from(FIELDS), st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3)
       | st.floats(allow_nan=False, allow_infinity=False), lambda x: st.lists(x, max_size=2)
       | st.dictionaries(st.sampled_from([*ICE_ITEM_MAXIMUM, "x"]), x, max_size=3)))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_json_in_one_field(where: tuple[str, Field], value: Any) -> None:
    raw = case_with(where[0], where[1].name, value)
    assert VALID.is_valid(raw) == accepted(raw)


@given(strategies.snapshots() | strategies.courses())
@settings(max_examples=100, deadline=None)
def test_valid_cases_pass(raw: dict[str, Any]) -> None:
    VALID.validate(raw)


@given(strategies.snapshots() | strategies.courses(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_valid_case_with_one_field_spoilt(raw: dict[str, Any], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(raw["observations"]))
    name = data.draw(st.sampled_from([*OBSERVATION, "temp_f"]))
    row[name] = data.draw(st.sampled_from(WRONG))
    among_themselves = {"time_h", *ITEMS_OF, *ITEMS_OF.values()}  # rules about several fields are not the schema's
    if accepted(raw):
        VALID.validate(raw)
    elif name not in among_themselves:
        assert not VALID.is_valid(raw)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"observations": None},
        {"observations": []},
        {"observations": {}},
        {"observations": "x"},
        {"observations": [None]},
        {"observations": [[]]},
        {"observations": [{}]},
        {"observations": [{"time_h": None}]},
        {"observations": [{"time_h": 1, "temp_f": 101}]},
        {"observations": [{"time_h": 1}], "patient": []},
        {"observations": [{"time_h": 1}], "patient": 0},
        {"observations": [{"time_h": 1}], "patient": {"sex": "f"}},
        {"observations": [{"time_h": 1}], "treatments": {}},
        {"observations": [{"time_h": 1}], "treatments": [None]},
        {"observations": [{"time_h": 1}], "treatments": [{"time_h": 1}]},
        {"observations": [{"time_h": 1}], "treatments": [{"drug": "gcsf"}]},
        {"observations": [{"time_h": 1}], "treatments": [{"time_h": 1, "drug": "aspirin"}]},
        {"observations": [{"time_h": 1, "crs_onset_fever": True}, {"time_h": 2}]},
        {"observations": [{"time_h": 1}, {"time_h": 2, "fever_masked": False}]},
        [],
        "x",
        None,
    ],
)
def test_both_refuse(raw: object) -> None:
    assert not accepted(raw)
    assert not VALID.is_valid(raw)


@pytest.mark.parametrize(
    "raw",
    [
        {"observations": [{"time_h": 1}], "patient": None, "treatments": None},
        {"observations": [{"time_h": 1, "fever_masked": None}, {"time_h": 2}]},
        {"observations": [{"time_h": 1, "fever_masked": True}]},
        {"observations": [{"time_h": 1}], "note": "ignored", "id": 5},
        {"observations": [{"time_h": 1, "vasopressors": 2.0}]},
    ],
)
def test_both_accept(raw: object) -> None:
    assert accepted(raw)
    VALID.validate(raw)


def definition(name: str) -> Any:
    return Draft202012Validator({"$ref": f"{SCHEMA['$id']}#/$defs/{name}"}, registry=REGISTRY)


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ({"id": "k7f3", "status": "graded", "grades": [3]}, True),
        (
            {"id": "k7f3", "status": "graded", "grades": [{"grade": None, "floor": 2, "ceiling": 3, "because": ["…"]}]},
            True,
        ),
        ({"id": "k7f3", "status": "refused", "field": "temp_c", "reason": "101.5 is outside 25–45"}, True),
        ({"id": "k7f3", "status": "skipped", "reason": "no paediatric rule"}, True),
        ({"id": None, "status": "error", "message": "…"}, True),
        ({"id": "k7f3", "status": "graded", "grades": [None]}, True),
        ({"id": "k7f3", "status": "graded", "grades": []}, False),
        ({"id": "k7f3", "status": "graded", "grades": ["3"]}, False),
        ({"id": "k7f3", "status": "graded"}, False),
        ({"id": "k7f3", "status": "refused"}, False),
        ({"status": "graded", "grades": [3]}, False),
        ({"id": "k7f3", "status": "fine", "grades": [3]}, False),
    ],
)
def test_the_answers_of_the_protocol(answer: object, good: bool) -> None:
    assert definition("answer").is_valid(answer) is good


def test_the_request_of_the_protocol() -> None:
    asked = {"op": "grade", "id": "k7f3", "guideline": "astct-2019", "scale": "crs", "observations": [{"time_h": 1}]}
    assert definition("grade_request").is_valid(asked)
    for spoilt in ({**asked, "op": "hello"}, {**asked, "id": 7}, {**asked, "observations": []}):
        assert not definition("grade_request").is_valid(spoilt)
    for name in asked:
        assert not definition("grade_request").is_valid({k: v for k, v in asked.items() if k != name})
