"""Every system of the review is somewhere, and docs/coverage.md says where."""

from cartox_core.catalogue import catalogue
from tests.the_coverage import PAGE, missing, page, rows


def test_every_row_is_somewhere_and_every_place_exists() -> None:
    assert [row["n"] for row in rows()] == list(range(1, 93))
    assert list(missing()) == []
    assert {n for entry in catalogue().values() for n in entry.systems} <= set(range(1, 93))


def test_the_page_is_what_is_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.the_coverage writes it"
