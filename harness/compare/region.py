"""A set of findings: for each field that it names, the tests of which one must hold; the other fields are free."""

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.conditions import Between, ConditionError, OneOf, Test, parse_test
from cartox_core.fields import Field
from cartox_core.tables import Axis
from harness.compare.boxes import Box

Mask = npt.NDArray[np.bool_]
Region = tuple[tuple[str, tuple[Test, ...]], ...]
_NUMBER = r"([+-]?\d+(?:\.\d+)?)"
_SIGNED = re.compile(rf"(≥|≤|>|<)\s*{_NUMBER}")
_STRETCH = re.compile(rf"(above )?{_NUMBER}(?:–| to )(below )?{_NUMBER}")
_OR = re.compile(r"\s+or\s+|\s*,(?!\d)\s*")  # a comma within digits is no end of a number


def region_of(axes: Sequence[Axis], box: Box) -> Region:
    """The findings of a box; an axis of which it has every band is free, but for the first where all are."""
    named = tuple(
        (axis.field.name, _tests(axis, bands))
        for axis, bands in zip(axes, box, strict=True)
        if len(bands) < len(axis.bands)
    )
    return named or ((axes[0].field.name, _everything(axes[0])),)


def _everything(axis: Axis) -> tuple[Test, ...]:
    if axis.field.kind in ("bool", "enum"):
        return _tests(axis, range(len(axis.bands)))
    return (Between(axis.field.low, high=axis.field.high),)


def _tests(axis: Axis, bands: Sequence[int]) -> tuple[Test, ...]:
    """Bands as tests: values as one list, neighbouring stretches of numbers as one."""
    if axis.field.kind in ("bool", "enum"):
        return (OneOf(tuple(axis.bands[i].sample for i in bands)),)
    runs: list[list[int]] = []
    for band in bands:
        if runs and band == runs[-1][-1] + 1:
            runs[-1].append(band)
        else:
            runs.append([band])
    return tuple(_stretch(axis, run[0], run[-1]) for run in runs)


def _stretch(axis: Axis, first: int, last: int) -> Between:
    field, cuts = axis.field, axis.cuts
    if field.kind == "integer":
        low = cuts[first - 1].at if first else field.low
        return Between(low, high=cuts[last].at - 1 if last < len(cuts) else field.high)
    under = (cuts[first - 1].at, not cuts[first - 1].above) if first else (-math.inf, True)
    over = (cuts[last].at, cuts[last].above) if last < len(cuts) else (math.inf, True)
    return Between(*under, *over)


def in_words(tests: Iterable[Test]) -> str:
    """The tests of a field in words.

    >>> in_words([Between(high=38, high_in=False), Between(38.5, True, 39, False)])
    '< 38 or 38.5 to below 39'
    """
    return " or ".join(map(str, tests))


def from_words(text: str, field: Field) -> tuple[Test, ...]:
    """The tests that the words of a field stand for; those of a guideline file, such as ``>= 38``, are read too.

    Raises ConditionError.

    >>> from cartox_core.observation import READABLE
    >>> from_words("< 38 or 38.5 to below 39", READABLE["temp_c"])[1]
    Between(low=38.5, low_in=True, high=39.0, high_in=False)
    """
    parts = [part for part in _OR.split(text.strip()) if part]
    if not parts:
        raise ConditionError(f"{field.name} is empty; write what is found, as in 'yes' or '≥ 38'")
    if field.kind in ("bool", "enum"):
        known = {"yes": True, "no": False, "true": True, "false": False} if field.kind == "bool" else {}
        return tuple(t for part in [[known.get(p, p) for p in parts]] if (t := parse_test(part, field)))
    return tuple(_number(part, field) for part in parts)


def _number(text: str, field: Field) -> Test:
    if match := _STRETCH.fullmatch(text):
        above, low, below, high = match.groups()
        parse_test(f"{low}..{high}", field)
        return Between(float(low), not above, float(high), not below)
    if match := _SIGNED.fullmatch(text):
        text = f"{ {'≥': '>=', '≤': '<='}.get(match[1], match[1]) } {match[2]}"
    test = parse_test(text, field)
    if test is None:
        raise ConditionError(f"{field.name} is {text!r}; leave a field out that may be anything")
    return test


def cells_of(region: Region, axes: Sequence[Axis]) -> Mask:
    """The cells of some axes that lie in a region; fields of it that are no axis are left out of account."""
    named = dict(region)
    mask = np.ones([len(axis.bands) for axis in axes], bool)
    for i, axis in enumerate(axes):
        if axis.field.name in named:
            holds = [any(t.holds(band.sample) for t in named[axis.field.name]) for band in axis.bands]
            mask &= np.array(holds).reshape([-1 if k == i else 1 for k in range(len(axes))])
    return mask
