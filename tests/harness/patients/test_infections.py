"""Infections: printed shares of all patients, one a patient, none in those who die of the therapy."""

import numpy as np
import pytest

from harness.patients.blood import DAYS
from harness.patients.infections import LATEST_ONSET_DAY, infection_shares, infections
from harness.patients.marrow import marrow
from harness.patients.trials import trial, trials
from tests.harness.simulated import the_people

PATIENTS = 20_000


@pytest.mark.parametrize("name", trials())
def test_shares_are_the_printed_ones(name: str) -> None:
    row, people = trial(name), the_people(name, PATIENTS)
    level = infections(people, row, marrow(people.draws, row)).level
    for grade, share in enumerate(infection_shares(row), start=1):
        assert (level >= grade).mean() == pytest.approx(share, abs=0.012)
    if row.infection:
        assert infection_shares(row)[2] == row.infection.g3plus.value
        if row.infection.any:
            assert infection_shares(row)[0] == row.infection.any.value


def test_the_severe_are_among_the_rest_and_the_dead_have_none() -> None:
    assert infection_shares(trial("ZUMA-1")) == pytest.approx((0.4, 0.34, 0.2, 0.04))
    people, row = the_people("ZUMA-3", 4000), trial("ZUMA-3")
    found = infections(people, row, marrow(people.draws, row))
    died = (people.crs_level == 5) | (people.neuro_level == 5)
    assert died.any()
    assert not found.level[died].any()


def test_an_infection_lasts_from_its_onset_for_its_days() -> None:
    people, row = the_people("ELIANA", 2000), trial("ELIANA")
    found = infections(people, row, marrow(people.draws, row))
    days = found.by_day()
    assert days.dtype == np.uint8
    for place in np.flatnonzero(found.level)[:50]:
        here = DAYS[days[place] > 0]
        assert here[0] == found.onset_day[place]
        assert len(here) == min(found.days[place], DAYS[-1] - here[0] + 1)
        assert set(days[place]) == {0, found.level[place]}
    assert 1 <= found.onset_day.min() < found.onset_day.max() <= LATEST_ONSET_DAY
    assert np.median(found.onset_day) == pytest.approx(9, abs=1)


def test_infections_go_with_counts_that_stay_low() -> None:
    people, row = the_people("ELIANA", PATIENTS), trial("ELIANA")
    latent = marrow(people.draws, row)
    severe = infections(people, row, latent).level >= 3
    low = latent.unresolved["neutropenia"]
    assert severe[low].mean() > severe[~low].mean() + 0.05
