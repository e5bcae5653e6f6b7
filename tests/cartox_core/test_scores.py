"""The scores and indices: a plain implementation, every completion of what is unknown, and files that are wrong."""

import itertools
import math
import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cartox_core import GuidelineError, Observation, load_score, read_case, score, score_ids
from cartox_core.indices import INDICES, Span, span
from cartox_core.library import parse_score
from tests import plain_scores

SHELF = {name: load_score(name) for name in score_ids()}
TOTALS = {"ice": "ice_items", "cartox-10": "cartox10_items"}
BY_SCORE = pytest.mark.parametrize("name", plain_scores.READ)
BY_ITEMS = pytest.mark.parametrize("name", plain_scores.ITEMS)


def chart(**values: Any) -> Observation:
    return Observation(time_h=-120, **values)


def charted(row: dict[str, Any]) -> Observation:
    return read_case({"observations": [{"time_h": 5, **row}]}).observations[0]


def test_the_shelf() -> None:
    assert set(SHELF) == set(plain_scores.PLAIN) == {*plain_scores.READ, *plain_scores.ITEMS}
    assert {name: s.top for name, s in SHELF.items()} == {
        "ice": 10, "cartox-10": 10, "car-hematotox": 7, "hlh-2004": 8, "hscore": 337, "mnt": 3, "mnt-risk": 3,
    }  # fmt: skip
    for name in plain_scores.READ:
        read = {field for item in SHELF[name].items for field in item.fields}
        assert read == set(plain_scores.READ[name])


# ------------------------------------------------------------------------------------------------ what they find


def agrees(name: str, row: dict[str, Any], totals: set[int]) -> None:
    found = score(charted(row), SHELF[name])
    assert set(found.totals) == totals, row
    assert (found.low, found.high) == (min(totals), max(totals))
    assert found.total == (min(totals) if len(totals) == 1 else None)
    assert {band.name for band in found.bands} == {plain_scores.BANDS[name](total) for total in totals}
    if len(totals) == 1 and all(len(points) == 1 for points in found.items.values()):
        assert sum(points[0] for points in found.items.values()) == found.total


@BY_SCORE
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_complete_chart(name: str, data: st.DataObject) -> None:
    row = {field: data.draw(st.sampled_from(plain_scores.VALUES[field])) for field in plain_scores.READ[name]}
    agrees(name, row, {plain_scores.PLAIN[name](row)})


@BY_SCORE
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_totals_are_those_of_every_completion(name: str, data: st.DataObject) -> None:
    fields = plain_scores.READ[name]
    row = {field: data.draw(st.sampled_from(plain_scores.VALUES[field])) for field in fields}
    loose = [field for field in fields if field != "mnt_other_cause"]
    unknown = data.draw(st.lists(st.sampled_from(loose), min_size=1, max_size=4, unique=True))
    known = {field: value for field, value in row.items() if field not in unknown}
    completions = itertools.product(*(plain_scores.VALUES[field] for field in unknown))
    totals = {plain_scores.PLAIN[name]({**known, **dict(zip(unknown, c, strict=True))}) for c in completions}
    agrees(name, known, totals)


@BY_ITEMS
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_items_known_in_part(name: str, data: st.DataObject) -> None:
    most = plain_scores.ITEMS[name]
    row = data.draw(st.fixed_dictionaries({}, optional={k: st.integers(0, n) for k, n in most.items()}))
    completions = itertools.product(*([row[k]] if k in row else range(n + 1) for k, n in most.items()))
    agrees(name, {TOTALS[name]: row}, {sum(c) for c in completions})


@BY_ITEMS
def test_a_total_that_is_charted_decides_and_no_item_is_taken_for_nothing(name: str) -> None:
    for total in range(11):
        found = score(charted({SHELF[name].total: total}), SHELF[name])
        assert found.totals == (total,)
        assert [band.name for band in found.bands] == [plain_scores.BANDS[name](total)]
        assert found.items["year"] == (0, 1) and found.items["naming"] == (0, 1, 2, 3)


