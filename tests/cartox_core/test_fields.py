"""What a field accepts, and the words in which it says so."""

import math
from typing import Any

import pytest

from cartox_core.fields import Cartox10Items, Field, IceItems, is_number, items_fault

TEMP = Field("temp_c", "number", "Cel", low=25, high=45)
ICE = Field("ice", "integer", low=0, high=10)
FLAG = Field("hypotension", "bool")
DEVICE = Field("o2_device", "enum", values=("none", "cpap"))
UNIT = Field("unit", "text")
ITEMS = Field("ice_items", "items", items=IceItems, total="ice")
DOSE = Field("dose", "number", low=0)
DOSE_MG = Field("dose", "number", "mg", low=0)
COUNT = Field("anc_per_ul", "number", "/uL", low=0, high=1_000_000, least=10, hint="0.4 × 10⁹/L is 400")

WORDS = [
    (TEMP, "a number from 25 to 45 Cel"),
    (ICE, "a whole number from 0 to 10"),
    (FLAG, "true or false"),
    (DEVICE, "one of none, cpap"),
    (UNIT, "text"),
    (DOSE, "a number of 0 or more"),
    (DOSE_MG, "a number of 0 or more mg"),
    (COUNT, "0 or a number from 10 to 1,000,000 /uL"),
    (
        ITEMS,
        "an object of year (0-1), month (0-1), city (0-1), hospital (0-1), naming (0-3), command (0-1), "
        "writing (0-1), attention (0-1)",
    ),
]


@pytest.mark.parametrize(("field", "words"), WORDS, ids=lambda p: getattr(p, "name", None))
def test_allowed_is_said_in_words(field: Field, words: str) -> None:
    assert field.allowed == words


GOOD = [
    *((TEMP, v) for v in (25, 25.0, 38, 45.0)),
    *((ICE, v) for v in (0, 9.0, 10)),
    *((FLAG, v) for v in (True, False)),
    *((DEVICE, v) for v in ("none", "cpap")),
    *((UNIT, v) for v in ("", "mg/kg")),
    *((DOSE, v) for v in (0, 1e300)),
    *((COUNT, v) for v in (0, 0.0, 10, 10.5, 1_000_000)),
    *((ITEMS, v) for v in ({}, {"naming": 3, "year": 1.0, "city": None, "attention": 0})),
]


@pytest.mark.parametrize(("field", "value"), GOOD, ids=lambda p: getattr(p, "name", repr(p)))
def test_values_that_a_field_may_hold(field: Field, value: Any) -> None:
    assert field.fault(value) is None


BAD = [
    *((TEMP, v) for v in (24.999, 45.001, math.nan, math.inf, -math.inf, True, "38", None, [38], 10**400)),
    *((ICE, v) for v in (-1, 11, 9.5, True, "9")),
    *((FLAG, v) for v in (0, 1, "true", None)),
    *((DEVICE, v) for v in ("CPAP", "", 1, True, ["cpap"])),
    *((UNIT, v) for v in (1, None, True, ["mg"])),
    *((DOSE, v) for v in (-0.1, math.inf)),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda p: getattr(p, "name", repr(p)[:20]))
def test_values_that_a_field_may_not_hold(field: Field, value: Any) -> None:
    assert field.fault(value) == field.allowed


@pytest.mark.parametrize("value", [0.4, 9.999, -1, 1_000_001])
def test_a_count_in_the_wrong_unit_gets_a_hint(value: float) -> None:
    assert COUNT.fault(value) == "0 or a number from 10 to 1,000,000 /uL (0.4 × 10⁹/L is 400)"


@pytest.mark.parametrize("value", ["0.4", True, None])
def test_what_is_no_number_gets_no_hint_at_units(value: Any) -> None:
    assert COUNT.fault(value) == "0 or a number from 10 to 1,000,000 /uL"


ICE_FAULTS = [
    ([1], "an object of ICE items"),
    (10, "an object of ICE items"),
    ({"day": 1}, "the items year, month, city, hospital, naming, command, writing, attention; not 'day'"),
    ({"year": 1, "naming": 4}, "a whole number from 0 to 3 for naming"),
    ({"year": 2}, "a whole number from 0 to 1 for year"),
    ({"year": -1}, "a whole number from 0 to 1 for year"),
    ({"year": 0.5}, "a whole number from 0 to 1 for year"),
    ({"year": True}, "a whole number from 0 to 1 for year"),
    ({"year": "1"}, "a whole number from 0 to 1 for year"),
    ({"year": math.nan}, "a whole number from 0 to 1 for year"),
]


@pytest.mark.parametrize(("items", "words"), ICE_FAULTS, ids=lambda p: repr(p)[:30])
def test_bad_ice_items(items: Any, words: str) -> None:
    assert ITEMS.fault(items) == items_fault(items, IceItems) == words


def test_whole_numbers_are_kept_as_int_and_other_numbers_as_float() -> None:
    whole, number = ICE.clean(9.0), TEMP.clean(38)
    assert (whole, type(whole)) == (9, int)
    assert (number, type(number)) == (38.0, float)
    assert (FLAG.clean(True), DEVICE.clean("cpap"), UNIT.clean("mg")) == (True, "cpap", "mg")


def test_ice_items_are_kept_as_a_record() -> None:
    kept = ITEMS.clean({"naming": 2.0, "year": None})
    assert kept == IceItems(naming=2)
    assert type(kept.naming) is int


@pytest.mark.parametrize(
    ("items", "possible"),
    [
        (IceItems(), (0, 10)),
        (IceItems(year=0), (0, 9)),
        (IceItems(naming=2), (2, 9)),
        (IceItems(year=1, month=0, city=1, hospital=1, naming=0, command=1, writing=1, attention=1), (6, 6)),
    ],
)
def test_ice_items_leave_a_range(items: IceItems, possible: tuple[int, int]) -> None:
    assert items.possible == possible


def test_the_items_of_cartox10_ask_for_the_head_of_government_and_give_no_command() -> None:
    assert Cartox10Items.most.keys() - IceItems.most.keys() == {"president"}
    assert IceItems.most.keys() - Cartox10Items.most.keys() == {"command"}
    assert sum(Cartox10Items.most.values()) == sum(IceItems.most.values()) == 10
    assert items_fault({"command": 1}, Cartox10Items) == f"the items {', '.join(Cartox10Items.most)}; not 'command'"
    assert Cartox10Items(president=1, naming=2).possible == (3, 9)


@pytest.mark.parametrize("value", [10**400, -(10**400), math.inf, -math.inf, None, [3], False])
def test_no_number(value: object) -> None:
    assert not is_number(value)
