"""A block that is cared for at once is its patients cared for one by one: the same changes, the same doses."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.patients.courses import live, logged, simulate
from harness.patients.illness import NEVER, Crs, Illness, Neuro
from harness.patients.illnesses import Illnesses, crs_of, neuro_of
from harness.patients.log import Log
from harness.patients.people import People, persons
from harness.patients.planned import Calendar
from harness.patients.policy import Course, Policy
from harness.scenarios.policy_file import load_policy, parse_policy, policy_names
from tests.harness.simulated import the_people

ODD = [
    "[tocilizumab]\nfrom_stage = 3",
    "[tocilizumab]\nmost_doses = 0",
    "[tocilizumab]\nfrom_stage = 2\nevery_h = 9",
    '[steroids]\ncrs_from_stage = "never"\nicans_from_grade = "never"',
    '[steroids]\ncrs_from_stage = "refractory"\nicans_from_grade = "persistent"',
    "[steroids]\nicans_from_grade = 4\n[course]\nicans_progress = 0.6",
    "[tocilizumab]\nfrom_stage = 2\nwithin_h = 60\nevery_h = 12\n[steroids]\ncrs_from_stage = 1",
    "[tocilizumab]\nfrom_stage = 3\n[course]\ncrs_progress = 1\nicans_progress = 1",
    "[tocilizumab]\nfrom_stage = 2\n[course]\ncrs_progress = 0.5\ncrs_progress_from_stage = 1\nprogress_h = 24",
    '[tocilizumab]\nwithin_h = 6\n[[given]]\ndrug = "tocilizumab"\ndose = 8\nunit = "mg/kg"\nroute = "IV"\n'
    "from_day = 2.05\nto_day = 5\nevery_h = 9",
    '[[given]]\ndrug = "dexamethasone"\ndose = 10\nunit = "mg"\nroute = "IV"\nfrom_day = 0\nto_day = 9\nevery_h = 7',
]


def own(text: str) -> Policy:
    """A policy of one's own."""
    return parse_policy(f'title = "t"\ntext = "x"\ncite = []\n{text}', "own")


def severe(trial: str, count: int, seed: int) -> People:
    """People of a trial of whom every level of both toxicities is as frequent as any other."""
    people, rng = the_people(trial, count, seed=seed), np.random.default_rng(seed)
    crs, neuro = rng.integers(0, 6, count), rng.integers(0, 6, count)
    return dataclasses.replace(people, crs_level=crs, neuro_level=neuro)


def one_by_one(people: People, every_min: int | None, policy: Policy) -> Log:
    """The same as each patient lives it alone."""
    calendar = Calendar(policy)
    bodies = [live(person, every_min, policy, calendar.minutes) for person in persons(people)]
    return logged(people, bodies, calendar, 30)


def same(one: Log, other: Log) -> None:
    """Hold two logs to each other."""
    for channel, steps in one.steps.items():
        assert all((a == b).all() for a, b in zip(steps, other.steps[channel], strict=True)), channel
    assert one.given == other.given
    assert (one.end_min == other.end_min).all()
    assert (one.death_min == other.death_min).all()


@pytest.mark.parametrize("name", policy_names())
def test_under_every_policy_on_the_shelf(name: str) -> None:
    people, policy = severe("ZUMA-1", 250, 1), load_policy(name)
    same(simulate(people, 30, 360, policy), one_by_one(people, 360, policy))


@pytest.mark.parametrize("text", ODD)
def test_under_policies_of_ones_own(text: str) -> None:
    people, policy = severe("ELIANA", 250, 2), own(text)
    same(simulate(people, 30, None, policy), one_by_one(people, None, policy))


def test_nobody_is_a_block_too() -> None:
    people = dataclasses.replace(severe("ZUMA-1", 3, 1), crs_level=np.zeros(3, int), neuro_level=np.zeros(3, int))
    log = simulate(people, 30)
    assert log.given == ((), (), ())
    assert not any(len(place) for place, _, _ in log.steps.values())


COURSES = st.builds(
    Course,
    crs_progress=st.sampled_from([0.0, 0.5, 1.0]),
    icans_progress=st.sampled_from([0.0, 0.5, 1.0]),
    crs_progress_from_stage=st.sampled_from([1, 2]),
    progress_h=st.sampled_from([24.0, 48.0]),
)


@given(st.integers(0, 10**6), COURSES, st.none() | st.integers(0, 30_000))
def test_an_illness_of_a_block_is_that_of_one(seed: int, course: Course, relief_min: int | None) -> None:
    people = severe("ZUMA-3", 12, seed)
    neuro, seizure_min = neuro_of(people, course)
    found: list[tuple[Illnesses, Any]] = [(crs_of(people, course), Crs), (neuro, Neuro)]
    for illnesses, kind in found:
        level = people.crs_level if kind is Crs else people.neuro_level
        rows, ill = np.arange(12), [p if n else None for p, n in zip(persons(people), level.tolist(), strict=True)]
        alone: list[Illness | None] = [kind(person, course) if person else None for person in ill]
        over = illnesses.over_min(rows)
        if relief_min is not None:
            illnesses.relieve(rows, relief_min)
        place, minute, stage = illnesses.changes()
        for i, one in enumerate(alone):
            if one is None:
                assert i not in place
                continue
            if relief_min is not None:
                one.relieve(relief_min)
            one.end()
            assert (minute[place == i].tolist(), stage[place == i].tolist()) == (one.minutes, one.stages)
            assert illnesses.death_min[i] == one.death_min
            if relief_min is None and level[i] > 1:
                assert over[i] == one.over_min
            if isinstance(one, Neuro):
                assert seizure_min[i] == (one.seizure_min if one.seizure else NEVER)
