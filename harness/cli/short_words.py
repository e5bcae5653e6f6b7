"""The answer of ``cartox recommend`` in short: what to give now, the place of care, what to chart first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cartox_core import Plan
from cartox_core.doses import Dose
from cartox_core.management import Toxicity
from harness.cli.answers import Answer
from harness.cli.story import number

_FIELDS_NAMED, _SIGNS_NAMED = 3, 2
_TIMES = {2: "twice"}
_NUMBERS = {2: "two", 3: "three", 4: "four"}


def in_short(
    advised: Sequence[Answer], perhaps: Sequence[Answer], plan: Plan, lacks: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """A few lines: drugs that should be given now, those that run, the place of care; what the rest depends on.

    ``lacks`` has what is missing for the grade of a part.
    """
    drugs = [one for one in advised if one["strength"] == "should" and one["drugs"]]
    given = dict.fromkeys(f"{one['drugs'][0]}{_dose(one)}" for one in drugs if "next_due_h" not in one)
    running = [one for one in drugs if "next_due_h" in one]
    yield f"give: {'; '.join(given) or 'no drug that surely should be given now'}"
    if running:
        dues = (f"{one['drugs'][0]} or the like, next due at {number(one['next_due_h'])} h" for one in running)
        yield f"running: {'; '.join(dict.fromkeys(dues))}"
    places = [one for one in advised if one["kind"] == "place" and plan.toxicities[one["toxicity"]].grade]
    if places:
        yield f"place: {'; '.join(dict.fromkeys(one['what'] for one in places))}"
    missing = {part.grade: lacks[name] for name, part in plan.toxicities.items() if lacks.get(name)}
    if first := [_with_signs(name, missing.get(name, ())) for name in first_to_chart(perhaps)]:
        yield f"depends on: {', '.join(first)}"


def first_to_chart(perhaps: Sequence[Answer]) -> list[str]:
    """The unknown fields on which most hangs: steps that should be done count first, then all.

    >>> first_to_chart([{"strength": "may", "unknown": ["a", "b"]}, {"strength": "should", "unknown": ["b"]}])
    ['b', 'a']
    """
    strong = Counter(name for one in perhaps if one["strength"] == "should" for name in one["unknown"])
    names = Counter(name for one in perhaps for name in one["unknown"])
    return sorted(names, key=lambda name: (-strong[name], -names[name]))[:_FIELDS_NAMED]


def _with_signs(name: str, signs: Sequence[str]) -> str:
    some = ", ".join(signs[:_SIGNS_NAMED]) + " …" * (len(signs) > _SIGNS_NAMED)
    return f"{name} (chart {some})" if some else name


def named_twice(advised: Sequence[Answer], plan: Plan) -> Iterator[str]:
    """A line for each drug that several toxicities name: it is given once."""
    named: dict[str, list[Answer]] = {}
    for one in advised:
        for drug in one["drugs"][:1]:
            named.setdefault(drug, []).append(one)
    for drug, some in named.items():
        if len({one["toxicity"] for one in some}) > 1:
            where = ", ".join(f"{one['strength']} in {short_name(plan.toxicities[one['toxicity']])}" for one in some)
            times = _TIMES.get(n := len(some), f"{n} times")
            yield f"{drug} is named {times} ({where}): one dose, not {_NUMBERS.get(n, n)}"


def short_name(part: Toxicity) -> str:
    """What stands in brackets after the title of a part, or its title.

    >>> from cartox_core import load_plan
    >>> [short_name(part) for part in load_plan("ferreri-2024").toxicities.values()][:2]
    ['Every patient after the infusion', 'CRS']
    """
    title, bracket, short = part.title.rstrip(")").rpartition("(")
    return short if bracket else title or part.title


def _dose(one: Mapping[str, Any]) -> str:
    """The dose of a step without its limits, and from when it may be given."""
    dose = Dose(**{**one["dose"], "note": ""}) if one["dose"] else Dose(None, None, "")
    route = f" {one['route']}" if one.get("route") else ""
    early = f", not before {number(one['not_before_h'])} h" if "not_before_h" in one else ""
    return f" {dose}{route}{early}" if dose.low is not None else f" ({dose})"
