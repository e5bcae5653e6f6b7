"""The rounds of the care team as rows, one patient after another, and what holds at each of them.

A block has hundreds of thousands of rounds and few changes: so a change is put in its place among the rows, instead
of every row being looked up among the changes.
"""

import dataclasses
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from harness.patients.log import Channel, Log
from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN

Ints = npt.NDArray[np.int64]
Stages = npt.NDArray[np.int8]
Mask = npt.NDArray[np.bool_]
Kind = TypeVar("Kind", bound=np.generic)
MOST_ROUNDS = 60 * DAY_MIN // ROUND_MIN + 1
_MOST_DAYS = -(-MOST_ROUNDS * ROUND_MIN // DAY_MIN)


@dataclasses.dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a block: whose they are, when, and where each patient's begin; ``every_min`` minutes apart."""

    place: npt.NDArray[np.int32]
    minute: npt.NDArray[np.int32]
    starts: Ints
    every_min: int = ROUND_MIN

    @property
    def counts(self) -> Ints:
        """How many rounds each patient has; shape (patients)."""
        return np.diff(self.starts, append=len(self.minute))

    @property
    def neuro(self) -> Mask:
        """Which rounds are neurological."""
        pattern = np.arange(MOST_ROUNDS) * ROUND_MIN % NEURO_ROUND_MIN == 0
        return self.of_grid(np.broadcast_to(pattern, (len(self.starts), MOST_ROUNDS)))

    @property
    def number(self) -> npt.NDArray[np.int32]:
        """The number of each round of its patient, from 0."""
        return self.minute // ROUND_MIN

    def of_patients(self, values: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """What some values (patients) are for each round; shape (rounds)."""
        return np.repeat(values, self.counts)

    def of_grid(self, grid: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
        """What a grid (patients, rounds of each from the infusion on) has for each round; shape (rounds)."""
        return _of_grid(grid, self.counts)

    def of_days(self, grid: npt.NDArray[Kind], first_day: int) -> npt.NDArray[Kind]:
        """What a grid (patients, days from ``first_day`` on, sixty at least) has for the day of each round."""
        each = grid[:, -first_day : _MOST_DAYS - first_day]
        return self.of_grid(np.repeat(each, DAY_MIN // ROUND_MIN, axis=1))

    def since(self, place: Ints, minute: Ints) -> Ints:
        """The first row of some patients at or after some minutes; the row after their last where there is none."""
        first = self.starts[place]
        after: Ints = np.clip(-((self.minute[first] - minute) // self.every_min), 0, self.counts[place])
        return first + after

    def following(self, place: Ints, minute: Ints, value: npt.NDArray[Kind], before: Any) -> npt.NDArray[Kind]:
        """The latest value at or before each round, of values that patients take at some minutes; in their order.

        ``before`` holds until a patient's first.

        >>> rounds = Rounds(np.array([0, 0, 0, 1, 1]), np.array([0, 240, 480, 0, 240]), np.array([0, 3]))
        >>> rounds.following(np.array([0, 1]), np.array([100, 500]), np.array([7, 8]), 0).tolist()
        [0, 7, 7, 0, 0]
        """
        first = np.searchsorted(place, np.arange(len(self.starts)))
        rows = np.insert(self.since(place, minute), first, self.starts)
        return np.repeat(np.insert(value, first, before), np.diff(rows, append=len(self.minute)))


def rounds_of(log: Log) -> Rounds:
    """Every fourth hour from the infusion to the end of the chart."""
    counts = np.minimum(log.end_min // ROUND_MIN + 1, MOST_ROUNDS)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    minutes = np.broadcast_to(np.arange(MOST_ROUNDS, dtype=np.int32) * ROUND_MIN, (len(counts), MOST_ROUNDS))
    return Rounds(np.repeat(np.arange(len(counts), dtype=np.int32), counts), _of_grid(minutes, counts), starts)


def _of_grid(grid: npt.NDArray[Kind], counts: Ints) -> npt.NDArray[Kind]:
    most = int(counts.max(initial=0))
    return grid[:, :most][np.arange(most) < counts[:, None]]


def stages(log: Log, channel: Channel, rounds: Rounds) -> Stages:
    """The value of a channel at every round; 0 before its first change."""
    place, minute, value = log.steps[channel]
    return rounds.following(place, minute, value.astype(np.int8), 0)


def begins(flag: Mask, rounds: Rounds) -> Mask:
    """The rounds at which a flag is up that was not at the patient's round before."""
    before = np.concatenate([[False], flag[:-1]])
    before[rounds.starts] = False
    new: Mask = flag & ~before
    return new
