"""How a toxicity goes in one body: which stage of signs from which minute on, until somebody relieves it.

All of it follows from the person's levels, onset and uniforms; only relief changes it, and then what was to come does
not come. So nothing has to happen for a stage to change: whoever looks, sees it. Levels and onset are those of
:mod:`harness.patients.people`; the pace of the steps is assumed (medians below).
"""

from bisect import bisect_right
from math import exp, log

import numpy as np

from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN, Person
from harness.patients.policy import Course

NEVER = int(np.iinfo(np.int64).max)
BRIEF, PROLONGED = 1, 2  # seizures
CRS_STEP_H = (20.0, 14.0, 10.0)  # median hours from fever to the first sign, and from stage to stage
NEURO_STEP_H = (22.0, 18.0, 14.0)
DEATH_H = 40.0
RELIEF_LAG_H = 7.0
UNRELIEVED_LONGEST_MIN = 10 * DAY_MIN
SPREAD = 2 * log(2)


def spread(u: float, median: float) -> float:
    """A time around a median, from half to twice it (log-uniform).

    >>> [round(spread(u, 10.0), 2) for u in (0.0, 0.5, 1.0)]
    [5.0, 10.0, 20.0]
    """
    return median * exp((u - 0.5) * SPREAD)


class Illness:
    """One toxicity, in minutes since the infusion: ``stages[i]`` holds from ``minutes[i]`` on, none before the first.

    It comes to its peak at ``peak_min``, and is over by recovery or death at ``over_min``, NEVER while that is open.
    One that ``yields`` can be relieved, and is at last when nobody does so; the others go their way.
    """

    __slots__ = ("_latest_min", "death_min", "minutes", "over_min", "peak_min", "relieved_min", "stages", "yields")

    def __init__(self, minutes: list[int], stages: list[int], peak_min: int) -> None:
        self.minutes, self.stages, self.peak_min = minutes, stages, peak_min
        self.over_min = self.death_min = self.relieved_min = NEVER
        self.yields = True
        self._latest_min = peak_min + UNRELIEVED_LONGEST_MIN

    def stage(self, minute: float) -> int:
        """The stage at a minute."""
        if minute >= self._latest_min:
            self.end()
        i = bisect_right(self.minutes, minute)
        return self.stages[i - 1] if i else 0

    def is_over(self, minute: float) -> bool:
        """Whether it is over at a minute, by recovery or death."""
        if minute >= self._latest_min:
            self.end()
        return minute >= self.over_min

    def reaches(self, stage: int) -> int:
        """The minute from which it shows a stage or more, as it stands; NEVER if it does not."""
        for minute, reached in zip(self.minutes, self.stages, strict=True):
            if reached >= stage:
                return minute
        return NEVER

    def next_min(self, minute: float) -> int:
        """The next minute at which it may change, as it stands; NEVER once it is over."""
        if minute >= self._latest_min:
            self.end()
        i = bisect_right(self.minutes, minute)
        if i < len(self.minutes):
            return self.minutes[i]
        later = self._latest_min if self.over_min == NEVER else self.over_min
        return later if minute < later else NEVER

    def relieve(self, minute: int) -> None:
        """Somebody treats it: it goes no further, and recovers once it has come to its peak."""
        since = max(minute, self.peak_min)
        if not self.yields or self.death_min <= since:
            return
        known = bisect_right(self.minutes, since)
        del self.minutes[known:], self.stages[known:]
        self.relieved_min, self.death_min, self.yields = minute, NEVER, False
        self._recover(since)

    def end(self) -> None:
        """Let it come to its end: it yields by itself at last, where nobody relieved it before."""
        if self.over_min == NEVER:
            self.relieve(self._latest_min)

    def _recover(self, since: int) -> None:
        """What relief from a minute on does; here all is well at once."""
        self.over_min = since

    def _fall(self, at: int, each: int) -> None:
        """Stage by stage, down to none."""
        for stage in range(self.stages[-1] - 1, -1, -1):
            at += each
            self.minutes.append(at)
            self.stages.append(stage)
        self.over_min = at

    def _die(self, minute: int) -> None:
        self.death_min = self.over_min = minute


