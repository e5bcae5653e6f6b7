"""The care of a block whose patients want for nothing: one SimPy process treats all who are due at a round at once.

What :mod:`harness.patients.care` does for one patient, who may have to wait in a ward, this does over arrays. Both give
the same doses at the same minutes, as tests hold under every policy. For testing and teaching, not for treating
patients.
"""

from collections.abc import Generator, Mapping, Sequence

import numpy as np
import simpy

from harness.patients.body import APART_MIN
from harness.patients.care import REFRACTORY_AFTER_DOSES, STEROIDS, doses_needed
from harness.patients.illness import NEVER
from harness.patients.illnesses import Illnesses, Mask, crs_of, neuro_of
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN, Ints, People
from harness.patients.policy import Policy

LONG_AGO = -(10**9)  # minutes; before any dose
Doses = tuple[int, str, Ints]  # the minute, the drug, and the places of the patients who are given it


class BlockCare:
    """A block under a policy: what its illnesses are, and what the two teams have given so far, in order of time.

    ``planned`` has the minutes at which the policy gives a drug by the calendar.
    """

    def __init__(self, people: People, policy: Policy, planned: Mapping[str, Sequence[int]]) -> None:
        self.people, self.policy = people, policy
        self.crs = crs_of(people, policy.course)
        self.neuro, self.seizure_min = neuro_of(people, policy.course)
        self.given: list[Doses] = []
        count = len(people)
        self._latest = {drug: np.full(count, LONG_AGO) for drug in APART_MIN}
        self._by_calendar = {drug: np.full(count, LONG_AGO) for drug in planned if drug in APART_MIN}
        self._coming = sorted((minute, drug) for drug in self._by_calendar for minute in planned[drug])
        self._crs_doses, self._neuro_doses = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self._needed = np.array([doses_needed(u) for u in people.pace[:, 6].tolist()])
        self._neuro_needed = 1 + (people.pace[:, 13] * 4).astype(np.int64)
        self._had_early = np.zeros(count, bool)
        none = np.full(count, NEVER)
        ill, onset = people.crs_level > 0, people.crs_onset_min
        self._first_crs = np.where(ill, _next_round(onset, ROUND_MIN), none)
        ill, onset = (people.neuro_level > 0) & (policy.steroids.icans_from_grade != "never"), people.neuro_onset_min
        self._first_neuro = np.where(ill, _next_round(onset, NEURO_ROUND_MIN), none)
        self._early, self._crs_due, self._neuro_due = none.copy(), none.copy(), none.copy()

    def run(self, env: simpy.Environment) -> None:
        """Let the teams do their rounds until nobody is left to treat."""
        env.process(self._rounds(env))
        env.run()

    def _rounds(self, env: simpy.Environment) -> Generator[simpy.Event, None, None]:
        visits = (
            (self._first_neuro, self._begin_neuro),
            (self._neuro_due, self._treat_neuro),
            (self._first_crs, self._begin_crs),
            (self._early, self._treat_early),
            (self._crs_due, self._treat_crs),
        )
        while (due := min(int(minutes.min(initial=NEVER)) for minutes, _ in visits)) < NEVER:
            yield env.timeout(due - env.now)
            self._give_by_calendar(due)
            for minutes, visit in visits:
                rows = np.flatnonzero(minutes == due)
                if len(rows):
                    minutes[rows] = NEVER
                    visit(rows, due)

    def _begin_crs(self, rows: Ints, now: int) -> None:
        """The first round after the first fever."""
        policy, within_h = self.policy, self.policy.tocilizumab.within_h
        if policy.antipyretic:
            self._give(rows, "acetaminophen", now)
        if not policy.treats_crs:
            return
        if within_h is None:
            self._await_sign(rows, now)
            return
        before = self.people.crs_onset_min[rows] + 60 * within_h
        last_round = (np.ceil(before).astype(np.int64) - 1) // ROUND_MIN * ROUND_MIN
        seen = _round_at(self.crs.reaches(rows, policy.tocilizumab.from_stage), ROUND_MIN)
        self._early[rows] = np.maximum(np.minimum(last_round, seen), now)

    def _treat_early(self, rows: Ints, now: int) -> None:
        """The first dose before a sign, or as the sign is seen; then the sign is waited for."""
        self._crs_doses[rows], self._had_early[rows] = 1, True
        self._give_dose_and_steroid(rows, now)
        self._await_sign(rows, now)

    def _await_sign(self, rows: Ints, now: int) -> None:
        """Grade 1 is watched; whoever has the stage to treat at a round is treated from then on."""
        rows = rows[self.people.crs_level[rows] >= 2]
        rule = self.policy.tocilizumab
        sign = np.maximum(self.crs.reaches(rows, 1), now)
        seen = _round_at(self.crs.reaches(rows, rule.from_stage), ROUND_MIN)
        self._crs_due[rows] = np.maximum(_next_round(sign, ROUND_MIN), seen)

    def _treat_crs(self, rows: Ints, now: int) -> None:
        """A dose at a time, with steroids as the policy has it, until the patients have had what it takes."""
        rows = self._without_who_had_one_early(rows, now)
        rows = rows[~self._is_over(self.crs, rows, now)]
        rule, most = self.policy.tocilizumab, self.policy.tocilizumab.most_doses
        self._crs_doses[rows] += 1
        self._give_dose_and_steroid(rows[self._crs_doses[rows] <= most], now)
        self._give_steroid_for_crs(rows[self._crs_doses[rows] > most], now)
        enough = (self._crs_doses[rows] >= self._needed[rows]) & (now >= self.crs.peak_min[rows])
        helped = enough & (self.people.crs_level[rows] < 5)
        self.crs.relieve(rows[helped], now)
        self._crs_due[rows[~helped]] = now + int(60 * rule.every_h)

    def _without_who_had_one_early(self, rows: Ints, now: int) -> Ints:
        """Those to treat now; who had a dose before the sign waits for the second until it is time."""
        early = self._had_early[rows]
        self._had_early[rows] = False
        again = self._latest_dose(rows, "tocilizumab") + int(60 * self.policy.tocilizumab.every_h) - now
        wait = np.where(early, _round_at(np.maximum(again, 0), ROUND_MIN), 0)
        self._crs_due[rows[wait > 0]] = now + wait[wait > 0]
        left: Ints = rows[wait == 0]
        return left

    def _begin_neuro(self, rows: Ints, now: int) -> None:
        """The neurological round after the first sign; then the grade to treat is waited for."""
        people, start = self.people, self.policy.steroids.icans_from_grade
        if start == 1:  # grade 1: consider one dose and reassess
            some = (self.neuro.stage(rows, now) < 2) & (people.pace[rows, 13] < 0.5)
            self._give_steroid(rows[some], "dexamethasone", np.full(int(some.sum()), 12), now)
        rows = rows[people.neuro_level[rows] >= 2]
        grade = start if isinstance(start, int) and start > 2 else 2
        seen = self.neuro.reaches(rows, grade)
        seen = np.where(people.neuro_level[rows] >= grade, np.minimum(seen, self.neuro.peak_min[rows]), seen)
        due = np.maximum(_round_at(seen, NEURO_ROUND_MIN), now)
        later = NEURO_ROUND_MIN if start == "persistent" else 0
        self._neuro_due[rows] = np.where(seen < NEVER, np.where(seen < NEVER, due, 0) + later, NEVER)

    def _treat_neuro(self, rows: Ints, now: int) -> None:
        """A steroid every 12 h until the patients have had what it takes."""
        rows = rows[~self._is_over(self.neuro, rows, now)]
        grade = self.neuro.stage(rows, now)
        strong = (grade >= 4) & (self._neuro_doses[rows] > 1)
        self._give_steroid(rows[strong], "methylprednisolone", np.full(int(strong.sum()), 12), now)
        self._give_steroid(rows[~strong], "dexamethasone", np.where(grade[~strong] >= 3, 6, 12), now)
        self._neuro_doses[rows] += 1
        enough = (self._neuro_doses[rows] >= self._neuro_needed[rows]) & (now >= self.neuro.peak_min[rows])
        helped = enough & (self.people.neuro_level[rows] < 5)
        self.neuro.relieve(rows[helped], now)
        self._neuro_due[rows[~helped]] = now + NEURO_ROUND_MIN

    @property
    def death_min(self) -> Ints:
        """When each patient dies, as things stand; NEVER if it does not."""
        return np.minimum(self.crs.death_min, self.neuro.death_min)

    def _is_over(self, illness: Illnesses, rows: Ints, now: int) -> Mask:
        found: Mask = now >= np.minimum(illness.over_min(rows), self.death_min[rows])
        return found

    def _give_dose_and_steroid(self, rows: Ints, now: int) -> None:
        """A dose of tocilizumab, where the one before is old enough, and the steroid that is due with it."""
        old = now - self._latest_dose(rows, "tocilizumab") >= 60 * self.policy.tocilizumab.every_h
        self._give(rows[old], "tocilizumab", now)
        self._give_steroid_for_crs(rows, now)

    def _give_steroid_for_crs(self, rows: Ints, now: int) -> None:
        """A steroid with this dose of tocilizumab, where the policy has it so or the doses before have not helped."""
        start = self.policy.steroids.crs_from_stage
        if start == "never" or not len(rows):
            return
        stage, doses = self.crs.stage(rows, now), self._crs_doses[rows]
        refractory = doses > REFRACTORY_AFTER_DOSES
        together = stage >= (start if isinstance(start, int) else NEVER)
        strong = (stage >= 3) & (refractory | (together & (doses > 1)))
        weak = ~strong & (together | refractory)
        self._give_steroid(rows[strong], "methylprednisolone", np.full(int(strong.sum()), 12), now)
        self._give_steroid(rows[weak], "dexamethasone", np.where(stage[weak] >= 2, 6, 12), now)

    def _give_steroid(self, rows: Ints, drug: str, every_h: Ints, now: int) -> None:
        """Give a corticosteroid, but to those whom either team gave it, or a stronger, less than ``every_h`` ago."""
        may, strength = np.ones(len(rows), bool), STEROIDS.index(drug)
        for i, earlier in enumerate(STEROIDS):
            may &= now - self._latest_dose(rows, earlier) >= (1 if i < strength else 60 * every_h)
        self._give(rows[may], drug, now)

    def _give(self, rows: Ints, drug: str, now: int) -> None:
        if len(rows):
            self.given.append((now, drug, rows))
            if drug in self._latest:
                self._latest[drug][rows] = now

    def _latest_dose(self, rows: Ints, drug: str) -> Ints:
        """The minute of the latest dose of a drug, by the calendar or by a team."""
        latest = self._latest[drug][rows]
        return np.maximum(latest, self._by_calendar[drug][rows]) if drug in self._by_calendar else latest

    def _give_by_calendar(self, now: int) -> None:
        """Doses by the calendar until now, which are left out in those to whom a team gave that drug shortly before."""
        while self._coming and self._coming[0][0] <= now:
            minute, drug = self._coming.pop(0)
            since = minute - self._latest[drug]
            due = (since <= 0) | (since >= APART_MIN[drug])
            self._by_calendar[drug][due] = minute


def _next_round(minute: Ints, every_min: int) -> Ints:
    """The next round after some minutes; NEVER after NEVER."""
    known = np.where(minute < NEVER, minute, 0)
    return np.where(minute < NEVER, known + every_min - known % every_min, NEVER)


def _round_at(minute: Ints, every_min: int) -> Ints:
    """The first round at or after some minutes; NEVER after NEVER."""
    known = np.where(minute < NEVER, minute, 0)
    return np.where(minute < NEVER, -(-known // every_min) * every_min, NEVER)
