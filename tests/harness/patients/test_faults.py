"""Charting faults: each changes what it says, leaves what happened as it was, and belongs to the patient."""

import copy

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartox_core.columns import unknown_code
from cartox_core.observation import DEVICES, READABLE
from harness.cohort.block import Block, Lived, live_block
from harness.patients.charting import Chart, Charting
from harness.patients.faults import FAULTS
from harness.patients.people import DAY_MIN
from harness.patients.written import written_in
from tests.harness.simulated import a_scenario

COUNT = 120
SHARES = st.floats(0.02, 1.0)
FEW = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CHRONIC = READABLE["positive_pressure_reason"].values.index("chronic")


@pytest.fixture(scope="module")
def lived() -> Lived:
    """Patients of whom nearly half have severe CRS and one in ten severe neurotoxicity, with laboratory values."""
    return live_block(Block(a_scenario(), "ZUMA-3", 1, 0, COUNT), full=True)


@pytest.fixture(scope="module")
def whole(lived: Lived) -> Chart:
    return lived.charted(Charting())


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype == np.float64)


def changed(whole: Chart, found: Chart) -> set[str]:
    """The fields that differ at the rounds that are charted on both."""
    fields = whole.columns.fields
    return {
        name
        for name, column in found.columns.fields.items()
        if name not in fields or not same(column, fields[name][found.round])
    }


TOUCHED = {
    "ice_while_intubated": {"o2_device", "ice", "cartox10", "consciousness", "consciousness_other_cause"},
    "home_cpap": {"o2_device", "positive_pressure_reason"},
    "baseline_ice": {"ice", "cartox10"},
    "second_infection": {"temp_c", "hypotension", "fever_other_cause"},
    "prophylactic_antipyretics": {"temp_c"},
    "transposed_digits": {"temp_c"},
    "fahrenheit": {"temp_c"},
    "crp_unit": {"crp_mg_dl"},
    "missed_rounds": set(),
}


@pytest.mark.parametrize("fault", FAULTS)
@given(share=SHARES, causes=st.sampled_from([0.0, 0.5, 1.0]))
@FEW
def test_a_fault_changes_only_its_fields_and_nothing_that_happened(lived, whole, fault, share, causes):
    before = copy.deepcopy(lived.signs.fields)
    found = lived.charted(Charting(causes_charted=causes, **{fault: share}))
    assert all(same(column, lived.signs.fields[name]) for name, column in before.items())
    if fault in TOUCHED:
        assert changed(whole, found) <= TOUCHED[fault]
    assert (found.crs_intended == whole.crs_intended[found.round]).all()
    assert (found.icans_intended == whole.icans_intended[found.round]).all()
    assert (found.columns.minute == whole.columns.minute[found.round]).all()
    assert len(np.unique(found.place)) == COUNT


@pytest.mark.parametrize("fault", FAULTS)
@given(share=SHARES, first=st.integers(0, COUNT - 1))
@FEW
def test_a_fault_belongs_to_the_patient(lived, fault, share, first):
    """The same for one patient alone as in the block."""
    how = Charting(causes_charted=0.5, **{fault: share})
    alone = live_block(Block(a_scenario(), "ZUMA-3", 1, first, 1), full=True).charted(how)
    block = lived.charted(how)
    mine = block.place == first
    assert (alone.columns.minute == block.columns.minute[mine]).all()
    for name, column in alone.columns.fields.items():
        assert same(column, block.columns.fields[name][mine]), name


@pytest.mark.parametrize("fault", FAULTS)
def test_a_higher_share_changes_whatever_a_lower_one_did(lived, whole, fault):
    few, many = (lived.charted(Charting(**{fault: share})) for share in (0.1, 0.4))
    if fault in ("missed_rounds", "late_entries"):
        assert len(few.round) >= len(many.round)
        return
    for name in changed(whole, few):
        plain = whole.columns.fields.get(name, np.zeros(len(whole.place), np.uint8))
        few_rows, many_rows = (c.columns.fields[name] != plain for c in (few, many))
        known = ~np.isnan(plain) if plain.dtype == np.float64 else np.ones(len(plain), bool)
        assert not (few_rows & ~many_rows & known).any(), name


