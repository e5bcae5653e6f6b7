"""Cases that must be refused: for every field each way of being wrong, and broken cases as a whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from cartox_core import Refused, Scale, read_case
from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness.charts import calm, chart, observed, snapshot
from harness.verify.case import SuiteCase


def refusals(scale: Scale) -> Iterator[SuiteCase]:
    """Every field with what it may not hold, and cases of a wrong shape."""
    base = snapshot(chart(scale) or calm(scale))
    for field in OBSERVATION.values():
        for what, value in wrong_values(field):
            row = {**base["observations"][0], field.name: value}
            row.pop(field.total, None)
            yield _refused(f"{field.name}/{what}", f"{field.name} {what}", {**base, "observations": [row]}, scale)
    for field in PATIENT.values():
        for what, value in wrong_values(field):
            raw = {**base, "patient": {**base["patient"], field.name: value}}
            yield _refused(f"{field.name}/{what}", f"{field.name} {what}", raw, scale)
    for field in TREATMENT.values():
        for what, value in wrong_values(field):
            given = {"time_h": 47.0, "drug": "tocilizumab", field.name: value}
            why = f"{field.name} of a treatment {what}"
            yield _refused(f"treatment.{field.name}/{what}", why, {**base, "treatments": [given]}, scale)
    for what, raw in _shapes(base):
        yield _refused(f"shape/{what}", what.replace("-", " "), raw, scale)


def _refused(name: str, why: str, raw: Mapping[str, Any], scale: Scale) -> SuiteCase:
    try:
        read_case(raw)
    except Refused as refusal:
        where = ", ".join(dict.fromkeys(f.field for f in refusal.faults))
        return SuiteCase(f"{scale.name}/refusal/{name}", scale.name, raw, None, (), "refusal", f"{why} (field {where})")
    raise AssertionError(f"{name} is not refused by the core")


def wrong_values(field: Field) -> Iterator[tuple[str, Any]]:
    """What a field may not hold, each with a word for it. NaN and infinity are left out: JSON has no such numbers."""
    kind = "number" if field.kind == "integer" else field.kind
    others: dict[str, Any] = {"as-a-list": [1], "as-an-object": {"value": 1}}
    match kind:
        case "number":
            yield "below-its-range", field.low - (1 if field.kind == "integer" else 0.1)
            if field.high < 1e9:
                yield "above-its-range", field.high + (1 if field.kind == "integer" else 0.1)
            if field.kind == "integer":
                yield "as-a-fraction", min(field.low + 0.5, field.high)
            others |= {"as-text": str(max(field.low, 1)), "as-a-bool": True}
        case "bool":
            others |= {"as-a-number": 1, "as-text": "true"}
        case "enum":
            others |= {"unknown": "something_else", "in-capitals": field.values[-1].upper(), "as-a-number": 1}
        case "items":
            others = {"as-text": "year", "unknown-item": {"smell": 1}, "item-above-its-range": {"naming": 4}}
        case _:
            others |= {"as-a-number": 1}
    yield from others.items()


def _shapes(base: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    row = base["observations"][0]
    later = {**row, "time_h": row["time_h"] + 4}
    yield "no-observations", {**base, "observations": []}
    yield "observations-as-an-object", {**base, "observations": row}
    yield "an-observation-as-text", {**base, "observations": ["fever"]}
    yield "no-time", {**base, "observations": [{k: v for k, v in row.items() if k != "time_h"}]}
    yield "time-unknown", {**base, "observations": [{**row, "time_h": None}]}
    yield "an-unknown-observation-field", {**base, "observations": [{**row, "temperature": 39.0}]}
    yield "an-unknown-patient-field", {**base, "patient": {**base["patient"], "name": "x"}}
    yield "an-unknown-treatment-field", {**base, "treatments": [{"time_h": 47.0, "drug": "tocilizumab", "dosage": 8}]}
    yield "patient-as-a-list", {**base, "patient": [61]}
    yield "treatments-as-an-object", {**base, "treatments": {"drug": "tocilizumab"}}
    yield "a-treatment-without-drug", {**base, "treatments": [{"time_h": 47.0}]}
    yield "a-treatment-without-time", {**base, "treatments": [{"drug": "tocilizumab"}]}
    yield "times-equal", {**base, "observations": [row, row]}
    yield "times-equal-to-the-minute", {**base, "observations": [row, {**row, "time_h": row["time_h"] + 0.005}]}
    yield "times-falling", {**base, "observations": [later, row]}
    opening = {"crs_onset_fever": True}
    yield "a-state-in-a-course", {**base, "observations": [observed({}, 4.0) | opening, observed({}, 8.0)]}
