"""Patients drawn by the scales of their trials: those scales find what is printed, and CTCAE what it calls an event."""

import numpy as np
import pytest

from cartox_core import grade_course_columns, load
from harness.cohort.own_scale import OWN_SCALE, own_peaks, own_scales
from harness.patients.draws import Draws
from harness.patients.neurologic_events import NEUROLOGIC_EVENTS
from harness.patients.people import crs_severity, people
from harness.patients.trials import common, trial, trials
from tests.harness.simulated import graded

AS_GRADED = "table1-as-graded"
MANY = 2000


@pytest.mark.parametrize("name", trials())
def test_every_trial_has_its_own_scales_on_the_shelf(name: str) -> None:
    for guideline, scale in own_scales(trial(name)).values():
        assert load(guideline).scale(scale)
    assert trial(name).crs.graded_by in OWN_SCALE


@pytest.mark.parametrize("name", ["ELIANA", "JULIET", "ZUMA-3", "CARTITUDE-1"])
def test_the_trials_own_scale_gives_what_is_printed(name: str) -> None:
    row, found = trial(name), own_peaks(graded(AS_GRADED, name, 0, MANY))
    for scale, printed in (("crs", row.crs), ("icans", row.neurotoxicity)):
        low, high = found[scale]
        assert (low <= high).all()
        assert abs((low >= 1).mean() - printed.any.value) < 0.015
        assert abs((low >= 3).mean() - printed.g3plus.value) < 0.025


def test_astct_then_grades_fewer_as_severe_where_penn_was_used() -> None:
    one = graded(AS_GRADED, "ELIANA", 0, MANY)
    own, astct = own_peaks(one)["crs"][0], one.peaks("crs")[0]
    assert ((own > 0) == (astct > 0)).all()
    assert (astct >= 3).mean() < (own >= 3).mean() - 0.08


def test_only_severity_differs_by_the_factor() -> None:
    row = trial("ELIANA")
    plain, own = crs_severity(row).reach, crs_severity(row, own_scale=True).reach
    assert own[0] == plain[0]
    assert own[1:] == tuple(share * row.assumed.crs_own_scale_factor for share in plain[1:])


def test_some_mild_events_are_no_icans_and_no_severe_one() -> None:
    row = trial("ZUMA-1")
    who = people(Draws(1, "ZUMA-1", 0, MANY), row, row.assumed.age_years, own_scale=True)
    assert not ((who.neuro_level > 0) & (who.event_level > 0)).any()
    assert set(who.event_level.tolist()) == {0, 1, 2}
    mild = (who.event_level > 0).sum() + ((who.neuro_level > 0) & (who.neuro_level <= 2)).sum()
    assert (who.event_level > 0).sum() / mild == pytest.approx(common().no_icans_of_mild, abs=0.05)
    astct = people(Draws(1, "CARTITUDE-1", 0, 400), trial("CARTITUDE-1"), (43, 61, 78), own_scale=True)
    assert not astct.event_level.any()


@pytest.mark.parametrize("scenario", ["table1", AS_GRADED])
def test_ctcae_calls_icans_as_bad_as_it_is_and_sees_what_is_none(scenario: str) -> None:
    block = graded(scenario, "ZUMA-1", 0, 400, full=True)
    columns = block.chart.columns
    assert columns.fields.keys() >= set(NEUROLOGIC_EVENTS)
    found = grade_course_columns(columns, load("ctcae-4").scale("neurotoxicity"))
    peaks = np.maximum.reduceat(found.floor, block.starts)
    icans = block.peaks("icans")[0]
    assert (peaks[icans > 0] == icans[icans > 0]).all()
    assert (peaks[icans == 0] == block.people.event_level[icans == 0]).all()
    assert (peaks[icans == 0] > 0).any() == (scenario == AS_GRADED)
