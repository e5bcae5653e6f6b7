"""What is given beside the care of CRS and ICANS: vasopressors with their doses, growth factor, drugs for IEC-HS."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from harness.patients.blood import DAYS
from harness.patients.body import Given
from harness.patients.iec_hs import treatments
from harness.patients.laboratory import Laboratory
from harness.patients.log import Log
from harness.patients.people import DAY_MIN, People
from harness.patients.pressors import Stretch, charges
from harness.patients.rounds import Rounds

GCSF_UG_PER_KG, GCSF_FROM_DAY, GCSF_TO_DAY, GCSF_BELOW_PER_UL = 5.0, 5, 45, 500


def with_everything_given(
    people: People,
    log: Log,
    found: Laboratory,
    rounds: Rounds,
    pressors: Sequence[Stretch],
    supported_only: bool = False,
) -> Log:
    """The log with these drugs among the others, in order of time and none after death.

    ``supported_only`` leaves out all but vasopressors.
    """
    parts: tuple[Mapping[int, tuple[Given, ...]], ...] = (
        dict(enumerate(log.given)),
        charges(pressors, rounds),
    )
    if not supported_only:
        parts += (treatments(people, found.hyperinflammation), growth_factor(people, found))
    given = []
    for place, died in enumerate(log.death_min.tolist()):
        doses = [dose for part in parts for dose in part.get(place, ()) if dose.minute <= died]
        given.append(tuple(sorted(doses, key=lambda g: g.minute)))
    return dataclasses.replace(log, given=tuple(given))


def growth_factor(people: People, found: Laboratory) -> dict[int, tuple[Given, ...]]:
    """G-CSF 5 µg/kg on days 5 to 45 with neutrophils below 500 per µL; whom it helps is no part of the model."""
    low = found.series["anc_per_ul"] < GCSF_BELOW_PER_UL
    low &= (DAYS >= GCSF_FROM_DAY) & (DAYS <= GCSF_TO_DAY)
    given = {}
    for place in np.flatnonzero(low.any(axis=1)).tolist():
        dose = float(round(GCSF_UG_PER_KG * float(people.weight_kg[place])))
        minutes = (DAYS[low[place]] * DAY_MIN).tolist()
        given[place] = tuple(Given(minute, "gcsf", dose, "ug", "SC") for minute in minutes)
    return given