class Crs(Illness):
    """Fever from the onset on, then hypotension or hypoxia stage by stage: 1 mild, 2 severe, 3 life-threatening.

    ``fever_until_min`` is the end of the fever; NEVER while that is open.
    """

    __slots__ = ("_person", "fever_until_min", "onset_min")

    def __init__(self, person: Person, course: Course) -> None:
        level, pace, at = person.crs_level, person.pace, person.crs_onset_min
        peak = min(level, 4) - 1
        minutes = []
        for stage in range(peak):
            at += _step(pace[stage + 1], CRS_STEP_H[stage], ROUND_MIN)
            minutes.append(at)
        super().__init__(minutes, list(range(1, peak + 1)), at)
        self._person, self.onset_min, self.fever_until_min = person, person.crs_onset_min, NEVER
        self.yields = 1 < level < 5
        if level == 5:
            self._die(at + int(60 * spread(pace[4], DEATH_H)))
        elif level == 1:
            self.over_min = self.fever_until_min = at + person.crs_duration_min
        elif course.crs_progress:
            self._progress(course)

    def _progress(self, course: Course) -> None:
        """From stage to stage, and from 3 to death, as the policy has it where nobody relieves it before."""
        pace, stage, at = self._person.pace, self.stages[-1], self.peak_min
        while stage >= course.crs_progress_from_stage:
            share, u = (pace[12 + stage], pace[14 + stage]) if stage > 1 else (pace[22], pace[23])
            if share >= course.crs_progress:
                break
            at += _step(u, course.progress_h, NEURO_ROUND_MIN)
            if stage == 3:
                self._die(at)
                break
            stage += 1
            self.minutes.append(at)
            self.stages.append(stage)
        self._latest_min = at + UNRELIEVED_LONGEST_MIN

    def _recover(self, since: int) -> None:
        """The fever goes first, and then the other signs."""
        person = self._person
        at = self.fever_until_min = since + _step(person.pace[5], RELIEF_LAG_H, ROUND_MIN)
        left = person.crs_onset_min + person.crs_duration_min - at
        self._fall(at, max(left // self.stages[-1], ROUND_MIN + 1))


class Neuro(Illness):
    """Neurotoxicity stage by stage, 1 to 4; at times its peak is a ``seizure`` (0: none) at ``seizure_min``."""

    __slots__ = ("_person", "seizure", "seizure_min")

    def __init__(self, person: Person, course: Course) -> None:
        level, pace, at = person.neuro_level, person.pace, person.neuro_onset_min
        peak = min(level, 4)
        minutes = [at]
        for stage in range(2, peak + 1):
            at += _step(pace[7 + stage], NEURO_STEP_H[stage - 2], NEURO_ROUND_MIN)
            minutes.append(at)
        self.seizure, self.seizure_min = 0, NEVER
        if peak >= 3 and pace[8] < 0.2:
            self.seizure, self.seizure_min = BRIEF if peak == 3 else PROLONGED, minutes.pop()
            at = self.seizure_over_min
        super().__init__(minutes, list(range(1, len(minutes) + 1)), at)
        self._person = person
        self.yields = 1 < level < 5
        if level == 5:
            self._die(at + int(60 * spread(pace[12], DEATH_H)))
        elif level == 1:
            self._recover(at)
        elif peak > 2 and course.icans_progress:
            self._progress(course)

    @property
    def seizure_over_min(self) -> int:
        """When the seizure has gone: one neurological round hears of it."""
        return self.seizure_min + NEURO_ROUND_MIN

    def _progress(self, course: Course) -> None:
        """From grade 3 to 4, and from there to death, as the policy has it where nobody relieves it before."""
        pace, at = self._person.pace, self.peak_min
        for grade in range(self._person.neuro_level, 5):
            if pace[15 + grade] >= course.icans_progress:
                break
            at += _step(pace[17 + grade], course.progress_h, NEURO_ROUND_MIN)
            if grade == 4:
                self._die(at)
                break
            self.minutes.append(at)
            self.stages.append(grade + 1)
        self._latest_min = at + UNRELIEVED_LONGEST_MIN

    def _recover(self, since: int) -> None:
        person = self._person
        left = person.neuro_onset_min + person.neuro_duration_min - since
        peak = max(min(person.neuro_level, 4), self.stages[-1])
        self._fall(since, max(left // peak, NEURO_ROUND_MIN + 1))


def _step(u: float, median_h: float, least_min: int) -> int:
    """Minutes of a step, more than the least."""
    minutes = int(60 * (median_h * exp((u - 0.5) * SPREAD)))  # spread, written out: it is most of an illness
    return minutes if minutes > least_min else least_min + 1
