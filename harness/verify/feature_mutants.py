"""What a scale makes of a whole course, made a little otherwise: its test, its days, what joins and what ends them."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Literal

from cartox_core import Scale
from cartox_core.conditions import Between
from cartox_core.fields import Field
from cartox_core.guideline import Feature, Made
from cartox_core.observation import OBSERVATION
from cartox_core.shapes import LAST_DAY
from harness.charts import step_of


def feature_mistakes(scale: Scale) -> Iterator[tuple[str, str, Scale]]:
    """Each feature of a whole course made a little otherwise; which days there are, for all of them at once."""
    for feature in scale.features:
        for what, changed in _made_otherwise(feature):
            made = tuple(changed if f is feature else f for f in scale.features)
            yield f"{feature.name}: {what}", _decided(scale, feature), dataclasses.replace(scale, features=made)
    for what, features in (
        ("what ends the days does not", [dataclasses.replace(f, until="") for f in scale.features]),
        ("the last observation ends the days, or not", [_turned(f, "ends_early") for f in scale.features]),
        ("days without a value may count, or never do", [_turned(f, "missing_counts") for f in scale.features]),
    ):
        if tuple(features) != scale.features:
            other = dataclasses.replace(scale, features=tuple(features))
            yield what, _decided(scale, scale.features[0]), other


def _turned(feature: Feature, flag: Literal["ends_early", "missing_counts"]) -> Feature:
    """A feature with a flag the other way round, where a day without a value makes a difference to it."""
    if feature.test is None or (flag == "ends_early" and not feature.missing_counts):
        return feature
    if flag == "ends_early":
        return dataclasses.replace(feature, ends_early=not feature.ends_early)
    return dataclasses.replace(feature, missing_counts=not feature.missing_counts)


def _decided(scale: Scale, feature: Feature) -> str:
    """The gravest clause that asks for a feature."""
    decides = [c for c in scale.clauses if feature.name in c.when]
    return max(decides, key=lambda c: c.grade).id if decides else ""


def _made_otherwise(feature: Feature) -> Iterator[tuple[str, Feature]]:
    if test := feature.test:
        yield from _tested_otherwise(feature, test)
    for name in _DAYS_OF[feature.made]:
        for days in (getattr(feature, name) - 1, getattr(feature, name) + 1):
            if 0 <= days <= LAST_DAY:
                changed = dataclasses.replace(feature, **{name: days})
                yield f"{name} became {days}", dataclasses.replace(changed, field=_wide_enough(changed))
    for name in feature.of if len(feature.of) > 1 else ():
        rest = tuple(n for n in feature.of if n != name)
        yield f"{name} is not looked at", dataclasses.replace(feature, of=rest)
    if feature.made == "second_lowest":
        yield "one value alone, turned round", dataclasses.replace(feature, alone=not feature.alone)
    if feature.made != "highest":
        yield "rounded to 10, or not", dataclasses.replace(feature, round_to=0 if feature.round_to else 10)
    if made := _MADE_OTHERWISE.get(feature.made):
        yield f"made by {made}", dataclasses.replace(feature, made=made)


def _tested_otherwise(feature: Feature, test: Between) -> Iterator[tuple[str, Feature]]:
    step = step_of(OBSERVATION[feature.of[0]])
    for end in (e for e in ("low", "high") if abs(getattr(test, e)) != float("inf")):
        bound, flag = getattr(test, end), f"{end}_in"
        for other in (
            dataclasses.replace(test, **{end: round(bound - step, 6)}),
            dataclasses.replace(test, **{end: round(bound + step, 6)}),
            dataclasses.replace(test, **{flag: not getattr(test, flag)}),
        ):
            yield f"{test} became {other}", dataclasses.replace(feature, test=other)


_WINDOW = ("first_day", "last_day")
_DAYS_OF: Mapping[Made, tuple[str, ...]] = {
    "longest_days": (*_WINDOW, "gap_days", "join_days"),
    "total_days": (*_WINDOW, "gap_days", "join_days"),
    "never_recovered": (*_WINDOW, "gap_days", "join_days", "by_day"),
    "lowest": _WINDOW,
    "second_lowest": _WINDOW,
    "highest": _WINDOW,
}
_MADE_OTHERWISE: Mapping[Made, Made] = {
    "longest_days": "total_days",
    "total_days": "longest_days",
    "lowest": "second_lowest",
    "second_lowest": "lowest",
}


def _wide_enough(feature: Feature) -> Field:
    """The field of a feature, with room for one day more."""
    days = max(feature.field.high, feature.last_day - feature.first_day + 1)
    return dataclasses.replace(feature.field, high=days) if feature.field.unit == "d" else feature.field
