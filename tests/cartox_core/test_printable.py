"""Files whose names and texts hold what does not print as itself are refused; every shipped file is free of it."""

import tomllib
from importlib import resources

import pytest

from cartox_core import guideline_ids
from cartox_core.library import guideline_text, parse
from cartox_core.printable import is_unseen, unseen, visible
from tests.cartox_core.small_guideline import changed, refusal

TURNED, ESCAPE = r"\u202e", r"\u001b[31m"
RLO = "U+202E RIGHT-TO-LEFT OVERRIDE, which does not print as itself"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('title = "A small', f'title = "A{TURNED} small', f"top level: title holds {RLO}"),
        ('title = "A small', f'title = "A{ESCAPE} small', "top level: title holds U+001B ESCAPE, which"),
        ('title = "A small', r'title = "A\n small', "top level: title holds U+000A the end of a line, which"),
        ('text = "For tests."', r'text = "For\rtests."', "top level: text holds U+000D the end of a line, which"),
        ('id = "small"', f'id = "sm{TURNED}all"', f"top level: id holds {RLO}"),
        ('id = "fever.g1"', f'id = "fever{TURNED}"', f"id holds {RLO}"),
        ('text = "low"', f'text = "l{TURNED}ow"', f"pressure.g2: text holds {RLO}"),
        ('["lee-2019 Table 2"]', f'["lee-2019 {TURNED}Table 2"]', f"top level: cite holds {RLO}"),
        ('gate_text = "fever"', r'gate_text = "fe\u00adver"', "gate_text holds U+00AD SOFT HYPHEN, which"),
        ("[reading.R1]", f'[reading."{TURNED}"]\n[reading.R1]', f"top level: reading holds {RLO}"),
        ("[scale.crs]", f'[scale."{TURNED}"]\n[scale.crs]', f"top level: scale holds {RLO}"),
        ("values = { masked", f'values = {{ "{TURNED}" = 1, masked', f"values holds {RLO}"),
        ('text = "38.0"', f'text = "38.0{TURNED}"', f"reading.R1.choice.exact: text holds {RLO}"),
    ],
)  # fmt: skip
def test_what_does_not_print_is_refused(old: str, new: str, told: str) -> None:
    assert told in refusal(changed(old, new))


@pytest.mark.parametrize("text", ["two\\nlines\\tand a tab", "µ ≥ 38 °C – Übelkeit", "38\u00a0°C", "熱", "🌡"])
def test_other_scripts_and_paragraphs_are_kept(text: str) -> None:
    read = parse(changed("For tests.", text), "small").text
    assert read == text.replace("\\n", "\n").replace("\\t", "\t")


def test_what_is_written_out() -> None:
    assert visible("a\tb\nµ") == "a\tb\nµ"
    assert visible("\x1b[31m\u202e\r\x7f\ud800") == "\\x1b[31m\\u202e\\r\\x7f\\ud800"


def test_each_text_is_told_once_by_its_first_such_character() -> None:
    assert list(unseen("a\t\u202eb\x1b", "title")) == [("", "title holds U+0009 a tab")]
    assert (
        list(unseen(["a\u202e", 3, "b", "c\u202e\u202e"], "cite"))
        == [("", "cite holds U+202E RIGHT-TO-LEFT OVERRIDE")] * 2
    )
    assert list(unseen({"n\u202e": "x", "m": "y\x1b", "k": 1}, "values")) == [
        ("n\u202e", "values holds U+202E RIGHT-TO-LEFT OVERRIDE"), ("m", "values holds U+001B ESCAPE"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", guideline_ids())
def test_the_shelf_holds_nothing_of_it(name: str) -> None:
    assert not [c for c in guideline_text(name) if is_unseen(c) and c != "\n"]


def test_nor_do_the_other_files() -> None:
    shelf = resources.files("cartox_core")
    files = [f for folder in ("scores", "management", "catalogue") for f in (shelf / folder).iterdir()]
    files.append(shelf / "bibliography.toml")
    texts = [f.read_text("utf-8") for f in files if f.name.endswith(".toml")]
    assert len(texts) > 8
    for text in texts:
        assert tomllib.loads(text)
        assert not [c for c in text if is_unseen(c) and c != "\n"]
