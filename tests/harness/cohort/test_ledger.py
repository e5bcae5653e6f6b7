"""The ledger: intervals, tolerances, and verdicts exactly at the tolerance."""

import dataclasses
import math
import random
from collections import Counter
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cohort.intervals import median_interval, wilson
from harness.cohort.ledger import LedgerRow, ledger, tolerance
from harness.cohort.run import Plan, run
from harness.cohort.tally import Tally, TrialTally
from harness.patients.trials import trial, trials
from harness.scenarios.loader import load_scenario

QUANTITIES = ["crs_any", "crs_g3plus", "crs_onset_median_days", "neurotox_any", "neurotox_g3plus"]


def tallied(name: str, patients: int, crs: dict[int, int], icans: dict[int, int], onset: dict[int, int]) -> Tally:
    """A tally of peaks by grade and CRS onsets by minute; ceilings are one grade higher."""
    floors = {"crs": Counter(crs), "icans": Counter(icans)}
    ceilings = {scale: Counter({min(g + 1, 5): n for g, n in peaks.items()}) for scale, peaks in floors.items()}
    counts = TrialTally(patients, floors, ceilings, {"crs": Counter(onset), "icans": Counter()})
    return Tally({name: counts}, {})


def rows(name: str = "ZUMA-1", patients: int = 20_000, held: bool = True, **counts: dict[int, int]) -> list[LedgerRow]:
    return ledger(tallied(name, patients, **{"crs": {}, "icans": {}, "onset": {}, **counts}), held)


def verdict(quantity: str, **counts) -> bool | None:
    return next(row.ok for row in rows(**counts) if row.quantity == quantity)


def test_a_trial_has_its_five_numbers_in_order():
    found = rows(crs={1: 16_000, 3: 2600}, icans={1: 7200, 4: 5600}, onset={2880: 5})
    assert [row.quantity for row in found] == QUANTITIES
    assert {(row.trial, row.product) for row in found} == {("ZUMA-1", "axicabtagene ciloleucel")}
    assert [row.graded_by for row in found] == ["Lee 2014"] * 3 + ["CTCAE v4.03"] * 2
    assert [row.target for row in found] == [0.93, 0.13, 2.0, 0.64, 0.28]
    assert [row.simulated for row in found] == [0.93, 0.13, 2.0, 0.64, 0.28]
    assert [row.ceiling for row in found] == [0.93, 0.13, None, 0.64, 0.28]
    assert [row.ok for row in found] == [True] * 5


@pytest.mark.parametrize("name", trials())
def test_targets_are_the_printed_numbers(name):
    row = trial(name)
    expected = [row.crs.any, row.crs.g3plus, row.crs.onset_median_days, row.neurotoxicity.any, row.neurotoxicity.g3plus]
    assert [found.target for found in rows(name)] == [printed.value for printed in expected]


@pytest.mark.parametrize(
    ("patients", "any_crs", "ok"),
    [
        (20_000, 18_600, True),
        (20_000, 18_800, True),
        (20_000, 18_801, False),
        (20_000, 18_400, True),
        (20_000, 18_399, False),
        (5_000, 4750, True),
        (5_000, 4751, False),
        (80_000, 75_200, True),
        (80_000, 75_201, False),
    ],
)
def test_a_share_holds_up_to_exactly_its_tolerance(patients, any_crs, ok):
    assert verdict("crs_any", patients=patients, crs={1: any_crs}) is ok


@pytest.mark.parametrize(
    ("patients", "minute", "ok"),
    [
        (20_000, 2880, True),
        (20_000, 3600, True),
        (20_000, 3601, False),
        (20_000, 2160, True),
        (20_000, 2159, False),
        (5_000, 4320, True),
        (5_000, 4321, False),
    ],
)
def test_a_median_holds_up_to_exactly_its_tolerance(patients, minute, ok):
    assert verdict("crs_onset_median_days", patients=patients, onset={minute: 7}) is ok


def test_each_number_is_read_from_its_scale_and_grade():
    counts = {"crs": {1: 16_000, 3: 2600}, "icans": {2: 7200, 3: 5600}, "onset": {2880: 9}}
    assert all(row.ok for row in rows(**counts))
    for scale, grade, broken in (
        ("crs", 1, ["crs_any"]),
        ("crs", 3, ["crs_any", "crs_g3plus"]),
        ("icans", 2, ["neurotox_any"]),
        ("icans", 3, ["neurotox_any", "neurotox_g3plus"]),
    ):
        fewer = {**counts[scale], grade: counts[scale][grade] - 300}
        assert [row.quantity for row in rows(**{**counts, scale: fewer}) if not row.ok] == broken


def test_nobody_ill_fails_without_an_error():
    found = rows()
    assert [row.ok for row in found] == [False] * 5
    assert (found[2].simulated, found[2].low, found[2].high) == (None, None, None)


def test_what_is_only_shown_has_no_verdict():
    assert [row.ok for row in rows(held=False, crs={1: 3}, onset={5: 1})] == [None] * 5


