"""Rounds as rows: what is put in its place among them."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.illness import NEVER
from harness.patients.log import Channel, Log
from harness.patients.people import DAY_MIN, ROUND_MIN
from harness.patients.rounds import MOST_ROUNDS, Rounds, rounds_of

HOURS = st.lists(st.integers(0, 50), min_size=1, max_size=6)
CHANGES = st.lists(st.tuples(st.integers(0, 5), st.integers(-DAY_MIN, 60 * 60), st.integers(1, 4)), max_size=12)


def of_lengths(rounds_each: list[int]) -> Rounds:
    """The rounds of patients who have so many."""
    nothing = np.empty(0, np.int64)
    steps = dict.fromkeys(get_args(Channel), (nothing, nothing, nothing))
    end = (np.array(rounds_each) - 1) * ROUND_MIN
    return rounds_of(Log(steps, ((),) * len(rounds_each), end, np.full(len(rounds_each), NEVER)))


@pytest.fixture
def two() -> Rounds:
    return of_lengths([3, 5])


def test_values_of_patients_and_of_their_rounds_stand_in_order(two):
    assert two.of_patients(np.array([7, 8])).tolist() == [7] * 3 + [8] * 5
    grid = np.arange(2 * MOST_ROUNDS).reshape(2, -1)
    assert two.of_grid(grid).tolist() == [0, 1, 2, *range(MOST_ROUNDS, MOST_ROUNDS + 5)]
    assert (two.of_grid(grid) == grid[two.place, two.number]).all()


def test_every_third_round_is_neurological(two):
    assert np.flatnonzero(two.neuro).tolist() == [0, 3, 6]


def test_a_day_has_six_rounds_and_may_be_counted_from_before_the_infusion():
    rounds = of_lengths([8, MOST_ROUNDS])
    days = np.arange(-5, 101)
    found = rounds.of_days(np.stack([days, 1000 + days]), -5)
    assert found[:8].tolist() == [0] * 6 + [1] * 2
    assert (found[8:] == 1000 + rounds.minute[8:] // DAY_MIN).all()


def test_what_comes_before_the_infusion_holds_from_the_first_round_on_and_what_comes_late_nowhere(two):
    place, minute = np.array([0, 0, 1, 1]), np.array([-600, 481, 0, 960])
    assert two.since(place, minute).tolist() == [0, 3, 3, 7]
    assert two.following(place, minute, np.array([1, 2, 3, 4]), 0).tolist() == [1, 1, 1, 3, 3, 3, 3, 4]


@given(rounds_each=HOURS, changes=CHANGES)
def test_at_each_round_the_latest_of_the_patients_own_values_holds(rounds_each, changes):
    rounds = of_lengths([n + 1 for n in rounds_each])
    known = sorted((c for c in changes if c[0] < len(rounds_each)), key=lambda c: c[:2])
    place, minute, value = np.array(known, np.int64).reshape(-1, 3).T
    found = rounds.following(place, minute, value, -1)
    for row, (whose, when) in enumerate(zip(rounds.place.tolist(), rounds.minute.tolist(), strict=True)):
        before = [v for p, m, v in known if p == whose and m <= when]
        assert found[row] == (before[-1] if before else -1)
