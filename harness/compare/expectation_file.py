"""Read an approved difference from TOML; what it names must be there, and what it says must make sense."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import pydantic

from cartox_core import Guideline, Scale
from cartox_core.bibliography import nearest
from cartox_core.conditions import ConditionError, OneOf, Test, parse_test
from cartox_core.fields import Field
from cartox_core.observation import READABLE
from harness.compare.expectation import Approved, ApprovedBeside, Expectation, ExpectationError, Gate
from harness.compare.region import Region, from_words

Written = str | bool | int | float | list[str | bool | int | float]
Grade = Annotated[int, pydantic.Field(ge=0, le=5)]
_STRICT = pydantic.ConfigDict(extra="forbid", strict=True)


class _Rule(pydantic.BaseModel):
    model_config = _STRICT
    scale: str
    when: dict[str, Written] = pydantic.Field(min_length=1)
    old: Grade | None = None
    new: Grade | None = None
    gate: Gate = ""
    clauses_old: list[str] = []
    clauses_new: list[str] = []
    reason: str = ""


class _Beside(pydantic.BaseModel):
    model_config = _STRICT
    scale: str
    what: str
    reason: str = ""


class _File(pydantic.BaseModel):
    model_config = _STRICT
    old: str
    new: str
    approved_by: str = ""
    reason: str = ""
    rule: list[_Rule] = []
    beside: list[_Beside] = []
    only_old: list[str] = []
    only_new: list[str] = []


def expectation_of(text: str, old: Guideline, new: Guideline, pairs: Sequence[tuple[str, str]]) -> Expectation:
    r"""Read the approved difference of two guidelines, of which some pairs of scales are compared.

    Raises ExpectationError.

    >>> from cartox_core import load
    >>> text = 'old = "lee-2014"\nnew = "astct-2019"\n[[rule]]\nscale = "crs"\nwhen = { vasopressors = "2..6" }'
    >>> read = expectation_of(f"{text}\nold = 3\nnew = 4", load("lee-2014"), load("astct-2019"), [("crs", "crs")])
    >>> read.rules[0].found, read.rules[0].change
    ('vasopressors 2–6', '3 → 4')
    """
    raw = _checked(text)
    if (raw.old, raw.new) != (old.id, new.id):
        raise ExpectationError(
            f"it is about {raw.old} → {raw.new}, and {old.id} → {new.id} is compared; name the guidelines it is about"
        )
    names = [one for one, _ in pairs]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ExpectationError(f"{twice} of OLD is compared with two scales; hold one pair at a time to an expectation")
    for scale, where in [(b.scale, f"beside {n}") for n, b in enumerate(raw.beside, 1)]:
        _check_scale(scale, where, old, new, names)
    return Expectation(
        old=raw.old,
        new=raw.new,
        approved_by=raw.approved_by.strip(),
        reason=raw.reason.strip(),
        rules=tuple(_approved(n, rule, old, new, dict(pairs)) for n, rule in enumerate(raw.rule, 1)),
        beside=tuple(ApprovedBeside(b.scale, " ".join(b.what.split()), b.reason) for b in raw.beside),
        only_old=tuple(raw.only_old),
        only_new=tuple(raw.only_new),
    )


def _checked(text: str) -> _File:
    try:
        return _File.model_validate(tomllib.loads(text))
    except pydantic.ValidationError as error:
        raise ExpectationError(_fault(error)) from None
    except (ValueError, RecursionError) as error:
        raise ExpectationError(f"not TOML: {error}") from None


def _fault(error: pydantic.ValidationError) -> str:
    """The first thing that is wrong, with its place, what is allowed, and the nearest right name."""
    faults = error.errors()
    first = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    place = [str(part + 1) if isinstance(part, int) else part for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        inside: dict[str, type[pydantic.BaseModel]] = {"rule": _Rule, "beside": _Beside}
        shape = inside[place[0]] if len(place) > 1 else _File
        at = f"{' '.join(place[:-1])}: " if place[:-1] else ""
        near = nearest(place[-1], shape.model_fields)
        return f"{at}unknown key {place[-1]!r};{near} allowed: {', '.join(shape.model_fields)}"
    if place[2:3] == ["when"] and len(place) > 3:
        return f"{' '.join(place[:2])}: {place[3]} must be text as in '≥ 38', a number, true, false, or a list of these"
    return f"{' '.join(place)}: {first['msg'][:1].lower()}{first['msg'][1:]}"


def _approved(number: int, raw: _Rule, old: Guideline, new: Guideline, pairs: Mapping[str, str]) -> Approved:
    where = f"rule {number}"
    _check_scale(raw.scale, where, old, new, pairs)
    scales = {"OLD": raw.scale, "NEW": pairs.get(raw.scale, raw.scale)}
    for side, guideline, clauses in (("OLD", old, raw.clauses_old), ("NEW", new, raw.clauses_new)):
        _check_clauses(clauses, where, side, guideline, scales[side])
    if (raw.old is None) != (raw.new is None) or (raw.old is None and not raw.gate):
        raise ExpectationError(f'{where}: write the grades old and new, or gate = "opens" or "shuts"')
    if raw.old is not None and raw.old == raw.new:
        raise ExpectationError(f"{where}: old and new are both {raw.old}, which is no change; leave the rule out")
    forms = [old.scales.get(raw.scale), new.scales.get(pairs.get(raw.scale, raw.scale))]
    region = _region(raw.when, [form for form in forms if form is not None], where)
    return Approved(number, raw.scale, region, raw.old, raw.new, raw.gate, raw.reason)


def _check_scale(name: str, where: str, old: Guideline, new: Guideline, compared: Iterable[str]) -> None:
    """A scale must be one of OLD's that is compared, or one that NEW has lost."""
    if name not in old.scales:
        has = ", ".join(old.scales)
        raise ExpectationError(f"{where}: {old.id} has no scale {name!r};{nearest(name, old.scales)} it has {has}")
    if name not in compared and name in new.scales:
        raise ExpectationError(f"{where}: the scale {name} is not compared; add --scale {name}, or compare them all")


