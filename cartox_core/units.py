"""Exact conversion of units: decimals as written, no rounding on the way."""

import dataclasses
from collections.abc import Mapping
from fractions import Fraction

_MICROGRAMS: Mapping[str, Fraction] = {
    "ng": Fraction(1, 1000),
    **dict.fromkeys(("ug", "mcg", "\u00b5g", "\u03bcg"), Fraction(1)),  # both code points of µ are in use
    "mg": Fraction(1000),
}
_MINUTES: Mapping[str, Fraction] = {"s": Fraction(1, 60), "min": Fraction(1), "h": Fraction(60), "hr": Fraction(60)}


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """How fast a drug runs: µg/min, or µg/kg/min where ``per_kg``."""

    ug_min: Fraction
    per_kg: bool = False

    def on(self, other: "Rate", weight_kg: Fraction) -> Fraction:
        """The number of this rate in the unit of another, in a patient of that weight."""
        if self.per_kg == other.per_kg:
            return self.ug_min
        return self.ug_min * weight_kg if self.per_kg else self.ug_min / weight_kg

    def __str__(self) -> str:
        return f"{float(self.ug_min):g} µg/{'kg/' if self.per_kg else ''}min"


def rate_of(dose: float | str, unit: str) -> Rate | None:
    """The rate of a dose as charted, in UCUM or as at the bedside; None where the unit is no mass over time.

    >>> rate_of(1.2, "mg/h") == rate_of(20, "mcg/min"), rate_of(0.1, "ug/kg/min").per_kg, rate_of(2, "U/min")
    (True, True, None)
    """
    written = unit.lower() if unit.isupper() else unit  # a chart in capitals; Mg alone is no mg
    mass, *per = written.replace(" ", "").replace("(kg.min)", "kg/min").split("/")
    times = [part for part in per if part != "kg"]
    if mass not in _MICROGRAMS or len(times) != 1 or times[0] not in _MINUTES or len(per) > 2:
        return None
    return Rate(Fraction(str(dose)) * _MICROGRAMS[mass] / _MINUTES[times[0]], len(per) == 2)


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
