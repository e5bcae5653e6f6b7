"""The shelf of guidelines, files by their path, and the bibliography."""

import re
from importlib import resources
from pathlib import Path

import pytest

from cartox_core import GuidelineError, load
from cartox_core.bibliography import bibliography
from cartox_core.library import guideline_ids, guideline_text, load_score, readable
from tests.cartox_core.small_guideline import changed, refusal


def test_the_shelf_has_the_guideline_and_no_other_is_found() -> None:
    assert guideline_ids() == tuple(sorted(guideline_ids()))
    assert load("astct-2019").id == "astct-2019"
    with pytest.raises(GuidelineError) as caught:
        load("astct-2018")
    assert str(caught.value).startswith(
        "there is no guideline 'astct-2018', and no such file; did you mean 'astct-2019'? on the shelf: "
    )
    assert str(caught.value).endswith(", ".join(guideline_ids()))


def test_a_guideline_of_the_shelf_is_loaded_once_for_the_same_readings() -> None:
    assert load("astct-2019") is load("astct-2019", {})
    assert load("astct-2019", {"C1": "high", "C2": "flow"}) is load("astct-2019", {"C2": "flow", "C1": "high"})
    assert load("astct-2019", {"C1": "high"}) is not load("astct-2019")


def test_a_file_is_loaded_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(changed("For tests.", "µ"), encoding="utf-8")
    assert load(path).text == load(str(path)).text == "µ"
    assert load(path, {"R1": "high"}).chosen["R1"] == "high"
    path.write_text(changed("top = 4", ""), encoding="utf-8")
    with pytest.raises(GuidelineError, match=f"^{re.escape(str(path))}: scale.crs: 'top' is missing$"):
        load(path)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(changed("For tests.", "µ"), encoding="utf-8-sig")
    assert path.read_bytes()[:3] == b"\xef\xbb\xbf"
    assert load(path).text == readable(path)({}).text == "µ"
    assert guideline_text(path).startswith('id = "small"')
    path.write_text((resources.files("cartox_core") / "scores" / "ice.toml").read_text("utf-8"), encoding="utf-8-sig")
    assert load_score(path).items == load_score("ice").items


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(GuidelineError, match=rf"^{re.escape(str(path))} cannot be read: .*codec"):
        load(path)
    with pytest.raises(GuidelineError, match="and no such file"):
        load(tmp_path)


def test_a_name_that_can_be_no_file_is_refused() -> None:
    with pytest.raises(GuidelineError):
        load("x" * 5000)


@pytest.mark.parametrize("text", ["x = " + "[" * 20000 + "]" * 20000, "x = " + "9" * 5000], ids=["deep", "long"])
def test_toml_that_breaks_the_parser_is_refused(text: str) -> None:
    assert "not TOML" in refusal(text)


@pytest.mark.parametrize("text", ["x = " + "[" * 200 + "]" * 200, "x" + ".x" * 3000 + " = 1"], ids=["lists", "tables"])
def test_what_is_nested_too_deeply_is_refused(text: str) -> None:
    assert "it is nested too deeply; close each [ and {" in refusal(text)


def test_a_scale_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(GuidelineError) as caught:
        load("astct-2019").scale("CRS")
    assert str(caught.value) == "astct-2019 has no scale 'CRS'; it has crs, icans"


def test_every_choice_of_every_reading_of_every_guideline_is_sound() -> None:
    for name in guideline_ids():
        for reading in load(name).readings.values():
            for choice in reading.choices:
                assert load(name, {reading.id: choice}).chosen[reading.id] == choice


def test_a_work_of_the_bibliography_says_what_it_is() -> None:
    for key, work in bibliography().items():
        assert set(work) == {"title", "authors", "year", "where", "doi"}, key
        assert all(isinstance(value, str) for value in work.values()), key
