"""Cases that the tests of the verbs share."""

import json
from typing import Any

FEVER = {"time_h": 52.0, "temp_c": 39.1, "hypotension": True, "vasopressors": 1, "vasopressin": False}
CALM = {"hypotension": False, "vasopressors": 0, "vasopressin": False, "o2_device": "none"}
SURE = {"id": "sure", "observations": [{**FEVER, "o2_device": "none"}]}
RANGE = {"id": "range", "patient": {"age_years": 61, "weight_kg": 74}, "observations": [FEVER]}
COURSE = {"id": "course", "observations": [
    {"time_h": 20, "temp_c": 37.0, **CALM}, {"time_h": 24, "temp_c": 38.4, **CALM},
    {"time_h": 28, **CALM}, {"time_h": 32.5, "temp_c": 37.1, **CALM}]}  # fmt: skip
BAD = {"id": "bad", "observations": [{"time_h": 1, "temp_f": 101, "temp_c": 101.5}]}


def lines(*cases: object) -> bytes:
    """Cases as JSON Lines."""
    return b"".join(json.dumps(case).encode() + b"\n" for case in cases)


def answers(out: str) -> list[dict[str, Any]]:
    """The answers that a verb printed."""
    return [json.loads(line) for line in out.splitlines()]


LOW = {"temp_c": 39.0, **CALM, "hypotension": True}
DOSES = [
    {"time_h": 52, "drug": "tocilizumab", "dose": 900, "unit": "mg", "route": "IV"},
    {"time_h": 53, "drug": "gcsf"},
]
ILL = {
    "id": "ill",
    "patient": {"age_years": 61, "weight_kg": 120},
    "observations": [
        {"time_h": 48, **LOW, "hypotension": False, "ice": 10, "motor_weakness": "none"},
        {"time_h": 52, **LOW, "ice": 10, "motor_weakness": "none"},
    ],
    "treatments": DOSES,
}


def block(out: str, start: str) -> list[str]:
    """The lines of a block of the answer."""
    found = out.split(f"\n{start}\n", 1)[1].split("\n\n", 1)[0]
    return [line.strip() for line in found.splitlines()]
