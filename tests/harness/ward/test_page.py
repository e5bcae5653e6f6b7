"""The page of a ward: its days, its figures, and that it needs nothing but itself."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import load
from harness.scenarios.loader import Scenario, load_scenario
from harness.scenarios.policy_file import load_policy
from harness.ward.daily import MOST_POINTS, Line, at_a_time, daily
from harness.ward.figures import day_chart
from harness.ward.limits import Wait
from harness.ward.measures import measures
from harness.ward.page import FAINTEST, _shade, html_report
from harness.ward.replication import Outcome, Replication, replicate
from harness.ward.stress import checklist

SCENARIO = load_scenario("ward-surge")
assert SCENARIO.ward is not None
SPEC = SCENARIO.ward.model_copy(update={"patients": 80, "icu_beds": 1, "tocilizumab_doses": 3, "nurses": 1})
ASTCT = load("astct-2019")


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 200)), max_size=12))
def test_how_many_at_a_time_is_what_a_count_minute_by_minute_finds(some: list[tuple[int, int]]) -> None:
    spans = [(float(start), float(start + lasts)) for start, lasts in some]
    edges = np.arange(0, 601, 60, dtype=np.float64)
    counted = [sum(start <= minute < end for start, end in spans) for minute in range(600)]
    assert at_a_time(spans, edges).tolist() == pytest.approx([sum(counted[i : i + 60]) / 60 for i in range(0, 600, 60)])


def replication(seed: int, days: float, stays: list[tuple[float, float]], waits: list[Wait]) -> Replication:
    nobody = Outcome({"crs": np.zeros(1, np.int64), "icans": np.zeros(1, np.int64)}, (0,) * 6, 0)
    return Replication(seed, nobody, nobody, tuple(waits), tuple(stays), ((0.0, 30.0), (60.0, 90.0)), 0, days)


def test_days_have_the_mean_the_least_and_the_most_of_the_replications() -> None:
    waits = [Wait("tocilizumab", 0, 720, True), Wait("intensive care", 1440, 2880, False), Wait("nurse", 0, 60, True)]
    found = daily([replication(1, 2, [(0, 1440), (720, 2160)], waits), replication(2, 3, [(0, 720)], [])])
    assert (found.beds.mean.tolist(), found.beds.least.tolist(), found.beds.most.tolist()) == (
        [1.0, 0.25, 0],
        [0.5, 0, 0],
        [1.5, 0.5, 0],
    )
    assert found.waiting_dose.most.tolist() == [0.5, 0, 0]
    assert found.waiting_bed.most.tolist() == [0, 1, 0]
    assert found.nurse_h.mean.tolist() == [1, 0, 0]


def test_a_long_ward_has_several_days_in_a_point() -> None:
    found = daily([replication(1, 2 * MOST_POINTS + 1, [(0.0, 3 * 1440.0)], [])]).beds
    assert (found.every_days, len(found.mean)) == (3, 487)
    assert found.mean[:2].tolist() == [1, 0]


def flat(value: float, days: int = 100) -> Line:
    return Line("beds taken", 1, *(np.full(days, value),) * 3)


def test_a_figure_names_its_limit_and_shades_the_surge() -> None:
    drawn = day_chart("Beds", "beds", [flat(2.0)], (4, "4 beds"), (21.0, 42.0))
    assert '<rect class="surge"' in drawn
    assert ">4 beds</text>" in drawn
    assert (
        'aria-label="Beds: beds taken 2.0 on the mean, 2.0 on the fullest day of any replication; limit 4 beds"'
        in drawn
    )
    for axis in ("beds", "day of the ward"):
        assert f">{axis}</text>" in drawn
    y = {float(at) for at in re.findall(r'class="limit" x1="40" y1="([\d.]+)"', drawn)}
    (line,) = re.findall(r'<polyline class="mean one" points="[\d.]+,([\d.]+) ', drawn)
    assert y
    assert min(y) < float(line)


def test_a_limit_far_above_is_only_named() -> None:
    drawn = day_chart("Beds", "beds", [flat(2.0)], (13, "13 beds"))
    assert ">13 beds, above ↑</text>" in drawn
    assert 'class="limit"' not in drawn
    assert 'class="limit"' in day_chart("Beds", "beds", [flat(2.0)], (12, "12 beds"))


def test_a_surge_after_the_end_is_not_shaded() -> None:
    assert "surge" not in day_chart("Beds", "beds", [flat(0.0)], None, (140.0, 182.0))
    assert "limit" not in day_chart("Beds", "beds", [flat(0.0)])


@pytest.fixture(scope="module")
def found() -> list[Replication]:
    return [replicate(SCENARIO, SPEC, seed, ASTCT) for seed in (1, 2)]


def page(scenario: Scenario, found: list[Replication]) -> str:
    told = measures(found)
    return html_report(scenario, SPEC, found, told, checklist(scenario, SPEC, told, len(found), 1))


def test_the_page_needs_nothing_but_itself(found: list[Replication]) -> None:
    written = page(SCENARIO.model_copy(update={"title": "<b>Ward</b>"}), found)
    assert "<h1>&lt;b&gt;Ward&lt;/b&gt;</h1>" in written
    assert not re.search(r"<script|<link|<img|src=|url\(", written)
    assert set(re.findall(r"https?://[^\"'\s]+", written)) == {"http://www.w3.org/2000/svg"}
    assert written.count("For testing and teaching, not for treating patients.") == 2
    assert written.count('<svg class="days"') == written.count('role="img" aria-label="') == 3
    assert "Means over 2 replications" in written
    assert "Caution" not in written
    assert "No source: no study leaves patients untreated." in written
    assert "<summary>The STRESS-DES checklist (Monks 2019)</summary>" in written
    for measure in measures(found):
        assert f"<td>{measure.name}</td>" in written


def test_each_matrix_sums_to_all_patients_and_to_who_is_higher(found: list[Replication]) -> None:
    matrices = re.findall(r'<table class="matrix">.*?</table>', page(SCENARIO, found), re.DOTALL)
    higher = {m.name: m.mean for m in measures(found)}
    for scale, matrix in zip(("CRS", "ICANS"), matrices, strict=True):
        cells = re.findall(r'<td class="(\w+)"[^>]*>([\d.]*)</td>', matrix)
        assert len(cells) == 36
        assert sum(float(n) for _, n in cells if n) == pytest.approx(1000, abs=1)
        over = sum(float(n) for kind, n in cells if n and kind == "higher")
        assert over == pytest.approx(higher[f"{scale} higher for want of something"], abs=0.5)
        assert scale != "CRS" or over > 0


def test_the_page_warns_where_no_grade_can_differ(found: list[Replication]) -> None:
    assert "Caution: under policy standard" in page(SCENARIO.under(load_policy("standard")), found[:1])


def test_a_surge_that_nobody_lives_to_see_is_told_as_such(found: list[Replication]) -> None:
    written = page(SCENARIO, found[:1])
    assert "The surge of weeks 20 to 25 would come after the last infusion." in written
    assert 'class="surge"' not in written
    assert "intervals below" not in written


def test_few_who_differ_are_not_faint() -> None:
    assert [_shade(1, 100, is_same) for is_same in (True, False)] == [1, FAINTEST]
    assert (_shade(0, 100, False), _shade(60, 100, False), _shade(0, 0, True)) == (0, 60, 0)
