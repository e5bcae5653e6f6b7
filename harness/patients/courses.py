"""Let things happen to people: SimPy carries one patient after another, the log of changes is for all of a block."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import simpy

from harness.patients.block_care import BlockCare
from harness.patients.body import Body
from harness.patients.care import antipyretics, crs_team, neuro_team
from harness.patients.log import DEATH_FROM_CRS, DEATH_FROM_ICANS, Chronicle, Log, log_of
from harness.patients.people import People, Person
from harness.patients.planned import Calendar
from harness.patients.policy import STANDARD, Policy

AFTER_THE_NEURO_TEAM = 2  # at a round of both


def simulate(
    people: People, follow_up_days: int, antipyretic_every_min: int | None = None, policy: Policy = STANDARD
) -> Log:
    """Run every patient of a block. Quiet patients need no environment.

    ``antipyretic_every_min`` gives acetaminophen on a schedule from the first fever on, unless the policy has none.
    """
    calendar = Calendar(policy)
    care = BlockCare(people, policy, calendar.minutes)
    care.run(simpy.Environment())
    return log_of(care, calendar, follow_up_days, antipyretic_every_min)


def logged(people: People, lived: Iterable[Body | None], calendar: Calendar, follow_up_days: int) -> Log:
    """What happened to the bodies of some people, None for those who are never ill."""
    chronicle = Chronicle()
    for body, weight_kg in zip(lived, people.weight_kg.tolist(), strict=True):
        chronicle.add(body, calendar.doses(weight_kg))
    return chronicle.log(follow_up_days)


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
    body.end()
    return body


def begin(body: Body, antipyretic_every_min: int | None = None) -> None:
    """Have a hospital and its teams care for a body from its infusion on: all that ends once the illness has."""
    body.hospital.admit(body)
    if body.crs is not None:
        body.tell(crs_team(body, body.crs), AFTER_THE_NEURO_TEAM)
        if antipyretic_every_min and body.policy.antipyretic:
            body.tell(antipyretics(body, antipyretic_every_min))
    if body.neuro is not None:
        body.tell(neuro_team(body, body.neuro))


def with_levels_reached(people: People, log: Log) -> People:
    """The people with the levels that they came to, where a policy let them become more ill than they were drawn."""
    reached = {"crs": people.crs_level.copy(), "neuro": people.neuro_level.copy()}
    for toxicity, channel, above in (("crs", "hypotension", 1), ("crs", "oxygen", 1), ("neuro", "neuro", 0)):
        place, _, stage = log.steps[channel]  # type: ignore[index]
        np.maximum.at(reached[toxicity], place, np.where(stage > 0, stage + above, 0))
    died, _, cause = log.steps["death"]
    reached["crs"][died[cause == DEATH_FROM_CRS]] = 5
    reached["neuro"][died[cause == DEATH_FROM_ICANS]] = 5
    return dataclasses.replace(people, crs_level=reached["crs"], neuro_level=reached["neuro"])
