"""The reports of a verdict: text, JSON, page, JUnit and badge say the same, and need nothing but themselves."""

import json
import re
import shlex
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from harness.verify.badge import badge
from harness.verify.faults import line_missed
from harness.verify.junit import junit
from harness.verify.page import html_report
from harness.verify.report import PURPOSE, command, effect_text, json_report, text_report
from harness.verify.verdict import Verdict
from tests.harness.verify.verdicts import by_the_core, verdict_on, verdict_on_animal, verdict_on_core

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verdicts")]  # kept by a worker, so made on one

WRONG = "BipapIs3"


@pytest.fixture(params=["core", WRONG, "TremorCounts"])
def verdict(request: pytest.FixtureRequest) -> Verdict:
    return verdict_on_core() if request.param == "core" else verdict_on_animal(request.param)


def test_the_json_has_the_keys_that_programs_read(verdict: Verdict) -> None:
    found = json.loads(json.dumps(json_report(verdict), allow_nan=True))
    assert {"verdict", "guideline", "suite", "grader", "counts", "failures", "clauses", "diagnosis"} <= set(found)
    assert {"name", "cases", "digest", "seed"} <= set(found["suite"])
    assert sum(found["counts"].values()) == found["suite"]["cases"]
    assert {"agree", "under", "over", "refused_wrongly", "graded_invalid", "skipped", "timeout", "crashed"} <= set(
        found["counts"]
    )
    assert len(found["failures"]) == len(verdict.failures)
    for failure in found["failures"]:
        assert {"id", "scale", "clause", "expected", "got", "case"} <= set(failure)
    for clause in found["clauses"]:
        assert 0 <= clause["failed"] <= clause["cases"]
    scores = [d["score"] for d in found["diagnosis"]]
    assert all(0 <= s <= 1 for s in scores)
    assert found["verdict"] == verdict.word


def test_the_text_says_what_is_broken_with_the_smallest_case_and_how_to_see_it_again() -> None:
    text = text_report(verdict_on_animal(WRONG))
    assert "Nonconformant:" in text
    first = text[text.index("What is broken") :]
    assert "crs.hypoxia.positive_pressure: positive pressure for hypoxia" in first
    assert re.search(r"smallest: crs, .*o2_device bipap", first)
    assert "expected 4, got 3" in first
    assert "again: cartox verify call:small:grade --case crs/" in first
    assert "would miss intensive care" in text
    assert text.endswith(PURPOSE)
    assert "Conformant: every answer is right" in text_report(verdict_on_core())


def test_the_most_dangerous_fault_comes_first(verdict: Verdict) -> None:
    danger = [f.danger for f in verdict.faults]
    assert danger == sorted(danger)
    for fault in verdict.faults:
        assert line_missed(fault.smallest) == fault.missed


def test_the_page_names_every_fault_and_loads_nothing(verdict: Verdict) -> None:
    page = html_report(verdict)
    assert verdict.word in page
    assert PURPOSE in page
    assert all(fault.name in page for fault in verdict.faults)
    assert not re.search(r"(src|href)\s*=", page)
    assert "http://" not in page.replace("http://127", "") and "https://" not in page
    assert "<script" not in page


def test_what_a_grader_says_cannot_break_the_page_or_the_xml() -> None:
    nasty = "<script>alert(1)</script>\x00 & ]]>"

    def rude(message: dict[str, Any]) -> Any:
        return {"status": "error", "message": nasty} if "bipap" in str(message) else by_the_core(message)

    found = verdict_on(rude, effect_patients=0, scales=("crs",))
    assert found.word == "nonconformant"
    assert "<script" not in html_report(found)
    told = ET.fromstring(junit(found)).findall(".//failure")
    assert any("alert(1)" in (failure.get("message") or "") for failure in told)
    assert nasty.replace("\x00", "\N{REPLACEMENT CHARACTER}") in text_report(found)


def test_junit_counts_every_case_once(verdict: Verdict) -> None:
    root = ET.fromstring(junit(verdict))
    suites = {s.get("name"): s for s in root.findall("testsuite")}
    assert set(suites) == {"astct-2019.crs", "astct-2019.icans"}
    cases = root.findall(".//testcase")
    assert len(cases) == len(verdict.judged)
    failures = root.findall(".//failure")
    assert len(failures) == len(verdict.failures) == sum(int(s.get("failures", 0)) for s in suites.values())
    for failure in failures:
        assert (failure.text or "").strip()


def test_the_badge_is_an_image_that_says_the_verdict(verdict: Verdict) -> None:
    root = ET.fromstring(badge(verdict))
    assert root.tag.endswith("svg")
    assert verdict.word in badge(verdict)
    assert "not for treating patients" in badge(verdict)


def test_the_command_asks_the_same_case_in_the_same_way() -> None:
    options = ("--guideline", "my own.toml", "--map", "ours.toml")
    found = verdict_on(by_the_core, options=options, effect_patients=0, scales=("crs",))
    sealed = next(j for j in found.judged if j.case.kind == "sealed")
    words = shlex.split(command(found, sealed))
    assert words[:5] == ["cartox", "verify", "call:small:grade", "--case", sealed.case.id]
    assert words[5:] == ["--guideline", "my own.toml", "--map", "ours.toml", "--seed", "1", "--patients", "44"]
    by_hand = next(j for j in found.judged if j.case.kind == "golden")
    assert shlex.split(command(found, by_hand))[5:] == ["--guideline", "my own.toml", "--map", "ours.toml"]


def test_the_effect_says_who_would_miss_what() -> None:
    effect = verdict_on_animal(WRONG).effect
    assert effect is not None
    text = effect_text(effect)
    assert "At the worst hour of 110 simulated patients (11 trials), after the hours before it" in text
    assert "would miss tocilizumab" in text
