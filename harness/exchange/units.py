"""Units of others, converted exactly: a number as written is a fraction until the one rounding at the end.

Spellings are those of UCUM, of CDISC, and of the bedside. A unit that is not listed is not understood; nothing is
converted where the factor depends on the assay.
"""

import dataclasses
import functools
import re
from collections.abc import Mapping
from fractions import Fraction

from cartox_core.fields import Field

_NUMBER = re.compile(r"[-+]?(\d{1,30}(\.\d{0,350})?|\.\d{1,350})([eE][-+]?\d{1,3})?")


@dataclasses.dataclass(frozen=True, slots=True)
class _To:
    """How a unit becomes the field's own: times a factor, plus an offset."""

    factor: Fraction
    offset: Fraction = Fraction(0)


def _to(factor: str | int | Fraction = 1, offset: Fraction = Fraction(0)) -> _To:
    return _To(Fraction(factor), offset)


_MMHG_PER_KPA = Fraction(1000) / Fraction("133.322387415")
_PER_MIN = (
    "/min",
    "1/min",
    "bpm",
    "beats/min",
    "breaths/min",
    "{beats}/min",
    "{breaths}/min",
    "BEATS/MIN",
    "BREATHS/MIN",
)
_PER_NL = ("10*9/L", "10^9/L", "10E9/L", "10e9/L", "10*3/uL", "10^3/uL", "10^3/µL", "10*3/mm3", "K/uL", "K/µL", "G/L")
_PER_UL = ("/uL", "/µL", "/μL", "1/uL", "cells/uL", "cells/µL", "{cells}/uL", "/mm3", "/mm^3", "cells/mm3")
_SPELLED: Mapping[str, Mapping[tuple[str, ...], _To]] = {
    "a": {("a", "yr", "y", "year", "years", "YEARS"): _to(), ("mo", "months", "MONTHS"): _to(Fraction(1, 12))},
    "kg": {("kg", "KG"): _to(), ("g",): _to("0.001"), ("[lb_av]", "lb", "lbs", "LB"): _to("0.45359237")},
    "h": {
        ("h", "hr", "hour", "hours", "HOURS"): _to(),
        ("min",): _to(Fraction(1, 60)),
        ("d", "day", "days", "DAYS"): _to(24),
    },
    "min": {("min", "minutes"): _to(), ("s", "sec"): _to(Fraction(1, 60)), ("h", "hr", "hours"): _to(60)},
    "Cel": {
        ("Cel", "C", "°C", "degC", "deg C", "DEG C", "celsius", "Celsius"): _to(),
        ("[degF]", "F", "°F", "degF", "deg F", "DEG F", "fahrenheit", "Fahrenheit"): _to(
            Fraction(5, 9), Fraction(-160, 9)
        ),
    },
    "L/min": {("L/min", "l/min", "LPM", "lpm", "L/MIN"): _to(), ("mL/min", "ml/min"): _to("0.001")},
    "1": {("1", "fraction", "{fraction}", "ratio", "{ratio}"): _to()},
    "mm[Hg]": {("mm[Hg]", "mmHg", "mm Hg", "MMHG"): _to(), ("kPa",): _to(_MMHG_PER_KPA)},
    "/min": {_PER_MIN: _to()},
    "%": {("%", "percent"): _to()},
    "10*9/L": {_PER_NL: _to(), _PER_UL: _to("0.001")},
    "/uL": {_PER_UL: _to(), _PER_NL: _to(1000)},
    "g/dL": {("g/dL", "g/dl"): _to(), ("g/L", "g/l"): _to("0.1")},
    "mg/dL": {("mg/dL", "mg/dl"): _to(), ("mg/L", "mg/l"): _to("0.1"), ("g/L", "g/l"): _to(100)},
    "ng/mL": {("ng/mL", "ng/ml", "ug/L", "µg/L", "μg/L", "mcg/L"): _to(), ("mg/L",): _to(1000)},
    "U/L": {("U/L", "u/L", "[IU]/L", "IU/L"): _to()},
    "U/mL": {("U/mL", "[IU]/mL", "IU/mL", "kU/L", "k[IU]/L"): _to(), ("U/L", "[IU]/L", "IU/L"): _to("0.001")},
    "": {("", "1", "{score}", "{count}", "score"): _to()},
}
_OF_THE_FIELD: Mapping[str, Mapping[tuple[str, ...], _To]] = {  # by molar mass, or only in this field
    "fio2": {("%", "percent"): _to("0.01")},
    "creatinine_mg_dl": {("umol/L", "µmol/L", "μmol/L"): _to(1 / Fraction("88.42"))},
    "bilirubin_mg_dl": {("umol/L", "µmol/L", "μmol/L"): _to(1 / Fraction("17.104"))},
    "triglycerides_mg_dl": {("mmol/L",): _to("88.57")},
}


