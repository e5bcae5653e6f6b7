"""What a scale makes of a whole course: days below a count, the lowest count, the highest value that was charted.

Many courses are worked at once, as columns; one course is the same with one. Each feature comes out twice, with
what is unknown at its mildest and at its worst (Rejeski 2023; Liang 2024 for the days between).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, Columns, unknown_code
from cartox_core.conditions import Between
from cartox_core.guideline import Feature, Scale
from cartox_core.observation import OBSERVATION

MINUTES_A_DAY = 1440
Days = npt.NDArray[np.float64]  # (cases, days): the lowest count of each day, NaN where there is none
Flags = npt.NDArray[np.bool_]  # (cases, days)
Ends = npt.NDArray[np.int64]  # (cases): the place of the last day
Made = tuple[Column, Column]  # (cases): at its mildest, at its worst


def features_of(columns: Columns, scale: Scale) -> tuple[Mapping[str, Column], Mapping[str, Column]]:
    """Every feature of a scale for each case (cases), with what is unknown at its mildest, and at its worst."""
    mild: dict[str, Column] = {}
    worst: dict[str, Column] = {}
    for feature in scale.features:
        mild[feature.name], worst[feature.name] = _made(columns, feature)
    return mild, worst


def _made(columns: Columns, feature: Feature) -> Made:
    case, day, last = _followed(columns, feature)
    if feature.made == "highest":
        found = [_highest(columns, name, feature, case, day) for name in feature.of]
        return np.max([mild for mild, _ in found], axis=0), np.max([worst for _, worst in found], axis=0)
    daily = _daily(columns, feature, case, day)
    if feature.made in ("lowest", "second_lowest"):
        return _lowest(daily, feature)
    return _days(daily, last, feature)


def _followed(columns: Columns, feature: Feature) -> tuple[Ends, Ends, Ends]:
    """The case and the day of each row, a day before the first where it does not count, and each case's last day."""
    assert columns.starts is not None
    lengths = np.diff(columns.starts, append=len(columns))
    case = np.repeat(np.arange(len(lengths)), lengths)
    day = columns.minute.astype(np.int64) // MINUTES_A_DAY
    if feature.until in columns.fields:
        ended = columns.fields[feature.until] == 1
        so_far = np.cumsum(ended) - ended  # how many ended before this row
        over = so_far > so_far[columns.starts][case]
        day = np.where(over, -1, day)
    last = np.maximum.reduceat(day, columns.starts)
    if not feature.ends_early:
        last = np.full_like(last, feature.last_day)
    return case, day, np.minimum(last, feature.last_day) - feature.first_day


def _daily(columns: Columns, feature: Feature, case: Ends, day: Ends) -> Days:
    """The lowest value of each day, rounded where that is asked; interpolated where few days are missing."""
    assert columns.starts is not None
    value = _numbers(columns, feature.of[0])
    last = max(min(feature.last_day, int(day.max(initial=0))), feature.first_day)
    daily = np.full((len(columns.starts), last - feature.first_day + 1), np.inf)
    counts = (day >= feature.first_day) & (day <= last) & ~np.isnan(value)
    np.minimum.at(daily, (case[counts], day[counts] - feature.first_day), value[counts])
    daily[np.isinf(daily)] = np.nan
    return daily


def _numbers(columns: Columns, name: str) -> Days:
    """A column as numbers, NaN where it is unknown."""
    column = columns.fields.get(name)
    if column is None:
        return np.full(len(columns), np.nan)
    return np.where(column == unknown_code(OBSERVATION[name]), np.nan, column.astype(np.float64))


def _highest(columns: Columns, name: str, feature: Feature, case: Ends, day: Ends) -> Made:
    """The highest value that was charted on its days; where there is none it may be any."""
    assert columns.starts is not None
    value = _numbers(columns, name)
    counts = (day >= feature.first_day) & (day <= feature.last_day) & ~np.isnan(value)
    field = OBSERVATION[name]
    low, high = (0.0, 1.0) if field.kind == "bool" else (field.low, field.high)
    found = np.full(len(columns.starts), -np.inf)
    np.maximum.at(found, case[counts], value[counts])
    none = np.isinf(found)
    kind = np.float64 if feature.field.kind == "number" else np.uint8
    return np.where(none, low, found).astype(kind), np.where(none, high, found).astype(kind)


