"""A table in plain text: words to the left, figures as they are written to the right."""

from harness.text_table import table


def test_words_stand_to_the_left_and_figures_to_the_right_as_they_are_written() -> None:
    found = table([["a", "b", "1.50", "x"], ["a2", "b", "10", "xyz"]], ["one", "two", "figure", "last"], 1, ["last"])
    assert found.splitlines()[2:] == [
        "a          b      1.50  x",
        "a2         b        10  xyz",
    ]


def test_only_the_first_columns_are_broken_and_no_row_is_no_fault() -> None:
    found = table([["one two three", "four five six"]], ["head", "other"], 2, widths=[7])
    assert [line.rstrip() for line in found.splitlines()[2:]] == ["one two  four five six", "three"]
    assert table([], ["head", "n"], 1).splitlines()[0].split() == ["head", "n"]
