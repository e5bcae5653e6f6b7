"""What is written down: all of it, or with rounds and fields missing."""

import numpy as np
import pytest

from cartox_core import grade_course_columns
from cartox_core.columns import NO_DRUG, unknown_code
from cartox_core.observation import MASKING_DRUGS, READABLE
from harness.patients.charting import Charting, chart
from harness.patients.courses import simulate
from harness.patients.signs import NO_GRADE, render
from tests.harness.simulated import guideline, the_people

COUNT = 300
EARLY = "KarMMa"  # fever on the first day, so that missed rounds hide it at times


@pytest.fixture(scope="module")
def lived():
    who = the_people(EARLY, COUNT)
    log = simulate(who, 30)
    return who, log, render(who, log, 0.8)


def charted(lived, charting: Charting):
    who, log, signs = lived
    return chart(who.draws, signs, log, charting)


def lost(column, name: str):
    field = READABLE[name]
    return np.isnan(column) if field.kind == "number" else column == unknown_code(field)


def test_complete_charting_charts_everything(lived):
    signs, whole = lived[2], charted(lived, Charting())
    assert Charting().complete
    assert len(whole.place) == len(signs.rounds.minute)
    assert (whole.columns.minute == signs.rounds.minute).all()
    for name, column in whole.columns.fields.items():
        assert np.array_equal(column, signs.fields[name], equal_nan=column.dtype == np.float64), name
    assert whole.columns.starts is not None
    assert (whole.columns.starts == signs.rounds.starts).all()


def test_missed_rounds_have_their_share_and_leave_the_first_and_the_last(lived):
    signs, part = lived[2], charted(lived, Charting(missed_rounds=0.25))
    assert not Charting(missed_rounds=0.25).complete
    assert len(part.place) / len(signs.rounds.minute) == pytest.approx(0.75, abs=0.01)
    assert part.columns.starts is not None
    ends = np.append(part.columns.starts[1:], len(part.place)) - 1
    last = np.append(signs.rounds.starts[1:], len(signs.rounds.minute)) - 1
    assert (part.columns.minute[part.columns.starts] == 0).all()
    assert (part.columns.minute[ends] == signs.rounds.minute[last]).all()


def test_a_round_that_is_charted_is_charted_as_it_was(lived):
    signs, part = lived[2], charted(lived, Charting(missed_rounds=0.5))
    keys, wanted = (
        place.astype(np.int64) << 32 | minute
        for place, minute in ((signs.rounds.place, signs.rounds.minute), (part.place, part.columns.minute))
    )
    rows = np.searchsorted(keys, wanted)
    for name, column in part.columns.fields.items():
        assert np.array_equal(column, signs.fields[name][rows], equal_nan=column.dtype == np.float64), name
    assert (part.crs_intended == signs.crs_intended[rows]).all()
    assert (part.icans_intended == signs.icans_intended[rows]).all()


def test_with_every_round_missed_two_are_left(lived):
    part = charted(lived, Charting(missed_rounds=1.0))
    assert (np.bincount(part.place, minlength=COUNT) == 2).all()


def test_unknown_fields_have_their_share(lived):
    signs, part = lived[2], charted(lived, Charting(unknown_fields=0.1))
    for name, column in part.columns.fields.items():
        whole = signs.fields[name]
        was_known = ~lost(whole, name)
        forgotten = lost(column, name) & was_known
        if READABLE[name].role == "patient" or READABLE[name].default is not None:
            assert not forgotten.any(), name
        elif was_known.sum() > 1000:
            assert float(forgotten[was_known].mean()) == pytest.approx(0.1, abs=0.02), name
        kept = ~lost(column, name)
        assert (column[kept] == whole[kept]).all(), name


def test_fields_are_forgotten_independently(lived):
    part = charted(lived, Charting(unknown_fields=0.3)).columns.fields
    both = lost(part["temp_c"], "temp_c") & lost(part["hypotension"], "hypotension")
    assert float(both.mean()) == pytest.approx(0.09, abs=0.01)


def test_what_is_missed_belongs_to_the_patient(lived):
    who = the_people(EARLY, 40, first=60)
    log = simulate(who, 30)
    charting = Charting(0.25, 0.1)
    alone = chart(who.draws, render(who, log, 0.8), log, charting)
    whole = charted(lived, charting)
    mine = (whole.place >= 60) & (whole.place < 100)
    assert (alone.columns.minute == whole.columns.minute[mine]).all()
    for name, column in alone.columns.fields.items():
        assert np.array_equal(column, whole.columns.fields[name][mine], equal_nan=column.dtype == np.float64), name


def test_the_latest_masking_drug_stands_with_each_round(lived):
    log, whole = lived[1], charted(lived, Charting())
    drug = whole.columns.drug_minute
    assert drug is not None
    assert (drug == NO_DRUG).any()
    for row in range(0, len(whole.place), 997):
        place, minute = int(whole.place[row]), int(whole.columns.minute[row])
        given = [dose.minute for dose in log.given[place] if dose.minute <= minute and dose.drug in MASKING_DRUGS]
        assert drug[row] == max(given, default=NO_DRUG)


def test_without_any_drug_there_is_none():
    who = the_people("TRANSFORM", 3)
    quiet = next(i for i in range(100) if not the_people("TRANSFORM", 1, first=i).crs_level[0])
    who = the_people("TRANSFORM", 1, first=quiet)
    log = simulate(who, 7)
    found = chart(who.draws, render(who, log, 0.8), log, Charting()).columns.drug_minute
    assert found is not None
    assert (found == NO_DRUG).all()


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_unknown_fields_leave_the_intended_grade_in_the_range(lived, share):
    part = charted(lived, Charting(unknown_fields=share))
    for scale, meant in (("crs", part.crs_intended), ("icans", part.icans_intended)):
        found = grade_course_columns(part.columns, guideline().scale(scale))
        known = meant != NO_GRADE
        assert (found.floor[known] <= meant[known]).all()
        assert (found.ceiling[known] >= meant[known]).all()


def test_missed_rounds_never_raise_a_floor_and_hide_a_grade_only_with_its_fever(lived):
    """Rounds that nobody charted are not unknown observations: an episode whose fever they hid never opened."""
    part = charted(lived, Charting(missed_rounds=0.6, unknown_fields=0.1))
    found = grade_course_columns(part.columns, guideline().scale("icans"))
    known = part.icans_intended != NO_GRADE
    assert (found.floor[known] <= part.icans_intended[known]).all()
    assert (found.ceiling[known] >= part.icans_intended[known]).all()
    found = grade_course_columns(part.columns, guideline().scale("crs"))
    assert (found.floor <= part.crs_intended).all()
    below = np.flatnonzero(found.ceiling < part.crs_intended)
    assert 0 < len(below) < 0.01 * len(part.place)
    minute, temp = part.columns.minute, part.columns.fields["temp_c"]
    for row in below:
        day_before = (part.place == part.place[row]) & (minute <= minute[row]) & (minute > minute[row] - 1440)
        assert (temp[day_before] < 38.0).all()  # charted as neither fever nor unknown
