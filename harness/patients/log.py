"""What happened to a block of patients: every change of a sign and every dose, written down one body after another."""

import dataclasses
import itertools
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from harness.patients.block_care import BlockCare, Doses
from harness.patients.body import APART_MIN, Body, Given
from harness.patients.care import dose_of
from harness.patients.draws import Uniforms
from harness.patients.illness import BRIEF, NEVER, PROLONGED, Illness
from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN, Ints, People
from harness.patients.planned import Calendar

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
        self._given.append(_with_planned(planned, sorted(body.given) if body else (), died))
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
        steps: dict[Channel, Steps] = {
            "fever": _triples(self._fevers),
            **_on_axes(self._crs.steps(), np.repeat(np.array(self._leads), self._crs.counts)),
            "neuro": self._neuro.steps(),
            "seizure": _triples(self._seizures),
            "death": _triples(self._deaths),
        }
        return _log(steps, self._given, np.array(self._death_min), follow_up_days)


def log_of(care: BlockCare, calendar: Calendar, follow_up_days: int, antipyretic_every_min: int | None = None) -> Log:
    """What happened to a block that was cared for at once, with antipyretics on a schedule where they are wanted."""
    people, crs, neuro, death = care.people, care.crs, care.neuro, care.death_min
    place, minute, stage = crs.changes()
    feverish, seizing = np.flatnonzero(people.crs_level), np.flatnonzero(care.seizure_min < NEVER)
    begins, since = people.crs_onset_min, crs.recovering_since()
    fever_until = np.where(since < NEVER, np.where(since < NEVER, since, 0) + crs.falls.lag_min, NEVER)
    fever_until = np.where(people.crs_level == 1, begins + people.crs_duration_min, fever_until)
    seizure, kind = care.seizure_min[seizing], np.where(people.neuro_level[seizing] == 3, BRIEF, PROLONGED)
    died = np.flatnonzero(death < NEVER)
    steps: dict[Channel, Steps] = {
        "fever": _on_and_off(feverish, begins[feverish], fever_until[feverish], np.ones_like(feverish)),
        **_on_axes((place, minute, stage), people.pace[place, 0]),
        "neuro": neuro.changes(),
        "seizure": _on_and_off(seizing, seizure, seizure + NEURO_ROUND_MIN, kind),
        "death": (died, death[died], np.where(crs.death_min[died] == death[died], DEATH_FROM_CRS, DEATH_FROM_ICANS)),
    }
    scheduled = _scheduled(care, antipyretic_every_min) if antipyretic_every_min and care.policy.antipyretic else []
    given = _given(people, [*care.given, *scheduled], death)
    if calendar.minutes:
        planned = map(calendar.doses, people.weight_kg.tolist())
        given = [_with_planned(some, mine, at) for some, mine, at in zip(planned, given, death.tolist(), strict=True)]
    return _log(steps, given, death, follow_up_days)


def _scheduled(care: BlockCare, every_min: int) -> Iterator[Doses]:
    """Acetaminophen round the clock, after the team's first for as long as the illness was going to last."""
    people = care.people
    ends = people.crs_onset_min + people.crs_duration_min
    for now, drug, rows in tuple(care.given):
        if drug == "acetaminophen":
            later = now + every_min
            while len(rows := rows[later < ends[rows]]):
                yield later, drug, rows
                later += every_min


def _given(people: People, doses: Sequence[Doses], death: Ints) -> list[tuple[Given, ...]]:
    """The doses of each patient until death, in order of time and drug."""
    names = sorted({drug for _, drug, _ in doses})
    places = np.concatenate([np.zeros(0, np.int64), *(rows for _, _, rows in doses)])
    counts = [len(rows) for _, _, rows in doses]
    minutes = np.repeat(np.array([minute for minute, _, _ in doses], np.int64), counts)
    drugs = np.repeat(np.array([names.index(drug) for _, drug, _ in doses], np.int64), counts)
    order = np.lexsort((drugs, minutes, places))
    order = order[minutes[order] <= death[places[order]]]
    weights, which = people.weight_kg[places[order]].tolist(), [names[i] for i in drugs[order].tolist()]
    all_doses = list(map(dose_of, which, weights, minutes[order].tolist()))
    ends = np.cumsum(np.bincount(places[order], minlength=len(people))).tolist()
    return [tuple(all_doses[first:end]) for first, end in itertools.pairwise([0, *ends])]


def _on_axes(steps: Steps, leads: Uniforms) -> dict[Channel, Steps]:
    """Hypotension and hypoxia of stages of CRS, as those have it whose signs they are."""
    place, minute, stage = steps
    axis = np.digitize(leads, _AXES)
    return {
        "hypotension": (place, minute, np.maximum(stage - np.array(_BEHIND["hypotension"])[axis], 0)),
        "oxygen": (place, minute, np.maximum(stage - np.array(_BEHIND["oxygen"])[axis], 0)),
    }


def _on_and_off(place: Ints, on: Ints, off: Ints, value: Ints) -> Steps:
    """A sign that each of some patients takes at one minute, and loses at another."""
    return np.repeat(place, 2), np.column_stack((on, off)).ravel(), np.column_stack((value, 0 * value)).ravel()


def _log(steps: dict[Channel, Steps], given: Iterable[tuple[Given, ...]], death: Ints, follow_up_days: int) -> Log:
    steps = {channel: _until(death, *found) for channel, found in steps.items()}
    end = np.full(len(death), follow_up_days * DAY_MIN, np.int64)
    for place, changed, _ in steps.values():
        np.maximum.at(end, place, _round_up(changed + 2 * DAY_MIN))
    end = np.where(death < NEVER, _round_up(np.minimum(death, NEVER - ROUND_MIN)), end)
    return Log(steps, tuple(given), end, death)


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


def _with_planned(planned: tuple[Given, ...], given: Sequence[Given], died: int) -> tuple[Given, ...]:
    """What is given until death, in order of time and drug; the calendar's not shortly after a team's of that drug."""
    due = [dose for dose in planned if dose.drug not in APART_MIN or _is_due(dose, given)]
    doses = sorted([*due, *given]) if due and given else due or given
    return tuple(doses if died == NEVER else (dose for dose in doses if dose.minute <= died))


def _is_due(dose: Given, given: Sequence[Given]) -> bool:
    return not any(g.drug == dose.drug and 0 < dose.minute - g.minute < APART_MIN[dose.drug] for g in given)


def _round_up(minute: Ints) -> npt.NDArray[np.int64]:
    return -(-minute // ROUND_MIN) * ROUND_MIN