def _check_clauses(clauses: Iterable[str], where: str, side: str, guideline: Guideline, scale: str) -> None:
    """Each clause must be one of the scale, or of a scale that this side lacks."""
    scales = [guideline.scales[scale]] if scale in guideline.scales else list(guideline.scales.values())
    there = [clause.id for each in scales for clause in each.clauses]
    for name in clauses:
        if name not in there:
            near = nearest(name, there) or f" cartox guideline {guideline.id} prints them"
            lacks = "no longer has" if side == "NEW" else "does not have"
            raise ExpectationError(f"{where} names the clause {name}, which {side} ({guideline.id}) {lacks};{near}")


def _region(when: Mapping[str, Written], forms: Sequence[Scale], where: str) -> Region:
    own = {name: field for form in reversed(forms) for name, field in form.own.items()}
    region = []
    for name, written in when.items():
        field = own.get(name) or READABLE.get(name)
        if field is None:
            read = dict.fromkeys(n for form in forms for clause in form.clauses for n in clause.when)
            near = nearest(name, {**own, **READABLE}) or f" the scale tests {', '.join(read)}"
            raise ExpectationError(f"{where}: there is no field {name!r};{near}")
        try:
            region.append((name, _tests(written, field)))
        except ConditionError as error:
            raise ExpectationError(f"{where}: {error}") from None
    return tuple(region)


def _tests(written: Written, field: Field) -> tuple[Test, ...]:
    """The tests of a field, from the words of a comparison or as in a guideline file. Raises ConditionError."""
    if isinstance(written, str):
        return from_words(written, field)
    if isinstance(written, list):
        if not written:
            raise ConditionError(f"{field.name} is an empty list; write what is found, as in 'yes' or '≥ 38'")
        found = [test for each in written for test in _tests(each, field)]
        values = [value for test in found if isinstance(test, OneOf) for value in test.values]
        return (OneOf(tuple(dict.fromkeys(values))),) if values else tuple(found)
    test = parse_test(written, field)
    return () if test is None else (test,)
