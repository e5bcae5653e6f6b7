"""The episodes of many courses at once, against the words of the guideline taken one row at a time."""

import dataclasses
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Columns, load
from cartox_core.columns import NO_DRUG
from cartox_core.episodes import episodes
from cartox_core.guideline import Episode


def of_astct() -> Episode:
    """The episode of CRS as ASTCT has it."""
    found = load("astct-2019").scale("crs").episode
    assert found is not None
    return found


class Seen(NamedTuple):
    """One row: minutes since the row before, fever, any sign, and minutes since a masking drug, if there was one."""

    after: int
    fever: bool
    sign: bool
    drug_ago: int | None


ROWS = st.builds(Seen, st.integers(1, 6), st.booleans(), st.booleans(), st.none() | st.integers(0, 9))
CASES = st.lists(st.lists(ROWS, min_size=1, max_size=10), min_size=1, max_size=4)
HOURS = st.sampled_from([0.0, 0.05, 0.0999, 0.1, 0.11, 1.0])


def expected(rows: list[Seen], episode: Episode) -> list[tuple[bool, bool]]:
    """Whether each row has an episode that an earlier one opened, and one in which a drug was given."""
    minutes = np.cumsum([row.after for row in rows]).tolist()
    signs = [row.sign or row.fever for row in rows]

    def ends(row: int) -> bool:
        before = [i for i in range(row) if signs[i]]
        quiet = episode.gap_resolves or any(not signs[i] for i in range(before[-1] + 1, row + 1)) if before else False
        return quiet and minutes[row] - minutes[before[-1]] >= 60 * episode.quiet_h

    def begun(row: int) -> int | None:
        """The row that opened what is open at this one."""
        since = max((i for i in range(row + 1) if ends(i)), default=0)
        return next((i for i in range(since, row + 1) if rows[i].fever), None)

    openings = {found for row in range(len(rows)) if (found := begun(row)) is not None}
    told = []
    for row, seen in enumerate(rows):
        first = begun(row)
        reach = any(0 < minutes[i] - minutes[row] <= 60 * episode.look_back_h for i in openings)
        drug = None if seen.drug_ago is None else minutes[row] - seen.drug_ago
        masked = first is not None and drug is not None and drug >= minutes[first]
        told.append(((first is not None and first < row) or reach, masked))
    return told


@given(CASES, st.integers(-40, 40), HOURS, st.booleans(), HOURS)
def test_what_is_open_and_what_a_drug_masks_is_as_row_by_row(
    cases: list[list[Seen]], first_min: int, quiet_h: float, gap_resolves: bool, look_back_h: float
) -> None:
    """Hours of no whole number of minutes among them: 0.11 h are 6.6 min."""
    episode = dataclasses.replace(of_astct(), quiet_h=quiet_h, gap_resolves=gap_resolves, look_back_h=look_back_h)
    minutes = [first_min + np.cumsum([row.after for row in rows]) for rows in cases]
    rows = [row for case in cases for row in case]
    minute = np.concatenate(minutes).astype(np.int32)
    ago = np.array([-1 if row.drug_ago is None else row.drug_ago for row in rows], np.int32)
    starts = np.cumsum([0, *(len(case) for case in cases[:-1])])
    columns = Columns(minute, {}, starts, np.where(ago < 0, NO_DRUG, minute - ago).astype(np.int32))
    fever = np.array([row.fever for row in rows])
    sign = np.array([row.fever or row.sign for row in rows])
    opened, masked = episodes(columns, fever, sign, episode)
    wanted = [told for case in cases for told in expected(case, episode)]
    assert list(zip(opened.tolist(), masked.tolist(), strict=True)) == wanted
    without, never = episodes(dataclasses.replace(columns, drug_minute=None), fever, sign, episode)
    assert without.tolist() == opened.tolist()
    assert not never.any()
