"""What happened to a block of patients: every change of a sign and every dose, written down one body after another."""

import dataclasses
import operator
from array import array
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from harness.patients.body import APART_MIN, Body, Given
from harness.patients.illness import NEVER, Illness
from harness.patients.people import DAY_MIN, ROUND_MIN, Ints

Channel = Literal["fever", "hypotension", "oxygen", "neuro", "seizure", "death"]
Steps = tuple[Ints, Ints, Ints]  # place in the block, minute, new value
DEATH_FROM_CRS, DEATH_FROM_ICANS = 1, 2
_AXES = (0.35, 0.60, 0.85)  # shares with hypotension alone, hypoxia alone, and both; the last of them alike
_BEHIND = {"hypotension": (0, 3, 0, 0), "oxygen": (3, 0, 1, 0)}  # how many stages behind CRS, by these shares


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    """What happened to a block of patients.

    ``steps`` has for each channel the patient's place in the block, minute and new value of every change until death,
    in order; ``given`` the doses of each patient; ``end_min`` (patients) the last round that is charted.
    """

    steps: Mapping[Channel, Steps]
    given: tuple[tuple[Given, ...], ...]
    end_min: Ints
    death_min: Ints


class Chronicle:
    """Takes bodies, one after another, and keeps none: what is lived and dropped at once is lived in less time."""

    def __init__(self) -> None:
        self._given: list[tuple[Given, ...]] = []
        self._death_min = array("q")
        self._crs, self._neuro = _Stages(), _Stages()
        self._leads = array("d")
        self._fevers, self._seizures, self._deaths = array("q"), array("q"), array("q")

    def add(self, body: Body | None, planned: tuple[Given, ...] = ()) -> None:
        """The next patient with the doses that the policy plans, None for who is never ill."""
        place, died = len(self._given), body.death_min if body else NEVER
        self._death_min.append(died)
        self._given.append(_doses(body, planned, died) if body else planned)
        if body is None:
            return
        if (crs := body.crs) is not None:
            self._crs.add(place, crs)
            self._leads.append(body.person.pace[0])
            self._fevers.extend((place, crs.onset_min, 1, place, crs.fever_until_min, 0))
            if crs.death_min == died < NEVER:
                self._deaths.extend((place, died, DEATH_FROM_CRS))
        if (neuro := body.neuro) is not None:
            self._neuro.add(place, neuro)
            if neuro.seizure:
                begins, ends = neuro.seizure_min, neuro.seizure_over_min
                self._seizures.extend((place, begins, neuro.seizure, place, ends, 0))
            if neuro.death_min == died < NEVER:
                self._deaths.extend((place, died, DEATH_FROM_ICANS))

    def log(self, follow_up_days: int) -> Log:
        """All that was written down."""
        death = np.array(self._death_min)
        place, minute, stage = self._crs.steps()
        axis = np.repeat(np.digitize(np.array(self._leads), _AXES), self._crs.counts)

        def sign(name: Literal["hypotension", "oxygen"]) -> Steps:
            return place, minute, np.maximum(stage - np.array(_BEHIND[name])[axis], 0)

        steps: dict[Channel, Steps] = {
            "fever": _triples(self._fevers),
            "hypotension": sign("hypotension"),
            "oxygen": sign("oxygen"),
            "neuro": self._neuro.steps(),
            "seizure": _triples(self._seizures),
            "death": _triples(self._deaths),
        }
        steps = {channel: _until(death, *found) for channel, found in steps.items()}
        end = np.full(len(death), follow_up_days * DAY_MIN, np.int64)
        for whose, changed, _ in steps.values():
            np.maximum.at(end, whose, _round_up(changed + 2 * DAY_MIN))
        end = np.where(death < NEVER, _round_up(np.minimum(death, NEVER - ROUND_MIN)), end)
        return Log(steps, tuple(self._given), end, death)


class _Stages:
    """The stages of one toxicity of each patient."""

    def __init__(self) -> None:
        self.counts, self._places, self._minutes, self._stages = (array("q") for _ in range(4))

    def add(self, place: int, illness: Illness) -> None:
        self._places.append(place)
        self.counts.append(len(illness.minutes))
        self._minutes.extend(illness.minutes)
        self._stages.extend(illness.stages)

    def steps(self) -> Steps:
        return np.repeat(np.array(self._places), self.counts), np.array(self._minutes), np.array(self._stages)


def _triples(found: Sequence[int]) -> Steps:
    place, minute, value = np.array(found, np.int64).reshape(-1, 3).T
    return place, minute, value


def _until(death: Ints, place: Ints, minute: Ints, value: Ints) -> Steps:
    """The changes that come before a patient's death."""
    lived = minute <= death[place]
    return place[lived], minute[lived], value[lived]


def _doses(body: Body, planned: tuple[Given, ...], died: int) -> tuple[Given, ...]:
    """What a body is given until it dies, by the calendar or by a team; what a team gives is in order of time."""
    due = [dose for dose in planned if dose.drug not in APART_MIN or body.is_due(dose.drug, dose.minute)]
    doses = sorted([*due, *body.given], key=_minute) if due else body.given
    return tuple(doses if died == NEVER else (dose for dose in doses if dose.minute <= died))


_minute = operator.attrgetter("minute")


def _round_up(minute: Ints) -> npt.NDArray[np.int64]:
    return -(-minute // ROUND_MIN) * ROUND_MIN