def test_trials_stand_in_the_order_simulated():
    both = {**tallied("KarMMa", 10, {}, {}, {}).trials, **tallied("ELIANA", 10, {}, {}, {}).trials}
    found = [row.trial for row in ledger(Tally(both, {}), held=True)]
    assert found == ["KarMMa"] * 5 + ["ELIANA"] * 5


# ------------------------------------------------------------------------------------------------ the other columns


def others(name: str, patients: int = 20_000, held: bool = True, **found: int) -> list[LedgerRow]:
    """The rows of cytopenias and infections of so many patients; ceilings find a hundred more."""
    whole = tallied(name, patients, {}, {}, {})
    counts = dataclasses.replace(whole.trials[name], others={k: (n, n + 100) for k, n in found.items()})
    return ledger(Tally({name: counts}, {}), held)[len(QUANTITIES) :]


def test_cytopenias_and_infections_stand_after_the_five_with_their_day():
    found = others("JULIET", cytopenia_g3plus_unresolved=6400, infection_any=6800, infection_g3plus=4000)
    assert [(row.quantity, row.target, row.simulated, row.ceiling, row.by_day) for row in found] == [
        ("cytopenia_g3plus_unresolved", 0.32, 0.32, 0.325, 28),
        ("infection_any", 0.34, 0.34, 0.345, None),
        ("infection_g3plus", 0.2, 0.2, 0.205, None),
    ]
    assert {(row.graded_by, row.tolerance, row.ok) for row in found} == {("CTCAE v4.03", 0.015, True)}


@pytest.mark.parametrize(("count", "ok"), [(6700, True), (6701, False), (6100, True), (6099, False)])
def test_they_hold_up_to_exactly_one_point_and_a_half(count, ok):
    assert [row.ok for row in others("JULIET", cytopenia_g3plus_unresolved=count)] == [ok]
    assert [row.ok for row in others("JULIET", held=False, cytopenia_g3plus_unresolved=count)] == [None]


EVERY_NUMBER = [
    *(("trial", quantity) for _ in trials() for quantity in QUANTITIES),
    *((name, c.quantity) for name, row in trials().items() for c in row.cytopenia),
    *((name, "infection_any") for name in ("ELIANA", "JULIET", "ZUMA-7")),
    *((name, "infection_g3plus") for name in trials() if name != "ZUMA-1"),
    ("CARTITUDE-1", "other_neurotox_any"),
    ("CARTITUDE-1", "other_neurotox_g3plus"),
]


# ------------------------------------------------------------------------------------------------ arithmetic


@given(st.integers(1, 10**6))
def test_tolerance_grows_with_one_over_the_root_of_few_patients(patients):
    found = tolerance(0.01, patients)
    assert found == pytest.approx(0.01 * max(1, math.sqrt(20_000 / patients)))
    assert tolerance(0.5, patients) == pytest.approx(50 * found)
    assert found >= tolerance(0.01, patients + 1) >= 0.01


def test_an_interval_of_nobody_begins_at_zero_and_of_all_ends_at_one():
    for n in range(1, 200):
        assert wilson(0, n)[0] == 0.0
        assert wilson(n, n)[1] == 1.0


@pytest.mark.parametrize(
    ("found", "n", "low", "high"),
    [  # Newcombe 1998, Table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_wilsons(found, n, low, high):
    assert wilson(found, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_holds_it_and_mirrors(drawn):
    found, n = drawn
    low, high = wilson(found, n)
    assert 0 <= low <= found / n + 1e-12
    assert found / n - 1e-12 <= high <= 1
    assert wilson(n - found, n) == (pytest.approx(1 - high, abs=1e-12), pytest.approx(1 - low, abs=1e-12))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_the_median_is_that_of_the_values(values):
    found = median_interval(Counter(values))
    assert found is not None
    middle, low, high = found
    assert middle == median(values)
    assert min(values) <= low <= middle <= high <= max(values)


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [(1, 1, 1), (10, 1.901, 9.099), (100, 40.2, 60.8), (400, 180.4, 220.6)],
)
def test_the_interval_of_a_median_is_by_order_statistics(n, low, high):
    """Of the values 1 to n the value at a rank is the rank: n/2 - 0.98 root n and 1 + n/2 + 0.98 root n."""
    found = median_interval(Counter(range(1, n + 1)))
    assert found == ((n + 1) / 2, pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


def test_the_interval_of_a_median_covers_it_in_19_of_20_samples():
    chance = random.Random(1)
    held = 0
    for _ in range(400):
        found = median_interval(Counter(int(1e6 * chance.random()) for _ in range(101)))
        assert found is not None
        held += found[1] <= 500_000 <= found[2]
    assert held >= 370


def test_no_values_have_no_median():
    assert median_interval(Counter()) is None


# ------------------------------------------------------------------------------------------------ at full size


@pytest.mark.slow
@pytest.mark.parametrize("name", ["KarMMa", "ZUMA-3"])
def test_two_trials_hold_at_20_000_patients(name):
    outcome = run(Plan(load_scenario(name.lower()), 20_000, 3, "astct-2019"))
    assert [row for row in outcome.ledger if not row.ok] == []
    assert outcome.ok
