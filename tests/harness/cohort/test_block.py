"""A block of patients: the same in any division, and graded as it was meant."""

import numpy as np
import pytest

from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from harness.cohort import SCALES
from harness.cohort.block import Block, grade_block, simulate_block
from harness.patients.signs import NO_GRADE
from harness.scenarios.loader import load_scenario, scenario_names
from tests.harness.simulated import graded, guideline

COMPLETE = [name for name in scenario_names() if load_scenario(name).how_charted.complete]
EACH = [(name, trial) for name in COMPLETE for trial in load_scenario(name).trial_names]


@pytest.mark.parametrize(("scenario", "trial"), EACH, ids=["-".join(each) for each in EACH])
def test_the_course_that_was_meant_is_found(scenario, trial):
    found = grade_block(Block(load_scenario(scenario), trial, 3, 1000, 100), guideline())
    for scale, meant in (("crs", found.chart.crs_intended), ("icans", found.chart.icans_intended)):
        known = meant != NO_GRADE
        assert known.any()
        assert (found.grades[scale].floor[known] == meant[known]).all()
        assert (found.grades[scale].ceiling[known] == meant[known]).all()


@pytest.mark.parametrize(("scenario", "trial"), EACH, ids=["-".join(each) for each in EACH])
def test_the_worst_grade_of_a_patient_is_the_level_drawn(scenario, trial):
    """Unless death from the other toxicity, or the end of the chart, comes before it."""
    found = grade_block(Block(load_scenario(scenario), trial, 3, 0, 100), guideline())
    who = found.people
    for scale, levels, other in (
        ("crs", who.crs_level, who.neuro_level),
        ("icans", who.neuro_level, who.crs_level),
    ):
        peak, _ = found.peaks(scale)
        assert (peak <= levels).all()
        assert (peak[other < 5] == levels[other < 5]).all()


@pytest.mark.parametrize("scenario", ["table1", "sparse-charting", "late-icans"])
@pytest.mark.parametrize("full", [False, True])
def test_a_block_may_be_divided_anywhere(scenario, full):
    whole = graded(scenario, "ZUMA-3", 0, 60, full)
    parts = [graded(scenario, "ZUMA-3", first, count, full) for first, count in ((0, 1), (1, 34), (35, 25))]
    for scale in SCALES:
        for bound in ("floor", "ceiling"):
            joined = np.concatenate([getattr(part.grades[scale], bound) for part in parts])
            assert (joined == getattr(whole.grades[scale], bound)).all()
        assert (np.concatenate([part.onset_min(scale) for part in parts]) == whole.onset_min(scale)).all()
        for bound in (0, 1):
            joined = np.concatenate([part.peaks(scale)[bound] for part in parts])
            assert (joined == whole.peaks(scale)[bound]).all()
    for name, column in whole.chart.columns.fields.items():
        joined = np.concatenate([part.chart.columns.fields[name] for part in parts])
        assert np.array_equal(joined, column, equal_nan=column.dtype == np.float64), name


def test_peaks_and_onset_are_those_of_each_patient_alone():
    found = graded("table1", "KarMMa", count=120)
    ends = np.append(found.starts[1:], len(found.chart.place))
    for scale in SCALES:
        floor, ceiling = found.peaks(scale)
        onset = found.onset_min(scale)
        for place in range(120):
            rows = slice(int(found.starts[place]), int(ends[place]))
            assert floor[place] == found.grades[scale].floor[rows].max()
            assert ceiling[place] == found.grades[scale].ceiling[rows].max()
            ill = found.grades[scale].floor[rows] >= 1
            first = found.chart.columns.minute[rows][ill][0] if ill.any() else -1
            assert onset[place] == first


def test_seeds_give_other_patients():
    scenario = load_scenario("zuma-1")
    one, two = (grade_block(Block(scenario, "ZUMA-1", seed, 0, 50), guideline()) for seed in (1, 2))
    assert (one.people.crs_onset_min != two.people.crs_onset_min).all()


def test_a_scenario_changes_what_it_names_and_nothing_else():
    """The same patient has the same course in every scenario that leaves the course alone."""
    plain, masked, sparse = (graded(name, "ZUMA-1", count=50) for name in ("table1", "masked-fever", "sparse-charting"))
    assert (plain.people.crs_onset_min == masked.people.crs_onset_min).all()
    for channel, steps in plain.log.steps.items():
        assert all((a == b).all() for a, b in zip(steps, masked.log.steps[channel], strict=True))
    assert plain.log.given == sparse.log.given
    assert len(sparse.chart.place) < len(plain.chart.place)
    febrile = [float((block.chart.columns.fields["temp_c"] >= 38).mean()) for block in (plain, masked)]
    assert febrile[1] < febrile[0] / 2


def test_the_ages_are_those_of_the_scenario():
    children = graded("pediatric", "ELIANA", count=100)
    assert children.people.age_years.max() < 12
    assert children.people.age_years.min() >= 1
    assert graded("table1", "ELIANA", count=100).people.age_years.max() > 18


def test_the_follow_up_is_that_of_the_scenario():
    short = load_scenario("zuma-1").model_copy(update={"follow_up_days": 7})
    _, log, chart, _ = simulate_block(Block(short, "ZUMA-1", 1, 0, 40))
    assert log.end_min.min() == 7 * 1440
    assert len(chart.place) < len(graded("zuma-1", "ZUMA-1", count=40).chart.place)


@pytest.mark.parametrize(("scenario", "ice", "capd"), [("toddlers", 0, 1), ("school-age", 1, 1), ("teenagers", 1, 0)])
def test_children_have_the_score_of_their_age_and_doses_by_weight(scenario, ice, capd):
    found = graded(scenario, "ELIANA", count=150)
    fields, age = found.chart.columns.fields, found.people.age_years[found.chart.place]
    has = {name: fields[name] != unknown_code(READABLE[name]) for name in ("ice", "capd")}
    assert (bool(has["ice"].any()), bool(has["capd"].any())) == (bool(ice), bool(capd))
    assert not (has["ice"] & (age < 12)).any()
    assert not (has["capd"] & (age >= 12)).any()
    doses = [
        (g.dose, 8 * found.people.weight_kg[place])
        for place, given in enumerate(found.log.given)
        for g in given
        if g.drug == "tocilizumab" and found.people.weight_kg[place] >= 30
    ]
    assert all(dose == pytest.approx(min(by_weight, 800), abs=0.06) for dose, by_weight in doses)
    assert bool(doses) == (scenario != "toddlers")
