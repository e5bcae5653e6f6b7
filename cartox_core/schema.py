"""The JSON Schema (draft 2020-12) of a case and of the messages of the wire, made from the field list.

A schema says what one field may hold. What needs several of them (times in order, an ICE score that agrees
with its items) is said in its descriptions and checked by :func:`cartox_core.case.read_case`.
"""

import math
import sys
from collections.abc import Mapping
from typing import Any

from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME = "urn:cartox:case:1"
_PURPOSE = "For testing and teaching. Not for treating patients."


def case_schema() -> Schema:
    """The schema of a case (grading protocol, version 1), with ``$defs`` for its parts and the wire's messages.

    >>> case_schema()["$defs"]["observation"]["properties"]["temp_c"]["maximum"]
    45
    """
    return {
        "$schema": _DIALECT,
        "$id": _NAME,
        "title": "A case to grade",
        "description": f"Grading protocol, version 1. One observation is a snapshot, several are a course. {_PURPOSE}",
        **_case(),
        "$defs": {
            "patient": _record(PATIENT, "Who the patient is."),
            "observation": _record(OBSERVATION, "What was charted at one time. Absent or null is unknown."),
            "treatment": _record(TREATMENT, "A drug given at a time."),
            **{name: _items(field) for name, field in OBSERVATION.items() if field.kind == "items"},
            "grade_request": _grade_request(),
            "entry": _entry(),
            "answer": _answer(),
        },
    }


def _case() -> Schema:
    derived = {name: {"type": "null"} for name, field in OBSERVATION.items() if field.snapshot_only}
    rows = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/observation"}}
    return {
        "type": "object",
        "required": ["observations"],
        "properties": {
            "id": {"description": "the name of the case, a text"},
            "patient": {"anyOf": [{"$ref": "#/$defs/patient"}, {"type": "null"}]},
            "observations": {**rows, "description": "in order of time, one a minute at most"},
            "treatments": {"type": ["array", "null"], "items": {"$ref": "#/$defs/treatment"}},
        },
        "if": {"properties": {"observations": {"minItems": 2}}},
        "then": {
            "description": "in a course these are derived, and may not be stated",
            "properties": {"observations": {"items": {"properties": derived}}},
        },
        "additionalProperties": True,
    }


def _record(fields: Mapping[str, Field], description: str) -> Schema:
    return {
        "type": "object",
        "description": description,
        "required": [name for name, field in fields.items() if field.required],
        "properties": {name: field_schema(field) for name, field in fields.items()},
        "additionalProperties": False,
    }


def field_schema(field: Field) -> Schema:
    """The schema of one field; null is allowed where the field is not required.

    >>> field_schema(OBSERVATION["vasopressin"])
    {'description': 'vasopressin is running', 'type': ['boolean', 'null']}
    """
    notes: Schema = {"description": field.doc}
    if field.unit:
        notes["unit"] = field.unit
    if field.default is not None:
        notes["default"] = field.default
    if field.snapshot_only:
        notes["description"] += "; in a snapshot only"
    if field.kind == "items":
        return {**notes, "anyOf": [{"$ref": f"#/$defs/{field.name}"}, {"type": "null"}]}
    return {**notes, **_value(field)}


def _value(field: Field) -> Schema:
    match field.kind:
        case "bool":
            return _typed("boolean", field)
        case "text":
            return _typed("string", field)
        case "enum":
            values = [*field.values] if field.required else [*field.values, None]
            return {**_typed("string", field), "enum": values}
        case _:
            low, high = _plain(field.low), _plain(min(field.high, sys.float_info.max))
            bounds = {"minimum": low, "maximum": high}
            if field.least is None:
                return {**_typed(field.kind, field), **bounds}
            jump = [{"const": 0}, {"minimum": _plain(field.least)}]
            known = {"type": field.kind, **bounds, "anyOf": jump}
            return {"$comment": field.hint, "anyOf": [known, {"type": "null"}]}


def _typed(kind: str, field: Field) -> Schema:
    return {"type": kind if field.required else [kind, "null"]}


def _plain(number: float) -> float | int:
    """A whole bound without its point, as people write it."""
    return int(number) if number == math.floor(number) and abs(number) < 1e15 else number


def _items(field: Field) -> Schema:
    assert field.items is not None
    items = {
        name: {"type": ["integer", "null"], "minimum": 0, "maximum": top} for name, top in field.items.most.items()
    }
    return {
        "type": "object",
        "description": f"Points of the {field.items.title} items; a given {field.total} must be a sum that they allow.",
        "properties": items,
        "additionalProperties": False,
    }


def _grade_request() -> Schema:
    names = {"op": {"const": "grade"}, **{name: {"type": "string"} for name in ("id", "guideline", "scale")}}
    return {
        "title": "What a grader is asked",
        "type": "object",
        "required": list(names),
        "properties": names,
        "allOf": [{"$ref": "#"}],
    }


def _entry() -> Schema:
    grade = {"type": "integer", "minimum": 0}
    because = {"type": "array", "items": {"type": "string"}}
    ranged = {
        "type": "object",
        "required": ["grade", "floor", "ceiling"],
        "properties": {"grade": {"type": ["integer", "null"]}, "floor": grade, "ceiling": grade, "because": because},
    }
    return {
        "title": "The grade at one observation: a whole number, a range, or null where it cannot be told",
        "anyOf": [grade, ranged, {"type": "null"}],
    }


def _answer() -> Schema:
    def status(name: str, required: Mapping[str, Schema], identity: object = "string") -> Schema:
        given = {"id": {"type": identity}, "status": {"const": name}, **required}
        return {"type": "object", "required": list(given), "properties": given}

    text = {"type": "string"}
    grades = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/entry"}}
    return {
        "title": "What a grader answers",
        "anyOf": [
            status("graded", {"grades": grades}),
            status("refused", {"field": text, "reason": text}),
            status("skipped", {"reason": text}),
            status("error", {"message": text}, ["string", "null"]),
        ],
    }
