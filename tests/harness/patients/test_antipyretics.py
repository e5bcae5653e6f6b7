"""Antipyretics before any fever: who takes them and when, and what the chart then shows of a fever."""

import numpy as np
import pytest

from harness.cohort.block import Block, Lived, live_block
from harness.patients.antipyretics import FEVER_C, UNTIL_MIN, takers, with_antipyretics
from harness.patients.charting import Charting
from harness.patients.people import DAY_MIN
from tests.harness.simulated import a_scenario

COUNT = 100


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live_block(Block(a_scenario(), "CARTITUDE-1", 1, 0, COUNT))


def charted(lived: Lived, **how: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Minutes, temperatures as they were and as charted; nothing but temperatures differs."""
    true, found = lived.charted(Charting()), lived.charted(Charting(**how))
    assert (true.columns.minute == found.columns.minute).all()
    return true.columns.minute, true.columns.fields["temp_c"], found.columns.fields["temp_c"]


def test_most_fevers_are_hidden_from_the_hour_on_and_for_two_weeks(lived: Lived) -> None:
    minute, true, found = charted(lived, prophylactic_antipyretics=1.0, antipyretics_from_h=168)
    during = (minute >= 7 * DAY_MIN) & (minute < 14 * DAY_MIN)
    assert (found[~during] == true[~during]).all()
    fever = during & (true >= FEVER_C)
    assert (found[during & ~fever] == true[during & ~fever]).all()
    hidden = fever & (found < FEVER_C)
    assert set(np.round(10 * found[hidden]).astype(int).tolist()) == set(range(370, 380))
    assert (found[fever & ~hidden] == true[fever & ~hidden]).all()
    assert hidden.sum() / fever.sum() == pytest.approx(0.8, abs=0.04)


def test_where_it_is_charted_a_normal_temperature_rules_out_no_fever(lived: Lived) -> None:
    minute, true, found = charted(lived, prophylactic_antipyretics=1.0, causes_charted=1.0)
    during = minute < 14 * DAY_MIN
    assert (np.isnan(found) | (found == true)).all()
    assert np.isnan(found[during & (true < FEVER_C)]).all()
    assert not np.isnan(found[during & (true >= FEVER_C)]).all()
    assert not np.isnan(found[~during]).any()


def test_some_patients_take_them_and_the_others_keep_their_charts(lived: Lived) -> None:
    who = takers(lived.people.draws, 0.3)
    assert 0.15 * COUNT < who.sum() < 0.45 * COUNT
    place = lived.charted(Charting()).place
    _, true, found = charted(lived, prophylactic_antipyretics=0.3)
    assert set(place[found != true].tolist()) <= set(np.flatnonzero(who).tolist())


def test_doses_are_every_six_hours_by_weight_and_in_place_of_the_teams_own(lived: Lived) -> None:
    log = with_antipyretics(lived.people, lived.log, 1.0, 24.0)
    for place, given in enumerate(log.given):
        mine = [g for g in given if g.drug == "acetaminophen" and DAY_MIN <= g.minute < UNTIL_MIN]
        last = min(lived.log.end_min[place], lived.log.death_min[place])
        assert [g.minute for g in mine] == [m for m in range(DAY_MIN, UNTIL_MIN, 360) if m <= last]
        assert {(g.dose, g.unit, g.route) for g in mine} <= {
            (min(650, round(15 * lived.people.weight_kg[place])), "mg", "PO")
        }
        others = [g for g in lived.log.given[place] if g.drug != "acetaminophen"]
        assert [g for g in given if g.drug != "acetaminophen"] == others
        assert list(given) == sorted(given, key=lambda g: g.minute)


def test_without_them_the_log_is_the_same(lived: Lived) -> None:
    assert with_antipyretics(lived.people, lived.log, 0.0, 0.0) is lived.log
    other = live_block(Block(a_scenario("[charting]\nprophylactic_antipyretics = 1.0"), "CARTITUDE-1", 1, 0, COUNT))
    for name, column in lived.signs.fields.items():
        assert np.array_equal(other.signs.fields[name], column, equal_nan=column.dtype == np.float64)
    assert (other.people.crs_level == lived.people.crs_level).all()