@pytest.mark.parametrize("fault", [name for name in FAULTS if name not in ("late_entries", "missed_rounds")])
def test_switching_on_another_fault_moves_no_draw(lived, fault):
    """Where the other did not touch a field, the first one changes the same values."""
    alone, both = (
        (lived.charted(Charting(baseline_ice=b, **{fault: 0.3})) for b in (0.0, 0.5))
        if (fault != "baseline_ice")
        else (lived.charted(Charting(baseline_ice=0.3, home_cpap=c)) for c in (0.0, 0.5))
    )
    other = TOUCHED["home_cpap"] if fault == "baseline_ice" else TOUCHED["baseline_ice"]
    for name, column in alone.columns.fields.items():
        if name not in other:
            assert same(column, both.columns.fields[name]), name


# ------------------------------------------------------------------------------------------------ slips of the pen


def test_a_temperature_in_fahrenheit_is_lost(lived, whole):
    found = lived.charted(Charting(fahrenheit=0.2)).columns.fields["temp_c"]
    lost = np.isnan(found)
    assert lost.mean() == pytest.approx(0.2, abs=0.01)
    assert (found[~lost] == whole.columns.fields["temp_c"][~lost]).all()


def test_transposed_digits_are_the_last_two(lived, whole):
    found, true = (c.columns.fields["temp_c"] for c in (lived.charted(Charting(transposed_digits=1.0)), whole))
    for new, old in {(float(a), float(b)) for a, b in zip(found, true, strict=True)}:
        exchanged = f"{old:.1f}"[0] + f"{old:.1f}"[3] + "." + f"{old:.1f}"[1]
        assert f"{new:.1f}" == (exchanged if READABLE["temp_c"].fault(float(exchanged)) is None else f"{old:.1f}")
    assert all(READABLE["temp_c"].fault(t) is None for t in np.unique(found).tolist())


def test_crp_in_the_wrong_unit_is_ten_times_as_much_or_refused(lived, whole):
    found, true = (c.columns.fields["crp_mg_dl"] for c in (lived.charted(Charting(crp_unit=0.5)), whole))
    known = ~np.isnan(true)
    wrong = known & (found != true)
    assert wrong.sum() / known.sum() == pytest.approx(0.5, abs=0.03)
    assert np.isnan(found[wrong]).any()
    kept = wrong & ~np.isnan(found)
    assert np.allclose(found[kept], 10 * true[kept])
    assert (true[wrong & np.isnan(found)] > 10).all()


def test_crp_is_wrong_on_the_rounds_and_on_the_daily_chart_alike():
    how = a_scenario("[charting]\ncrp_unit = 0.5")
    block = live_block(Block(how, "ZUMA-3", 1, 0, 40), full=True)
    chart, daily = block.charted(how.how_charted), block.laboratory
    keys = zip(daily.place.tolist(), daily.columns.minute.tolist(), strict=True)
    by_day = dict(zip(keys, daily.columns.fields["crp_mg_dl"].tolist(), strict=True))
    rows = np.flatnonzero(chart.columns.minute % DAY_MIN == 0).tolist()
    values = [
        (chart.columns.fields["crp_mg_dl"][row], by_day[key])
        for row in rows
        if (key := (int(chart.place[row]), int(chart.columns.minute[row]))) in by_day
    ]
    assert len(values) > 1000
    assert same(*np.array(values).T)


def test_a_late_round_stands_at_the_time_of_the_next(lived, whole):
    """What a late round knew takes the place of the next one's, and its own time stays empty."""
    found = lived.charted(Charting(late_entries=0.3))
    gone = np.setdiff1d(whole.round, found.round)
    assert 0.15 < len(gone) / len(whole.round) < 0.3
    before = np.isin(found.round - 1, gone)
    temp, true = found.columns.fields["temp_c"], whole.columns.fields["temp_c"]
    late = found.round[before]
    assert (temp[before] == true[late - 1]).all()
    ice, true_ice = found.columns.fields["ice"], whole.columns.fields["ice"]
    known = written_in("ice", true_ice)
    assert (ice[before] == np.where(known[late - 1], true_ice[late - 1], ice[before])).all()
    assert (found.place[before] == whole.place[late - 1]).all()


def test_neither_the_first_nor_the_last_round_is_late(lived, whole):
    found = lived.charted(Charting(late_entries=1.0))
    for name in ("temp_c", "death_from_crs"):
        for rows in (whole.columns.starts, np.append(whole.columns.starts[1:], len(whole.place)) - 1):
            at = np.searchsorted(found.round, rows)
            assert (found.round[at] == rows).all()
            if name == "death_from_crs":
                assert (found.columns.fields[name][at] == whole.columns.fields[name][rows]).all()


