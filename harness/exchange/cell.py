"""The text of one cell of a table as a value of a field."""

from typing import Any

from cartox_core.fields import Field
from harness.exchange.units import own_value

UNKNOWN = frozenset({"", "na", "n/a", "nan", "null", "none charted", "unknown", "."})
_BOOLS = {"true": True, "yes": True, "y": True, "1": True, "false": False, "no": False, "n": False, "0": False}


class Misread(ValueError):
    """A cell that is not understood; the message says what is wrong with it."""


def cell_value(field: Field, text: str, unit: str | None = None) -> Any:
    """The value of a field that a cell tells, None for unknown. Raises Misread.

    >>> from cartox_core.observation import OBSERVATION as fields
    >>> cell_value(fields["temp_c"], "102.2", "[degF]"), cell_value(fields["o2_device"], "Nasal cannula")
    (39.0, 'nasal_cannula')
    >>> cell_value(fields["hypotension"], "no"), cell_value(fields["ice"], " "), cell_value(fields["ice"], "9.0")
    (False, None, 9)
    """
    written = text.strip()
    if written.lower() in UNKNOWN:
        return None
    match field.kind:
        case "bool":
            if written.lower() not in _BOOLS:
                raise Misread(f"{_shown(written)} is neither true nor false")
            return _BOOLS[written.lower()]
        case "enum":
            value = written.lower().replace(" ", "_").replace("-", "_")
            if value not in field.values:
                raise Misread(f"{_shown(written)} is none of {', '.join(field.values)}")
            return value
        case "text":
            return written
        case _:
            number = own_value(field, written, unit)
            if number is None:
                hint = "; write a decimal point, and nothing between thousands" if "," in written else ""
                raise Misread(f"{_shown(written)} is no number{hint}")
            return int(number) if field.kind == "integer" and number == int(number) else number


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")
