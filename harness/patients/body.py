"""What happens in one body: cytokine release and neurotoxicity, as SimPy processes that change signs.

A process raises and lowers stages of signs (never grades) and waits for the care team's relief. Levels and
onset are those of :mod:`harness.patients.people`; the pace of the steps is assumed (medians below).
"""

import dataclasses
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import simpy

from harness.patients.hospital import PLENTY, Plenty
from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN
from harness.patients.policy import STANDARD, Policy

Process = Generator[simpy.Event, Any, None]
Answer = TypeVar("Answer")
Answering = Generator[simpy.Event, Any, Answer]  # a part of a process that comes to something
Toxicity = Literal["crs", "neuro"]
Channel = Literal["fever", "hypotension", "oxygen", "neuro", "seizure", "death"]
CHANNELS: tuple[Channel, ...] = ("fever", "hypotension", "oxygen", "neuro", "seizure", "death")
FEVER, HYPOTENSION, OXYGEN, NEURO, SEIZURE, DEATH = range(len(CHANNELS))
Change = tuple[int, int, int]  # the minute since infusion, the place of a channel in CHANNELS, the value it takes
DEATH_FROM_CRS, DEATH_FROM_ICANS = 1, 2
BRIEF, PROLONGED = 1, 2
CRS_STEP_H = (20.0, 14.0, 10.0)  # median hours from fever to the first sign, and from stage to stage
NEURO_STEP_H = (22.0, 18.0, 14.0)
DEATH_H = 40.0
RELIEF_LAG_H = 7.0
_SPREAD = 2 * math.log(2)
UNRELIEVED_LONGEST_MIN = 10 * DAY_MIN
APART_MIN = {"tocilizumab": 480, "dexamethasone": 360, "methylprednisolone": 720}  # doses that teams give, too


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """One patient's latent course as plain numbers; ``pace`` are uniforms for single steps."""

    index: int
    age_years: float
    weight_kg: float
    crs_level: int
    crs_onset_min: int
    crs_duration_min: int
    neuro_level: int
    neuro_onset_min: int
    neuro_duration_min: int
    pace: Sequence[float]


class Given(NamedTuple):
    """A dose that the care team gave; a tuple, which is made in a third of the time of a frozen dataclass."""

    minute: int
    drug: str
    dose: float
    unit: str
    route: str


