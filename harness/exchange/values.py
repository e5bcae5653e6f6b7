"""A value as a text of another file has it, read as a field of the protocol."""

from cartox_core.fields import Field, Value
from cartox_core.observation import OBSERVATION, PARTS
from harness.exchange.units import exact, factors, own_value

_YES_OR_NO = {"y": True, "yes": True, "true": True, "1": True, "n": False, "no": False, "false": False, "0": False}

_AT_THE_BEDSIDE = {
    "room_air": "none",
    "hfnc": "high_flow_nasal_cannula",
    "nrb": "non_rebreather",
    "non_rebreather_mask": "non_rebreather",
    "facemask": "face_mask",
    "simple_face_mask": "face_mask",
}
"""Names of oxygen devices that mean one of the protocol and nothing else."""


def field_of(name: str) -> Field:
    """The field of a name, or the item of a score (``ice_items.year``)."""
    return PARTS[name] if name in PARTS else OBSERVATION[name]


def is_unitless(field: Field) -> bool:
    """Whether a number of a field means the same without a unit: a count, a score, a ratio that is never in per cent.

    >>> [is_unitless(OBSERVATION[name]) for name in ("ice", "ast_times_baseline", "fio2")]
    [True, True, False]
    """
    return field.unit in ("", "1") and "%" not in factors(field)


def value_of(field: Field, text: str, unit: str = "") -> Value | None:
    """The value that a text is; None where it is none, its unit is not understood, or it needs one and has none.

    A range is not looked at: the core does that.

    >>> value_of(OBSERVATION["o2_device"], "NASAL CANNULA"), value_of(OBSERVATION["hypotension"], "N")
    ('nasal_cannula', False)
    >>> value_of(OBSERVATION["temp_c"], "100.4", "F"), value_of(OBSERVATION["temp_c"], "38.0")
    (38.0, None)
    >>> value_of(OBSERVATION["ice"], "7.0"), value_of(OBSERVATION["ice"], "7.5")
    (7, None)
    """
    match field.kind:
        case "bool":
            return _YES_OR_NO.get(text.strip().lower())
        case "enum":
            word = "_".join(text.lower().replace("-", " ").replace("_", " ").split())
            word = _AT_THE_BEDSIDE.get(word, word) if field.name == "o2_device" else word
            return word if word in field.values else None
        case "integer":
            number = exact(text) if unit.strip() in factors(field) else None
            return None if number is None or number.denominator != 1 else int(number)
        case _:
            return own_value(field, text, unit.strip() or None) if unit.strip() or is_unitless(field) else None


def wanted(field: Field, text: str, unit: str) -> str:
    """Why a text could not be read as a field, in words for a remark.

    >>> wanted(OBSERVATION["temp_c"], "38", "K")
    "the unit 'K' is not understood"
    """
    if field.kind in ("bool", "enum"):
        return f"{text!r:.40} is none of {', '.join(field.values) or 'yes, no'}"
    if exact(text) is None:
        return f"{text!r:.40} is no number" + (
            "; write a decimal point, and nothing between thousands" if "," in text else ""
        )
    if not unit.strip() and not is_unitless(field):
        return f"{text} has no unit"
    if unit.strip() not in factors(field):
        return f"the unit {unit!r} is not understood"
    return f"{text} is no whole number"
