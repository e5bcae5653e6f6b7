"""One patient again, from the address."""

import pytest

from cartox_core import grade_course, read_case
from harness.cohort.example import example, make_again
from harness.patients.address import Address, AddressError
from harness.scenarios.loader import ScenarioError, load_scenario, scenario_names
from tests.harness.simulated import a_scenario, graded, guideline
from tests.quick import quick


@pytest.mark.parametrize("scenario", quick(["table1"], ["table1", "masked-fever", "late-icans", "sparse-charting"]))
@pytest.mark.parametrize("place", [0, 13, 39])
def test_a_patient_is_the_same_alone_and_in_any_block(scenario, place):
    alone = make_again(Address(scenario, "KarMMa", 1, place), guideline())
    assert example(graded(scenario, "KarMMa", 0, 40, full=True), place, guideline()) == alone
    shifted = graded(scenario, "KarMMa", max(place - 5, 0), 12, full=True)
    assert example(shifted, min(place, 5), guideline()) == alone


@pytest.mark.parametrize("scenario", quick(["table1", "messy-ward"], scenario_names()))
def test_every_scenario_can_be_replayed(scenario):
    trial = load_scenario(scenario).trial_names[-1]
    found = make_again(Address(scenario, trial, 1, 10**12), guideline())
    assert found.address == Address(scenario, trial, 1, 10**12)
    assert len(found.times_h) == len(found.case["observations"])


def test_an_example_is_graded_as_its_case_is():
    found = make_again(Address("table1", "ZUMA-3", 4, 7), guideline())
    read = read_case(found.case)
    for scale in ("crs", "icans"):
        course = grade_course(read.observations, read.treatments, guideline().scale(scale), read.patient)
        assert found.floors[scale] == [grade.floor for grade in course.grades]
        assert found.ceilings[scale] == [grade.ceiling for grade in course.grades]
        assert found.summaries[scale] == (course.floors, course.ceilings)


def test_what_was_meant_stands_beside_what_was_found():
    found = make_again(Address("table1", "ZUMA-3", 4, 7), guideline())
    assert found.intended["crs"] == found.floors["crs"]
    at_rounds = [(meant, low) for meant, low in zip(found.intended["icans"], found.floors["icans"], strict=True)]
    assert all(meant in (None, low) for meant, low in at_rounds)
    assert sum(meant is None for meant, _ in at_rounds) > len(at_rounds) / 2


def test_a_replay_charts_what_a_ward_charts():
    found = make_again(Address("table1", "ZUMA-1", 1, 2), guideline())
    assert {"heart_rate_bpm", "sbp_mmhg", "crp_mg_dl", "anc_per_ul"} <= set(found.case["observations"][0])


def test_a_scenario_of_ones_own_may_be_given():
    mine = a_scenario("follow_up_days = 7", ["ZUMA-1"])
    found = make_again(Address("own", "ZUMA-1", 1, 2), guideline(), mine)
    assert found.times_h[-1] < make_again(Address("table1", "ZUMA-1", 1, 2), guideline()).times_h[-1]
    with pytest.raises(ScenarioError, match="no scenario 'own'"):
        make_again(Address("own", "ZUMA-1", 1, 2), guideline())


def test_a_scenario_file_is_replayed_by_its_path(tmp_path):
    file = tmp_path / "own.toml"
    file.write_text('title = "t"\ntext = "x"\ncite = []\ntrials = ["ZUMA-1"]\n', encoding="utf-8")
    address = Address.read(f"v1/{file}/ZUMA-1/1/2")
    assert make_again(address, guideline()).case == make_again(Address("table1", "ZUMA-1", 1, 2), guideline()).case


def test_a_patient_whom_no_run_of_the_scenario_contains_is_refused():
    with pytest.raises(AddressError, match="scenario zuma-2 has no patients of ZUMA-1; it has those of ZUMA-2"):
        make_again(Address.read("v1/zuma-2/ZUMA-1/1/4"), guideline())