def test_totals_that_no_completion_gives_are_not_told() -> None:
    two = {"mnt_movement": True, "mnt_cognitive": True, "mnt_personality": False}
    assert score(charted(two), SHELF["mnt"]).totals == (0, 2)  # all or none, by recovery
    assert score(chart(temp_c=39.0), SHELF["hscore"]).items["temperature"] == (33,)
    assert score(chart(), SHELF["hscore"]).items["temperature"] == (0, 33, 49)


@pytest.mark.parametrize(
    ("name", "value", "points"),
    [
        ("anc_per_ul", 1200, 1), ("anc_per_ul", 1201, 0), ("hemoglobin_g_dl", 9.0, 1), ("hemoglobin_g_dl", 9.1, 0),
        ("crp_mg_dl", 3.0, 1), ("crp_mg_dl", 2.9, 0),
    ],
)  # fmt: skip
def test_car_hematotox_with_a_point_on_the_line(name: str, value: float, points: int) -> None:
    well = {"platelets_10e9_l": 200, "anc_per_ul": 3000, "hemoglobin_g_dl": 12.0, "crp_mg_dl": 0.5, "ferritin_ng_ml": 9}
    assert score(chart(**{**well, name: value}), load_score("car-hematotox", {"H14": "point"})).total == points


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_what_becomes_known_only_narrows(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(plain_scores.READ)))
    row = {field: data.draw(st.sampled_from(plain_scores.VALUES[field])) for field in plain_scores.READ[name]}
    kept = data.draw(st.sets(st.sampled_from(sorted(row))))
    assume("mnt_other_cause" not in row or "mnt_other_cause" in kept or not row["mnt_other_cause"])
    some = score(charted({k: row[k] for k in kept}), SHELF[name])
    assert set(score(charted(row), SHELF[name]).totals) <= set(some.totals)


# ------------------------------------------------------------------------------------------------ indices


def index(name: str, **values: Any) -> Span | None:
    return span(chart(**values), INDICES[name])


def test_the_three_indices_of_one_patient() -> None:
    patient = {"ldh_u_l": 400, "creatinine_mg_dl": 1.5, "crp_mg_dl": 10, "platelets_10e9_l": 50}
    assert index("easix", **patient) == Span(12.0, 12.0)
    assert index("simplified-easix", **patient) == Span(8.0, 8.0)
    assert index("m-easix", **patient) == Span(80.0, 80.0)


def test_a_missing_component_is_a_range_and_never_a_zero() -> None:
    found = index("easix", ldh_u_l=400, platelets_10e9_l=50)
    assert found == Span(0.0, 320.0)  # creatinine from 0 to 40 mg/dL
    assert found is not None and found.value is None
    assert index("simplified-easix", ldh_u_l=300) == Span(0.1, math.inf)  # platelets from 0 to 3,000
    assert index("simplified-easix", ldh_u_l=0) == Span(0.0, 0.0)
    assert index("m-easix") == Span(0.0, math.inf)


def test_no_platelets_no_index() -> None:
    assert index("easix", ldh_u_l=400, creatinine_mg_dl=1, platelets_10e9_l=0) is None


LABORATORY = {
    "platelets_10e9_l": st.floats(1, 500),
    "crp_mg_dl": st.floats(0, 30),
    "ldh_u_l": st.floats(0, 2000),
    "creatinine_mg_dl": st.floats(0.1, 10),
}


@given(st.fixed_dictionaries({}, optional=LABORATORY), st.fixed_dictionaries(LABORATORY))
def test_an_index_only_narrows(known: dict[str, float], rest: dict[str, float]) -> None:
    for name in INDICES:
        wide, exact = index(name, **known), index(name, **{**rest, **known})
        assert wide is not None and exact is not None and exact.value is not None
        assert wide.low <= exact.low * (1 + 1e-12) and exact.high <= wide.high * (1 + 1e-12)


# ------------------------------------------------------------------------------------------------ files

HEMATOTOX = (resources.files("cartox_core") / "scores" / "car-hematotox.toml").read_text("utf-8")
HSCORE = (resources.files("cartox_core") / "scores" / "hscore.toml").read_text("utf-8")
ICE = (resources.files("cartox_core") / "scores" / "ice.toml").read_text("utf-8")


