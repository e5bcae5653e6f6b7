"""Slips of the pen: values that are written otherwise than they were found, or at another time.

Each function takes what is written so far and the share in which it goes wrong, and gives the columns that change. What
the wards' systems refuse, since it lies outside the range of the protocol, is lost: it stands as unknown.
"""

import numpy as np

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import READABLE
from harness.patients.rounds import Mask
from harness.patients.written import Written

MG_L_PER_MG_DL = 10.0
Fields = dict[str, Column]


def fahrenheit(written: Written, share: float) -> Fields:
    """Temperatures typed in °F where °C is asked for: 101.3 is refused, and nobody types it again."""
    typed = written.at_rounds("fault/fahrenheit", share)
    return {"temp_c": np.where(typed, np.nan, written.fields["temp_c"])}


def transposed_digits(written: Written, share: float) -> Fields:
    """The last two digits of a temperature exchanged: 38.6 becomes 36.8, 37.9 becomes 39.7.

    The first two are not, since 83.6 would be refused; nor is 40.6, which would become 46.0.
    """
    temp = written.fields["temp_c"]
    wrong = written.at_rounds("fault/transposed_digits", share) & written.known("temp_c")
    tenths = np.round(10 * np.where(wrong, temp, 0)).astype(np.int64)
    tens, ones, last = tenths // 100, tenths // 10 % 10, tenths % 10
    exchanged = (100 * tens + 10 * last + ones) / 10
    field = READABLE["temp_c"]
    return {"temp_c": np.where(wrong & (exchanged >= field.low) & (exchanged <= field.high), exchanged, temp)}


def crp_unit(written: Written, share: float) -> Fields:
    """C-reactive protein in mg/L where mg/dL is asked for; where it is charted at all."""
    if "crp_mg_dl" not in written.fields:
        return {}
    wrong = written.at_rounds("fault/crp_unit", share)
    return {"crp_mg_dl": in_mg_per_l(written.fields["crp_mg_dl"], wrong)}


def in_mg_per_l(crp_mg_dl: Column, wrong: Mask) -> Column:
    """The numbers in mg/L where wrong; those above the range of the field are refused and so unknown.

    >>> in_mg_per_l(np.array([1.2, 1.2, 25.0]), np.array([True, False, True])).tolist()
    [12.0, 1.2, nan]
    """
    typed = np.where(wrong, np.round(MG_L_PER_MG_DL * crp_mg_dl, 1), crp_mg_dl)
    found: Column = np.where(typed > READABLE["crp_mg_dl"].high, np.nan, typed)
    return found


def unknown_fields(written: Written, share: float) -> Fields:
    """Fields left empty, each on its own; what has a default, and what is the patient's, stays."""
    left: Fields = {}
    for name, column in written.fields.items():
        field = READABLE[name]
        if field.role != "patient" and field.default is None:
            lost = written.at_rounds(f"unknown/{name}", share)
            left[name] = np.where(lost, unknown_code(field), column).astype(column.dtype)
    return left


def late(written: Written, share: float) -> tuple[Mask, Mask]:
    """The rounds charted late, and those at whose time a late one is written.

    The first round and the last two are charted in time, so that nothing stands after a patient's last.
    """
    starts, rows = written.rounds.starts, len(written.rounds.minute)
    found = written.at_rounds("fault/late_entries", share)
    ends = np.append(starts[1:], rows) - 1
    found[starts] = found[ends] = found[np.maximum(ends - 1, 0)] = False
    return found, np.concatenate([[False], found[:-1]])


def late_entries(written: Written, share: float) -> Fields:
    """What a late round found stands at the time of the next, over that one's own values where both know one."""
    is_late, onto = late(written, share)
    rows = np.flatnonzero(onto)
    changed: Fields = {}
    for name, column in written.fields.items():
        own = np.where(is_late[rows], unknown_code(READABLE[name]), column[rows])  # those of a late round move on, too
        changed[name] = column.copy()
        changed[name][rows] = np.where(written.known(name)[rows - 1], column[rows - 1], own)
    return changed
