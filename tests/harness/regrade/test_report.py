"""A comparison as text, as JSON, as CSV and as a page."""

import csv
import json
import re
from html.parser import HTMLParser

from harness.regrade.page import html_report
from harness.regrade.report import csv_rows, json_report, text_report
from harness.regrade.result import comparison, range_word
from tests.harness.regrade.peaks import regraded

PEAKS = regraded(("0", "0", "0"), ("2", "2", "3"), ("3", "2-3", "3-4"), ("1", "0", "2"))
CASES = comparison("Cases of x.jsonl", False, PEAKS)
SCENARIO = comparison("Simulated patients of scenario juliet, seed 1", True, PEAKS)


def test_the_text_tells_everything_once() -> None:
    text = text_report(CASES, rows=True)
    for words in (
        "Cases of x.jsonl: 4 graded by 3 CRS scales",
        "p2                    3         2–3          3–4",
        "CRS: patients by peak grade",
        "Same grade in all 3: 1 of 4 (25.0 %); surely 25.0 %, at most 50.0 %",
        "Any toxicity told alike by all: 3 of 4 (75.0 %)\n",
        "↓   penn-2018:crs →",
        "The matrices of the other 1 pairs stand in the page",
        "These cases do not chart at every time all that the scales read",
        "lee-2014:crs: hypotension, vasopressors",
        "Published, of real patients",
        "no target: nothing here is fitted",
        "Counts are by floors",
        "linear or quadratic weights",
    ):
        assert words in text
    assert text.endswith("Not for treating patients.")
    assert max(map(len, text.splitlines())) < 140
    simulated = text_report(SCENARIO, rows=False)
    assert "p2" not in simulated
    assert "This simulation does not chart" in simulated


def test_many_rows_are_cut_and_the_rest_is_told() -> None:
    many = comparison("Cases", False, regraded(*[("2", "2", "2")] * 63))
    text = text_report(many, rows=True)
    assert "… and 3 more; --rows FILE.csv has all" in text
    assert "do not chart" not in text  # no range, nothing to explain
    assert "–" in text  # no kappa where nobody differs


def test_one_scale_alone() -> None:
    alone = comparison("Cases", False, regraded(("2",), labels=("ctcae-5:neutropenia",)))
    text = text_report(alone, rows=True)
    assert "1 graded by 1 neutropenia scale\n" in text
    assert "Same grade" not in text
    assert "Published" not in text
    assert "Published" not in html_report(alone, rows=True)


def test_a_line_a_patient_in_csv() -> None:
    rows = list(csv.reader(csv_rows(CASES).splitlines()))
    assert rows[0] == ["patient", "astct-2019:crs", "lee-2014:crs", "penn-2018:crs"]
    assert rows[3] == ["p2", "3", "2..3", "3..4"]
    assert (range_word(2, 3), range_word(2, 2, "..")) == ("2–3", "2")


def test_the_object_is_json_and_has_rows_where_wanted() -> None:
    told = json.loads(json.dumps(json_report(CASES, rows=True)))
    assert told["rows"][2]["peaks"]["lee-2014:crs"] == {"floor": 2, "ceiling": 3}
    (family,) = told["families"]
    assert family["same_in_all"] == {"by_floors": 1, "surely": 1, "at_most": 2, "of": 4}
    assert family["pairs"][0]["matrix"][3][2] == 1
    assert told["never_charted"]["penn-2018:crs"][0] == "hypotension"
    assert told["published"][0]["cite"] == ["schuster-2020 abstract"]
    assert "rows" not in json_report(SCENARIO, rows=False)


class _Balanced(HTMLParser):
    """Every tag that is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone_and_shades_its_matrices() -> None:
    page = html_report(CASES, rows=True)
    reader = _Balanced()
    reader.feed(page)
    assert reader.open == []
    assert not re.search(r"<script|src=|href=|url\(|https?://", page)
    assert '<td class="lower" style="--share: 100">1</td>' in page
    assert page.count('<table class="matrix">') == 3
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "p2" in page
    assert "p2" not in html_report(SCENARIO, rows=False)
    many = comparison("Cases", False, regraded(*[("2", "2", "2")] * 503))
    assert "… and 3 more" in html_report(many, rows=True)


def test_names_are_text_in_the_page() -> None:
    nasty = comparison("Cases of <b>x</b>", False, PEAKS)
    assert "<b>x</b>" not in html_report(nasty, rows=True)
