"""Exact conversion of units: decimals as written, no rounding on the way."""

from fractions import Fraction


def celsius_of_fahrenheit(degrees_f: float | str) -> float:
    """The float nearest to the exact conversion of a temperature as written.

    >>> celsius_of_fahrenheit(100.4), celsius_of_fahrenheit("100.3") < 38.0
    (38.0, True)
    """
    return float((Fraction(str(degrees_f)) - 32) * Fraction(5, 9))


def fahrenheit_of_celsius(degrees_c: float | str) -> str:
    """The exact temperature in °F of one written in °C, as a decimal.

    >>> fahrenheit_of_celsius(38.0), fahrenheit_of_celsius("37.95")
    ('100.4', '100.31')
    """
    exact = Fraction(str(degrees_c)) * Fraction(9, 5) + 32
    digits = len(str(degrees_c).partition(".")[2]) + 1
    return f"{exact.numerator * 10**digits // exact.denominator / 10**digits:.{digits}f}".rstrip("0").rstrip(".")
