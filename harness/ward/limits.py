"""A hospital with limits: nurses, a pharmacy, intensive care beds, and who waited for which, how long."""

import dataclasses
from typing import Literal

import simpy

from harness.patients.body import Body
from harness.patients.hospital import Plenty, Waiting
from harness.scenarios.ward_spec import WardSpec

For = Literal["nurse", "tocilizumab", "intensive care"]
DAY_MIN = 1440


@dataclasses.dataclass(frozen=True, slots=True)
class Wait:
    """Somebody asked for something at a minute of the ward's clock and had it after some minutes.

    ``waited_min`` is None where the patient recovered or died first.
    """

    what: For
    asked_min: float
    waited_min: float | None


class Stay:
    """One patient's need of an intensive care bed: asked for when severe, given back when no longer."""

    def __init__(self, ward: simpy.Environment) -> None:
        self.in_bed, self.over = ward.event(), ward.event()


class Limited(Plenty):
    """What a ward has, shared by all its patients."""

    def __init__(self, ward: simpy.Environment, spec: WardSpec) -> None:
        self._ward, self._spec = ward, spec
        self._nurses = simpy.Resource(ward, spec.nurses)
        self._pharmacy = simpy.Container(ward, spec.tocilizumab_doses, spec.tocilizumab_doses)
        self._beds = simpy.Resource(ward, spec.icu_beds)
        self._stays: dict[int, Stay] = {}
        self.waits: list[Wait] = []
        self.stays: list[tuple[float, float]] = []  # in a bed, from and to
        self.nurse_min = 0.0
        self.doses = 0
        ward.process(self._restocking())

    def nurse(self, _body: Body) -> Waiting:
        """Wait for a nurse, who then takes the time of a round."""
        asked = self._ward.now
        with self._nurses.request() as turn:
            yield turn
            self._note("nurse", asked)
            self.nurse_min += self._spec.round_min
            yield self._ward.timeout(self._spec.round_min)

    def tocilizumab(self, _body: Body) -> Waiting:
        """Wait until the pharmacy has a dose."""
        asked = self._ward.now
        yield self._pharmacy.get(1)
        self.doses += 1
        self._note("tocilizumab", asked)

    def intensive_care(self, body: Body) -> Waiting:
        """Wait for the bed that was asked for when the patient became severe, or for no longer needing one."""
        if stay := self._stays.get(id(body)):
            yield stay.in_bed | stay.over

    def seen(self, body: Body) -> None:
        """Ask for a bed for who becomes severe, and free that of who no longer is."""
        stay = self._stays.get(id(body))
        if body.is_severe and stay is None:
            stay = self._stays[id(body)] = Stay(self._ward)
            self._ward.process(self._in_intensive_care(stay))
        elif stay is not None and not body.is_severe:
            stay.over.succeed()
            del self._stays[id(body)]

    def _in_intensive_care(self, stay: Stay) -> Waiting:
        asked = self._ward.now
        with self._beds.request() as bed:
            yield bed | stay.over
            if not bed.triggered:
                self.waits.append(Wait("intensive care", asked, None))
                return
            self._note("intensive care", asked)
            began = float(self._ward.now)
            if not stay.over.triggered:
                stay.in_bed.succeed()
                yield stay.over
            self.stays.append((began, float(self._ward.now)))

    def _restocking(self) -> Waiting:
        while True:
            yield self._ward.timeout(DAY_MIN * self._spec.restock_days)
            missing = self._pharmacy.capacity - self._pharmacy.level
            if missing:
                yield self._pharmacy.put(missing)

    def _note(self, what: For, asked: float) -> None:
        self.waits.append(Wait(what, asked, float(self._ward.now - asked)))
