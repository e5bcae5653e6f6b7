"""The scores: exact units and edges, and a range where a component is missing."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Observation
from cartox_core.scores import Points, Span, car_hematotox, easix, m_easix, simplified_easix

WELL = {
    "platelets_10e9_l": 200,
    "anc_per_ul": 3000,
    "hemoglobin_g_dl": 12.0,
    "crp_mg_dl": 0.5,
    "ferritin_ng_ml": 300,
}


def chart(**values: Any) -> Observation:
    return Observation(time_h=-120, **values)


def test_the_three_indices_of_one_patient() -> None:
    patient = chart(ldh_u_l=400, creatinine_mg_dl=1.5, crp_mg_dl=10, platelets_10e9_l=50)
    assert easix(patient) == Span(12.0, 12.0)
    assert simplified_easix(patient) == Span(8.0, 8.0)
    assert m_easix(patient) == Span(80.0, 80.0)


def test_a_missing_component_is_a_range_and_never_a_zero() -> None:
    found = easix(chart(ldh_u_l=400, platelets_10e9_l=50))
    assert found == Span(0.0, 320.0)  # creatinine from 0 to 40 mg/dL
    assert found.value is None
    assert simplified_easix(chart(ldh_u_l=300)) == Span(0.1, math.inf)  # platelets from 0 to 3,000
    assert simplified_easix(chart(ldh_u_l=0)) == Span(0.0, 0.0)
    assert m_easix(chart()) == Span(0.0, math.inf)


def test_no_platelets_no_index() -> None:
    assert easix(chart(ldh_u_l=400, creatinine_mg_dl=1, platelets_10e9_l=0)) is None


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("platelets_10e9_l", 175.1, 0), ("platelets_10e9_l", 175, 1), ("platelets_10e9_l", 75, 1),
        ("platelets_10e9_l", 74.9, 2), ("anc_per_ul", 1200, 0), ("anc_per_ul", 1190, 1), ("hemoglobin_g_dl", 9.0, 0),
        ("hemoglobin_g_dl", 8.9, 1), ("crp_mg_dl", 3.0, 0), ("crp_mg_dl", 3.1, 1), ("ferritin_ng_ml", 649, 0),
        ("ferritin_ng_ml", 650, 1), ("ferritin_ng_ml", 2000, 1), ("ferritin_ng_ml", 2001, 2),
    ],
)  # fmt: skip
def test_both_sides_of_every_edge_of_car_hematotox(name: str, value: float, points: int) -> None:
    assert car_hematotox(chart(**{**WELL, name: value})) == Points(points, points, points >= 2)


def test_the_most_points_are_seven() -> None:
    ill = chart(platelets_10e9_l=10, anc_per_ul=0, hemoglobin_g_dl=6, crp_mg_dl=20, ferritin_ng_ml=9000)
    assert car_hematotox(ill) == Points(7, 7, True)


def test_a_missing_component_leaves_the_risk_open_unless_the_rest_decides() -> None:
    assert car_hematotox(chart(**{k: v for k, v in WELL.items() if k != "ferritin_ng_ml"})) == Points(0, 2, None)
    assert car_hematotox(chart(**{k: v for k, v in WELL.items() if k != "anc_per_ul"})) == Points(0, 1, False)
    assert car_hematotox(chart()) == Points(0, 7, None)


LABORATORY = {
    "platelets_10e9_l": st.floats(1, 500),
    "anc_per_ul": st.floats(10, 5000),
    "hemoglobin_g_dl": st.floats(4, 16),
    "crp_mg_dl": st.floats(0, 30),
    "ferritin_ng_ml": st.floats(0, 5000),
    "ldh_u_l": st.floats(0, 2000),
    "creatinine_mg_dl": st.floats(0.1, 10),
}


@given(st.fixed_dictionaries({}, optional=LABORATORY), st.fixed_dictionaries(LABORATORY))
def test_what_becomes_known_only_narrows(known: dict[str, float], rest: dict[str, float]) -> None:
    some, whole = chart(**known), chart(**{**rest, **known})
    assert car_hematotox(some).low <= car_hematotox(whole).low <= car_hematotox(some).high
    for score in (easix, simplified_easix, m_easix):
        wide, exact = score(some), score(whole)
        assert wide is not None and exact is not None and exact.value is not None
        assert wide.low <= exact.low * (1 + 1e-12) and exact.high <= wide.high * (1 + 1e-12)
