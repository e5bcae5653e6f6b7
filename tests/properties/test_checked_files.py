"""Whatever is done to a guideline file, check tells of it, on a line of the file, and agrees with load."""

import contextlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import GuidelineError
from cartox_core.library import guideline_text, parse
from harness.authoring.check import check

FILES = [guideline_text(name).split("\n") for name in ("lee-2014", "mskcc-2018", "eha-ebmt-2023", "t-icaht-2025")]
JUNK = [
    *("[]", "{}", "5", "true", "inf", "nan", '""', '"$x"', '"never"', '"-"', '"x"'),
    *("[{}]", "[[1]]", "{ a = 1 }", "2019-01-01", '["x", ["y = 1"]]', '"""', "'''"),
]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """A shipped file of which lines were lost, doubled, swapped, cut short, or given other values and numbers."""
    lines = list(draw(st.sampled_from(FILES)))
    for _ in range(draw(st.integers(1, 3))):
        i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["lose", "double", "swap", "cut", "number", "value", "junk"])):
            case "lose":
                del lines[i]
            case "double":
                lines.insert(i, lines[j])
            case "swap":
                lines[i], lines[j] = lines[j], lines[i]
            case "cut":
                lines[i] = lines[i][: len(lines[i]) // 2]
            case "number":
                lines[i] = re.sub(r"\d+", str(draw(st.sampled_from([0, 1, 3, 7, 38, 10**9]))), lines[i], count=1)
            case "value":
                lines[i] = lines[i].partition("=")[0] + "=" + lines[j].partition("=")[2]
            case "junk":
                lines[i] = lines[i].partition("=")[0] + "= " + draw(st.sampled_from(JUNK))
    return "\n".join(lines)


@pytest.mark.slow
@given(spoilt())
@settings(max_examples=80, deadline=None)
def test_what_load_refuses_is_an_error_on_a_line_of_the_file(text: str) -> None:
    checked = check(text)
    assert all(1 <= found.line <= text.count("\n") + 1 for found in checked.findings)
    assert all(found.message and found.hint for found in checked.findings)
    errors = [found for found in checked.findings if found.severity == "error"]
    try:
        parse(text, "spoilt.toml")
    except GuidelineError:
        assert errors
    else:  # what only another choice breaks
        assert all("(with --reading " in found.message for found in errors)


@given(st.text(alphabet="[]{}=\".\n\\#$ab1,'", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_checked(text: str) -> None:
    assert check(text).count("error")
    with contextlib.suppress(GuidelineError):
        parse(text, "x")
        raise AssertionError("no such text is a guideline")
