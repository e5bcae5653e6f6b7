"""The daily chart, graded by CTCAE: what was meant is found, and printed quantities are counted."""

import dataclasses

import numpy as np
import pytest

from cartox_core import GradeColumns
from harness.cohort.counts import OTHER_EVENTS, GradedCounts, as_intended, grade_counts, printed_incidences, quantities
from harness.patients.blood import FIRST_DAY
from harness.patients.marrow import LINES
from harness.patients.trials import trial, trials
from tests.harness.simulated import graded

COUNT = 300


def counted(name: str, scenario: str = "table1", first: int = 0, count: int = COUNT) -> GradedCounts:
    return grade_counts(graded(scenario, name, first, count))


@pytest.mark.parametrize("name", trials())
def test_what_was_meant_is_found(name: str) -> None:
    checks = as_intended(counted(name))
    assert checks.failed == 0
    assert checks.checked >= 5 * COUNT


@pytest.mark.parametrize("name", trials())
def test_every_printed_number_is_counted(name: str) -> None:
    row, found = trial(name), quantities(counted(name))
    events = {f"{event}_{each}" for event in OTHER_EVENTS for each in printed_incidences(row, event)}
    assert set(found) == {c.quantity for c in row.cytopenia} | events
    for quantity, (low, high) in found.items():
        assert 0 < low <= high <= COUNT
        assert (low == high) == ("neurotox" not in quantity)  # which is unknown until CRS and ICANS are over


def test_a_day_and_the_worst_are_read_from_the_grades() -> None:
    counts = counted("TRANSFORM")  # in which nobody dies
    anc = counts.laboratory.columns.fields["anc_per_ul"].reshape(COUNT, -1)
    low, high = counts.on_day("neutropenia", 35)
    assert (low == high).all()
    assert ((low >= 3) == (anc[:, 35 - FIRST_DAY] < 1000)).all()
    worst, _ = counts.worst("neutropenia")
    assert ((worst == 4) == (anc[:, -FIRST_DAY:] < 500).any(axis=1)).all()


def test_a_line_is_counted_on_the_printed_day() -> None:
    counts = counted("KarMMa")
    for line in ("neutropenia", "thrombocytopenia"):
        low = int((counts.on_day(line, 28)[0] >= 3).sum())
        assert quantities(counts)[f"{line}_g3plus_unresolved"] == (low, low)


def test_the_dead_have_no_grade_on_a_later_day() -> None:
    counts = counted("ZUMA-3")
    died = np.setdiff1d(np.arange(COUNT), counts.laboratory.place[counts.laboratory.day == 30])
    assert len(died)
    assert not counts.on_day("neutropenia", 30)[1][died].any()


def test_any_cytopenia_is_the_worst_of_the_lines() -> None:
    counts = counted("TRANSFORM")
    lines = [counts.on_day(line, 35)[0] >= 3 for line in LINES]
    assert quantities(counts)["cytopenia_g3plus_unresolved"][0] == int((lines[0] | lines[1] | lines[2]).sum())
    assert (lines[0] | lines[1])[lines[2]].all()


def test_sparse_charting_gives_ranges_and_is_not_held_to_what_was_meant() -> None:
    counts = counted("ZUMA-7", "sparse-charting")
    assert as_intended(counts).checked == 0
    low, high = quantities(counts)["cytopenia_g3plus_unresolved"]
    meant = counts.laboratory.marrow.unresolved
    assert low < int((meant["neutropenia"] | meant["thrombocytopenia"]).sum()) < high


@pytest.mark.parametrize("scale", [*LINES, "infection"])
def test_the_check_can_fail(scale: str) -> None:
    counts = counted("ZUMA-1")
    changed = GradeColumns(*(np.minimum(bound, 2) for bound in dataclasses.astuple(counts.grades[scale])))
    found = as_intended(dataclasses.replace(counts, grades={**counts.grades, scale: changed}))
    assert found.failed > 0
    assert found.first.startswith("v1/table1/ZUMA-1/1/")


def test_a_trial_that_prints_no_infections_has_no_number_of_them() -> None:
    assert printed_incidences(trial("ZUMA-1"), "infection") == []
    assert printed_incidences(trial("ZUMA-5"), "infection") == ["g3plus"]
    assert printed_incidences(trial("JULIET"), "infection") == ["any", "g3plus"]
    printing = [name for name, row in trials().items() if printed_incidences(row, "other_neurotox")]
    assert printing == ["CARTITUDE-1"]