def _lowest(daily: Days, feature: Feature) -> Made:
    """The lowest, or second lowest, of the days on which there is a value; unknown where there is none."""
    order = np.sort(_rounded(daily, feature), axis=1)  # NaN comes last
    found = order[:, 0]
    if feature.made == "second_lowest":
        second = order[:, 1] if order.shape[1] > 1 else np.full(len(order), np.nan)
        only = found if feature.alone else np.where(np.isnan(found), np.nan, feature.field.high)
        found = np.where(np.isnan(second), only, second)
    return found, found


def _days(daily: Days, last: Ends, feature: Feature) -> Made:
    """Days, or whether it never recovered, with the days that are missing above the count, and below it."""
    assert feature.test is not None
    width = feature.last_day - feature.first_day + 1
    daily = np.pad(daily, ((0, 0), (0, width - daily.shape[1])), constant_values=np.nan)
    place = np.arange(width)
    none: Flags = (last < 0) | np.isnan(daily).all(axis=1)  # nothing is known of any of its days
    inside = (place <= last[:, None]) | none[:, None]
    filled = _rounded(_interpolated(daily, np.where(none, width - 1, last), feature), feature)
    passes = _passes(filled, feature.test) & inside
    missing = np.isnan(filled) & inside
    if not feature.missing_counts:
        missing &= none[:, None]
    ends = np.where(none, width - 1, last)
    return _counted(passes, ends, feature), _counted(passes | missing, ends, feature)


def _interpolated(daily: Days, last: Ends, feature: Feature) -> Days:
    """Straight lines over short gaps; before the first and after the last value its own, where missing days count."""
    place = np.arange(daily.shape[1])
    known = ~np.isnan(daily)
    before = np.maximum.accumulate(np.where(known, place, -1), axis=1)
    after = np.flip(np.minimum.accumulate(np.flip(np.where(known, place, len(place)), 1), axis=1), 1)
    end = np.minimum(after, last[:, None] + 1)
    short = (
        ~known & (end - before - 1 <= feature.gap_days) & (place <= last[:, None]) & known.any(axis=1, keepdims=True)
    )
    if not feature.missing_counts:
        short &= (before >= 0) & (after < len(place))
    left = np.take_along_axis(daily, np.maximum(before, 0), axis=1)
    right = np.take_along_axis(daily, np.minimum(after, len(place) - 1), axis=1)
    left, right = np.where(before < 0, right, left), np.where(after > last[:, None], left, right)
    line = left + (right - left) * (place - before) / np.maximum(after - before, 1)
    return np.where(short, line, daily)


def _rounded(daily: Days, feature: Feature) -> Days:
    return np.round(daily / feature.round_to) * feature.round_to if feature.round_to else daily


def _passes(values: Days, test: Between) -> Flags:
    above = values >= test.low if test.low_in else values > test.low
    below = values <= test.high if test.high_in else values < test.high
    return above & below


def _counted(flags: Flags, last: Ends, feature: Feature) -> Column:
    """Days, or whether a run that began in time lasts to the end, of runs joined where they lie close."""
    place = np.arange(flags.shape[1])
    before = np.maximum.accumulate(np.where(flags, place, -1 - len(place)), axis=1)
    after = np.flip(np.minimum.accumulate(np.flip(np.where(flags, place, 2 * len(place)), 1), axis=1), 1)
    joined = flags | (after - before - 1 <= feature.join_days)
    if feature.made == "total_days":
        return _bytes(joined.sum(axis=1))
    begun = np.maximum.accumulate(np.where(joined, -1, place), axis=1) + 1  # of the run that a day belongs to
    if feature.made == "longest_days":
        return _bytes(np.where(joined, place + 1 - begun, 0).max(axis=1))
    at_end = np.take_along_axis(joined, last[:, None], axis=1)[:, 0]
    since = np.take_along_axis(begun, last[:, None], axis=1)[:, 0]
    return _bytes(at_end & (since <= feature.by_day))


def _bytes(values: npt.NDArray[Any]) -> Column:
    return values.astype(np.uint8)
