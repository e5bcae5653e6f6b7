"""``cartox guideline``: the shelf, the page and the object."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import SURE, answers, lines


def test_the_shelf(cartox: Cartox) -> None:
    ended = cartox("guideline")
    assert (ended.code, "crs, icans" in ended.out, PURPOSE in ended.out) == (0, True, True)
    shelf = json.loads(cartox("guideline", "--json").out)
    assert {"id", "title", "scales", "clauses", "readings"} == set(shelf[0])
    assert cartox("guideline", "--reading", "C1=high").err.startswith("cartox: a reading belongs to a guideline")


def test_a_guideline_as_the_paper_prints_it(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    out = cartox("guideline", "astct-2019", "--reading", "C1=high").out
    assert "| Parameter   | Grade 1 " in out
    for words in (
        "Gate: a fever of 38.0 °C",
        "Episode: resolved 24 h",
        "* high: 6.0 L/min",
        "- low: 6.0 L/min",
        "Sources",
    ):
        assert words in out
    assert max(map(len, out.splitlines())) <= 125
    monkeypatch.setattr("harness.cli.guideline.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    assert max(map(len, cartox("guideline", "astct-2019").out.splitlines())) > 150


def test_a_guideline_in_json(cartox: Cartox) -> None:
    found = json.loads(cartox("guideline", "astct-2019", "-r", "C1=high", "--json").out)
    assert found["readings"]["C1"]["chosen"] == "high"
    low_flow = next(
        c for d in found["scales"]["crs"]["domains"] for c in d["clauses"] if c["id"] == "crs.hypoxia.low_flow"
    )
    assert low_flow["when"]["o2_flow_l_min"] == "< 6"


def test_the_lines_of_a_high_dose_are_printed(cartox: Cartox) -> None:
    out = cartox("guideline", "penn-2018").out
    for words in (
        "Vasopressors given in a course: the rates of all vasopressors at once",
        "- an interruption of less than 15 minutes is none",
        "- a high dose is, for 3 h or more, at least",
        "- norepinephrine 0.2 µg/kg/min, where it runs alone",
        "- 0.1 µg/kg/min as norepinephrine, beside vasopressin",
        "- each of these counts as 1 µg/min of norepinephrine: norepinephrine 1 µg/min",
    ):
        assert words in out
    strict = cartox("guideline", "mskcc-2018", "-r", "INTERRUPTION=counted").out
    assert "is none" not in strict
    assert "high dose is" not in strict
    found = json.loads(cartox("guideline", "penn-2018", "--json").out)["scales"]["crs"]["infusions"]
    assert found["high_dose"]["alone"]["phenylephrine"] == "200 µg/min"
    assert (
        json.loads(cartox("guideline", "mskcc-2018", "--json").out)["scales"]["crs"]["infusions"]["high_dose"] is None
    )
    assert json.loads(cartox("guideline", "astct-2019", "--json").out)["scales"]["crs"]["infusions"] is None


def test_a_guideline_of_the_users_own(cartox: Cartox, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("""
id = "own"
title = "Own"
text = "Fever only."
cite = ["lee-2019"]
[scale.hot]
title = "Hot"
cite = ["lee-2019"]
top = 1
[[scale.hot.domain]]
name = "fever"
title = "Fever"
[[scale.hot.domain.clause]]
id = "hot.yes"
grade = 1
when = { temp_c = ">= 39" }
text = "39 or more"
cite = ["lee-2019"]
[[scale.hot.domain.clause]]
id = "hot.no"
grade = 0
when = { temp_c = "< 39" }
text = "less"
cite = ["lee-2019"]
""")
    assert "| Fever       | 39 or more" in cartox("guideline", str(own)).out
    ended = cartox("grade", "-", "-g", str(own), stdin=lines(SURE))
    assert answers(ended.out)[0]["grades"] == [1]
    assert "gate" not in cartox("explain", "-", "-g", str(own), stdin=lines(SURE)).out
