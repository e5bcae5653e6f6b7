"""The daily chart: a row a day to day 100 or death, the same in any block, unknown where charting is sparse."""

import numpy as np

from cartox_core.columns import unknown_code
from cartox_core.observation import READABLE
from harness.patients.laboratory import Laboratory, laboratory
from harness.patients.people import DAY_MIN
from harness.patients.trials import trial
from tests.harness.simulated import graded


def charted(name: str, scenario: str = "table1", first: int = 0, count: int = 200) -> Laboratory:
    block = graded(scenario, name, first, count)
    return laboratory(block.people, trial(name), block.log, block.block.scenario.how_charted)


def test_there_is_a_row_for_each_day_from_5_before_the_infusion_to_100_after() -> None:
    found = charted("ZUMA-7")
    assert found.columns.starts is not None
    assert (np.diff(found.columns.starts) == 106).all()
    assert found.day.reshape(200, 106)[0].tolist() == list(range(-5, 101))
    assert (found.columns.minute % DAY_MIN == 0).all()


def test_the_dead_have_no_row_after_death() -> None:
    block, found = graded("table1", "ZUMA-3", 0, 400), charted("ZUMA-3", count=400)
    last = np.maximum.reduceat(found.columns.minute, found.columns.starts)
    died = block.log.death_min < 100 * DAY_MIN
    assert died.any()
    assert (last[died] <= block.log.death_min[died]).all()
    assert (last[died] > block.log.death_min[died] - DAY_MIN).all()
    assert (last[~died] == 100 * DAY_MIN).all()


def test_every_value_is_within_its_range() -> None:
    for name, column in charted("KarMMa").columns.fields.items():
        field = READABLE[name]
        if field.kind == "number":
            assert all(field.fault(v) is None for v in np.unique(column).tolist()), name
        else:
            assert column.max() < unknown_code(field)


def test_red_cells_are_wanted_below_8_g_dl() -> None:
    fields = charted("ZUMA-1").columns.fields
    assert (fields["red_cell_transfusion_indicated"] == (fields["hemoglobin_g_dl"] < 8)).all()
    assert not fields["anemia_life_threatening"].any()


def test_sparse_charting_leaves_values_unknown_and_keeps_the_rows() -> None:
    whole, sparse = charted("ZUMA-7"), charted("ZUMA-7", "sparse-charting")
    assert len(sparse.columns) == len(whole.columns)
    for name, column in whole.columns.fields.items():
        thin = sparse.columns.fields[name]
        lost = np.isnan(thin) if READABLE[name].kind == "number" else thin == unknown_code(READABLE[name])
        assert 0.3 < lost.mean() < 0.35, name  # a quarter of the rounds, a tenth of the fields
        assert (thin[~lost] == column[~lost]).all()


def test_a_patient_alone_has_the_same_days() -> None:
    whole, alone = charted("ELIANA"), charted("ELIANA", first=120, count=1)
    mine = whole.place == 120
    for name, column in alone.columns.fields.items():
        assert (whole.columns.fields[name][mine] == column).all(), name
