"""``cartox grader``: the wire over standard input and output."""

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import CALM, FEVER, answers, lines


def test_a_conversation(cartox: Cartox) -> None:
    asked = {"op": "grade", "guideline": "astct-2019", "scale": "crs", "observations": [FEVER | CALM]}
    given = (
        lines({"op": "hello", "protocol": [1, 1]}, {**asked, "id": "a"}) + b"\nwhat?\n" + lines({"op": "bye"}, asked)
    )
    ended = cartox("grader", stdin=given)
    assert (ended.code, ended.err) == (0, "")
    found = answers(ended.out)
    assert [a.get("status", a.get("op")) for a in found] == ["hello", "graded", "error"]


def test_a_line_beyond_a_mebibyte_is_an_error_and_the_next_is_graded(cartox: Cartox) -> None:
    asked = {"op": "grade", "id": "a", "guideline": "astct-2019", "scale": "crs", "observations": [FEVER | CALM]}
    longest = lines({**asked, "note": ""}).replace(
        b'""', b'"%s"' % (b"x" * ((1 << 20) - len(lines({**asked, "note": ""})) + 1))
    )
    assert len(longest) == (1 << 20) + 1  # with its line end
    found = answers(cartox("grader", stdin=longest + b" " + longest).out)
    assert [(a["id"], a["status"]) for a in found] == [("a", "graded"), (None, "error")]


def test_readings_of_the_grader(cartox: Cartox) -> None:
    cannula = FEVER | CALM | {"o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}
    given = lines({"op": "grade", "id": "a", "guideline": "astct-2019", "scale": "crs", "observations": [cannula]})
    assert answers(cartox("grader", "-r", "C1=high", stdin=given).out)[0]["grades"] == [3]
    assert answers(cartox("grader", "-g", "astct-2019", stdin=given).out)[0]["grades"] == [2]
    assert "no guideline on the shelf has a reading 'Q1'" in cartox("grader", "-r", "Q1=high").err
