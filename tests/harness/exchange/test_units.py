"""Conversion of units: figures by hand, from the definitions of the units."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core.observation import OBSERVATION, PATIENT
from cartox_core.units import celsius_of_fahrenheit
from harness.exchange.units import exact, factors, in_unit, is_own, own_value

FIELDS = {**PATIENT, **OBSERVATION}


@pytest.mark.parametrize(
    ("name", "number", "unit", "value"),
    [
        ("temp_c", "100.4", "[degF]", 38.0),
        ("temp_c", "100.3", "°F", float(Fraction(683, 18))),
        ("crp_mg_dl", "120", "mg/L", 12.0),
        ("crp_mg_dl", "0.3", "mg/L", 0.03),
        ("anc_per_ul", "0.5", "10*9/L", 500.0),
        ("anc_per_ul", "0.5", "10*3/uL", 500.0),
        ("anc_per_ul", "0.3", "K/uL", 300.0),
        ("platelets_10e9_l", "20000", "/uL", 20.0),
        ("hemoglobin_g_dl", "81", "g/L", 8.1),
        ("fibrinogen_mg_dl", "1.5", "g/L", 150.0),
        ("ferritin_ng_ml", "500", "ug/L", 500.0),
        ("fio2", "40", "%", 0.4),
        ("fio2", "0.4", "1", 0.4),
        ("creatinine_mg_dl", "88.42", "umol/L", 1.0),
        ("bilirubin_mg_dl", "34.208", "umol/L", 2.0),
        ("triglycerides_mg_dl", "3", "mmol/L", 265.71),
        ("weight_kg", "100", "[lb_av]", 45.359237),
        ("weight_kg", "9500", "g", 9.5),
        ("age_years", "18", "mo", 1.5),
        ("o2_flow_l_min", "500", "mL/min", 0.5),
        ("ice", "9", "{score}", 9.0),
        ("temp_c", "+3.85e1", "Cel", 38.5),
    ],
)
def test_exactly(name: str, number: str, unit: str, value: float) -> None:
    assert own_value(FIELDS[name], number, unit) == value


@pytest.mark.parametrize(
    ("name", "number", "unit"),
    [
        ("temp_c", "311", "K"),
        ("temp_c", "39,1", "Cel"),
        ("temp_c", "", "Cel"),
        ("temp_c", "1e999999999", "Cel"),
        ("temp_c", "nan", "Cel"),
        ("temp_c", "1e999", "Cel"),
        ("soluble_cd25_u_ml", "500", "pg/mL"),  # depends on the assay
        ("hemoglobin_g_dl", "8", "mmol/L"),  # of the monomer or of the tetramer
        ("spo2_pct", "0.97", "1"),
        ("crp_mg_dl", "3", "mg"),
    ],
)
def test_what_is_not_understood_is_no_value(name: str, number: str, unit: str) -> None:
    assert own_value(FIELDS[name], number, unit) is None


@given(st.decimals(77, 113, places=2))
def test_fahrenheit_as_the_core_has_it(degrees_f: object) -> None:
    assert own_value(FIELDS["temp_c"], str(degrees_f), "°F") == celsius_of_fahrenheit(str(degrees_f))


@pytest.mark.parametrize("name", [n for n, f in FIELDS.items() if f.kind in ("number", "integer")])
def test_every_number_has_its_own_unit_among_those_understood(name: str) -> None:
    assert is_own(FIELDS[name], FIELDS[name].unit)


@given(st.integers(0, 10**6), st.sampled_from(sorted(factors(FIELDS["anc_per_ul"]))))
def test_there_and_back(count: int, unit: str) -> None:
    assert own_value(FIELDS["anc_per_ul"], in_unit(FIELDS["anc_per_ul"], float(count), unit), unit) == count


def test_no_decimal_is_refused() -> None:
    with pytest.raises(ValueError, match="no end"):
        in_unit(FIELDS["weight_kg"], 1.0, "lb")
    assert exact("12.") == 12
