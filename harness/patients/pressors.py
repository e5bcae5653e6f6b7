"""Vasopressors as drugs with doses, for the rounds at which the signs say that so many run.

Doses lie clearly below or above the high-dose lines of Lee and Penn (20 µg/min and 0.2 µg/kg/min of norepinephrine or
its equivalents; half of that beside vasopressin), so that both call the same dose high; which dose a patient
needs is an assumption. For testing and teaching, not for treating patients.
"""

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column
from harness.patients.body import Given
from harness.patients.people import ROUND_MIN, People
from harness.patients.rounds import Rounds

HIGH_SHARE = (0.15, 0.7)  # of those with one vasopressor, and with more; confidence L
HIGH_AFTER_MIN = 180  # both scales ask for the dose for three hours
FIRST = ("norepinephrine",) * 17 + ("phenylephrine", "dopamine", "epinephrine")  # of those that run alone
REFRACTORY_SHARE = 0.25  # of those with several at a high dose; confidence L
VASOPRESSIN_U_MIN = 0.03


@dataclasses.dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of one patient, one after another, at which the same drugs run at the same doses."""

    place: int
    first: int
    stop: int
    doses: Mapping[str, float]
    high: bool
    refractory: bool


def stretches(people: People, rounds: Rounds, fields: Mapping[str, Column]) -> list[Stretch]:
    """The stretches of rows with a vasopressor, in order."""
    count, beside = fields["vasopressors"].astype(np.int64), fields["vasopressin"].astype(np.int64)
    code = np.where(count + beside > 0, rounds.place * 32 + count * 2 + beside, -1)
    edges = np.flatnonzero(np.diff(code, prepend=-2, append=-2))
    u = people.draws.uniforms("pressors", 8)
    found = []
    for first, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if code[first] >= 0:
            place = int(rounds.place[first])
            found.append(_stretch(place, first, stop, int(count[first]), bool(beside[first]), people, u[place]))
    return found


def _stretch(
    place: int, first: int, stop: int, count: int, beside: bool, people: People, u: npt.NDArray[np.float64]
) -> Stretch:
    high = bool(u[0] < HIGH_SHARE[min(count, 2) - 1]) if count else False
    lead = FIRST[int(u[1] * len(FIRST))] if count == 1 and not beside else "norepinephrine"
    drugs = (lead, "epinephrine", "phenylephrine")[:count]
    weight, part = float(people.weight_kg[place]), 0.3 + 0.7 * float(u[2])
    doses = {drug: _dose(drug, high, weight, part, beside) for drug in drugs}
    if beside:
        doses["vasopressin"] = VASOPRESSIN_U_MIN
    return Stretch(place, first, stop, doses, high, high and count >= 2 and bool(u[3] < REFRACTORY_SHARE))


_PER_KG_LINE = {"norepinephrine": 0.2, "epinephrine": 0.1, "phenylephrine": 2.0, "dopamine": 10.0}  # µg/kg/min
_LINE = {"norepinephrine": 20.0, "epinephrine": 10.0, "phenylephrine": 200.0}  # µg/min


def _dose(drug: str, high: bool, weight_kg: float, part: float, beside: bool) -> float:
    """A dose in the drug's unit: well above the greater of the two lines, or well below the lesser.

    In combination three low doses stay below the line of their sum; beside vasopressin each is halved.
    """
    lines = (_LINE[drug], _PER_KG_LINE[drug] * weight_kg) if drug in _LINE else (_PER_KG_LINE[drug],)
    if high:
        return round(max(lines) * (1.2 + 0.4 * part), 2)
    return round(min(lines) * 0.3 * part * (0.5 if beside else 1), 2)


def unit_of(drug: str) -> str:
    """The unit that a vasopressor is charted in."""
    return {"dopamine": "ug/kg/min", "vasopressin": "U/min"}.get(drug, "ug/min")


def charges(found: Iterable[Stretch], rounds: Rounds) -> dict[int, tuple[Given, ...]]:
    """Starts, changes and stops (dose 0) by place in the block."""
    given: dict[int, list[Given]] = {}
    running: dict[str, float] = {}
    before: Stretch | None = None
    for now in found:
        if before is not None and (before.stop != now.first or before.place != now.place):
            _end(given, before, running, rounds)
        minute = int(rounds.minute[now.first])
        for drug in (*running, *(d for d in now.doses if d not in running)):
            dose = now.doses.get(drug, 0.0)
            if running.get(drug) != dose:
                given.setdefault(now.place, []).append(Given(minute, drug, dose, unit_of(drug), "IV"))
        running, before = dict(now.doses), now
    if before is not None:
        _end(given, before, running, rounds)
    return {place: tuple(doses) for place, doses in given.items()}


def _end(given: dict[int, list[Given]], last: Stretch, running: dict[str, float], rounds: Rounds) -> None:
    """Stop what runs at the round after the last, or at the last where the chart ends there."""
    after = last.stop < len(rounds.place) and rounds.place[last.stop] == last.place
    minute = int(rounds.minute[last.stop if after else last.stop - 1])
    for drug in running:
        given.setdefault(last.place, []).append(Given(minute, drug, 0.0, unit_of(drug), "IV"))
    running.clear()


def pressor_signs(found: Iterable[Stretch], rounds: Rounds) -> dict[str, Column]:
    """Whether the dose has been high for long enough, hours on any vasopressor, and whether that is not enough."""
    rows = len(rounds.place)
    high, refractory, hours = np.zeros(rows, np.uint8), np.zeros(rows, np.uint8), np.zeros(rows)
    began = high_from = 0
    before: Stretch | None = None
    for now in found:
        minutes = rounds.minute[now.first : now.stop]
        goes_on = before is not None and before.stop == now.first and before.place == now.place
        began = began if goes_on else int(minutes[0])
        high_from = high_from if goes_on and before is not None and before.high else int(minutes[0])
        hours[now.first : now.stop] = (minutes - began) / 60
        if now.high:
            high[now.first : now.stop] = minutes - high_from >= HIGH_AFTER_MIN
            refractory[now.first : now.stop] = now.refractory and (minutes - high_from >= ROUND_MIN)
        before = now
    return {"vasopressor_dose_high": high, "vasopressor_hours": hours, "hypotension_refractory": refractory}
