"""Blocks of patients let live: the log, the end of the chart, and death."""

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from harness.patients.courses import live, simulate
from harness.patients.illness import NEVER
from harness.patients.log import Channel, Log
from harness.patients.people import DAY_MIN, ROUND_MIN, persons
from harness.patients.rounds import MOST_ROUNDS
from tests.harness.simulated import changes as changes_of
from tests.harness.simulated import the_people

FOLLOW_UP_DAYS = 30


@pytest.fixture(scope="module", params=["KarMMa", "ELIANA", "ZUMA-3"])
def people(request):
    return the_people(request.param, 400)


@pytest.fixture(scope="module")
def log(people):
    return simulate(people, FOLLOW_UP_DAYS)


def changes(log: Log, place: int) -> list[tuple[int, str, int]]:
    """The changes of one patient as (minute, channel, value)."""
    found = []
    for channel, (whose, minutes, values) in log.steps.items():
        mine = whose == place
        found += [(int(m), channel, int(v)) for m, v in zip(minutes[mine], values[mine], strict=True)]
    return sorted(found)


def test_the_log_is_in_order_of_patients_and_time(log):
    assert tuple(log.steps) == get_args(Channel)
    for whose, minutes, _ in log.steps.values():
        keys = (whose << 32) | minutes
        assert (np.diff(keys) >= 0).all()
    for doses in log.given:
        assert all(a.minute <= b.minute for a, b in pairwise(doses))


def test_the_log_is_what_each_patient_lives_alone(people, log):
    for place, person in list(enumerate(persons(people)))[:60]:
        alone = live(person)
        assert changes(log, place) == sorted(changes_of(alone))
        assert log.given[place] == tuple(dose for dose in sorted(alone.given) if dose.minute <= log.death_min[place])


def test_the_quiet_have_no_changes_and_no_doses(people, log):
    quiet = np.flatnonzero((people.crs_level == 0) & (people.neuro_level == 0))
    assert len(quiet)
    for place in quiet:
        assert not changes(log, int(place))
        assert not log.given[place]
        assert log.end_min[place] == FOLLOW_UP_DAYS * DAY_MIN


def test_everything_is_over_two_days_before_the_chart_ends(log):
    alive = log.death_min == NEVER
    for whose, minutes, _ in log.steps.values():
        here = alive[whose]
        assert (log.end_min[whose[here]] >= minutes[here] + 2 * DAY_MIN).all()
    assert (log.end_min % ROUND_MIN == 0).all()
    assert (log.end_min[alive] >= FOLLOW_UP_DAYS * DAY_MIN).all()
    assert (log.end_min // ROUND_MIN < MOST_ROUNDS).all()


def test_death_ends_the_chart_at_the_next_round(people, log):
    dead = log.death_min < NEVER
    assert (dead == ((people.crs_level == 5) | (people.neuro_level == 5))).all()
    assert (log.end_min[dead] - log.death_min[dead] >= 0).all()
    assert (log.end_min[dead] - log.death_min[dead] < ROUND_MIN).all()
    whose, minutes, _ = log.steps["death"]
    assert whose.tolist() == np.flatnonzero(dead).tolist()
    assert (minutes == log.death_min[whose]).all()
    for place in np.flatnonzero(dead):
        assert all(dose.minute <= log.death_min[place] for dose in log.given[place])


def test_all_signs_are_gone_at_the_end_of_a_survivor(log):
    for place in np.flatnonzero(log.death_min == NEVER):
        last = {channel: value for _, channel, value in changes(log, int(place))}
        assert not any(last.values()), last


def test_follow_up_is_as_long_as_wanted():
    people = the_people("TRANSFORM", 200)
    short, long = (simulate(people, days) for days in (7, 45))
    assert short.end_min.min() == 7 * DAY_MIN
    assert long.end_min.min() == 45 * DAY_MIN
    assert all(
        (a == b).all() for name in get_args(Channel) for a, b in zip(short.steps[name], long.steps[name], strict=True)
    )


def test_antipyretics_change_nothing_but_the_doses():
    people = the_people("ZUMA-1", 100)
    plain, scheduled = simulate(people, 30), simulate(people, 30, 360)
    for name in get_args(Channel):
        assert all((a == b).all() for a, b in zip(plain.steps[name], scheduled.steps[name], strict=True))
    for before, after in zip(plain.given, scheduled.given, strict=True):
        assert set(before) <= set(after)
        assert {dose.drug for dose in set(after) - set(before)} <= {"acetaminophen"}
    assert sum(map(len, scheduled.given)) > 5 * sum(map(len, plain.given))


def test_a_block_may_be_divided(people, log):
    first, rest = the_people(people.draws.trial, 150), the_people(people.draws.trial, 250, first=150)
    parts = [simulate(first, FOLLOW_UP_DAYS), simulate(rest, FOLLOW_UP_DAYS)]
    assert parts[0].given + parts[1].given == log.given
    assert (np.concatenate([part.end_min for part in parts]) == log.end_min).all()
    for name in get_args(Channel):
        whose, minutes, values = log.steps[name]
        (w0, m0, v0), (w1, m1, v1) = (part.steps[name] for part in parts)
        assert (np.concatenate([w0, w1 + 150]) == whose).all()
        assert (np.concatenate([m0, m1]) == minutes).all()
        assert (np.concatenate([v0, v1]) == values).all()


def test_persons_are_the_rows_of_the_people(people):
    found = list(persons(the_people(people.draws.trial, 3, first=7)))
    whole = list(persons(people))[7:10]
    assert found == whole
    assert [person.number for person in found] == [7, 8, 9]
    assert all(type(person.crs_onset_min) is int for person in found)
