"""IEC-HS: a few, after CRS, shown by laboratory values and treated."""

import numpy as np
import pytest

from harness.patients.blood import DAYS, FIRST_DAY
from harness.patients.iec_hs import iec_hs, treatments
from harness.patients.people import DAY_MIN
from harness.patients.trials import common
from tests.harness.simulated import graded, the_people

PATIENTS = 20_000


def test_it_is_a_small_share_of_those_with_crs_of_grade_2_or_more_who_live() -> None:
    people = the_people("ZUMA-1", PATIENTS)
    found = iec_hs(people)
    at_risk = (people.crs_level >= 2) & (people.crs_level < 5) & (people.neuro_level < 5)
    assert not found.has[~at_risk].any()
    assert found.has[at_risk].mean() == pytest.approx(common().iec_hs_of_crs_g2plus, abs=0.006)
    assert not (found.refractory & ~found.has).any()


def test_it_begins_as_crs_ends_and_lasts_a_week_or_two() -> None:
    people = the_people("ELIANA", 2000)
    found = iec_hs(people)
    ended = (people.crs_onset_min + people.crs_duration_min) / DAY_MIN
    after = (found.onset_day - ended)[found.has]
    assert 0 <= after.min() <= after.max() <= 4
    assert 8 <= found.days.min() <= found.days.max() <= 16
    there = found.intensity() > 0
    assert (there.sum(axis=1) == np.where(found.has, np.minimum(found.days, DAYS[-1] - found.onset_day + 1), 0)).all()


def test_the_laboratory_shows_it() -> None:
    block = graded("table1", "ELIANA", 0, 1000, full=True)
    assert block.laboratory is not None
    series, found = block.laboratory.series, block.laboratory.hyperinflammation
    assert found.has.sum() > 10
    for place in np.flatnonzero(found.has):
        middle = int(found.onset_day[place] + found.days[place] // 2) - FIRST_DAY
        value = {name: float(series[name][place, middle]) for name in series}
        assert value["ferritin_ng_ml"] > 4 * series["ferritin_ng_ml"][place, 0]
        assert value["fibrinogen_mg_dl"] < 150
        assert max(value["ast_u_l"], value["alt_u_l"]) > 5 * 35
        assert value["triglycerides_mg_dl"] > 265
        assert value["ldh_u_l"] > 250


def test_anakinra_is_given_while_it_lasts_and_ruxolitinib_after_two_days() -> None:
    people = the_people("ELIANA", 2000)
    found = iec_hs(people)
    given = treatments(people, found)
    assert set(given) == set(np.flatnonzero(found.has).tolist())
    for place, doses in given.items():
        start = int(found.onset_day[place]) * DAY_MIN
        drugs = {d.drug for d in doses}
        assert drugs == ({"anakinra", "ruxolitinib"} if found.refractory[place] else {"anakinra"})
        assert doses[0].minute == start
        assert [d.minute for d in doses] == sorted(d.minute for d in doses)
        assert all(d.minute >= start + 2 * DAY_MIN for d in doses if d.drug == "ruxolitinib")
        assert {d.dose for d in doses if d.drug == "anakinra"} == {round(min(100.0, 2 * people.weight_kg[place]), 1)}
