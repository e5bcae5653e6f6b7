"""What the care team does: rounds, and treatment as Tables 3 and 7 of the review recommend, or as a policy has it.

The team acts at rounds, and only while something can change. Tocilizumab 8 mg/kg, 800 mg at most, every
8 h, four doses at most; dexamethasone 10 mg with it for CRS, and every 12 h for ICANS; methylprednisolone 1,000 mg for
what does not yield. Between two are 12 h at least, of dexamethasone from grade 3 on 6 h: oftener the tables do not have
it, and as often the team has no round (Ferreri 2024, Tables 3 and 7). The tables are for adults: that steroid doses in
small patients go by weight is an assumption. For testing and teaching, not for treating patients.
"""

import functools
import math

import simpy

from harness.patients.body import Body, Given
from harness.patients.illness import Illness
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN
from harness.patients.stories import Answering, Told

TOCILIZUMAB_MG_PER_KG, TOCILIZUMAB_CAP_MG = 8.0, 800.0
REFRACTORY_AFTER_DOSES = 2  # of tocilizumab
DEXAMETHASONE_MG, DEXAMETHASONE_MG_PER_KG = 10.0, 0.5
METHYLPREDNISOLONE_MG, METHYLPREDNISOLONE_MG_PER_KG = 1000.0, 30.0
STEROIDS = ("dexamethasone", "methylprednisolone")  # the weaker first


def to_next_round(minute: float, every: int) -> int:
    """Minutes until the next round, a whole one when a round is now.

    >>> to_next_round(241, 240), to_next_round(240, 240)
    (239, 240)
    """
    return every - int(minute) % every


@functools.lru_cache(4096)  # a weight is one of some 1,700
def tocilizumab_mg(weight_kg: float) -> float:
    """The dose for a weight.

    >>> tocilizumab_mg(70.0), tocilizumab_mg(120.0)
    (560.0, 800.0)
    """
    return round(min(TOCILIZUMAB_MG_PER_KG * weight_kg, TOCILIZUMAB_CAP_MG), 1)


@functools.lru_cache(4096)
def dexamethasone_mg(weight_kg: float) -> float:
    """The dose for a weight.

    >>> dexamethasone_mg(70.0), dexamethasone_mg(11.0)
    (10.0, 5.5)
    """
    return round(min(DEXAMETHASONE_MG_PER_KG * weight_kg, DEXAMETHASONE_MG), 1)


@functools.lru_cache(4096)
def methylprednisolone_mg(weight_kg: float) -> float:
    """The dose for a weight.

    >>> methylprednisolone_mg(70.0), methylprednisolone_mg(11.0)
    (1000.0, 330.0)
    """
    return round(min(METHYLPREDNISOLONE_MG_PER_KG * weight_kg, METHYLPREDNISOLONE_MG), 0)


@functools.lru_cache(4096)
def acetaminophen_mg(weight_kg: float) -> float:
    """The dose for a weight.

    >>> acetaminophen_mg(70.0), acetaminophen_mg(11.0)
    (650.0, 165.0)
    """
    return float(min(650, round(15 * weight_kg)))


_TEAMS_GIVE = {
    "acetaminophen": (acetaminophen_mg, "PO"),
    "dexamethasone": (dexamethasone_mg, "IV"),
    "methylprednisolone": (methylprednisolone_mg, "IV"),
    "tocilizumab": (tocilizumab_mg, "IV"),
}


def dose_of(drug: str, weight_kg: float, minute: int) -> Given:
    """A dose as the teams give it to a patient of a weight.

    >>> dose_of("acetaminophen", 70.0, 240)
    Given(minute=240, drug='acetaminophen', dose=650.0, unit='mg', route='PO')
    """
    milligrams, route = _TEAMS_GIVE[drug]
    return Given(minute, drug, milligrams(weight_kg), "mg", route)


