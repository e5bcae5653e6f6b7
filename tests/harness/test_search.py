"""What a word finds, and in which words it may be asked."""

import tomllib
from importlib import resources

import pytest

from harness.findable import findable
from harness.search import in_our_words, nearest_words, same_words, search, words

KNOWN = {word for item in findable() for word in words(f"{item.id} {item.title} {item.text} {item.values}")}


def test_every_word_that_others_stand_for_is_in_the_files() -> None:
    groups = tomllib.loads((resources.files("harness") / "same_words.toml").read_text(encoding="utf-8"))
    for name in (name for group in groups.values() for name in group):
        assert set(words(name)) <= KNOWN, name


def test_no_word_stands_for_two() -> None:
    groups = tomllib.loads((resources.files("harness") / "same_words.toml").read_text(encoding="utf-8"))
    others = [words(other) for group in groups.values() for some in group.values() for other in some]
    assert len(others) == len(set(others)) == len(same_words())


@pytest.mark.parametrize(
    ("british", "american"),
    [("anaemia", "anemia"), ("oedema", "edema"), ("tumour", "tumor"), ("Haemophagocytosis", "hemophagocytosis")],
)
def test_spelling(british: str, american: str) -> None:
    assert words(british) == words(american)


def test_a_phrase_is_told_in_our_words_a_single_word_means_both() -> None:
    assert in_our_words("critical care at night") == "intensive care at night"
    assert in_our_words("ICU") == "ICU"
    ids = [item.id for item in search("ICU", findable()).items]
    assert {"crs.icu", "icans-work-up"} <= set(ids) and "crs.icu" in ids[:3]


def test_a_word_that_is_known_begins_no_long_one() -> None:
    assert all("PRES" in item.text for item in search("PRES", findable()).items)
    assert any(item.id == "crs-markers" for item in search("cytokine", findable()).items)  # cytokines


def test_how_many_words_are_held() -> None:
    found = search("tocilizumab zzzzzz", findable())
    assert (found.held, found.of) == (1, 2) and found.items
    assert search("💥", findable()).items == ()


def test_nearest_words() -> None:
    assert nearest_words("siltuximap", findable())[0] == "siltuximab"
    assert nearest_words("💥", findable()) == []