class Body:
    """The state that processes share: stages of signs, events to wait for, and the log of changes in order of time.

    ``planned`` has the minutes at which the policy gives a drug by the calendar, in order. ``infused_min`` is the
    minute of the infusion in the environment, which one patient after another may have to itself, or a ward share.
    """

    def __init__(
        self,
        env: simpy.Environment,
        person: Person,
        policy: Policy = STANDARD,
        planned: Mapping[str, Sequence[int]] | None = None,
        hospital: Plenty = PLENTY,
        infused_min: float = 0,
    ) -> None:
        self.env, self.person, self.policy, self.planned = env, person, policy, planned or {}
        self.hospital, self.infused_min = hospital, infused_min
        self.changes: list[Change] = []
        self.given: list[Given] = []
        self.latest: dict[str, int] = {}  # the minute of the latest dose of each drug
        self.stage = 0  # of hypotension or hypoxia, the worse: 1 mild, 2 severe, 3 life-threatening
        self.neuro = 0  # 1-4
        self.crs_at_peak = self.neuro_at_peak = self.dead = False
        self.crs_over = self.neuro_over = False  # by recovery or death
        self.crs_sign, self.crs_relief, self.neuro_relief = env.event(), env.event(), env.event()
        self.called: list[simpy.Process] = []
        self._ended: dict[Toxicity, simpy.Event] = {}

    @property
    def now(self) -> float:
        """Minutes since the infusion."""
        return self.env.now - self.infused_min

    def set(self, channel: int, value: int) -> None:
        """Log a change at the present minute."""
        self.changes.append((int(self.env.now - self.infused_min), channel, value))

    def latest_dose(self, drug: str) -> float:
        """The minute of the latest dose of a drug, by the calendar or by a team; minus infinity without one."""
        given: float = self.latest.get(drug, -math.inf)
        if drug in self.planned:
            for minute in reversed(self.planned[drug]):
                if minute <= self.now and self.is_due(drug, minute):
                    return max(given, minute)
        return given

    def call(self, teams: "Teams") -> None:
        """Have somebody care for the patient from now on."""
        self.called += [self.env.process(team(self)) for team in teams]

    def end(self, toxicity: Toxicity) -> None:
        """A toxicity is over, by recovery or death."""
        if toxicity == "crs":
            self.crs_over = True
        else:
            self.neuro_over = True
        if toxicity in self._ended:
            bring_about(self._ended[toxicity])

    def ended(self, toxicity: Toxicity) -> simpy.Event:
        """The end of a toxicity, to wait for: made when somebody does, for few have to."""
        if toxicity not in self._ended:
            self._ended[toxicity] = self.env.event()
            if self.crs_over if toxicity == "crs" else self.neuro_over:
                bring_about(self._ended[toxicity])
        return self._ended[toxicity]

    @property
    def is_severe(self) -> bool:
        """Whether a toxicity is at grade 3 or more."""
        return not self.dead and (self.stage >= 2 or self.neuro >= 3)

    def is_due(self, drug: str, minute: int) -> bool:
        """Whether a dose by the calendar is given: not when the team gave that drug shortly before."""
        apart = APART_MIN.get(drug, 0)
        return not (apart and any(g.drug == drug and 0 < minute - g.minute < apart for g in self.given))

    def show(self, stage: int) -> None:
        """Bring the signs of CRS to a stage, on the axis or axes that are the person's."""
        if stage and not self.crs_sign.triggered:
            self.crs_sign.succeed()
        self.stage = stage
        pressure, oxygen = axes(self.person.pace[0])
        self.set(HYPOTENSION, stage if pressure else max(stage - 1, 0) if pressure is None else 0)
        self.set(OXYGEN, stage if oxygen else max(stage - 1, 0) if oxygen is None else 0)
        self.hospital.seen(self)

    def show_neuro(self, stage: int) -> None:
        """Bring the signs of neurotoxicity to a stage."""
        self.neuro = stage
        self.set(NEURO, stage)
        self.hospital.seen(self)

    def die(self, cause: int) -> None:
        """Death, which ends the chart."""
        self.dead = True
        self.end("crs")
        self.end("neuro")
        self.set(DEATH, cause)
        self.hospital.seen(self)


Teams = Sequence[Callable[[Body], Process]]


def bring_about(event: simpy.Event) -> None:
    """Let an event happen, unless it has."""
    if not event.triggered:
        event.succeed()


def at_last(body: Body, relief: simpy.Event) -> simpy.Event:
    """The relief of a toxicity, which comes by itself when nobody brings it about."""
    longest = body.env.timeout(UNRELIEVED_LONGEST_MIN)
    longest.callbacks.append(lambda _: bring_about(relief))
    return relief


def axes(u: float) -> tuple[bool | None, bool | None]:
    """Which signs lead: hypotension, hypoxia, both, or one a stage behind the other (None)."""
    if u < 0.35:
        return True, False
    if u < 0.60:
        return False, True
    return (True, None) if u < 0.85 else (True, True)


def spread(u: float, median: float) -> float:
    """A time around a median, from half to twice it (log-uniform).

    >>> [round(spread(u, 10.0), 2) for u in (0.0, 0.5, 1.0)]
    [5.0, 10.0, 20.0]
    """
    return median * math.exp((u - 0.5) * _SPREAD)


def crs(body: Body, teams: Teams = ()) -> Process:
    """Fever, at which teams are called, then hypotension or hypoxia stage by stage, relief and recovery; or death."""
    env, person = body.env, body.person
    yield env.timeout(person.crs_onset_min)
    body.set(FEVER, 1)
    body.call(teams)
    peak = min(person.crs_level, 4) - 1
    for stage in range(1, peak + 1):
        hours = spread(person.pace[stage], CRS_STEP_H[stage - 1])
        yield env.timeout(max(int(60 * hours), ROUND_MIN + 1))
        body.show(stage)
    body.crs_at_peak = True
    if person.crs_level == 5:
        yield env.timeout(int(60 * spread(person.pace[4], DEATH_H)))
        body.die(DEATH_FROM_CRS)
    elif peak == 0:
        yield env.timeout(person.crs_duration_min)
        body.set(FEVER, 0)
    else:
        if body.policy.course.crs_progress:
            yield from _crs_progress(body)
            if body.dead:
                return
        yield from _crs_recovery(body, body.stage)
    body.end("crs")