def doses_needed(u: float) -> int:
    """How many doses of tocilizumab it takes; an assumption."""
    return 1 if u < 0.6 else 2 if u < 0.85 else 3 if u < 0.95 else 4


def crs_team(body: Body, crs: Illness) -> Told:
    """Treat CRS from the round after the first fever on until it yields (Table 3)."""
    person, policy, onset = body.person, body.policy, body.person.crs_onset_min
    yield onset + to_next_round(onset, ROUND_MIN)
    if (turn := body.hospital.nurse(body, "crs")) and not (yield from turn):
        return
    if policy.antipyretic:
        _give(body, "acetaminophen")
    if not policy.treats_crs:
        return
    given = 0
    if policy.tocilizumab.within_h is not None:
        given = yield from _early_tocilizumab(body, crs, onset + 60 * policy.tocilizumab.within_h)
    if person.crs_level < 2:
        return
    now, sign = int(body.now), crs.reaches(1)
    yield max(sign - now, 0) + to_next_round(max(sign, now), ROUND_MIN)  # grade 1 is watched
    while crs.stage(body.now) < policy.tocilizumab.from_stage and not body.is_over("crs"):
        yield ROUND_MIN
    yield from _until_crs_yields(body, crs, given)


def _early_tocilizumab(body: Body, crs: Illness, before: float) -> Answering[int]:
    """Wait for a sign to treat, but give the first dose at the last round before a minute: how many were given."""
    rule = body.policy.tocilizumab
    last_round = (math.ceil(before) - 1) // ROUND_MIN * ROUND_MIN
    while body.now < last_round and crs.stage(body.now) < rule.from_stage:
        yield ROUND_MIN
    if (turn := body.hospital.nurse(body, "crs")) and not (yield from turn):
        return 0
    return 1 if (yield from _give_dose_and_steroid(body, crs, 1)) else 0


def _until_crs_yields(body: Body, crs: Illness, given: int) -> Told:
    """A dose at a time, with steroids as the policy has it, until the person has had what it takes."""
    person, rule = body.person, body.policy.tocilizumab
    every, needed = int(60 * rule.every_h), doses_needed(person.pace[6])
    if given:
        left = max(body.latest_dose("tocilizumab") + every - body.now, 0)
        yield math.ceil(left / ROUND_MIN) * ROUND_MIN
    while not body.is_over("crs"):
        if (turn := body.hospital.nurse(body, "crs")) and not (yield from turn):
            return
        given += 1
        if given > rule.most_doses:
            _give_steroid_for_crs(body, crs, given)
        elif not (yield from _give_dose_and_steroid(body, crs, given)):
            return
        if given >= needed and body.now >= crs.peak_min and person.crs_level < 5:
            if bed := body.hospital.intensive_care(body):
                yield from bed
            if not body.is_over("crs"):
                body.relieve(crs)
            return
        yield every


def _give_steroid_for_crs(body: Body, crs: Illness, given: int) -> None:
    """A steroid with this dose of tocilizumab, where the policy has it so or the doses before have not helped."""
    start = body.policy.steroids.crs_from_stage
    if start == "never":
        return
    stage, refractory = crs.stage(body.now), given > REFRACTORY_AFTER_DOSES
    together = start != "refractory" and stage >= start
    if stage >= 3 and (refractory or (together and given > 1)):
        _give_steroid(body, "methylprednisolone", 12)
    elif together or refractory:
        _give_steroid(body, "dexamethasone", 6 if stage >= 2 else 12)


def antipyretics(body: Body, every_min: int) -> Told:
    """Acetaminophen round the clock, after the team's first for as long as the illness was going to last."""
    person, onset = body.person, body.person.crs_onset_min
    yield onset + to_next_round(onset, ROUND_MIN) + every_min
    while body.now < onset + person.crs_duration_min:
        _give(body, "acetaminophen")
        yield every_min


