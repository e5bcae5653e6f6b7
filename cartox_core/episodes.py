"""The episodes of many courses at once: from a fever until what was open has been quiet for long enough.

Few rows show a sign, so all is worked out at those, and written over the rows between.
"""

import math

import numpy as np
import numpy.typing as npt

from cartox_core.columns import NO_DRUG, Columns
from cartox_core.guideline import Episode

Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]


def episodes(columns: Columns, fever: Mask, sign: Mask, episode: Episode) -> tuple[Mask, Mask]:
    """Whether an earlier row opened the episode of each row, and whether a masking drug was given since it opened.

    ``fever`` and ``sign`` (rows) say which rows show one; a fever is a sign. The minutes of a case go up.

    >>> from cartox_core.library import load
    >>> given = np.array([NO_DRUG, NO_DRUG, 300], np.int32)
    >>> rows = Columns(np.array([0, 240, 480], np.int32), {}, np.array([0]), given)
    >>> fever = np.array([True, False, False])
    >>> opened, masked = episodes(rows, fever, fever, load("astct-2019").scale("crs").episode)
    >>> opened.tolist(), masked.tolist()
    ([False, True, True], [False, False, True])
    """
    assert columns.starts is not None
    starts, n, minute = columns.starts.astype(np.int64), len(columns), columns.minute.astype(np.int64)
    clock = _clock(minute, starts)
    cuts = np.union1d(starts, _ends(clock, np.flatnonzero(sign), np.append(starts, n), episode))
    after = np.append(cuts[1:], n)
    fevers = np.append(np.flatnonzero(fever), n)
    opens = fevers[np.searchsorted(fevers, cuts)]
    opens, closes = opens[opens < after], after[opens < after]
    begun = _between(n, opens, closes)
    opened = begun.copy()
    opened[opens] = False  # by an earlier row; the fever of this one is a sign of its own
    if episode.look_back_h:
        since = np.searchsorted(clock, clock[opens] - math.floor(60 * episode.look_back_h))
        begins = starts[np.searchsorted(starts, opens, "right") - 1]
        opened |= _between(n, np.maximum(np.maximum(since, begins), np.append(0, opens)[:-1]), opens)
    masked = np.zeros(n, bool)
    if columns.drug_minute is not None:
        rows = np.flatnonzero(begun)
        drug = columns.drug_minute[rows]
        masked[rows] = (drug != NO_DRUG) & (drug >= np.repeat(minute[opens], closes - opens))
    return opened, masked


def _clock(minute: Rows, starts: Rows) -> Rows:
    """The minutes of one case after those of another, so far apart that they never meet."""
    apart = 2 * int(np.abs(minute).max(initial=0)) + 1
    return minute + np.repeat(apart * np.arange(len(starts)), np.diff(starts, append=len(minute)))


def _ends(clock: Rows, signs: Rows, bounds: Rows, episode: Episode) -> Rows:
    """The rows that end what was open: the first ``quiet_h`` or more after a sign, at most the next sign.

    That next sign does so only where a row in between shows none, or ``gap_resolves``. ``bounds`` are the first rows
    of the cases, and the row after the last.
    """
    following = np.append(signs[1:], len(clock))
    may = (following > signs + 1) | episode.gap_resolves
    signs, following = signs[may], following[may]
    end = np.maximum(np.searchsorted(clock, clock[signs] + math.ceil(60 * episode.quiet_h)), signs + 1)
    ends: Rows = end[(end <= following) & (end < bounds[np.searchsorted(bounds, signs, "right")])]
    return ends


def _between(n: int, first: Rows, after: Rows) -> Mask:
    """The rows from the first of each interval to before the one after it; intervals in order, none in another."""
    bounds = np.column_stack((first, after)).ravel()
    inside: Mask = np.repeat(np.arange(len(bounds) + 1) % 2 == 1, np.diff(bounds, prepend=0, append=n))
    return inside
