"""What a guideline file says of a feature, a number made of a whole course, checked against what can be made."""

from collections.abc import Mapping
from typing import Any

from cartox_core.bibliography import nearest
from cartox_core.conditions import Between, ConditionError, parse_test
from cartox_core.fields import Field
from cartox_core.guideline import Feature, GuidelineError
from cartox_core.observation import OBSERVATION, READABLE

MOST_DAYS = 200  # a number of days must fit in a byte, with room for unknown
_DAYS = ("longest_days", "total_days", "never_recovered")


def feature_of(table: Mapping[str, Any], where: str) -> Feature:
    """The feature of a table of the right shape. Raises GuidelineError where it cannot be made."""
    where = f"{where} {table['name']}"
    if table["name"] in READABLE:
        raise GuidelineError(f"{where}: a charted field has that name")
    of, made = [_source(name, where) for name in table["of"]], table["made"]
    if (until := table.get("until")) and _source(until, where).kind != "bool":
        raise GuidelineError(f"{where}: until is {until!r}; it must be a field that is true or false")
    days = table["last_day"] - table["first_day"] + 1
    if days < 1 or (made in _DAYS and days > MOST_DAYS):
        raise GuidelineError(f"{where}: its days end before they begin, or are more than {MOST_DAYS}")
    kinds = {field.kind for field in of}
    if made == "highest" and (len(kinds) > 1 or not kinds <= {"number", "integer", "bool"}):
        raise GuidelineError(f"{where}: highest is made of fields of one kind, numbers or true and false")
    if made != "highest" and (len(of) > 1 or kinds != {"number"}):
        raise GuidelineError(f"{where}: {made} is made of one field that is a number")
    if (made in _DAYS) != ("test" in table):
        raise GuidelineError(f"{where}: {made} {'needs a test' if made in _DAYS else 'takes no test'}")
    field = _made_field(table, of, days)
    return Feature(**{**table, "of": tuple(table["of"]), "field": field, "test": _test(table, of[0], where)})


def _source(name: str, where: str) -> Field:
    if name not in OBSERVATION:
        raise GuidelineError(f"{where}: there is no field {name!r};{nearest(name, OBSERVATION)}")
    return OBSERVATION[name]


def _test(table: Mapping[str, Any], field: Field, where: str) -> Between | None:
    if "test" not in table:
        return None
    try:
        test = parse_test(table["test"], field)
    except ConditionError as error:
        raise GuidelineError(f"{where}: {error}") from None
    if not isinstance(test, Between):
        raise GuidelineError(f"{where}: a test that anything passes counts every day")
    return test


def _made_field(table: Mapping[str, Any], of: list[Field], days: int) -> Field:
    """The field that the clauses test: days, yes or no, or a value like those it is made of."""
    name, doc, source = table["name"], table["text"], of[0]
    match table["made"]:
        case "longest_days" | "total_days":
            return Field(name, "integer", "d", low=0, high=days, worse="up", role="sign", doc=doc)
        case "never_recovered":
            return Field(name, "bool", worse=True, role="sign", doc=doc)
        case "highest" if source.kind == "bool":
            return Field(name, "bool", worse=True, role="sign", doc=doc)
        case made:
            worse = "up" if made == "highest" else "down"
            low, high = min(f.low for f in of), max(f.high for f in of)
            return Field(name, source.kind, source.unit, low=low, high=high, worse=worse, role="sign", doc=doc)
