"""Who the patients are: incidence and severity of Table 1, and bounds that no draw may leave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.draws import Draws
from harness.patients.people import (
    DAY_MIN,
    LATEST_CRS_ONSET_MIN,
    LATEST_NEURO_ONSET_MIN,
    NEURO_ROUND_MIN,
    PACE,
    ROUND_MIN,
    Severity,
    crs_severity,
    neuro_severity,
    onset_by,
    people,
)
from harness.patients.trials import trial, trials
from tests.harness.simulated import the_people

FULL = 20_000
NAMES = list(trials())


@pytest.fixture(scope="module", params=[(name, seed) for name in NAMES for seed in (1, 2)], ids=str)
def many(request):
    name, seed = request.param
    return trial(name), the_people(name, FULL, seed)


def test_levels_have_their_shares(many):
    row, who = many
    for levels, severity in ((who.crs_level, crs_severity(row)), (who.neuro_level, neuro_severity(row))):
        for level, share in enumerate(severity.reach, start=1):
            assert float((levels >= level).mean()) == pytest.approx(share, abs=0.002), level


def test_the_median_onset_is_found_on_its_day(many):
    row, who = many
    onset = who.crs_onset_min[who.crs_level > 0]
    found = -(-onset // ROUND_MIN) * ROUND_MIN  # a fever is found at the next round
    assert float(np.median(found)) == pytest.approx(row.crs.onset_median_days.value * DAY_MIN, abs=ROUND_MIN / 2)


def test_the_median_onset_of_neurotoxicity_is_near_the_one_assumed(many):
    row, who = many
    found = np.median(who.neuro_onset_min[who.neuro_level > 0]) / DAY_MIN
    assert found == pytest.approx(row.assumed.neuro_onset_median_days, rel=0.35)


def test_no_draw_leaves_its_bounds(many):
    row, who = many
    low, median, high = row.assumed.age_years
    assert who.age_years.min() >= low
    assert who.age_years.max() <= high
    assert abs(np.median(who.age_years) - median) <= 1
    assert (who.age_years == np.floor(who.age_years)).all()
    assert who.weight_kg.min() >= 5
    assert who.weight_kg.max() <= 180
    assert (who.weight_kg == np.round(who.weight_kg, 1)).all()
    assert who.crs_onset_min.min() >= 120
    assert who.crs_onset_min.max() <= LATEST_CRS_ONSET_MIN
    assert who.neuro_onset_min.min() >= NEURO_ROUND_MIN
    assert who.neuro_onset_min.max() <= LATEST_NEURO_ONSET_MIN
    assert who.crs_duration_min.min() >= DAY_MIN
    assert who.neuro_duration_min.min() >= DAY_MIN
    assert who.neuro_duration_min.max() <= 21 * DAY_MIN
    for levels in (who.crs_level, who.neuro_level):
        assert set(np.unique(levels)) <= set(range(6))
    assert who.pace.shape == (FULL, PACE)


def test_severe_crs_and_severe_neurotoxicity_go_together(many):
    _, who = many
    severe = who.crs_level >= np.sort(who.crs_level)[-FULL // 20]
    assert who.neuro_level[severe].mean() > who.neuro_level.mean()


@pytest.mark.parametrize("name", NAMES)
def test_severities_add_up(name):
    row = trial(name)
    for severity, printed in ((crs_severity(row), row.crs), (neuro_severity(row), row.neurotoxicity)):
        assert severity.reach[0] == printed.any.value
        assert severity.reach[2] == printed.g3plus.value
        assert list(severity.reach) == sorted(severity.reach, reverse=True)
        assert severity.reach[4] >= 0


def test_a_level_is_the_number_of_thresholds_above_the_rank():
    severity = Severity((0.9, 0.5, 0.2, 0.1, 0.05))
    rank = np.array([0.01, 0.05, 0.0999, 0.1, 0.3, 0.5, 0.89, 0.9, 0.99])
    assert severity.level(rank).tolist() == [5, 4, 4, 3, 2, 1, 1, 0, 0]


@given(
    u=st.floats(2.0**-53, 1 - 2.0**-53),
    median=st.floats(0.5, 11),
    sigma=st.floats(0.2, 0.8),
)
def test_onset_keeps_its_median_and_never_passes_the_latest(u, median, sigma):
    latest = 14.0
    at, middle, later = onset_by(np.array([u, 0.5, min(u + 1e-3, 1 - 2.0**-53)]), median, sigma, latest)
    assert middle == pytest.approx(median)
    assert at <= latest * (1 + 1e-9)
    assert (at < median) == (u < 0.5) or at == pytest.approx(median)
    assert later >= at


def test_late_neurotoxicity_comes_after_crs_or_without_it_up_to_four_weeks():
    usual, late = the_people("ZUMA-1", 6000), the_people("ZUMA-1", 6000, late_neuro=True)
    assert (usual.crs_onset_min == late.crs_onset_min).all()
    assert (usual.neuro_level == late.neuro_level).all()
    moved = late.neuro_onset_min != usual.neuro_onset_min
    assert float(moved.mean()) == pytest.approx(2 / 3, abs=0.03)
    over = np.minimum(late.crs_onset_min + late.crs_duration_min, LATEST_NEURO_ONSET_MIN)
    after_crs = moved & (late.crs_level > 0)
    assert (late.neuro_onset_min[after_crs] >= over[after_crs]).all()
    assert late.neuro_onset_min.max() <= LATEST_NEURO_ONSET_MIN
    assert late.neuro_onset_min.max() > 27 * DAY_MIN
    assert ((late.crs_level == 0) & (late.neuro_level > 0)).any()


def test_children_and_adults_have_weights_of_their_age():
    row = trial("ELIANA")
    who = people(Draws(1, "ELIANA", 0, 4000), row, (1, 11, 24))
    for low, high, lightest, heaviest in ((1, 3, 8, 15), (6, 9, 18, 28), (12, 14, 38, 48), (18, 24, 64, 74)):
        group = who.weight_kg[(who.age_years >= low) & (who.age_years < high)]
        assert lightest < np.median(group) < heaviest


def test_a_division_into_blocks_gives_the_same_people():
    whole = the_people("KarMMa", 60, late_neuro=True)
    parts = [the_people("KarMMa", 25, late_neuro=True), the_people("KarMMa", 35, first=25, late_neuro=True)]
    assert len(whole) == 60
    names = ("age_years", "weight_kg", "crs_level", "crs_onset_min", "crs_duration_min")
    for name in (*names, "neuro_level", "neuro_onset_min", "neuro_duration_min", "pace"):
        assert (np.concatenate([getattr(part, name) for part in parts]) == getattr(whole, name)).all(), name
