"""What the older scales read: charted so that each grades every round, and left out where none reads it."""

import numpy as np
import pytest

from cartox_core import grade_course, load, read_case
from cartox_core.observation import DEVICES
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.patients.support import OLDER_SIGNS
from harness.patients.told import case_of
from harness.scenarios.loader import load_scenario
from tests.harness.simulated import graded
from tests.quick import quick

OLDER = ("lee-2014", "penn-2018", "mskcc-2018", "cartox-2018", "ctcae-5")


@pytest.fixture(scope="module")
def block() -> GradedBlock:
    return graded("table1", "ELIANA", 0, 400, full=True)


@pytest.fixture(scope="module", params=OLDER)
def older(request: pytest.FixtureRequest) -> GradedBlock:
    return grade_block(Block(load_scenario("table1"), "ELIANA", 1, 0, 400), load(request.param))


def test_no_round_is_a_range(older: GradedBlock) -> None:
    assert (older.grades["crs"].floor == older.grades["crs"].ceiling).all()


def test_who_has_crs_has_it_by_every_scale(older: GradedBlock, block: GradedBlock) -> None:
    assert ((older.peaks("crs")[0] > 0) == (block.peaks("crs")[0] > 0)).all()


def test_the_scales_differ_as_they_are_known_to(block: GradedBlock) -> None:
    """Penn counts any oxygen and several boluses as 3; vasopressors at a low dose are 2 by Lee and 3 by ASTCT."""
    found = {name: graded_by(name).peaks("crs")[0] for name in ("penn-2018", "lee-2014")}
    astct = block.peaks("crs")[0]
    assert (found["penn-2018"] < astct).mean() < (found["penn-2018"] > astct).mean()
    assert (found["lee-2014"] < astct).sum() > 20
    assert (found["lee-2014"] > astct).sum() > 5


def graded_by(name: str) -> GradedBlock:
    return grade_block(Block(load_scenario("table1"), "ELIANA", 1, 0, 400), load(name))


def test_astct_alone_charts_none_of_it() -> None:
    assert OLDER_SIGNS.isdisjoint(graded("table1", "ELIANA", 0, 400).chart.columns.fields)


def test_the_full_chart_and_that_of_an_older_scale_agree(older: GradedBlock, block: GradedBlock) -> None:
    for name in OLDER_SIGNS:
        one, other = older.chart.columns.fields[name], block.chart.columns.fields[name]
        assert np.array_equal(one, other, equal_nan=one.dtype == np.float64), name


def test_oxygen_shares_follow_the_device(block: GradedBlock) -> None:
    fields = block.chart.columns.fields
    for number, device in enumerate(DEVICES):
        share = fields["fio2"][fields["o2_device"] == number]
        if len(share):
            assert share.min() >= 0.21 and share.max() <= 1
            assert (share == 0.21).all() == (device == "none"), device
    cannula = (fields["o2_device"] == 1) & (fields["o2_flow_l_min"] <= 6)
    expected = 0.2 + 0.04 * fields["o2_flow_l_min"][cannula]
    assert fields["fio2"][cannula] == pytest.approx(expected)


def test_boluses_are_given_for_low_pressure_and_first_of_all(block: GradedBlock) -> None:
    fields = block.chart.columns.fields
    low, boluses = fields["hypotension"] == 1, fields["iv_fluid_boluses"]
    assert not boluses[~low].any()
    starts = low & ~np.concatenate([[False], low[:-1]])
    assert boluses[starts].min() >= 1
    assert set(boluses[starts]) == {1, 2, 3}
    assert boluses[low & ~starts].max() == 1


def test_nothing_is_amiss_in_those_who_are_not_ill(block: GradedBlock) -> None:
    well = (block.people.crs_level == 0)[block.chart.place]
    fields = block.chart.columns.fields
    for name in ("organ_toxicity_grade", "hospitalized_for_crs", "iv_therapy", "coagulopathy_products"):
        assert not fields[name][well].any(), name
        assert fields[name][~well].any(), name


def test_organs_fare_worse_the_higher_the_stage(block: GradedBlock) -> None:
    fields, crs = block.chart.columns.fields, block.chart.crs_intended
    means = [fields["organ_toxicity_grade"][crs == grade].mean() for grade in (0, 2, 3, 4)]
    assert means == sorted(means)


def test_hypotension_is_refractory_only_at_a_high_dose(block: GradedBlock) -> None:
    fields = block.chart.columns.fields
    refractory = fields["hypotension_refractory"] == 1
    assert refractory.any()
    assert fields["vasopressor_dose_high"][refractory].all()
    assert (fields["vasopressors"][refractory] >= 2).all()


@pytest.mark.parametrize("name", quick(["penn-2018"], OLDER))
def test_the_charted_doses_tell_the_same_as_the_charted_signs(name: str, block: GradedBlock) -> None:
    """A course derives high doses and hours from the drugs where the chart is silent."""
    scale, checked = load(name).scale("crs"), 0
    for place in np.flatnonzero(block.people.crs_level == 4)[:40].tolist():
        case = case_of(block.people, block.log, block.chart, place)
        silent = [
            {k: v for k, v in o.items() if k not in ("vasopressor_dose_high", "vasopressor_hours")}
            for o in case["observations"]
        ]
        told, derived = (read_case({**case, "observations": rows}) for rows in (case["observations"], silent))
        if any(o.vasopressors for o in told.observations):
            checked += 1
            one, other = (grade_course(c.observations, c.treatments, scale, c.patient).grades for c in (told, derived))
            assert one == other, place
    assert checked >= 15
