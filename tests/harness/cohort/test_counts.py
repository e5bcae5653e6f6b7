"""The daily chart, graded by CTCAE: what was meant is found, and printed quantities are counted."""

import dataclasses

import numpy as np
import pytest

from cartox_core import GradeColumns
from harness.cohort.counts import GradedCounts, as_intended, grade_counts, infection_quantities, quantities
from harness.patients.blood import FIRST_DAY
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
    graded_lines = {c.quantity for c in row.cytopenia if c.quantity != "anemia_g3plus"}
    assert set(found) - {"anemia_g3plus"} == graded_lines | set(infection_quantities(row))
    assert all(0 < low == high <= COUNT for low, high in found.values())


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
    lines = [counts.on_day(line, 35)[0] >= 3 for line in ("neutropenia", "thrombocytopenia")]
    assert quantities(counts)["cytopenia_g3plus_unresolved"][0] == int((lines[0] | lines[1]).sum())


def test_sparse_charting_gives_ranges_and_is_not_held_to_what_was_meant() -> None:
    counts = counted("ZUMA-7", "sparse-charting")
    assert as_intended(counts).checked == 0
    low, high = quantities(counts)["cytopenia_g3plus_unresolved"]
    meant = counts.laboratory.marrow.unresolved
    assert low < int((meant["neutropenia"] | meant["thrombocytopenia"]).sum()) < high


@pytest.mark.parametrize("scale", ["neutropenia", "thrombocytopenia", "infection"])
def test_the_check_can_fail(scale: str) -> None:
    counts = counted("ZUMA-1")
    changed = GradeColumns(*(np.minimum(bound, 2) for bound in dataclasses.astuple(counts.grades[scale])))
    found = as_intended(dataclasses.replace(counts, grades={**counts.grades, scale: changed}))
    assert found.failed > 0
    assert found.first.startswith("v1/table1/ZUMA-1/1/")


def test_a_trial_that_prints_no_infections_has_no_number_of_them() -> None:
    assert infection_quantities(trial("ZUMA-1")) == {}
    assert infection_quantities(trial("ZUMA-5")) == {"infection_g3plus": 3}
    assert infection_quantities(trial("JULIET")) == {"infection_any": 1, "infection_g3plus": 3}
