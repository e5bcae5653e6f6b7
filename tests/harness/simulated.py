"""Simulated patients that several tests look at, made once."""

import functools
from collections.abc import Sequence

from cartox_core import Guideline, load
from harness.cohort.block import Block, GradedBlock, grade_block
from harness.patients.body import Body
from harness.patients.draws import Draws
from harness.patients.illness import Illness
from harness.patients.log import Channel, Chronicle
from harness.patients.people import People, Person, people
from harness.patients.trials import trial
from harness.scenarios.loader import Scenario, load_scenario, parse_scenario
from harness.scenarios.policy_file import load_policy

HALF = (0.5,) * 24


def guideline() -> Guideline:
    """The guideline on the shelf; the core keeps it."""
    return load("astct-2019")


@functools.cache
def graded(
    scenario: str = "table1", trial_name: str = "ZUMA-1", first: int = 0, count: int = 200, full: bool = False
) -> GradedBlock:
    """Patients of seed 1, graded."""
    return grade_block(Block(load_scenario(scenario), trial_name, 1, first, count), guideline(), full)


@functools.cache
def cared_for(policy: str, trial_name: str = "ZUMA-1", count: int = 400, full: bool = False) -> GradedBlock:
    """Patients of seed 1 under a policy, graded."""
    scenario = load_scenario("table1").under(load_policy(policy))
    return grade_block(Block(scenario, trial_name, 1, 0, count), guideline(), full)


def the_people(trial_name: str, count: int, seed: int = 1, first: int = 0, late_neuro: bool = False) -> People:
    """Patients of a trial, before anything happens."""
    row = trial(trial_name)
    return people(Draws(seed, trial_name, first, count), row, row.assumed.age_years, late_neuro)


def a_scenario(extra: str = "", trials: Sequence[str] = ("ZUMA-1",), name: str = "own") -> Scenario:
    """A scenario with more keys or tables after the obligatory ones."""
    return parse_scenario(f'title = "t"\ntext = "x"\ncite = []\ntrials = {list(trials)!r}\n{extra}', name)


def changes(body: Body) -> list[tuple[int, Channel, int]]:
    """What changed in a body until it died: the minute, the channel and the value it took; the death last."""
    body.end()
    chronicle = Chronicle()
    chronicle.add(body)
    found = [
        (minute, channel, value)
        for channel, (_, minutes, values) in chronicle.log(0).steps.items()
        for minute, value in zip(minutes.tolist(), values.tolist(), strict=True)
    ]
    return sorted(found, key=lambda change: (change[0], change[1] == "death"))


def script(illness: Illness | None, stages: dict[int, int], peak_min: int) -> None:
    """Write an illness anew by hand: stages by minute since the infusion."""
    assert illness is not None
    Illness.__init__(illness, list(stages), list(stages.values()), peak_min)


def values_of(body: Body, channel: Channel) -> list[int]:
    """The values that a channel of a body took, in order of time."""
    return [value for _, name, value in changes(body) if name == channel]


def a_person(crs: int = 0, neuro: int = 0, pace: dict[int, float] | None = None, **other: float) -> Person:
    """A patient of 70 kg with CRS from minute 3,000 and neurotoxicity from minute 9,000, where there is any.

    Each step takes its median time unless ``pace`` has another uniform for it.
    """
    uniforms = [(pace or {}).get(i, u) for i, u in enumerate(HALF)]
    course = {
        "number": 0,
        "age_years": 60.0,
        "weight_kg": 70.0,
        "crs_onset_min": 3000,
        "crs_duration_min": 10_000,
        "neuro_onset_min": 9000,
        "neuro_duration_min": 8000,
    }
    return Person(crs_level=crs, neuro_level=neuro, pace=uniforms, **{**course, **other})