@functools.cache
def factors(field: Field) -> Mapping[str, _To]:
    """The units in which a field may be written, each with its way to the field's own.

    >>> from cartox_core.observation import OBSERVATION
    >>> sorted(factors(OBSERVATION["spo2_pct"]))
    ['%', 'percent']
    """
    groups = {**_SPELLED.get(field.unit, {}), **_OF_THE_FIELD.get(field.name, {})}
    return {unit: to for units, to in groups.items() for unit in units}


def exact(number: str) -> Fraction | None:
    """The fraction that a decimal numeral is; None where it is none, or absurdly long.

    >>> exact("38.05"), exact("38,05"), exact("1e999999999"), exact("NaN")
    (Fraction(761, 20), None, None, None)
    """
    text = number.strip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None


@functools.lru_cache(4096)  # much is charted again and again
def own_value(field: Field, number: str, unit: str | None) -> float | None:
    """The value in the field's own unit of a number as written; the float nearest to the exact conversion.

    None where the unit is not understood, or the number is none. A unit of None is the field's own. The range is not
    looked at: the core does that.

    >>> from cartox_core.observation import OBSERVATION as fields
    >>> own_value(fields["temp_c"], "100.4", "[degF]"), own_value(fields["crp_mg_dl"], "123", "mg/L")
    (38.0, 12.3)
    >>> own_value(fields["temp_c"], "311", "K"), own_value(fields["anc_per_ul"], "0.5", "10*9/L")
    (None, 500.0)
    """
    found = exact(number)
    to = _to() if unit is None else factors(field).get(unit.strip())
    if found is None or to is None:
        return None
    try:
        return float(found * to.factor + to.offset)
    except OverflowError:
        return None


def is_own(field: Field, unit: str) -> bool:
    """Whether a unit is only another spelling of the field's own.

    >>> from cartox_core.observation import OBSERVATION as fields
    >>> is_own(fields["ferritin_ng_ml"], "ug/L"), is_own(fields["crp_mg_dl"], "mg/L")
    (True, False)
    """
    to = factors(field).get(unit.strip())
    return to == _to()


def in_unit(field: Field, value: float, unit: str) -> str:
    """A value of a field as a decimal in another unit, exactly. Raises ValueError where no decimal is exact.

    >>> from cartox_core.observation import OBSERVATION as fields
    >>> in_unit(fields["temp_c"], 38.0, "[degF]"), in_unit(fields["anc_per_ul"], 500.0, "10*9/L")
    ('100.4', '0.5')
    """
    to = factors(field)[unit]
    return decimal((Fraction(repr(value)) - to.offset) / to.factor)


def decimal(number: Fraction) -> str:
    """A fraction as a decimal numeral. Raises ValueError where it has no end.

    >>> decimal(Fraction(1, 8)), decimal(Fraction(-3)), decimal(Fraction(250))
    ('0.125', '-3', '250')
    """
    rest, digits = number.denominator, 0
    for prime in (2, 5):
        times = 0
        while rest % prime == 0:
            rest, times = rest // prime, times + 1
        digits = max(digits, times)
    if rest != 1:
        raise ValueError(f"{number} has no end as a decimal")
    sign, whole = (
        "-" * (number < 0),
        str(abs(number.numerator) * 10**digits // number.denominator).rjust(digits + 1, "0"),
    )
    return sign + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)
