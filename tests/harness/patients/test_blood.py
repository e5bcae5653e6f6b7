"""Daily counts: what was meant holds on every day, and the patterns keep to their definitions."""

import numpy as np
import pytest

from harness.patients.blood import DAYS, FIRST_DAY, Series, along, counts
from harness.patients.draws import Draws
from harness.patients.marrow import Marrow, marrow
from harness.patients.risk import risk
from harness.patients.trials import trial

TRIALS = ("ZUMA-1", "ZUMA-2", "KarMMa", "TRANSFORM")  # no day printed, day 90, most unresolved, day 35
LOW = {
    "neutropenia": ("anc_per_ul", 1000),
    "thrombocytopenia": ("platelets_10e9_l", 50),
    "anemia": ("hemoglobin_g_dl", 8),
}
AFTER = np.flatnonzero(DAYS >= 0)


@pytest.fixture(scope="module", params=TRIALS)
def drawn(request: pytest.FixtureRequest) -> tuple[Marrow, dict[str, Series]]:
    draws = Draws(1, request.param, 0, 3000)
    meant = marrow(draws, trial(request.param))
    return meant, counts(draws, meant, risk(draws, trial(request.param)))


def longest(flag: np.ndarray) -> np.ndarray:
    """The longest run of days of each patient."""
    run, best = np.zeros((2, len(flag)), int)
    for day in flag.T:
        run = np.where(day, run + 1, 0)
        best = np.maximum(best, run)
    return best


def test_grade_3_is_found_in_whom_it_was_meant_and_on_the_day(drawn: tuple[Marrow, dict[str, Series]]) -> None:
    meant, found = drawn
    for line, (name, threshold) in LOW.items():
        low = found[name] < threshold
        assert (low[:, AFTER].any(axis=1) == meant.ever[line]).all(), line
        assert (low[:, meant.day - FIRST_DAY] == meant.unresolved[line]).all(), line


def test_the_patterns_keep_to_their_definitions(drawn: tuple[Marrow, dict[str, Series]]) -> None:
    meant, found = drawn
    anc = found["anc_per_ul"][:, AFTER]
    aplastic = longest(anc < 500) >= 14
    assert (aplastic == meant.aplastic).all()
    stays = longest(anc[:, 5:21] > 1000) >= 3
    falls_again = (anc[:, 22:] < 1000).any(axis=1)
    assert ((stays & ~falls_again) == meant.quick).all()
    assert ((anc[:, 5:21] > 1500).any(axis=1) & falls_again)[meant.intermittent].all()


def test_counts_are_charted_in_their_steps_and_ranges(drawn: tuple[Marrow, dict[str, Series]]) -> None:
    _, found = drawn
    assert (found["anc_per_ul"] % 10 == 0).all()
    assert (found["platelets_10e9_l"] % 1 == 0).all()
    assert found["anc_per_ul"].max() < 10_000
    assert 6 < found["hemoglobin_g_dl"].min() < found["hemoglobin_g_dl"].max() < 15
    assert all(series.shape == (3000, 106) for series in found.values())


def test_a_series_goes_through_its_knots() -> None:
    days, values = [np.array([d]) for d in (0.0, 10.0, 20.0)], [np.array([v]) for v in (1000.0, 10.0, 1000.0)]
    found = along(days, values)[0]
    assert found[[0, 5]] == pytest.approx([1000, 1000])
    assert found[[10, 15, 20, 25, 100]] == pytest.approx([100, 10, 100, 1000, 1000])


def test_a_patient_alone_has_the_same_counts() -> None:
    many, one = Draws(2, "ZUMA-2", 0, 12), Draws(2, "ZUMA-2", 5, 1)
    whole, alone = (counts(d, marrow(d, trial("ZUMA-2")), risk(d, trial("ZUMA-2"))) for d in (many, one))
    for name, series in alone.items():
        assert (series[0] == whole[name][5]).all()
