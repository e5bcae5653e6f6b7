"""What a new guideline file begins with."""

import tomllib

import pytest

from cartox_core import GuidelineError, guideline_ids
from cartox_core.library import guideline_text, parse
from harness.authoring.begin import begun


def test_the_template_grades() -> None:
    crs = parse(begun("st-elsewhere"), "t").scale("crs")
    assert [len(crs.gate), len(crs.domains)] == [1, 2]
    assert tomllib.loads(begun("st-elsewhere"))["id"] == "st-elsewhere"
    assert "my-site" not in begun("st-elsewhere")


def test_the_file_that_it_will_be_is_named_as_it_is() -> None:
    text = begun("st-elsewhere", file="my-site-2.toml")
    assert "cartox guideline check my-site-2.toml" in text
    assert tomllib.loads(text)["id"] == "st-elsewhere"


def test_every_line_that_a_beginner_meets_first_is_explained() -> None:
    lines = begun().splitlines()
    for key in ("id", "text", "cite", "[source", "[scale.crs]", "top", "from_h", "title"):
        assert any(line.startswith(key) and "#" in line for line in lines), key
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("name", guideline_ids())
def test_a_copy_is_the_same_guideline_under_another_name(name: str) -> None:
    shipped, copied = (tomllib.loads(text) for text in (guideline_text(name), begun("ours", name)))
    assert (copied.pop("id"), copied.pop("title")) == ("ours", f"{shipped['title']}, as changed by ours")
    assert copied == {key: value for key, value in shipped.items() if key not in ("id", "title")}


@pytest.mark.parametrize("name", ["", "a b", "-x", 'a"', "a\nb", "astct-2019"])
def test_a_name_that_is_no_id_or_is_taken_is_refused(name: str) -> None:
    with pytest.raises(GuidelineError, match=r"my-site$"):
        begun(name)


def test_an_origin_that_is_not_there() -> None:
    with pytest.raises(GuidelineError, match="there is no guideline 'astct'"):
        begun("ours", "astct")
