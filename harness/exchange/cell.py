"""The text of one cell of a table as a value of a field."""

from typing import Any

from cartox_core.fields import Field
from harness.exchange.values import value_of, wanted

UNKNOWN = frozenset({"", "na", "n/a", "nan", "null", "unknown", "."})


class Misread(ValueError):
    """A cell that is not understood; the message says what is wrong with it."""


def cell_value(field: Field, text: str, unit: str | None = None) -> Any:
    """The value of a field that a cell tells, None for unknown; a unit of None is the field's own. Raises Misread.

    >>> from cartox_core.observation import OBSERVATION as fields
    >>> cell_value(fields["temp_c"], "102.2", "[degF]"), cell_value(fields["o2_device"], "Nasal cannula")
    (39.0, 'nasal_cannula')
    >>> cell_value(fields["hypotension"], "no"), cell_value(fields["ice"], " "), cell_value(fields["ice"], "9.0")
    (False, None, 9)
    """
    written = text.strip()
    if written.lower() in UNKNOWN:
        return None
    if field.kind == "text":
        return written
    in_unit = field.unit if unit is None else unit
    value = value_of(field, written, in_unit)
    if value is None:
        raise Misread(wanted(field, written, in_unit))
    return value
