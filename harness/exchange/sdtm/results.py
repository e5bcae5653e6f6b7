"""The result of a record of a findings domain: its standard result or else the original, held against each other."""

from cartox_core.fields import Field, Value
from harness.exchange.table import Record
from harness.exchange.units import is_own
from harness.exchange.values import value_of, wanted

_DISAGREES = 0.01  # as a share: more than what rounding to the standard unit makes


def result(record: Record, domain: str, field: Field) -> tuple[Value | None, str]:
    """The value of a record, or None and why it is not known; no reason is given where there simply is no result.

    The standardised result is preferred, unless only the original one is in the field's own unit, which spares a
    conversion there and back. Where one is not understood the other is read; where both are understood and differ by
    more than 1 %, neither is taken.
    """
    start = domain.lower()
    if record.get(f"{start}stat").upper() == "NOT DONE":
        return None, ""
    standard = record.get(f"{start}stresn") or record.get(f"{start}stresc"), record.get(f"{start}stresu")
    original = record.get(f"{start}orres"), record.get(f"{start}orresu")
    spared = is_own(field, original[1]) and not is_own(field, standard[1])
    pairs = (original, standard) if spared else (standard, original)
    there = [pair for pair in dict.fromkeys(pairs) if pair[0]]
    found = [value for pair in there if (value := value_of(field, *pair)) is not None]
    if len(found) > 1 and _differ(*found):
        return None, f"the standard result {' '.join(standard)} is not the original {' '.join(original)}"
    if found or not there:
        return (found[0] if found else None), ""
    return None, wanted(field, *there[0])


def _differ(one: Value, other: Value) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one != other
    return abs(one - other) > _DISAGREES * max(abs(one), abs(other))
