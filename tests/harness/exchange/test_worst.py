"""The worst of several rows, sign by sign: by hand, and against the grades of the rows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Scale, grade, guideline_ids, load, read_case
from harness.exchange.worst import worst_of
from tests.strategies import observations

CANNULA = {"o2_device": "nasal_cannula"}


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        ([{"temp_c": 38.0}, {"temp_c": 38.5}, {"temp_c": 37.0}], {"temp_c": 38.5}),
        ([{"hypotension": False}, {"hypotension": True}], {"hypotension": True}),
        ([{"vasopressors": 1}, {"vasopressin": True}], {"vasopressors": 1, "vasopressin": True}),
        ([{"ice": 8}, {"ice": 3}, {"ice": 9}], {"ice": 3}),
        ([{"capd": 4}, {"capd": 9}], {"capd": 9}),
        ([{"spo2_pct": 97.0, "heart_rate_bpm": 80.0}, {"spo2_pct": 88.0, "heart_rate_bpm": 130.0}],
         {"heart_rate_bpm": 130.0, "spo2_pct": 88.0}),
        ([{"consciousness": "voice"}, {"consciousness": "spontaneous"}], {"consciousness": "voice"}),
        ([{"death_from_crs": True}, {"death_from_crs": False}], {"death_from_crs": True}),
        ([{"seizure_type": "partial"}, {"seizure_type": "generalized"}], {"seizure_type": "generalized"}),
        ([{"next_therapy_or_progression": True}, {}], {"next_therapy_or_progression": True}),
    ],
)  # fmt: skip
def test_by_hand(rows: list[dict[str, Any]], worst: dict[str, Any]) -> None:
    assert worst_of(rows) == worst


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        # 6.0 L/min is low flow, a mask is more than that, positive pressure more than a mask
        ([{**CANNULA, "o2_flow_l_min": 6.0}, {"o2_device": "face_mask"}], {"o2_device": "face_mask"}),
        ([{"o2_device": "face_mask"}, {**CANNULA, "o2_flow_l_min": 6.1}], {**CANNULA, "o2_flow_l_min": 6.1}),
        ([{"o2_device": "cpap"}, {"o2_device": "non_rebreather"}], {"o2_device": "cpap"}),
        ([{"o2_device": "none"}, {"o2_device": "blow_by"}], {"o2_device": "blow_by"}),
        # the flow stays with its own device
        ([{**CANNULA, "o2_flow_l_min": 4.0}, {"o2_device": "venturi_mask"}], {"o2_device": "venturi_mask"}),
        # a cannula without a flow may be either, so it is not forgotten for one at low flow
        ([CANNULA, {**CANNULA, "o2_flow_l_min": 2.0}], CANNULA),
        # a flow charted alone goes with a device that has none, the highest of them
        ([CANNULA, {"o2_flow_l_min": 2.0}, {"o2_flow_l_min": 8.0}], {**CANNULA, "o2_flow_l_min": 8.0}),
        ([{"o2_flow_l_min": 2.0}, {"o2_flow_l_min": 3.0}], {"o2_flow_l_min": 3.0}),
        ([{**CANNULA, "o2_flow_l_min": 2.0}, {"o2_flow_l_min": 10.0}], {**CANNULA, "o2_flow_l_min": 10.0}),
        ([{**CANNULA, "o2_flow_l_min": 2.0}, {"o2_flow_l_min": 1.0}], {**CANNULA, "o2_flow_l_min": 2.0}),
        ([{**CANNULA, "o2_flow_l_min": 2.0}, {"o2_device": "face_mask"}, {"o2_flow_l_min": 5.0}],
         {"o2_device": "face_mask", "o2_flow_l_min": 5.0}),
        # oxygen was given after "none", or more than at home: by which device is unknown
        ([{"o2_device": "none"}, {"o2_flow_l_min": 3.0}], {"o2_flow_l_min": 3.0}),
        ([{"o2_device": "none"}, {"o2_flow_l_min": 0.0}], {"o2_device": "none"}),
        ([{**CANNULA, "o2_flow_l_min": 2.0, "oxygen_other_cause": True}, {"o2_flow_l_min": 8.0}],
         {"o2_flow_l_min": 8.0}),
        ([{**CANNULA, "o2_flow_l_min": 2.0, "oxygen_other_cause": True}, {"o2_flow_l_min": 2.0}],
         {**CANNULA, "o2_flow_l_min": 2.0, "oxygen_other_cause": True}),
        # a flow with another cause says nothing of the oxygen that counts
        ([{"o2_device": "none"}, {"o2_flow_l_min": 2.0, "oxygen_other_cause": True}], {"o2_device": "none"}),
        ([{"o2_flow_l_min": 2.0, "oxygen_other_cause": True}, {"o2_flow_l_min": 1.0}], {"o2_flow_l_min": 1.0}),
        # pressure at home, and a tube for the airway, are no hypoxia
        ([{"o2_device": "cpap", "positive_pressure_reason": "chronic"}, CANNULA], CANNULA),
        ([{"o2_device": "mechanical_ventilation", "oxygen_other_cause": True}, {"o2_device": "none"}],
         {"o2_device": "none"}),
    ],
)  # fmt: skip
def test_oxygen(rows: list[dict[str, Any]], worst: dict[str, Any]) -> None:
    assert worst_of(rows) == worst


@pytest.mark.parametrize(
    ("rows", "worst"),
    [
        # a fever of another cause counts only where no other temperature is charted
        ([{"temp_c": 39.4, "fever_other_cause": True}, {"temp_c": 38.1}], {"temp_c": 38.1}),
        ([{"temp_c": 39.4, "fever_other_cause": True}, {}], {"temp_c": 39.4, "fever_other_cause": True}),
        # an attribution excuses the signs of its own row only
        ([{"temp_c": 39.4}, {"fever_other_cause": True}], {"temp_c": 39.4}),
        ([{"temp_c": 39.4, "fever_other_cause": False}, {"fever_other_cause": True}], {"temp_c": 39.4}),
        ([{"fever_other_cause": True}, {"ice": 10}], {"fever_other_cause": True, "ice": 10}),
        ([{"vasopressors": 2, "vasopressor_other_cause": True}, {"vasopressors": 1, "vasopressin": False}],
         {"vasopressors": 1, "vasopressin": False}),
        # IEC-HS: what one row explains otherwise does not explain the dialysis, or the ferritin, of another
        ([{"ferritin_ng_ml": 900.0, "bleeding": "minor", "iechs_other_cause": True}, {"dialysis": True}],
         {"ferritin_ng_ml": 900.0, "dialysis": True}),
        ([{"ferritin_ng_ml": 900.0, "iechs_other_cause": True}, {"ferritin_ng_ml": 800.0}], {"ferritin_ng_ml": 900.0}),
        ([{"ferritin_ng_ml": 900.0, "iechs_other_cause": True}, {"temp_c": 37.0}],
         {"temp_c": 37.0, "ferritin_ng_ml": 900.0, "iechs_other_cause": True}),
    ],
)  # fmt: skip
def test_other_causes(rows: list[dict[str, Any]], worst: dict[str, Any]) -> None:
    assert worst_of(rows) == worst


def test_a_total_and_its_items_come_from_one_row() -> None:
    low, high = {"ice_items": {"year": 0, "naming": 1}}, {"ice": 9, "ice_items": {"year": 1}}
    assert worst_of([high, low]) == low  # 1 of year lost and 2 of naming: 7 at most


BY_BASELINE = {"ast", "alt", "bilirubin", "fibrinogen"}  # the baseline decides between value and ratio, for all rows
SCALES = [
    scale
    for guideline in map(load, guideline_ids())
    for scale in map(guideline.scale, guideline.scales)
    if not scale.is_whole and scale.name not in BY_BASELINE
]
ROWS = st.lists(observations(), min_size=2, max_size=4).map(
    lambda rows: [{name: value for name, value in row.items() if value is not None} for row in rows]
)


def floor(row: dict[str, Any], scale: Scale, age_years: float) -> int:
    case = read_case({"patient": {"age_years": age_years}, "observations": [{"time_h": 1.0, **row}]})
    return grade(case.observations[0], scale, case.patient).floor


@given(ROWS, st.sampled_from(SCALES), st.sampled_from([8.0, 50.0]))
def test_no_merged_grade_is_lower_than_that_of_any_row(rows: list[dict[str, Any]], scale: Scale, age: float) -> None:
    assert floor(worst_of(rows), scale, age) >= max(floor(row, scale, age) for row in rows)
