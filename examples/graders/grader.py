"""A grader of ASTCT 2019 CRS as a Python function. For testing and teaching, never for treating patients.

cartox verify call:examples.graders.grader:grade
"""

from typing import Any

from cartox_core import read_case

HELLO = {  # optional: without it everything is asked
    "grader": {"name": "example in Python", "version": "1"},
    "can": {"guidelines": {"astct-2019": ["crs"]}, "form": ["snapshot"], "missing": "null"},
}


def grade(message: dict[str, Any]) -> int | None:
    """Answer a grade message: a grade, None where it cannot be decided; a ValueError refuses the input."""
    read_case(message)  # raises Refused, which is a ValueError
    low, high = (crs(message["observations"][0], worst) for worst in (False, True))
    return low if low == high else None


def crs(row: dict[str, Any], worst: bool) -> int:
    """The CRS grade with everything unknown at its mildest, or at its worst."""
    known = {name: value for name, value in row.items() if value is not None}
    support = "bipap" if known.get("positive_pressure_reason", "hypoxia") == "hypoxia" else "face_mask"
    unknown = {"temp_c": 39 if worst else 37, "crs_onset_fever": worst, "hypotension": worst, "vasopressin": worst}
    unknown |= {"vasopressors": 2 * worst, "o2_device": support if worst else "none", "o2_flow_l_min": 9 * worst}
    chart = {**unknown, **known}
    if chart["time_h"] * 60 < -0.5:
        return 0
    if chart.get("death_from_crs"):
        return 5
    fever = chart["temp_c"] >= 38 and not chart.get("fever_other_cause")
    signs = max(hypotension(chart), 0 if chart.get("oxygen_other_cause") else oxygen(chart))
    return max(1, signs) if fever else signs if chart["crs_onset_fever"] else 0


def hypotension(chart: dict[str, Any]) -> int:
    """Table 2 of the review: vasopressin is not counted for grade 4."""
    if not chart.get("vasopressor_other_cause"):
        if chart["vasopressors"] >= 2:
            return 4
        if chart["vasopressors"] or chart["vasopressin"]:
            return 3
    return 2 if chart["hypotension"] else 0


def oxygen(chart: dict[str, Any]) -> int:
    """Either cannula is graded by its flow, and 6.0 L/min is low; positive pressure counts when it is for hypoxia."""
    device = chart["o2_device"]
    if device.endswith("cannula"):
        return 2 if chart["o2_flow_l_min"] <= 6 else 3
    if device in ("cpap", "bipap", "mechanical_ventilation"):
        return 4 if chart.get("positive_pressure_reason", "hypoxia") == "hypoxia" else 0
    return {"none": 0, "blow_by": 2}.get(device, 3)