def test_examinations_are_neither_lost_nor_made(lived, whole):
    found = lived.charted(Charting(late_entries=0.3))
    known = written_in("ice", found.columns.fields["ice"]) | written_in("capd", found.columns.fields["capd"])
    alive = found.columns.fields["death_from_crs"] + found.columns.fields["death_from_icans"] == 0
    assert (known == found.examined)[alive].all()


# ------------------------------------------------------------------------------------------------ other causes


def test_the_intubated_have_an_ice_of_0_where_one_is_charted(lived, whole):
    found = lived.charted(Charting(ice_while_intubated=1.0, causes_charted=1.0)).columns.fields
    awake = np.isin(whole.columns.fields["o2_device"], [DEVICES.index("cpap"), DEVICES.index("bipap")])
    asked = awake & written_in("ice", whole.columns.fields["ice"])
    assert asked.any()
    assert (found["o2_device"][awake] == DEVICES.index("mechanical_ventilation")).all()
    assert (found["ice"][asked] == 0).all()
    assert (found["consciousness_other_cause"] == asked).all()
    assert same(found["ice"][~asked], whole.columns.fields["ice"][~asked])
    silent = lived.charted(Charting(ice_while_intubated=1.0)).columns.fields
    assert not silent["consciousness_other_cause"].any()


def test_the_own_cpap_is_worn_at_night_without_oxygen(lived, whole):
    found = lived.charted(Charting(home_cpap=0.5, causes_charted=1.0)).columns
    own = found.fields["o2_device"] != whole.columns.fields["o2_device"]
    assert (whole.columns.fields["o2_device"][own] == DEVICES.index("none")).all()
    assert set((found.minute[own] % DAY_MIN).tolist()) == {0, 240, 1200}
    assert (found.fields["positive_pressure_reason"][own] == CHRONIC).all()
    wearers = np.unique(whole.place[own])
    assert len(wearers) / COUNT == pytest.approx(0.5, abs=0.12)


def test_the_points_of_ice_that_are_missing_are_the_patients_own(lived, whole):
    found, true = (c.columns.fields["ice"] for c in (lived.charted(Charting(baseline_ice=0.5)), whole))
    assert (written_in("ice", found) == written_in("ice", true)).all()
    for place in range(COUNT):
        rows = (whole.place == place) & written_in("ice", true)
        lost = true[rows].astype(int) - found[rows]
        assert lost.max(initial=0) <= 3
        assert len(set(lost[true[rows] >= 3].tolist())) <= 1
    first = whole.columns.starts
    lower = (found[first] < true[first])[written_in("ice", true)[first]]
    assert lower.mean() == pytest.approx(0.5, abs=0.12)


def test_the_infection_comes_after_crs_and_its_cause_may_be_charted(lived, whole):
    for causes in (0.0, 1.0):
        found = lived.charted(Charting(second_infection=1.0, causes_charted=causes)).columns
        new = (found.fields["temp_c"] >= 38.0) & (whole.columns.fields["temp_c"] < 38.0)
        assert len(np.unique(whole.place[new])) > 0.9 * COUNT
        for place in np.unique(whole.place[new]):
            ill = whole.columns.minute[(whole.place == place) & (whole.crs_intended > 0)]
            fevers = found.minute[(whole.place == place) & new]
            assert fevers.min() >= max(ill.max(initial=0) + DAY_MIN, 2 * DAY_MIN)
            assert fevers.max() - fevers.min() <= 5 * DAY_MIN
        lower = found.fields["hypotension"] != whole.columns.fields["hypotension"]
        assert bool(lower.any()) == (causes == 0)
        assert (found.fields["fever_other_cause"][new] == causes).all()


def test_the_faults_are_the_switches_of_a_scenario():
    assert set(FAULTS) == set(Charting.__dataclass_fields__) - {"causes_charted", "antipyretics_from_h"}
    assert Charting(home_cpap=0.2, missed_rounds=0.1, causes_charted=0.3).only("home_cpap") == Charting(
        home_cpap=0.2, causes_charted=0.3
    )
    assert unknown_code(READABLE["fever_other_cause"]) == 2
