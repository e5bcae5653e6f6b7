"""Short nursing notes of what changed from round to round and what was given; the latest first."""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cartox_core import Case, Observation, Treatment
from harness.train.chart import awakens_words, fever_words, other_words, oxygen_words, pressor_words, pressure_words
from harness.train.shown import when

REPEATED = "acetaminophen"
MOST = 12  # shown at once; the rest is a click away
_REPEATED = 12.0  # hours at most from one dose of acetaminophen to the next that is told with it


class Note(NamedTuple):
    """Something to tell of an hour."""

    hour: float
    words: str


def notes(case: Case) -> tuple[Note, ...]:
    """The notes of a case, the latest first; doses of acetaminophen in a row are one note, at the last of them.

    >>> from cartox_core import read_case
    >>> case = read_case({"observations": [{"time_h": 4, "o2_device": "none"},
    ...                                    {"time_h": 8, "o2_device": "nasal_cannula", "o2_flow_l_min": 2}],
    ...                   "treatments": [{"time_h": 6, "drug": "tocilizumab", "dose": 560, "unit": "mg"}]})
    >>> [note.words for note in notes(case)]
    ['Oxygen: nasal cannula 2 L/min.', 'Given: tocilizumab 560 mg.']
    """
    now_h = case.observations[-1].time_h
    told = list(_doses([t for t in case.treatments if t.time_h <= now_h]))
    told += _changes(case.observations)
    return tuple(sorted(told, key=lambda note: -note.hour))


def _doses(given: Sequence[Treatment]) -> Iterator[Note]:
    """A note a dose, and one for acetaminophen that goes on."""
    run: list[Treatment] = []
    for dose in sorted(given, key=lambda dose: dose.time_h):
        if dose.drug != REPEATED:
            yield Note(dose.time_h, f"Given: {_dose(dose)}.")
        elif run and _dose(dose) == _dose(run[-1]) and dose.time_h - run[-1].time_h <= _REPEATED:
            run.append(dose)
        else:
            yield from _run(run)
            run = [dose]
    yield from _run(run)


def _run(doses: Sequence[Treatment]) -> Iterator[Note]:
    if not doses:
        return
    gaps = {after.time_h - before.time_h for before, after in itertools.pairwise(doses)}
    often = f"every {gaps.pop():g} h" if len(gaps) == 1 else f"{len(doses)} times"
    since = f" {often} since {when(doses[0].time_h)}" if len(doses) > 1 else ""
    yield Note(doses[-1].time_h, f"Given: {_dose(doses[0])}{since}.")


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
