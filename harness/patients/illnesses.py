"""How a toxicity goes in each patient of a block: what :mod:`harness.patients.illness` says of one, over arrays.

Arrays have one row a patient; ``NEVER`` stands for what does not come. Tests hold both to the same minutes.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from harness.patients.draws import Uniforms
from harness.patients.illness import (
    CRS_STEP_H,
    DEATH_H,
    NEURO_STEP_H,
    NEVER,
    RELIEF_LAG_H,
    SPREAD,
    UNRELIEVED_LONGEST_MIN,
)
from harness.patients.people import NEURO_ROUND_MIN, ROUND_MIN, Ints, People
from harness.patients.policy import Course

Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Falls:
    """How those recover who are relieved: minutes until the signs begin to go, and then from stage to stage."""

    lag_min: Ints
    ends_min: Ints
    parts: Ints
    least_min: int

    def each_min(self, rows: Ints, since: Ints, stage: Ints) -> Ints:
        """Minutes from stage to stage; what is left of the illness in as many parts, where that is longer."""
        parts = np.maximum(np.maximum(self.parts[rows], stage), 1)
        left = self.ends_min[rows] - (since + self.lag_min[rows])
        each: Ints = np.maximum(left // parts, self.least_min)
        return each


@dataclasses.dataclass(frozen=True, slots=True)
class Illnesses:
    """One toxicity of each patient: ``rises`` (patients, stages) has the minute of each stage, the first in column 0.

    ``relieved_min`` is when somebody relieved it; those who yield and are relieved by nobody do so at ``latest_min``.
    """

    rises: Ints
    peak_min: Ints
    death_min: Ints
    latest_min: Ints
    relieved_min: Ints
    yields: Mask
    falls: Falls

    def stage(self, rows: Ints, minute: int) -> Ints:
        """The stage of some patients at a minute before they recover."""
        reached = self.rises[rows] <= minute
        found: Ints = (reached * np.arange(1, reached.shape[1] + 1)).max(axis=1, initial=0)
        return found

    def reaches(self, rows: Ints, stage: int) -> Ints:
        """The minute from which some patients show a stage or more, as it stands."""
        found: Ints = self.rises[rows, stage - 1 :].min(axis=1)
        return found

    def over_min(self, rows: Ints) -> Ints:
        """When it is over where nobody treats it: by death, or by itself at last."""
        since, stage = self.latest_min[rows], self.stage(rows, NEVER - 1)
        well = since + self.falls.lag_min[rows] + stage * self.falls.each_min(rows, since, stage)
        return np.where(self.death_min[rows] < NEVER, self.death_min[rows], well)

    def relieve(self, rows: Ints, minute: int) -> None:
        """Somebody has treated some patients: what was to come after the peak does not come."""
        since = np.maximum(self.peak_min[rows], minute)
        may = self.yields[rows] & (self.death_min[rows] > since)
        rows, since = rows[may], since[may]
        self.rises[rows] = np.where(self.rises[rows] <= since[:, None], self.rises[rows], NEVER)
        self.relieved_min[rows], self.death_min[rows] = since, NEVER

    def recovering_since(self) -> Ints:
        """The minute at which each begins to recover, by itself where nobody relieved it; NEVER in those who do not."""
        open_ = self.yields & (self.relieved_min == NEVER) & (self.death_min == NEVER)
        return np.where(open_, self.latest_min, self.relieved_min)

    def changes(self) -> tuple[Ints, Ints, Ints]:
        """Every change of stage: place, minute and stage, in order of patients and time."""
        count, stages = self.rises.shape
        since, top = self.recovering_since(), self.stage(np.arange(count), NEVER - 1)
        well = (since < NEVER)[:, None] & (np.arange(stages) < top[:, None])
        begins = np.where(since < NEVER, since, 0)
        each = self.falls.each_min(np.arange(count), begins, top)
        k = np.arange(1, stages + 1)
        down = np.where(well, (begins + self.falls.lag_min)[:, None] + k * each[:, None], NEVER)
        minute = np.concatenate([self.rises, down], axis=1)
        stage = np.concatenate([np.broadcast_to(k, self.rises.shape), top[:, None] - k], axis=1)
        place, column = np.nonzero(minute < NEVER)
        return place, minute[place, column], stage[place, column]


def crs_of(people: People, course: Course) -> Illnesses:
    """CRS: stages of hypotension or hypoxia after a fever; see :class:`harness.patients.illness.Crs`."""
    level, pace, onset = people.crs_level, people.pace, people.crs_onset_min
    peak = np.maximum(np.minimum(level, 4) - 1, 0)
    rises, peak_min = _rises(onset, _steps(pace[:, 1:4], np.array(CRS_STEP_H), ROUND_MIN), peak)
    death_min = np.where(level == 5, peak_min + _minutes(pace[:, 4], DEATH_H), NEVER)
    yields, latest_min = (level > 1) & (level < 5), peak_min.copy()
    if course.crs_progress:
        row, stage, going = np.arange(len(people)), peak.copy(), yields.copy()
        for _ in range(3):
            going &= stage >= course.crs_progress_from_stage
            share = np.where(stage > 1, pace[row, 12 + stage], pace[:, 22])
            u = np.where(stage > 1, pace[row, 14 + stage], pace[:, 23])
            going &= share < course.crs_progress
            stage = _goes_on(
                going, stage, 3, _steps(u, course.progress_h, NEURO_ROUND_MIN), latest_min, rises, death_min
            )
            going &= death_min == NEVER
    lag = _steps(pace[:, 5], RELIEF_LAG_H, ROUND_MIN)
    falls = Falls(lag, onset + people.crs_duration_min, np.ones_like(level), ROUND_MIN + 1)
    latest_min += UNRELIEVED_LONGEST_MIN
    return Illnesses(rises, peak_min, death_min, latest_min, np.full_like(level, NEVER), yields, falls)


def neuro_of(people: People, course: Course) -> tuple[Illnesses, Ints]:
    """Neurotoxicity, and the minute of its seizure; see :class:`harness.patients.illness.Neuro`."""
    level, pace, onset = people.neuro_level, people.pace, people.neuro_onset_min
    peak, row = np.minimum(level, 4), np.arange(len(people))
    steps = _steps(pace[:, 9:12], np.array(NEURO_STEP_H), NEURO_ROUND_MIN)
    rises, peak_min = _rises(onset, np.concatenate([np.zeros_like(onset)[:, None], steps], axis=1), peak)
    seizes = np.flatnonzero((peak >= 3) & (pace[:, 8] < 0.2))
    seizure_min = np.full_like(level, NEVER)
    seizure_min[seizes] = peak_min[seizes]
    rises[seizes, peak[seizes] - 1] = NEVER
    peak_min[seizes] += NEURO_ROUND_MIN
    death_min = np.where(level == 5, peak_min + _minutes(pace[:, 12], DEATH_H), NEVER)
    yields, latest_min = (level > 1) & (level < 5), peak_min.copy()
    if course.icans_progress:
        stage, going = peak.copy(), yields & (peak > 2)
        for _ in range(2):
            going &= pace[row, np.where(going, 15 + stage, 0)] < course.icans_progress
            u = pace[row, np.where(going, 17 + stage, 0)]
            stage = _goes_on(
                going, stage, 4, _steps(u, course.progress_h, NEURO_ROUND_MIN), latest_min, rises, death_min
            )
            going &= death_min == NEVER
    falls = Falls(np.zeros_like(level), onset + people.neuro_duration_min, peak, NEURO_ROUND_MIN + 1)
    latest_min += UNRELIEVED_LONGEST_MIN
    relieved_min = np.where(level == 1, onset, NEVER)  # it goes by itself
    return Illnesses(rises, peak_min, death_min, latest_min, relieved_min, yields, falls), seizure_min


def _goes_on(going: Mask, stage: Ints, last: int, steps: Ints, at: Ints, rises: Ints, death_min: Ints) -> Ints:
    """To the next stage, or from the last to death, where it goes on: the stages then; the others are written to."""
    rows = np.flatnonzero(going)
    at[rows] += steps[rows]
    dying = rows[stage[rows] == last]
    death_min[dying] = at[dying]
    rising = rows[stage[rows] < last]
    rises[rising, stage[rising]] = at[rising]
    return np.where(going & (stage < last), stage + 1, stage)


def _rises(onset: Ints, steps: Ints, peak: Ints) -> tuple[Ints, Ints]:
    """The minute of each stage up to the peak, and when it comes to that; without any stage at the onset."""
    at = onset[:, None] + np.cumsum(steps, axis=1)
    last = np.take_along_axis(at, np.maximum(peak - 1, 0)[:, None], axis=1)[:, 0]
    return np.where(np.arange(steps.shape[1]) < peak[:, None], at, NEVER), np.where(peak > 0, last, onset)


def _minutes(u: Uniforms, median_h: npt.ArrayLike) -> Ints:
    """Minutes around a median in hours, as :func:`harness.patients.illness.spread` has them."""
    found: Ints = (60 * (np.asarray(median_h) * np.exp((u - 0.5) * SPREAD))).astype(np.int64)
    return found


def _steps(u: Uniforms, median_h: npt.ArrayLike, least_min: int) -> Ints:
    """Minutes of steps, each more than the least."""
    return np.maximum(_minutes(u, median_h), least_min + 1)
