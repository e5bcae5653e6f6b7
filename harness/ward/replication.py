"""One year or so of a ward: all its patients in one SimPy environment, and the same persons where nothing is short."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import simpy

from cartox_core import Guideline
from harness.cohort import SCALES
from harness.cohort.block import Lived, grades_of, who_of
from harness.cohort.standing import standing
from harness.patients.body import Body
from harness.patients.courses import begin, live, logged, with_levels_reached
from harness.patients.draws import Draws
from harness.patients.people import People, Person, persons
from harness.patients.planned import Calendar
from harness.patients.prophylaxis import row
from harness.patients.signs import render
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.ward.arrivals import Arrival, arrivals
from harness.ward.limits import Limited, Span, Wait

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]
GRADES = 6
SEVERE, DEATH = 3, 5


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The patients of a ward, graded: ``peaks`` by scale, int64 (patients), and minutes at each worst grade of both."""

    peaks: Mapping[str, Ints]
    minutes_at: tuple[int, ...]
    deaths: int


@dataclasses.dataclass(frozen=True, slots=True)
class Replication:
    """One ward: what it came to, what the same persons come to in plenty, and who waited for what.

    ``stays`` are from and to which minute a bed of intensive care was taken, ``rounds`` a nurse was at a round.
    """

    seed: int
    limited: Outcome
    plenty: Outcome
    waits: tuple[Wait, ...]
    stays: tuple[Span, ...]
    rounds: tuple[Span, ...]
    doses: int
    days: float


def replicate(scenario: Scenario, spec: WardSpec, seed: int, guideline: Guideline) -> Replication:
    """Run the ward once."""
    coming = arrivals(scenario, spec, seed)
    policy, every_min = scenario.policy, scenario.care.antipyretic_every_min
    everybody = _everybody(scenario, coming, seed)
    ward = simpy.Environment()
    hospital = Limited(ward, spec)
    calendar = Calendar(policy)
    bodies: dict[str, list[Body | None]] = {name: [] for name in everybody}
    lives: list[simpy.Event] = [ward.timeout(coming[-1].minute + 1440 * scenario.follow_up_days)]
    whole = {name: list(persons(who)) for name, who in everybody.items()}
    for arrival in coming:
        person = whole[arrival.trial][arrival.index]
        body = None
        if _falls_ill(person):
            body = Body(ward, person, policy, calendar.minutes, hospital, arrival.minute)
            lives.append(ward.process(_infused(ward, arrival.minute, body, every_min)))
        bodies[arrival.trial].append(body)
    ward.run(until=ward.all_of(lives))  # nobody is cut off, however long it takes
    plenty = {
        name: [live(p, every_min, policy, calendar.minutes) if _falls_ill(p) else None for p in some]
        for name, some in whole.items()
    }
    return Replication(
        seed,
        _outcome(scenario, everybody, bodies, calendar, guideline),
        _outcome(scenario, everybody, plenty, calendar, guideline),
        tuple(hospital.waits),
        tuple(hospital.stays),
        tuple(hospital.rounds),
        hospital.doses,
        ward.now / 1440,
    )


def _everybody(scenario: Scenario, coming: Sequence[Arrival], seed: int) -> dict[str, People]:
    """The people of each product, as many as come."""
    counts = Counter(arrival.trial for arrival in coming)
    found = {}
    for name, count in sorted(counts.items()):
        found_row = row(name)
        found[name] = who_of(Draws(seed, found_row.persons, 0, count), scenario, found_row, scenario.policy)
    return found


def _falls_ill(person: Person) -> bool:
    return bool(person.crs_level or person.neuro_level)


def _infused(
    ward: simpy.Environment, minute: int, body: Body, antipyretic_every_min: int | None
) -> simpy.events.ProcessGenerator:
    """A course that begins at an infusion and ends with the illness."""
    yield ward.timeout(minute)
    begin(body, antipyretic_every_min)
    yield body.over()


def _outcome(
    scenario: Scenario,
    everybody: Mapping[str, People],
    bodies: Mapping[str, Sequence[Body | None]],
    calendar: Calendar,
    guideline: Guideline,
) -> Outcome:
    peaks: dict[str, list[Ints]] = {scale: [] for scale in SCALES}
    minutes = np.zeros(GRADES, np.int64)
    for name, who in everybody.items():
        log = logged(who, bodies[name], calendar, scenario.follow_up_days)
        reached = with_levels_reached(who, log) if scenario.policy.course.progresses else who
        chart = Lived(reached, log, render(reached, log, scenario.illness.febrile_share), None).charted(
            scenario.how_charted
        )
        starts = chart.columns.starts
        assert starts is not None
        floors = {scale: found.floor for scale, found in grades_of(chart, guideline).items()}
        for scale, floor in floors.items():
            peaks[scale].append(np.maximum.reduceat(floor, starts).astype(np.int64))
        if "icans" in floors:
            floors["icans"] = standing(floors["icans"], chart.examined, starts)
        minutes += minutes_at(np.max(list(floors.values()), axis=0), chart.columns.minute, starts)
    whole = {scale: np.concatenate(found) for scale, found in peaks.items()}
    deaths = int((np.max(list(whole.values()), axis=0) == DEATH).sum())
    return Outcome(whole, tuple(minutes.tolist()), deaths)


def minutes_at(grades: Bytes, minute: npt.NDArray[np.int32], starts: Ints) -> Ints:
    """The minutes at each grade, each row's until the patient's next row.

    >>> minutes_at(np.array([1, 3, 0, 2], np.uint8), np.array([0, 60, 0, 240], np.int32), np.array([0, 2])).tolist()
    [240, 60, 0, 0, 0, 0]
    """
    span = np.diff(minute.astype(np.int64), append=minute[-1:])
    span[starts[1:] - 1] = 0
    return np.bincount(grades, span, GRADES).astype(np.int64)
