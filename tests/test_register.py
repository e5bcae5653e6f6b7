"""The register in docs/ambiguities.md has every named reading of the shelf, in the words of its file."""

from pathlib import Path

from tests.the_register import sections

PAGE = Path(__file__).parents[1] / "docs" / "ambiguities.md"


def test_the_page_has_every_reading_of_the_other_guidelines_and_scores() -> None:
    page = PAGE.read_text(encoding="utf-8")
    found = list(sections())
    assert len(found) > 8
    missing = [section.splitlines()[0] for section in found if section not in page]
    assert missing == [], "python -m tests.the_register prints what belongs there"
