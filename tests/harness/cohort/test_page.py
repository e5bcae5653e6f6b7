"""The page holds all of the outcome, loads nothing, and escapes what is written by others."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from harness.cohort.page import html_report
from harness.cohort.report import NOT_FOR_TREATING, summary_line
from harness.cohort.run import Plan, run
from harness.golden import GoldenFailure
from harness.patients.trials import trial
from tests.harness.simulated import a_scenario, guideline

TRIALS = ["KarMMa", "ELIANA"]
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Parsed(HTMLParser):
    """Every element with its attributes, the text, and whether all that opens also closes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag == "p" and self.open[-1] != "p":
            return
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def outcome():
    return run(Plan(a_scenario("follow_up_days = 7", TRIALS), 60, 1, "astct-2019"))


@pytest.fixture(scope="module")
def page(outcome):
    return html_report(outcome, guideline())


@pytest.fixture(scope="module")
def parsed(page):
    return Parsed(page)


def test_the_page_says_what_was_run_and_whether_it_holds(parsed, outcome):
    for words in ("60 patients a trial", "seed 1", "astct-2019", guideline().title, summary_line(outcome)):
        assert words in parsed.text
    assert parsed.text.count(NOT_FOR_TREATING) == 2
    (verdict,) = [attrs["class"] for tag, attrs in parsed.elements if (attrs.get("class") or "").startswith("verdict")]
    assert (verdict or "").split() == ["verdict"]


def test_every_number_check_and_known_error_stands_on_the_page(parsed, outcome):
    for name in (*TRIALS, *outcome.tally.tested, "any CRS", "median CRS onset", "84.0 %"):
        assert name in parsed.text
    for name in TRIALS:
        for note in trial(name).note:
            assert note.text in parsed.text


def test_every_figure_is_well_formed(page):
    figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(figures) >= len(TRIALS) + 2 + 4
    for figure in figures:
        ET.fromstring(figure)


def test_nothing_is_loaded_and_nothing_runs(page, parsed):
    for tag, attributes in parsed.elements:
        assert tag not in ("script", "link", "iframe", "img", "object", "embed", "base", "form")
        for name, value in attributes.items():
            assert name not in ("src", "href", "srcset", "action", "data", "poster")
            assert not name.startswith("on")
            if name != "xmlns":
                assert "http:" not in (value or "")
                assert "https:" not in (value or "")
    assert "url(" not in page
    assert "@import" not in page
    policy = [a["content"] for tag, a in parsed.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy
    assert (policy[0] or "").startswith("default-src 'none'")


@pytest.mark.parametrize(
    "nasty", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "& < >"]
)
def test_names_written_by_others_are_escaped(outcome, nasty):
    scenario = outcome.plan.scenario.model_copy(update={"title": nasty, "text": nasty, "name": nasty})
    plan = dataclasses.replace(outcome.plan, scenario=scenario, guideline=nasty)
    case = dataclasses.replace(outcome.golden.cases[0], why=nasty, id=nasty)
    golden = dataclasses.replace(outcome.golden, failures=(GoldenFailure(case, nasty, nasty),))
    core = dataclasses.replace(guideline(), title=nasty)
    page = html_report(dataclasses.replace(outcome, plan=plan, golden=golden), core)
    found = Parsed(page)
    assert not [tag for tag, _ in found.elements if tag in ("script", "img")]
    assert " ".join(nasty.split()) in found.text
    for figure in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(figure)


def test_a_failing_run_says_so_in_red(outcome):
    rows = tuple(dataclasses.replace(row, ok=False) for row in outcome.ledger)
    case = outcome.golden.cases[3]
    golden = dataclasses.replace(outcome.golden, failures=(GoldenFailure(case, "2", "3"),))
    found = Parsed(html_report(dataclasses.replace(outcome, ledger=rows, golden=golden), guideline()))
    assert "CHECKS FAIL: KarMMa any CRS" in found.text
    assert f"{case.id}: expected 2, got 3" in found.text
    classes = [attrs.get("class") for _, attrs in found.elements]
    assert "verdict bad" in classes
    assert classes.count("FAILS") == len(rows) + 1


def test_the_same_run_is_the_same_page(outcome, page):
    assert html_report(outcome, guideline()) == page


def test_a_trial_in_which_nobody_falls_ill_has_a_page():
    few = run(Plan(a_scenario("ledger = 'shown'", ["TRANSFORM"]), 1, 3, "astct-2019"))
    assert Parsed(html_report(few, guideline())).text