def unrelieved(body: Body, relief: simpy.Event, share: float, uniforms: tuple[float, float]) -> Answering[bool]:
    """Whether a severe toxicity goes on to its next stage: in a share of those whom nobody relieves in time."""
    if uniforms[0] >= share:
        return False
    hours = spread(uniforms[1], body.policy.course.progress_h)
    yield relief | body.env.timeout(max(int(60 * hours), NEURO_ROUND_MIN + 1))
    return not relief.triggered and not body.dead


def _crs_progress(body: Body) -> Process:
    """From stage to stage, and from 3 to death, as the policy has it."""
    pace = body.person.pace
    while body.stage >= body.policy.course.crs_progress_from_stage:
        uniforms = (pace[12 + body.stage], pace[14 + body.stage]) if body.stage > 1 else (pace[22], pace[23])
        if not (yield from unrelieved(body, body.crs_relief, body.policy.course.crs_progress, uniforms)):
            return
        if body.stage == 3:
            body.die(DEATH_FROM_CRS)
            return
        body.show(body.stage + 1)


def _crs_recovery(body: Body, peak: int) -> Process:
    env, person = body.env, body.person
    yield at_last(body, body.crs_relief)
    yield env.timeout(max(int(60 * spread(person.pace[5], RELIEF_LAG_H)), ROUND_MIN + 1))
    body.set(FEVER, 0)
    left = person.crs_onset_min + person.crs_duration_min - int(body.now)
    each = max(left // peak, ROUND_MIN + 1)
    for stage in range(peak - 1, -1, -1):
        yield env.timeout(each)
        body.show(stage)


def neuro(body: Body, teams: Teams = ()) -> Process:
    """Neurotoxicity stage by stage from the call of teams to a peak (at times a seizure), and recovery; or death."""
    env, person = body.env, body.person
    yield env.timeout(person.neuro_onset_min)
    peak = min(person.neuro_level, 4)
    seizure = peak >= 3 and person.pace[8] < 0.2
    for stage in range(1, peak + 1):
        if stage > 1:
            hours = spread(person.pace[7 + stage], NEURO_STEP_H[stage - 2])
            yield env.timeout(max(int(60 * hours), NEURO_ROUND_MIN + 1))
        if seizure and stage == peak:
            body.set(SEIZURE, BRIEF if peak == 3 else PROLONGED)
            yield env.timeout(NEURO_ROUND_MIN)  # one neurological round hears of it
            body.set(SEIZURE, 0)
        else:
            body.show_neuro(stage)
        if stage == 1:
            body.call(teams)
    body.neuro_at_peak = True
    if person.neuro_level == 5:
        yield env.timeout(int(60 * spread(person.pace[12], DEATH_H)))
        body.die(DEATH_FROM_ICANS)
        return
    if peak > 2 and body.policy.course.icans_progress:
        peak = yield from _neuro_progress(body, peak)
        if body.dead:
            return
    if peak > 1:
        yield at_last(body, body.neuro_relief)
    left = person.neuro_onset_min + person.neuro_duration_min - int(body.now)
    each = max(left // peak, NEURO_ROUND_MIN + 1)
    for stage in range(body.neuro - 1, -1, -1):
        yield env.timeout(each)
        body.show_neuro(stage)
    body.end("neuro")


def _neuro_progress(body: Body, peak: int) -> Answering[int]:
    """From stage 3 to 4, and from there to death, as the policy has it: the stage at last."""
    pace = body.person.pace
    while True:
        uniforms = (pace[15 + peak], pace[17 + peak])
        if not (yield from unrelieved(body, body.neuro_relief, body.policy.course.icans_progress, uniforms)):
            return peak
        if peak == 4:
            body.die(DEATH_FROM_ICANS)
            return peak
        peak += 1
        body.show_neuro(peak)