def neuro_team(body: Body, neuro: Illness) -> Told:
    """Treat ICANS from the neurological round after its first sign on until it yields (Table 7)."""
    person, onset, start = body.person, body.person.neuro_onset_min, body.policy.steroids.icans_from_grade
    if start == "never":
        return
    yield onset + to_next_round(onset, NEURO_ROUND_MIN)
    if start == 1 and neuro.stage(body.now) < 2 and person.pace[13] < 0.5:  # grade 1: consider one dose and reassess
        _give_steroid(body, "dexamethasone", 12)
    if person.neuro_level < 2:
        return
    yield from _until_grade(body, neuro, 2 if start == "persistent" else max(start, 2))
    if start == "persistent":
        yield NEURO_ROUND_MIN
    given, needed = 0, 1 + int(person.pace[13] * 4)
    while not body.is_over("neuro"):
        if (turn := body.hospital.nurse(body, "neuro")) and not (yield from turn):
            return
        grade = neuro.stage(body.now)
        if grade >= 4 and given > 1:
            _give_steroid(body, "methylprednisolone", 12)
        else:
            _give_steroid(body, "dexamethasone", 6 if grade >= 3 else 12)
        given += 1
        if given >= needed and body.now >= neuro.peak_min and person.neuro_level < 5:
            if bed := body.hospital.intensive_care(body):
                yield from bed
            if not body.is_over("neuro"):
                body.relieve(neuro)
            return
        yield NEURO_ROUND_MIN


def _until_grade(body: Body, neuro: Illness, grade: int) -> Told:
    """Wait for the neurological round at which a grade is seen, as signs or as the seizure that is the peak."""
    may = body.person.neuro_level >= grade
    if may:  # nothing is to be seen before
        seen = min(neuro.reaches(grade), neuro.peak_min)
        rounds = -(-seen // NEURO_ROUND_MIN) * NEURO_ROUND_MIN - int(body.now)
        if rounds > 0:
            yield rounds
    while neuro.stage(body.now) < grade and not body.is_over("neuro") and not (may and body.now >= neuro.peak_min):
        yield to_next_round(body.now, NEURO_ROUND_MIN)


def _give_dose_and_steroid(body: Body, crs: Illness, number: int) -> Answering[bool]:
    """Give this dose of tocilizumab as soon as the pharmacy has it; the steroid that is due waits for nothing.

    Whether CRS was not over before. A dose by the calendar that is not old enough counts as this one.
    """
    if body.now - body.latest_dose("tocilizumab") >= 60 * body.policy.tocilizumab.every_h:
        dose = body.hospital.tocilizumab(body)
        if dose is not None and not (yield from _until_there(body, crs, dose, number)):
            return False
        _give(body, "tocilizumab")
    _give_steroid_for_crs(body, crs, number)
    return True


def _until_there(body: Body, crs: Illness, dose: simpy.Process, number: int) -> Answering[bool]:
    """Wait for a dose, with the steroid that is due now and at later rounds: whether it came before CRS was over."""
    every = int(60 * body.policy.tocilizumab.every_h)
    while not dose.triggered and not body.is_over("crs"):
        _give_steroid_for_crs(body, crs, number)
        yield dose | body.env.timeout(every)
        if not dose.triggered and (turn := body.hospital.nurse(body, "crs")):
            yield from turn
    came: bool = yield dose
    return came


def _give_steroid(body: Body, drug: str, every_h: int) -> None:
    """Give a corticosteroid, unless either team gave that one, or a stronger, less than ``every_h`` hours ago.

    A stronger one may follow a weaker sooner, but never at the same round.
    """
    now, strength = body.now, STEROIDS.index(drug)
    for i, earlier in enumerate(STEROIDS):
        wait_min = 1 if i < strength else 60 * every_h
        if now - body.latest_dose(earlier) < wait_min:
            return
    _give(body, drug)


def _give(body: Body, drug: str) -> None:
    minute = body.latest[drug] = int(body.now)
    body.given.append(dose_of(drug, body.person.weight_kg, minute))
