"""Risk factors as charted: the columns of Parquet and the line of a replayed patient."""

import numpy as np
import pytest

from cartox_core import read_case
from cartox_core.indices import INDICES, span
from harness.cohort.risk_factors import M_EASIX_DAYS, m_easix, risk_factors, risk_words
from harness.patients.told import days_of
from harness.patients.trials import trial
from tests.harness.simulated import graded


@pytest.mark.parametrize("scenario", ["table1", "sparse-charting"])
def test_modified_easix_is_that_of_the_core_wherever_it_is_decided(scenario):
    block = graded(scenario, "ZUMA-1", 0, 40, full=True)
    decided = 0
    for day in M_EASIX_DAYS.values():
        found = m_easix(block.laboratory, day)
        for place in range(40):
            (row,) = [o for o in days_of(block.laboratory, place) if o["time_h"] == 24 * day]
            core = span(read_case({"observations": [row]}).observations[0], INDICES["m-easix"])
            value = None if core is None else core.value
            assert np.isnan(found[place]) if value is None else found[place] == pytest.approx(value)
            decided += value is not None
    assert decided > 60


def test_without_laboratory_values_there_is_none():
    block = graded("table1", "ZUMA-1", 0, 5, full=True)
    bare = {k: v for k, v in block.laboratory.columns.fields.items() if k != "crp_mg_dl"}
    columns = type(block.laboratory.columns)(block.laboratory.columns.minute, bare, block.laboratory.starts)
    without = type(block.laboratory)(
        **{**{f: getattr(block.laboratory, f) for f in block.laboratory.__dataclass_fields__}, "columns": columns}
    )
    assert np.isnan(m_easix(without, 1)).all()
    assert "modified EASIX ? before" in risk_words(risk_factors(without, trial("ZUMA-1")), 0)


def test_the_words_name_the_domain_and_the_burden():
    block = graded("table1", "ZUMA-1", 0, 40, full=True)
    factors = risk_factors(block.laboratory, trial("ZUMA-1"))
    said = [risk_words(factors, place) for place in range(40)]
    assert all(", CD28, " in words for words in said)
    assert {words.split(",")[0] for words in said} == {"tumor burden high", "tumor burden low"}
