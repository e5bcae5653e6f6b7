"""Unary tests: what they hold for, what is refused, and the bands they cut."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core.conditions import Between, ConditionError, Cut, OneOf, bands_of, cuts_of, parse_test
from cartox_core.fields import Field

TEMP = Field("temp_c", "number", "Cel", low=25, high=45)
ICE = Field("ice", "integer", low=0, high=10)
FLAG = Field("hypotension", "bool")
DEVICE = Field("o2_device", "enum", values=("none", "cpap", "bipap"))

HOLDS = [  # a test, values that pass it, values that do not, and how it is printed
    (TEMP, ">= 38.0", [38.0, 45], [37.999, 25], "≥ 38"),
    (TEMP, ">38.0", [38.001, 45], [38.0, 25], "> 38"),
    (TEMP, "<= 38", [25, 38.0], [38.001], "≤ 38"),
    (TEMP, " < 38 ", [25, 37.999], [38.0], "< 38"),
    (TEMP, "36..37.5", [36.0, 37.5], [35.999, 37.501], "36–37.5"),
    (TEMP, "36 .. 36", [36.0], [35.999, 36.001], "36"),
    (TEMP, "+36", [36.0], [36.1], "36"),
    (TEMP, 36.5, [36.5], [36.4, 36.6], "36.5"),
    (TEMP, "25..45", [25, 45], [], "25–45"),
    (ICE, 3, [3], [2, 4], "3"),
    (ICE, "3..6", [3, 6], [2, 7], "3–6"),
    (ICE, "> 2.0", [3], [2], "> 2"),
    (FLAG, True, [True], [False], "yes"),
    (FLAG, False, [False], [True], "no"),
    (FLAG, [True, False], [True, False], [], "yes or no"),
    (DEVICE, "cpap", ["cpap"], ["none", "bipap"], "cpap"),
    (DEVICE, ["cpap", "bipap"], ["cpap", "bipap"], ["none"], "cpap or bipap"),
]


@pytest.mark.parametrize(("field", "raw", "inside", "outside", "printed"), HOLDS, ids=lambda p: str(p)[:16])
def test_a_test_holds(field: Field, raw: Any, inside: list[Any], outside: list[Any], printed: str) -> None:
    test = parse_test(raw, field)
    assert test is not None
    assert [test.holds(v) for v in inside] == [True] * len(inside)
    assert [test.holds(v) for v in outside] == [False] * len(outside)
    assert str(test) == printed


@pytest.mark.parametrize("field", [TEMP, ICE, FLAG, DEVICE])
def test_a_dash_passes_anything(field: Field) -> None:
    assert parse_test("-", field) is None


HOW = 'write ">= 38", "3..6", "1" or "-" (anything)'
REFUSED = [
    (TEMP, "warm", f"temp_c tests 'warm'; {HOW}"),
    (TEMP, "= 38", f"temp_c tests '= 38'; {HOW}"),
    (TEMP, "38..", f"temp_c tests '38..'; {HOW}"),
    (TEMP, ">= 38 or so", f"temp_c tests '>= 38 or so'; {HOW}"),
    (TEMP, "1e1", f"temp_c tests '1e1'; {HOW}"),
    (TEMP, "", f"temp_c tests ''; {HOW}"),
    (TEMP, True, f"temp_c tests True; {HOW}"),
    (TEMP, [38], f"temp_c tests [38]; {HOW}"),
    (TEMP, {}, f"temp_c tests {{}}; {HOW}"),
    (TEMP, math.inf, f"temp_c tests 'inf'; {HOW}"),
    (TEMP, math.nan, f"temp_c tests 'nan'; {HOW}"),
    (TEMP, ">= 45.1", "temp_c tests '>= 45.1', which lies outside a number from 25 to 45 Cel"),
    (TEMP, "< 24.9", "temp_c tests '< 24.9', which lies outside a number from 25 to 45 Cel"),
    (TEMP, "24..30", "temp_c tests '24..30', which lies outside a number from 25 to 45 Cel"),
    (TEMP, "30..46", "temp_c tests '30..46', which lies outside a number from 25 to 45 Cel"),
    (TEMP, "38..37", "temp_c tests '38..37', whose ends are the wrong way round; write \"37..38\""),
    (TEMP, 24, "temp_c tests '24', which lies outside a number from 25 to 45 Cel"),
    (ICE, "11", "ice tests '11', which lies outside a whole number from 0 to 10"),
    (ICE, "> 2.5", "ice tests '> 2.5'; it is a whole number from 0 to 10"),
    (ICE, "1..2.5", "ice tests '1..2.5'; it is a whole number from 0 to 10"),
    (FLAG, "true", "hypotension is never 'true'; it is true or false"),
    (FLAG, 1, "hypotension is never 1; it is true or false"),
    (DEVICE, "tube", "o2_device is never 'tube'; it is one of none, cpap, bipap"),
    (DEVICE, True, "o2_device is never True; it is one of none, cpap, bipap"),
    (DEVICE, ["cpap", "tube"], "o2_device is never 'tube'; it is one of none, cpap, bipap"),
    (DEVICE, [["cpap"]], "o2_device is never ['cpap']; it is one of none, cpap, bipap"),
    (DEVICE, {}, "o2_device is never {}; it is one of none, cpap, bipap"),
    (DEVICE, [], "o2_device tests an empty list, or a value twice: []"),
    (DEVICE, ["cpap", "cpap"], "o2_device tests an empty list, or a value twice: ['cpap', 'cpap']"),
]


@pytest.mark.parametrize(("field", "raw", "message"), REFUSED, ids=lambda p: str(p)[:16])
def test_a_test_that_cannot_be_read_or_does_not_fit_is_refused(field: Field, raw: Any, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parse_test(raw, field)
    assert str(caught.value) == message


CUTS = [
    (TEMP, [Between(low=38)], [Cut(38, False)]),
    (TEMP, [Between(low=38, low_in=False)], [Cut(38, True)]),
    (TEMP, [Between(high=38)], [Cut(38, True)]),
    (TEMP, [Between(high=38, high_in=False)], [Cut(38, False)]),
    (TEMP, [Between(low=40), Between(36, high=37)], [Cut(36, False), Cut(37, True), Cut(40, False)]),
    (TEMP, [Between(38, high=38)], [Cut(38, False), Cut(38, True)]),
    (TEMP, [Between(low=25), Between(high=45)], []),
    (TEMP, [Between(low=25, low_in=False)], [Cut(25, True)]),
    (TEMP, [Between(high=45, high_in=False)], [Cut(45, False)]),
    (ICE, [Between(3, high=6)], [Cut(3, False), Cut(7, False)]),
    (ICE, [Between(high=6), Between(low=6, low_in=False)], [Cut(7, False)]),
    (ICE, [Between(high=3, high_in=False)], [Cut(3, False)]),
    (ICE, [Between(0, high=0)], [Cut(1, False)]),
    (ICE, [Between(high=10), Between(low=10, low_in=False)], []),
]


@pytest.mark.parametrize(("field", "tests", "cuts"), CUTS)
def test_cuts(field: Field, tests: list[Between], cuts: list[Cut]) -> None:
    assert list(cuts_of(tests, field)) == cuts


BANDS = [
    (TEMP, [], [("any", 25)]),
    (TEMP, [Cut(38, False)], [("< 38", 25), ("≥ 38", 38)]),
    (TEMP, [Cut(38, True)], [("≤ 38", 25), ("> 38", 45)]),
    (TEMP, [Cut(36, False), Cut(37, True)], [("< 36", 25), ("36–37", 36), ("> 37", 45)]),
    (TEMP, [Cut(36, True), Cut(37, True)], [("≤ 36", 25), ("above 36 to 37", 37), ("> 37", 45)]),
    (TEMP, [Cut(36, True), Cut(37, False)], [("≤ 36", 25), ("above 36 to below 37", 36.5), ("≥ 37", 37)]),
    (ICE, [], [("0–10", 0)]),
    (ICE, [Cut(1, False), Cut(10, False)], [("0", 0), ("1–9", 1), ("10", 10)]),
    (FLAG, [], [("no", False), ("yes", True)]),
    (DEVICE, [], [("none", "none"), ("cpap", "cpap"), ("bipap", "bipap")]),
]


@pytest.mark.parametrize(("field", "cuts", "bands"), BANDS)
def test_bands_have_a_label_and_a_sample(field: Field, cuts: list[Cut], bands: list[tuple[str, Any]]) -> None:
    assert [(b.label, b.sample) for b in bands_of(field, tuple(cuts))] == bands


def test_the_band_below_the_top_of_the_range_has_its_label() -> None:
    assert bands_of(TEMP, (Cut(45, False),))[0].label == "< 45"


def number_tests(field: Field) -> st.SearchStrategy[Between]:
    ends = st.integers(int(field.low), int(field.high)).map(float)
    comparison = st.builds(
        lambda at, up, closed: Between(low=at, low_in=closed) if up else Between(high=at, high_in=closed),
        ends,
        st.booleans(),
        st.booleans(),
    )
    between = st.tuples(ends, ends).map(lambda pair: Between(min(pair), high=max(pair)))
    return comparison | between


@pytest.mark.parametrize("field", [TEMP, ICE])
@given(data=st.data())
def test_no_test_tells_the_values_of_a_band_apart(field: Field, data: st.DataObject) -> None:
    """Any value stands in the band whose sample every test treats alike."""
    tests = data.draw(st.lists(number_tests(field), max_size=4))
    numbers = st.integers(0, 10) if field is ICE else st.integers(50, 90).map(lambda n: n / 2)
    value = data.draw(numbers)
    cuts = cuts_of(tests, field)
    bands = bands_of(field, cuts)
    band = bands[sum(cut.passed(value) for cut in cuts)]
    assert [t.holds(value) for t in tests] == [t.holds(band.sample) for t in tests]
    assert len({tuple(t.holds(b.sample) for t in tests) for b in bands}) <= len(bands) == len(cuts) + 1


def test_a_value_belongs_to_a_list_or_not() -> None:
    assert OneOf(("a", "b")).holds("b")
    assert not OneOf(("a", "b")).holds("c")
