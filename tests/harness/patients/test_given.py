"""What is given beside the care of CRS and ICANS stands in the log, in order, and none after death."""

import numpy as np

from harness.patients.blood import DAYS
from harness.patients.people import DAY_MIN
from tests.harness.simulated import graded


def test_the_care_of_crs_and_icans_stays_as_it_was() -> None:
    plain, full = graded("table1", "ZUMA-3", 0, 300), graded("table1", "ZUMA-3", 0, 300, full=True)
    for before, after in zip(plain.log.given, full.log.given, strict=True):
        assert [g for g in after if g in set(before)] == list(before)
        assert [g.minute for g in after] == sorted(g.minute for g in after)


def test_nothing_is_given_after_death() -> None:
    block = graded("table1", "ZUMA-3", 0, 300, full=True)
    died = np.flatnonzero(block.log.death_min < 100 * DAY_MIN)
    assert len(died)
    for place in died:
        assert all(g.minute <= block.log.death_min[place] for g in block.log.given[place])


def test_growth_factor_is_given_on_days_of_severe_neutropenia() -> None:
    block = graded("table1", "KarMMa", 0, 100, full=True)
    assert block.laboratory is not None
    anc = block.laboratory.series["anc_per_ul"]
    for place, given in enumerate(block.log.given):
        days = [g.minute // DAY_MIN for g in given if g.drug == "gcsf"]
        low = DAYS[(anc[place] < 500) & (DAYS >= 5) & (DAYS <= 45)]
        assert days == [day for day in low.tolist() if day * DAY_MIN <= block.log.death_min[place]]
        assert {g.dose for g in given if g.drug == "gcsf"} <= {float(round(5 * block.people.weight_kg[place]))}
