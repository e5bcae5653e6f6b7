"""Short nursing notes of what changed from round to round and what was given; the latest first."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from cartox_core import Case, Observation, Treatment
from harness.train.chart import awakens_words, fever_words, other_words, oxygen_words, pressor_words, pressure_words

MOST = 12


class Note(NamedTuple):
    """Something to tell of an hour."""

    hour: float
    words: str


def notes(case: Case, most: int = MOST) -> tuple[Note, ...]:
    """The latest notes of a case.

    >>> from cartox_core import read_case
    >>> case = read_case({"observations": [{"time_h": 4, "o2_device": "none"},
    ...                                    {"time_h": 8, "o2_device": "nasal_cannula", "o2_flow_l_min": 2}],
    ...                   "treatments": [{"time_h": 6, "drug": "tocilizumab", "dose": 560, "unit": "mg"}]})
    >>> [note.words for note in notes(case)]
    ['Oxygen: nasal cannula 2 L/min.', 'Given: tocilizumab 560 mg.']
    """
    now_h = case.observations[-1].time_h
    told = [Note(t.time_h, f"Given: {_dose(t)}.") for t in case.treatments if t.time_h <= now_h]
    told += _changes(case.observations)
    return tuple(sorted(told, key=lambda note: -note.hour)[:most])


def _changes(observations: tuple[Observation, ...]) -> Iterator[Note]:
    latest: dict[str, str] = {}
    lanes = {
        "Fever": fever_words,
        "Pressure": pressure_words,
        "Vasopressors": pressor_words,
        "Oxygen": oxygen_words,
        "Awakens": awakens_words,
        "Other signs": other_words,
    }
    for observation, (title, told) in itertools.product(observations, lanes.items()):
        found = told(observation)
        if found is None:
            continue
        words, strength = found
        if (title in latest or strength) and latest.get(title) != words:
            yield Note(observation.time_h, f"{title}: {words}.")
        latest[title] = words


def _dose(given: Treatment) -> str:
    if given.dose == 0:
        return f"{given.drug}, stopped"
    amount = "" if given.dose is None else f" {given.dose:g} {given.unit or ''}".rstrip()
    return f"{given.drug}{amount}{f' {given.route}' if given.route else ''}"
