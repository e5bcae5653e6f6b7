"""Vital signs and laboratory values: plausible, within their ranges, and never read by a grade."""

import numpy as np
import pytest

from cartox_core import grade_course_columns
from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from harness.patients.neurologic_events import NEUROLOGIC_EVENTS
from harness.patients.people import DAY_MIN
from harness.patients.support import OLDER_SIGNS
from tests.harness.simulated import graded, guideline

NEUROLOGY = {"cartox10", "seizure_type", "papilledema_stage"}  # charted by the neurological rounds
VITAL = {"heart_rate_bpm", "resp_rate_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct"}


@pytest.fixture(scope="module", params=["ELIANA", "KarMMa", "CARTITUDE-1"])
def plain(request):
    return graded("table1", request.param, count=200)


@pytest.fixture(scope="module")
def full(plain):
    return graded("table1", plain.block.trial, count=200, full=True)


def added(plain, full) -> set[str]:
    return set(full.chart.columns.fields) - set(plain.chart.columns.fields)


def test_values_stand_beside_the_signs_and_change_none(plain, full):
    for name, column in plain.chart.columns.fields.items():
        again = full.chart.columns.fields[name]
        assert np.array_equal(column, again, equal_nan=column.dtype == np.float64), name
    assert added(plain, full) > VITAL
    for scale in ("crs", "icans"):
        assert (full.grades[scale].floor == plain.grades[scale].floor).all()
        assert (full.grades[scale].ceiling == plain.grades[scale].ceiling).all()


def test_every_value_is_within_its_range(plain, full):
    for name in added(plain, full):
        field, column = READABLE[name], full.chart.columns.fields[name]
        if field.kind != "number":
            assert column.max() <= unknown_code(field), name
            continue
        found = column[~np.isnan(column)]
        assert found.min() >= field.low, name
        assert found.max() <= field.high, name
        assert all(field.fault(value) is None for value in np.unique(found).tolist()), name


def test_vital_signs_are_charted_at_every_round_and_laboratory_values_once_a_day(plain, full):
    daily = full.chart.columns.minute % DAY_MIN == 0
    for name in added(plain, full):
        column, unknown = full.chart.columns.fields[name], unknown_code(READABLE[name])
        known = ~np.isnan(column) if READABLE[name].kind == "number" else column != unknown
        if name not in NEUROLOGY | set(NEUROLOGIC_EVENTS):
            assert (known == (True if name in VITAL | OLDER_SIGNS else daily)).all(), name


def test_no_scale_reads_a_value(plain, full):
    read = {name for scale in ("crs", "icans") for name in guideline().scale(scale).fields}
    assert not added(plain, full) & read
    columns = full.chart.columns
    for scale in ("crs", "icans"):
        again = grade_course_columns(columns, guideline().scale(scale))
        assert (again.floor == full.grades[scale].floor).all()


def test_values_follow_the_illness(full):
    fields = full.chart.columns.fields
    low, febrile = fields["hypotension"] == 1, fields["temp_c"] >= 38
    hypoxic = fields["o2_device"] > 0
    adult = fields["age_years"] >= 18
    assert fields["sbp_mmhg"][low & adult].max() <= 90 < fields["sbp_mmhg"][~low & adult].min()
    assert (fields["dbp_mmhg"] < fields["sbp_mmhg"]).all()
    assert fields["spo2_pct"][hypoxic].mean() < fields["spo2_pct"][~hypoxic].mean()
    assert fields["heart_rate_bpm"][febrile].mean() > fields["heart_rate_bpm"][~febrile].mean() + 15
    for name, rises in (("crp_mg_dl", True), ("ferritin_ng_ml", True), ("fibrinogen_mg_dl", False)):
        ill, well = np.nanmean(fields[name][low]), np.nanmean(fields[name][~low])
        assert (ill > well) == rises, name


def test_neutrophils_fall_after_lymphodepletion_and_come_back(full):
    day = full.chart.columns.minute // DAY_MIN
    counts = full.chart.columns.fields["anc_per_ul"]
    median = {d: float(np.nanmedian(counts[day == d])) for d in (0, 5, 10, 28)}
    assert median[5] < 500 < median[0]
    assert median[5] < median[10]
    assert median[5] < median[28]  # in KarMMa half are still below 1,000
    below_10 = counts[counts < 10]
    assert (below_10[~np.isnan(below_10)] == 0).all()


def test_values_do_not_depend_on_the_block(full):
    part = graded("table1", full.block.trial, first=120, count=10, full=True)
    mine = (full.chart.place >= 120) & (full.chart.place < 130)
    for name, column in part.chart.columns.fields.items():
        whole = full.chart.columns.fields[name][mine]
        assert np.array_equal(column, whole, equal_nan=column.dtype == np.float64), name
