"""Acetaminophen round the clock before any fever: who takes it, and which fevers the chart does not show for it.

The illness and its care stay what they are; only the temperatures on the chart differ. How long it is taken, how often
and how much of a fever breaks through are assumptions.
"""

import dataclasses

import numpy as np

from harness.patients.body import Given
from harness.patients.care import acetaminophen_mg
from harness.patients.draws import Draws
from harness.patients.log import Log
from harness.patients.people import DAY_MIN, People
from harness.patients.rounds import Mask
from harness.patients.slips import Fields
from harness.patients.written import Written

EVERY_MIN, UNTIL_MIN = 6 * 60, 14 * DAY_MIN
BREAKS_THROUGH = 0.2  # share of the rounds with a fever at which it is found all the same
FEVER_C = 38.0
_PURPOSE = "fault/prophylactic_antipyretics"


def takers(draws: Draws, share: float) -> Mask:
    """Which patients take it; bool (patients)."""
    found: Mask = draws.uniforms(_PURPOSE, 1)[:, 0] < share
    return found


def minutes(from_h: float) -> range:
    """When it is given, in minutes since the infusion.

    >>> len(minutes(0)), minutes(24)[0], minutes(0)[-1] / 1440
    (56, 1440, 13.75)
    """
    return range(round(60 * from_h), UNTIL_MIN, EVERY_MIN)


def with_antipyretics(people: People, log: Log, share: float, from_h: float) -> Log:
    """The log with the doses of those who take it, in place of what the team would give for the fever meanwhile."""
    if not share:
        return log
    given, when = list(log.given), minutes(from_h)
    for place in np.flatnonzero(takers(people.draws, share)).tolist():
        dose, last = acetaminophen_mg(float(people.weight_kg[place])), min(log.death_min[place], log.end_min[place])
        taken = [Given(minute, "acetaminophen", dose, "mg", "PO") for minute in when if minute <= last]
        others = [g for g in given[place] if g.drug != "acetaminophen" or not when.start <= g.minute < UNTIL_MIN]
        given[place] = tuple(sorted([*others, *taken], key=lambda g: g.minute))
    return dataclasses.replace(log, given=tuple(given))


def hidden_fevers(written: Written, share: float) -> Fields:
    """Most fevers of those who take it stand as a temperature from 37.0 to 37.9 °C, and open no episode.

    Where the cause is charted, so is that a normal temperature under the drug rules out no fever: it stands as unknown.
    """
    temp, minute = written.fields["temp_c"], written.rounds.minute
    takes = takers(written.draws, share)[written.rounds.place]
    takes &= (minute >= 60 * written.antipyretics_from_h) & (minute < UNTIL_MIN)
    hidden = takes & (temp >= FEVER_C) & ~written.at_rounds(f"{_PURPOSE}/through", BREAKS_THROUGH)
    scatter = written.draws.shorts(f"{_PURPOSE}/height", 8)[written.rounds.place, written.rounds.number % 8]
    found = np.where(hidden, (370 + scatter.astype(np.int64) * 10 // 65536) / 10, temp)
    unsure = takes & (found < FEVER_C) & written.caused("prophylactic_antipyretics")
    return {"temp_c": np.where(unsure, np.nan, found)}
