"""Who falls to which count: shares of the cytopenia cells, and patterns of the review."""

import numpy as np
import pytest

from harness.patients.draws import Draws
from harness.patients.marrow import (
    LINES,
    WORST_FIRST,
    Marrow,
    deaths,
    ever_share,
    marrow,
    unresolved_day,
    unresolved_shares,
)
from harness.patients.trials import common, trial, trials

PATIENTS = 20_000
EVERY = pytest.mark.parametrize("name", trials())


@pytest.fixture(scope="module")
def drawn() -> dict[str, Marrow]:
    return {name: marrow(Draws(1, name, 0, PATIENTS), row) for name, row in trials().items()}


@EVERY
def test_patterns_have_the_shares_of_the_review(name: str, drawn: dict[str, Marrow]) -> None:
    found = drawn[name]
    assert found.intermittent.mean() == pytest.approx(0.52, abs=0.012)
    assert found.quick.mean() == pytest.approx(0.25, abs=0.012)
    assert found.aplastic.mean() == pytest.approx(0.23, abs=0.012)
    assert not (found.aplastic & found.intermittent).any()


@EVERY
def test_shares_by_line_are_the_printed_ones_of_all_patients(name: str, drawn: dict[str, Marrow]) -> None:
    row, found = trial(name), drawn[name]
    alive = 1 - deaths(row)
    for printed in row.cytopenia:
        line = printed.quantity.split("_")[0]
        if printed.by_day is None:
            share = found.ever[line].mean()
        elif line == "cytopenia":
            share = np.any([found.unresolved[each] for each in LINES], axis=0).mean() * alive
        else:
            share = found.unresolved[line].mean() * alive
        assert share == pytest.approx(printed.value, abs=0.012), printed.quantity


@EVERY
def test_what_is_unresolved_has_fallen_and_is_not_of_a_quick_recovery(name: str, drawn: dict[str, Marrow]) -> None:
    found = drawn[name]
    for line in LINES:
        assert not (found.unresolved[line] & ~found.ever[line]).any()
        assert found.ever[line].mean() == pytest.approx(ever_share(trial(name), line), abs=0.012)
    assert not (found.unresolved["neutropenia"] & found.quick).any()
    assert found.ever["neutropenia"][~found.quick].all()


@EVERY
def test_the_shares_of_a_trial_are_shares(name: str) -> None:
    found = unresolved_shares(trial(name))
    assert sum(found.values()) == pytest.approx(1)
    assert set(found) == set(WORST_FIRST)
    assert min(found.values()) >= 0
    assert found[False, False, True] == 0  # anemia never alone


def test_two_printed_lines_overlap_more_than_by_chance() -> None:
    found = unresolved_shares(trial("CARTITUDE-1"))
    both = found[True, True, True] + found[True, True, False]
    assert 0.30 * 0.41 < both < 0.30


def test_the_day_is_the_printed_one() -> None:
    days = {"ELIANA": 28, "JULIET": 28, "ZUMA-7": 30, "ZUMA-5": 30, "TRANSCEND NHL 001": 28, "TRANSFORM": 35}
    days |= {"ZUMA-3": 30, "ZUMA-2": 90, "KarMMa": 28, "CARTITUDE-1": 30, "ZUMA-1": common().unresolved_day}
    assert {name: unresolved_day(row) for name, row in trials().items()} == days


def test_the_pooled_shares_stand_in_where_a_trial_prints_none() -> None:
    assert [ever_share(trial("ZUMA-1"), line) for line in LINES] == [0.78, 0.38, 0.43]
    assert [ever_share(trial("ZUMA-7"), line) for line in LINES] == [0.91, 0.62, 0.69]
    assert ever_share(trial("KarMMa"), "thrombocytopenia") == 0.75


def test_a_patient_alone_has_the_same_marrow() -> None:
    whole, alone = (marrow(Draws(3, "KarMMa", first, n), trial("KarMMa")) for first, n in ((0, 9), (7, 1)))
    assert whole.aplastic[7] == alone.aplastic[0]
    assert [whole.unresolved[line][7] for line in LINES] == [alone.unresolved[line][0] for line in LINES]
