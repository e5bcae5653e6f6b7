"""Temperatures from one unit into the other, exactly."""

import pytest

from cartox_core.units import celsius_of_fahrenheit, fahrenheit_of_celsius

PAIRS = [  # °C as written, °F as written: the freezing point, the thresholds of fever, and tenths that are no tenths
    ("0", "32"), ("10", "50"), ("37", "98.6"), ("37.0", "98.6"), ("37.95", "100.31"), ("38", "100.4"),
    ("38.5", "101.3"), ("40", "104"), ("41.111", "105.9998"), ("45", "113"),
]  # fmt: skip


@pytest.mark.parametrize(("celsius", "fahrenheit"), PAIRS)
def test_a_temperature_in_both_units(celsius: str, fahrenheit: str) -> None:
    assert fahrenheit_of_celsius(celsius) == fahrenheit_of_celsius(float(celsius)) == fahrenheit
    assert celsius_of_fahrenheit(fahrenheit) == celsius_of_fahrenheit(float(fahrenheit)) == float(celsius)
