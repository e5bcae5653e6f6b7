"""The page: one figure and one matrix a scale, whole bands, and nothing from elsewhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import load, read_case
from harness.compare.flow import BAR, LEFT, WIDTH, flow
from harness.compare.guidelines import changes
from harness.compare.page import html_report
from harness.compare.population import of_cases, pairs_of

ROWS = st.lists(st.integers(0, 4000), min_size=6, max_size=6)


@given(st.lists(ROWS, min_size=6, max_size=6))
def test_every_count_is_a_band_and_every_grade_a_bar(matrix: list[list[int]]) -> None:
    drawn = flow(matrix, "crs", ("OLD", "NEW"))
    told = re.findall(r"<title>grade (\d) → (\d): ([\d,]+)</title>", drawn)
    assert {(int(a), int(b)): int(n.replace(",", "")) for a, b, n in told} == {
        (i, j): n for i, row in enumerate(matrix) for j, n in enumerate(row) if n
    }
    old = sum(any(row) for row in matrix)
    new = sum(any(column) for column in zip(*matrix, strict=True))
    assert drawn.count("<rect") == old + new


def test_bands_of_a_bar_are_as_thick_as_it_and_do_not_overlap() -> None:
    drawn = flow([[10, 5], [0, 25]], "crs", ("OLD", "NEW"))
    bars = re.findall(r'<rect class="g(\d)" x="([\d.]+)" y="([\d.]+)" width="14" height="([\d.]+)"', drawn)
    left = {int(g): (float(y), float(h)) for g, x, y, h in bars if float(x) == LEFT}
    bands = re.findall(r'd="M([\d.]+),([\d.]+) .*? v([\d.]+) ', drawn)
    assert all(float(x) == LEFT + BAR for x, _, _ in bands)
    from_zero = [(float(y), float(size)) for _, y, size in bands if float(y) < left[1][0]]
    assert sum(size for _, size in from_zero) == pytest.approx(left[0][1], abs=0.2)
    assert from_zero[1][0] == pytest.approx(from_zero[0][0] + from_zero[0][1], abs=0.2)
    assert max(float(x) for _, x, _, _ in bars) == WIDTH - LEFT - BAR


def test_nobody_at_all_is_drawn_empty() -> None:
    assert flow([[0] * 6] * 6, "crs", ("OLD", "NEW")).count("<path") == 0


def test_names_of_files_and_patients_are_text() -> None:
    old, new = load("astct-2019"), load("astct-2019", {"C1": "high"})
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False}
    six = {"time_h": 40, "temp_c": 39, "o2_device": "nasal_cannula", "o2_flow_l_min": 6, **calm}
    pairs = pairs_of(old, new, [("crs", "crs")])
    found = of_cases("<b>", [read_case({"observations": [six]})], ["<script>alert(1)</script>"], pairs)
    page = html_report(changes(old, new, [("crs", "crs")]), found)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "C1=high" in page
    assert page.count("<svg") == 1
    assert html_report(changes(old, old, [("crs", "crs")]), None).count("Nothing is graded otherwise") == 1
