"""The example courses of the report: each is what its heading says."""

import pytest

from harness.cohort.gallery import KINDS, gallery
from harness.cohort.run import Plan
from harness.patients.signs import NO_GRADE
from harness.scenarios.loader import load_scenario
from tests.harness.simulated import a_scenario, guideline


@pytest.fixture(scope="module")
def shown():
    return dict(gallery(Plan(load_scenario("table1"), 300, 1, "astct-2019"), guideline()))


def test_every_kind_of_course_is_shown_in_order(shown):
    assert list(shown) == list(KINDS)


def test_an_example_is_what_its_heading_says(shown):
    peaks = {kind: tuple(max(e.floors[s]) for s in ("crs", "icans")) for kind, e in shown.items()}
    one, two, three, four, masked, after, neuro, alone, death = (peaks[kind] for kind in KINDS)
    assert (one, two, three) == ((1, 0), (2, 0), (3, 0))
    assert four[0] == 4
    assert masked[0] == 3
    assert after[0] >= 1
    assert after[1] == 2
    assert neuro[1] == 4
    assert alone[0] == 0 < alone[1]
    assert 5 in death


def test_the_masked_course_is_graded_by_its_signs_without_fever(shown):
    found = shown[KINDS[4]]
    cool = [
        grade
        for grade, o in zip(found.floors["crs"], found.case["observations"], strict=True)
        if grade >= 2 and o["temp_c"] < 38.0
    ]
    assert len(cool) >= 6
    assert "tocilizumab" in {t["drug"] for t in found.case["treatments"]}


def test_the_same_run_shows_the_same_examples(shown):
    again = dict(gallery(Plan(load_scenario("table1"), 2000, 1, "astct-2019"), guideline()))
    assert again == shown
    other = dict(gallery(Plan(load_scenario("table1"), 300, 2, "astct-2019"), guideline()))
    assert {e.address.seed for e in other.values()} == {2}


def test_few_patients_show_what_they_have():
    found = gallery(Plan(a_scenario(trials=["TRANSFORM"]), 1, 1, "astct-2019"), guideline())
    assert len(found) <= 1
    assert NO_GRADE not in {g for _, e in found for g in e.floors["crs"]}


def test_examples_have_addresses_that_were_simulated():
    found = gallery(Plan(a_scenario(trials=["ZUMA-1"]), 25, 1, "astct-2019"), guideline())
    assert found
    for _, shown in found:
        assert (shown.address.scenario, shown.address.trial) == ("own", "ZUMA-1")
        assert shown.address.index < 25
