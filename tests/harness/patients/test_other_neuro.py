"""Neurotoxicity other than ICANS: one trial prints it; after CRS and ICANS, MNTs in two clusters that stay."""

import numpy as np
import pytest

from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from harness.patients.blood import DAYS
from harness.patients.courses import simulate
from harness.patients.other_neuro import FINDINGS, LATEST_DAY, OtherNeuro, other_neuro
from harness.patients.people import DAY_MIN
from harness.patients.trials import trial, trials
from tests.harness.simulated import graded, the_people

PATIENTS = 20_000


@pytest.fixture(scope="module")
def drawn() -> OtherNeuro:
    people = the_people("CARTITUDE-1", PATIENTS)
    found = other_neuro(people, trial("CARTITUDE-1"), simulate(people, 30))
    assert found is not None
    return found


def test_only_the_trial_that_prints_it_has_it() -> None:
    for name in trials():
        block = graded("table1", name, 0, 40)
        assert (other_neuro(block.people, trial(name), block.log) is not None) == (name == "CARTITUDE-1")


def test_shares_and_onset_are_the_printed_ones(drawn: OtherNeuro) -> None:
    assert (drawn.level >= 1).mean() == pytest.approx(0.12, abs=0.01)
    assert (drawn.level >= 3).mean() == pytest.approx(0.09, abs=0.01)
    assert drawn.mnt.mean() == pytest.approx(5 / 97, abs=0.006)
    onset = drawn.onset_day[drawn.mnt]
    assert np.median(onset) == pytest.approx(27, abs=1)
    assert 14 <= onset.min() <= onset.max() <= LATEST_DAY + 10


def test_it_comes_after_crs_and_icans(drawn: OtherNeuro) -> None:
    people = the_people("CARTITUDE-1", 200)
    log = simulate(people, 30)
    found = other_neuro(people, trial("CARTITUDE-1"), log)
    assert found is not None
    for place, minute, _ in log.steps.values():
        assert (found.looked_for_from_day[place] * DAY_MIN > minute).all()
    assert (drawn.onset_day >= drawn.looked_for_from_day + 3).all()


def test_before_it_is_looked_for_every_finding_is_unknown_and_none_after(drawn: OtherNeuro) -> None:
    days = drawn.by_day()
    assert set(days) == set(FINDINGS)
    looked = DAYS[None, :] >= drawn.looked_for_from_day[:, None]
    well = drawn.level == 0
    for name, column in days.items():
        assert ((column == unknown_code(READABLE[name])) == ~looked).all(), name
        assert not column[well][looked[well]].any(), name


def test_an_mnt_shows_in_movement_and_in_cognition_and_stays(drawn: OtherNeuro) -> None:
    days = drawn.by_day()
    for place in np.flatnonzero(drawn.mnt)[:200]:
        last = len(DAYS) - 1
        shown = {name: int(column[place, last]) for name, column in days.items() if column[place, last]}
        assert shown == dict.fromkeys(("confusion", "tremor_severity"), drawn.level[place])


def test_another_event_shows_in_one_way_and_passes(drawn: OtherNeuro) -> None:
    days = drawn.by_day()
    for place in np.flatnonzero((drawn.level > 0) & ~drawn.mnt & (drawn.onset_day < 50))[:200]:
        looked = drawn.looked_for_from_day[place] <= DAYS
        shown = {name: column[place][looked] for name, column in days.items() if column[place][looked].any()}
        assert len(shown) == 1
        (levels,) = shown.values()
        assert levels.max() == drawn.level[place]
        assert 10 <= (levels > 0).sum() <= 40
