"""Let things happen to people: SimPy carries one patient after another, the log of changes is for all of a block."""

import dataclasses
import operator
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import simpy

from harness.patients.body import APART_MIN, Body, Given
from harness.patients.care import antipyretics, crs_team, neuro_team
from harness.patients.illness import NEVER, Illness
from harness.patients.people import DAY_MIN, ROUND_MIN, People, Person, persons
from harness.patients.planned import Calendar
from harness.patients.policy import STANDARD, Policy

Ints = npt.NDArray[np.int64]
Channel = Literal["fever", "hypotension", "oxygen", "neuro", "seizure", "death"]
Steps = tuple[Ints, Ints, Ints]
DEATH_FROM_CRS, DEATH_FROM_ICANS = 1, 2
_AXES = (
    0.35,
    0.60,
    0.85,
)  # shares with hypotension alone, hypoxia alone, hypoxia a stage behind; in the others both are alike
_BEHIND = {
    "hypotension": np.array([0, 3, 0, 0]),
    "oxygen": np.array([3, 0, 1, 0]),
}  # stages behind


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    """What happened to a block of patients.

    ``steps`` has for each channel the patient's place in the block, minute and new value of every change,
    in order; ``given`` the doses of each patient; ``end_min`` (patients) the last round that is charted.
    """

    steps: Mapping[Channel, Steps]
    given: tuple[tuple[Given, ...], ...]
    end_min: Ints
    death_min: Ints


def simulate(
    people: People, follow_up_days: int, antipyretic_every_min: int | None = None, policy: Policy = STANDARD
) -> Log:
    """Run every patient of a block. Quiet patients need no environment.

    ``antipyretic_every_min`` gives acetaminophen on a schedule from the first fever on, unless the policy has none.
    """
    calendar, env = Calendar(policy), simpy.Environment()
    bodies = (
        live(person, antipyretic_every_min, policy, calendar.minutes, env)
        if person.crs_level or person.neuro_level
        else None
        for person in persons(people)
    )
    return logged(people, bodies, calendar, follow_up_days)


def logged(people: People, lived: Iterable[Body | None], calendar: Calendar, follow_up_days: int) -> Log:
    """What happened to the bodies of some people, None for those who are never ill."""
    bodies = tuple(lived)
    death = np.array([body.death_min if body else NEVER for body in bodies], np.int64)
    given = tuple(map(_doses, bodies, map(calendar.doses, people.weight_kg.tolist()), death.tolist()))
    steps = {channel: _until(death, *found) for channel, found in steps_of(bodies).items()}
    end = np.full(len(people), follow_up_days * DAY_MIN, np.int64)
    for place, minute, _ in steps.values():
        np.maximum.at(end, place, _round_up(minute + 2 * DAY_MIN))
    end = np.where(death < NEVER, _round_up(np.minimum(death, NEVER - ROUND_MIN)), end)
    return Log(steps, given, end, death)


def _doses(body: Body | None, planned: tuple[Given, ...], died: int) -> tuple[Given, ...]:
    """What a body is given until it dies, by the calendar or by a team; what a team gives is in order of time."""
    if body is None:
        return planned
    due = [dose for dose in planned if dose.drug not in APART_MIN or body.is_due(dose.drug, dose.minute)]
    doses = sorted([*due, *body.given], key=_minute) if due else body.given
    return tuple(doses if died == NEVER else (dose for dose in doses if dose.minute <= died))


def steps_of(bodies: Sequence[Body | None]) -> dict[Channel, Steps]:
    """What the illnesses of some bodies do to each channel, in order of patients and time; NEVER what does not come."""
    ill = [(place, body) for place, body in enumerate(bodies) if body is not None]
    crs = [(place, body.crs) for place, body in ill if body.crs is not None]
    neuro = [(place, body.neuro) for place, body in ill if body.neuro is not None]
    place, minute, stage = _stages(crs)
    lead = np.array([body.person.pace[0] if body else 0.0 for body in bodies])
    axes = np.digitize(lead[place], _AXES)
    fevers = [(place, of.onset_min, of.fever_until_min, 1) for place, of in crs]
    seizures = [(place, of.seizure_min, of.seizure_over_min, of.seizure) for place, of in neuro if of.seizure]
    deaths = [(place, of.death_min, DEATH_FROM_CRS) for place, of in crs if of.death_min < NEVER]
    deaths += [(place, of.death_min, DEATH_FROM_ICANS) for place, of in neuro if of.death_min < NEVER]
    whose, died, cause = _ints(sorted(deaths)).reshape(-1, 3).T
    return {
        "fever": _on_and_off(fevers),
        "hypotension": (place, minute, np.maximum(stage - _BEHIND["hypotension"][axes], 0)),
        "oxygen": (place, minute, np.maximum(stage - _BEHIND["oxygen"][axes], 0)),
        "neuro": _stages(neuro),
        "seizure": _on_and_off(seizures),
        "death": (whose, died, cause),
    }


def _stages(illnesses: Sequence[tuple[int, Illness]]) -> Steps:
    """Their stages, one after another."""
    minutes, stages = array("q"), array("q")
    for _, illness in illnesses:
        minutes.extend(illness.minutes)
        stages.extend(illness.stages)
    counts = [len(illness.stages) for _, illness in illnesses]
    place = np.repeat(_ints([place for place, _ in illnesses]), _ints(counts))
    return place, np.array(minutes), np.array(stages)


def _on_and_off(signs: Sequence[tuple[int, int, int, int]]) -> Steps:
    """Signs that a patient takes at one minute, and loses at another: place, minutes, and the value between."""
    place, on, off, value = _ints(signs).reshape(-1, 4).T
    return np.repeat(place, 2), np.column_stack((on, off)).ravel(), np.column_stack((value, 0 * value)).ravel()


def _ints(values: Sequence[Any]) -> Ints:
    return np.array(values, np.int64)


def _until(death: Ints, place: Ints, minute: Ints, value: Ints) -> Steps:
    """The changes that come before a patient's death."""
    lived = minute <= death[place]
    return place[lived], minute[lived], value[lived]


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
        body.tell(crs_team(body, body.crs))
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


_minute = operator.attrgetter("minute")


def _round_up(minute: Ints) -> Ints:
    return -(-minute // ROUND_MIN) * ROUND_MIN