def refusal(text: str) -> str:
    with pytest.raises(GuidelineError) as caught:
        parse_score(text, "x")
    return str(caught.value).removeprefix("x: ")


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed(HEMATOTOX, '"> 175"', '"> 180"'), "item platelets: a gap: no clause says what to grade when"),
        (changed(HEMATOTOX, '"< 75"', '"< 80"'), None),
        (changed(HEMATOTOX, "points = 2", "points = 0"), "item platelets: a worse sign is graded lower"),
        (changed(HEMATOTOX, "points = 2", "points = 101"), "points 101 is no whole number from 0 to 100"),
        (changed(HEMATOTOX, "points = 2", "grade = 2"), "unknown key 'grade'"),
        (changed(HEMATOTOX, "platelets_10e9_l", "platelets"), "there is no field 'platelets'"),
        (changed(HEMATOTOX, "0..1", "0..2"), "band: a total of 2 lies in low and high"),
        (changed(HEMATOTOX, "0..1", "0..0"), "band: a total of 1 lies in no band"),
        (changed(HEMATOTOX, "2..7", "2..8"), "band high: total tests '2..8', which lies outside"),
        (changed(HEMATOTOX, "0..1", "-"), "band: a total of 2 lies in low and high"),
        (changed(HEMATOTOX, '"$anc_low"', '"$anc_lo"'), "no reading sets '$anc_lo'; did you mean 'anc_low'?"),
        (changed(HEMATOTOX, "rejeski-2021 score", "rejeski-20212 score"), "did you mean 'rejeski-2021'?"),
        (changed(HSCORE, '90 = "< 1 %"', '338 = "< 1 %"'), "printed: '338' is no total from 0 to 337"),
        (changed(HSCORE, '90 = "< 1 %"', 'ninety = "< 1 %"'), "printed: 'ninety' is no total from 0 to 337"),
        (changed(HSCORE, '90 = "< 1 %"', "90 = 1"), "it must be a table of texts"),
        (changed(ICE, 'total = "ice"', 'total = "icee"'), "there is no field 'icee' to hold the total"),
        (changed(ICE, '"ice_items.year" = "0"', '"ice_items.day" = "0"'), "there is no field 'ice_items.day'"),
        (changed(ICE, "title =", "titel ="), "unknown key 'titel'; did you mean 'title'?"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_says_where(text: str, told: str | None) -> None:
    if told is None:  # a wider clause of more points is sound
        assert parse_score(text, "x").top == 7
    else:
        assert told in refusal(text)


def test_every_choice_of_every_reading_is_sound() -> None:
    for name, shelved in SHELF.items():
        for reading in shelved.readings.values():
            for choice in reading.choices:
                assert load_score(name, {reading.id: choice}).chosen[reading.id] == choice


def test_a_score_of_the_shelf_is_loaded_once_and_one_in_a_file_by_its_path(tmp_path: Path) -> None:
    assert load_score("ice") is load_score("ice", {})
    path = tmp_path / "mine.toml"
    path.write_text(HEMATOTOX, encoding="utf-8")
    assert load_score(path).top == 7
    with pytest.raises(GuidelineError, match=r"there is no score 'icee', and no such file; did you mean 'ice'\?"):
        load_score("icee")
    path.write_bytes(b"\xff")
    with pytest.raises(GuidelineError, match=rf"^{re.escape(str(path))} cannot be read"):
        load_score(path)


def test_a_condition_of_a_scale_does_not_read_a_single_item() -> None:
    from cartox_core.library import parse  # noqa: PLC0415

    text = (resources.files("cartox_core") / "guidelines" / "ctcae-5.toml").read_text("utf-8")
    spoilt = text.replace('{ lymphocytes_per_ul = "< 800" }', '{ "ice_items.year" = "1" }')
    with pytest.raises(GuidelineError, match=r"there is no field 'ice_items\.year'"):
        parse(spoilt, "x")
