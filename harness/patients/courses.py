"""Let things happen to people: SimPy carries one patient after another, the log of changes is for all of a block."""

import dataclasses
import functools
import itertools
import operator
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import simpy

from harness.patients import body as bodies
from harness.patients.body import APART_MIN, CHANNELS, Body, Channel, Given, Person, Teams
from harness.patients.care import antipyretics, crs_team, neuro_team
from harness.patients.people import DAY_MIN, ROUND_MIN, People
from harness.patients.planned import Calendar
from harness.patients.policy import STANDARD, Policy

Ints = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    """What happened to a block of patients.

    ``steps`` has for each channel the patient's place in the block, minute and new value of every change,
    in order; ``given`` the doses of each patient; ``end_min`` (patients) the last round that is charted.
    """

    steps: dict[Channel, tuple[Ints, Ints, Ints]]
    given: tuple[tuple[Given, ...], ...]
    end_min: Ints
    death_min: Ints


NEVER = np.iinfo(np.int64).max


def simulate(
    people: People, follow_up_days: int, antipyretic_every_min: int | None = None, policy: Policy = STANDARD
) -> Log:
    """Run every patient of a block. Quiet patients need no environment.

    ``antipyretic_every_min`` gives acetaminophen on a schedule from the first fever on, unless the policy has none.
    """
    calendar, env = Calendar(policy), simpy.Environment()
    ill = ((people.crs_level > 0) | (people.neuro_level > 0)).tolist()
    bodies_of = (
        live(person, antipyretic_every_min, policy, calendar.minutes, env) if is_ill else None
        for person, is_ill in zip(_persons(people), ill, strict=True)
    )
    return logged(people, bodies_of, calendar, follow_up_days)


def logged(people: People, lived: Iterable[Body | None], calendar: Calendar, follow_up_days: int) -> Log:
    """What happened to the bodies of some people, None for those who are never ill."""
    changes = array("q")
    counts, given, death = [], [], []
    for weight_kg, body in zip(people.weight_kg.tolist(), lived, strict=True):
        planned = calendar.doses(weight_kg)
        of_body = body.changes if body else []
        died = next((minute for minute, channel, _ in of_body if channel == bodies.DEATH), NEVER)
        changes.extend(itertools.chain.from_iterable(of_body))
        counts.append(len(of_body))
        death.append(died)
        given.append(_doses(body, planned, died) if body else planned)
    place = np.repeat(np.arange(len(people)), counts)
    minute, channel, value = np.frombuffer(changes, np.int64).reshape(-1, 3).T
    end = np.full(len(people), follow_up_days * DAY_MIN, np.int64)
    np.maximum.at(end, place, _round_up(minute + 2 * DAY_MIN))
    death_min = np.array(death, np.int64)
    end = np.where(death_min < NEVER, _round_up(np.minimum(death_min, NEVER - ROUND_MIN)), end)
    of_channel = {name: channel == i for i, name in enumerate(CHANNELS)}
    steps = {name: (place[rows], minute[rows], value[rows]) for name, rows in of_channel.items()}
    return Log(steps, tuple(given), end, death_min)


def _doses(body: Body, planned: tuple[Given, ...], died: int) -> tuple[Given, ...]:
    """What a body is given until it dies, by the calendar or by a team; what a team gives is in order of time."""
    due = [dose for dose in planned if dose.drug not in APART_MIN or body.is_due(dose.drug, dose.minute)]
    doses = sorted([*due, *body.given], key=_minute) if due else body.given
    return tuple(doses if died == NEVER else (dose for dose in doses if dose.minute <= died))


def live(
    person: Person,
    antipyretic_every_min: int | None = None,
    policy: Policy = STANDARD,
    planned: Mapping[str, Sequence[int]] | None = None,
    env: simpy.Environment | None = None,
) -> Body:
    """One patient's course from infusion to recovery or death, under a policy and its doses by the calendar.

    ``env`` is one in which nothing is left to happen, as after the course of another patient.
    """
    env = env or simpy.Environment()
    body = Body(env, person, policy, planned, infused_min=env.now)
    begin(body, antipyretic_every_min)
    env.run()
    return body


_CRS_TEAMS: Teams = (crs_team,)
_NEURO_TEAMS: Teams = (neuro_team,)


def begin(body: Body, antipyretic_every_min: int | None = None) -> list[simpy.Process]:
    """Start what will happen to a body, which calls the teams that treat it: all that ends once the illness has."""
    person, lives, teams = body.person, [], _CRS_TEAMS
    if person.crs_level:
        if antipyretic_every_min and body.policy.antipyretic:
            teams = [crs_team, functools.partial(antipyretics, every_min=antipyretic_every_min)]
        lives.append(bodies.crs(body, teams))
    if person.neuro_level:
        lives.append(bodies.neuro(body, _NEURO_TEAMS))
    return [body.env.process(life) for life in lives]


def with_levels_reached(people: People, log: Log) -> People:
    """The people with the levels that they came to, where a policy let them become more ill than they were drawn."""
    reached = {"crs": people.crs_level.copy(), "neuro": people.neuro_level.copy()}
    for toxicity, channel, above in (("crs", "hypotension", 1), ("crs", "oxygen", 1), ("neuro", "neuro", 0)):
        place, _, stage = log.steps[channel]  # type: ignore[index]
        np.maximum.at(reached[toxicity], place, np.where(stage > 0, stage + above, 0))
    died, _, cause = log.steps["death"]
    reached["crs"][died[cause == bodies.DEATH_FROM_CRS]] = 5
    reached["neuro"][died[cause == bodies.DEATH_FROM_ICANS]] = 5
    return dataclasses.replace(people, crs_level=reached["crs"], neuro_level=reached["neuro"])


def persons(people: People) -> list[Person]:
    """The patients of a block as plain numbers."""
    return list(_persons(people))


def _persons(people: People) -> Iterator[Person]:
    first = people.draws.first
    columns = (
        people.age_years,
        people.weight_kg,
        people.crs_level,
        people.crs_onset_min,
        people.crs_duration_min,
        people.neuro_level,
        people.neuro_onset_min,
        people.neuro_duration_min,
    )
    index, paces = range(first, first + len(people)), (pace.tolist() for pace in people.pace)
    return (Person(*row) for row in zip(index, *(column.tolist() for column in columns), paces, strict=True))


_minute = operator.attrgetter("minute")


def _round_up(minute: Ints) -> Ints:
    return -(-minute // ROUND_MIN) * ROUND_MIN
