"""A hospital with limits: nurses, a pharmacy, intensive care beds, and who waited for which, how long."""

import dataclasses
import math
from typing import Literal

import simpy

from harness.patients.body import Body, Toxicity
from harness.patients.hospital import Plenty, Served, Waiting
from harness.patients.illness import NEVER
from harness.patients.stories import Told
from harness.scenarios.ward_spec import WardSpec

For = Literal["nurse", "tocilizumab", "intensive care"]
DAY_MIN = 1440
Span = tuple[float, float]  # from and to which minute of the ward's clock


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """Somebody asked for something, from one minute of the ward's clock until another, and had it then or left.

    Who recovers or dies leaves every queue.
    """

    what: For
    asked_min: float
    until_min: float
    had: bool

    @property
    def waited_min(self) -> float | None:
        """How long: 0 where it was there at once; None for who was well or dead before it came."""
        return self.until_min - self.asked_min if self.had else None


class Stay:
    """One patient's need of an intensive care bed: asked for when severe, given back when no longer."""

    def __init__(self, ward: simpy.Environment) -> None:
        self.in_bed, self.over = ward.event(), ward.event()


class Watch:
    """What happens to one patient, to wait for: another course than was expected, and the end of each toxicity."""

    def __init__(self, ward: simpy.Environment) -> None:
        self.news = ward.event()
        self.ended: dict[Toxicity, simpy.Event] = {"crs": ward.event(), "neuro": ward.event()}


class Limited(Plenty):
    """What a ward has, shared by all its patients; ``stays`` in a bed and ``rounds`` of a nurse as they were."""

    def __init__(self, ward: simpy.Environment, spec: WardSpec) -> None:
        self._ward, self._spec = ward, spec
        self._nurses = simpy.Resource(ward, spec.nurses)
        self._pharmacy = simpy.Container(ward, spec.tocilizumab_doses, spec.tocilizumab_doses)
        self._beds = simpy.Resource(ward, spec.icu_beds)
        self._watches: dict[Body, Watch] = {}
        self._stays: dict[Body, Stay] = {}
        self.waits: list[Wait] = []
        self.stays: list[Span] = []
        self.rounds: list[Span] = []
        self.doses = 0
        ward.process(self._restocking())

    def admit(self, body: Body) -> None:
        """Watch a patient until both toxicities are over."""
        watch = self._watches[body] = Watch(self._ward)
        body.tell(self._watching(body, watch))

    def changed(self, body: Body) -> None:
        """The next change comes at another minute than was expected."""
        if not self._watches[body].news.triggered:
            self._watches[body].news.succeed()

    def _watching(self, body: Body, watch: Watch) -> Told:
        while (due := body.next_min()) < NEVER:
            yield watch.news | self._ward.timeout(math.ceil(due - body.now))
            if watch.news.triggered:
                watch.news = self._ward.event()
            self._see(body, watch)

    def _see(self, body: Body, watch: Watch) -> None:
        """Ask for a bed for who has become severe, and free that of who no longer is."""
        for toxicity, ended in watch.ended.items():
            if body.is_over(toxicity) and not ended.triggered:
                ended.succeed()
        stay = self._stays.get(body)
        if body.is_severe and stay is None:
            stay = self._stays[body] = Stay(self._ward)
            self._ward.process(self._in_intensive_care(stay))
        elif stay is not None and not body.is_severe:
            stay.over.succeed()
            del self._stays[body]

    def nurse(self, body: Body, toxicity: Toxicity) -> Served:
        """Wait for a nurse, who then takes the time of a round."""
        ended = self._watches[body].ended[toxicity]
        if ended.triggered:
            return False
        asked = self._ward.now
        with self._nurses.request() as turn:
            yield turn | ended
            if not self._noted("nurse", asked, turn, ended):
                return False
            began = self._ward.now
            yield self._ward.timeout(self._spec.round_min)
            self.rounds.append((began, self._ward.now))
        return not ended.triggered

    def tocilizumab(self, body: Body) -> simpy.Process | None:
        """Wait until the pharmacy has a dose."""
        asked, request = self._ward.now, self._pharmacy.get(1)
        if not request.triggered:
            return self._ward.process(self._in_line(request, asked, self._watches[body].ended["crs"]))
        self.doses += 1
        self.waits.append(Wait("tocilizumab", asked, asked, had=True))
        return None

    def _in_line(self, request: simpy.resources.container.ContainerGet, asked: float, ended: simpy.Event) -> Served:
        yield request | ended
        had = self._noted("tocilizumab", asked, request, ended)
        if had:
            self.doses += 1
        elif request.triggered:  # in the same minute: the dose is for the next in line
            yield self._pharmacy.put(1)
        else:
            request.cancel()
        return had

    def intensive_care(self, body: Body) -> Waiting:
        """Wait for the bed that was asked for when the patient became severe, or for no longer needing one."""
        if stay := self._stays.get(body):
            yield stay.in_bed | stay.over

    def _in_intensive_care(self, stay: Stay) -> Waiting:
        asked = self._ward.now
        with self._beds.request() as bed:
            yield bed | stay.over
            if self._noted("intensive care", asked, bed, stay.over):
                began = self._ward.now
                stay.in_bed.succeed()
                yield stay.over
                self.stays.append((began, self._ward.now))

    def _restocking(self) -> Waiting:
        while True:
            yield self._ward.timeout(DAY_MIN * self._spec.restock_days)
            missing = self._pharmacy.capacity - self._pharmacy.level
            if missing:
                yield self._pharmacy.put(missing)

    def _noted(self, what: For, asked: float, request: simpy.Event, ended: simpy.Event) -> bool:
        """Note a wait that is over: whether what was asked for came, and was still needed."""
        had = request.triggered and not ended.triggered
        self.waits.append(Wait(what, asked, self._ward.now, had))
        return had
