"""Laboratory values of each day: within range, rising with the illness, and graded as CTCAE grades them."""

import numpy as np
import pytest

from cartox_core.observation import READABLE
from harness.patients.blood import FIRST_DAY
from harness.patients.chemistry import CHEMISTRY, creatinine_grade, transaminase_grade
from tests.harness.simulated import graded


@pytest.fixture(scope="module", params=["ELIANA", "ZUMA-3"])
def block(request: pytest.FixtureRequest):
    return graded("table1", request.param, 0, 400, full=True)


def test_every_value_is_within_its_range(block) -> None:
    for name in CHEMISTRY:
        series, field = block.laboratory.series[name], READABLE[name]
        assert series.shape == (400, 106)
        assert all(field.fault(v) is None for v in np.unique(series).tolist()), name


def test_the_more_ill_have_more_inflammation(block) -> None:
    people, series = block.people, block.laboratory.series
    quiet, severe = people.crs_level == 0, (people.crs_level >= 3) & ~block.laboratory.hyperinflammation.has
    for name in ("crp_mg_dl", "ferritin_ng_ml", "ldh_u_l", "ast_u_l", "alt_u_l", "creatinine_mg_dl", "bilirubin_mg_dl"):
        worst = series[name].max(axis=1)
        assert np.median(worst[severe]) > 1.15 * np.median(worst[quiet]), name
    lowest = series["fibrinogen_mg_dl"].min(axis=1)
    assert np.median(lowest[severe]) < np.median(lowest[quiet]) - 40


def test_before_the_infusion_nobody_is_inflamed_by_it(block) -> None:
    crp = block.laboratory.series["crp_mg_dl"][:, :-FIRST_DAY]
    assert np.median(crp) == pytest.approx(0.9, abs=0.2)


def test_lymphocytes_are_gone_at_the_infusion_and_come_back(block) -> None:
    median = np.median(block.laboratory.series["lymphocytes_per_ul"], axis=0)
    assert median[-FIRST_DAY] < 100 < 400 < median[30 - FIRST_DAY]


@pytest.mark.parametrize(
    ("ast", "alt", "grade"),
    [(40, 40, 0), (41, 20, 1), (20, 120, 1), (121, 20, 2), (200, 20, 2), (20, 201, 3), (800, 1, 3), (801, 1, 4)],
)
def test_transaminases_are_graded_by_the_worse(ast: float, alt: float, grade: int) -> None:
    values = {"ast_u_l": np.array([[ast]], float), "alt_u_l": np.array([[alt]], float)}
    assert transaminase_grade(values)[0, 0] == grade


@pytest.mark.parametrize(
    ("baseline", "now", "grade"),
    [
        (0.9, 1.2, 0), (0.9, 1.3, 1), (1.2, 1.8, 1), (1.3, 1.81, 2), (0.5, 0.75, 0), (0.4, 0.61, 2), (0.4, 1.21, 3),
        (1.3, 3.6, 2), (1.3, 3.61, 3), (1.3, 7.2, 3), (1.3, 7.21, 4),
    ],
)  # fmt: skip
def test_creatinine_is_graded_by_the_limit_and_the_baseline(baseline: float, now: float, grade: int) -> None:
    values = {
        "creatinine_mg_dl": np.array([[baseline, now]]),
        "creatinine_times_baseline": np.array([[1.0, now / baseline]]),
    }
    assert creatinine_grade(values)[0, 1] == grade


def test_ratios_are_to_the_first_day(block) -> None:
    series = block.laboratory.series
    for name in ("creatinine", "fibrinogen"):
        value = series[f"{name}_mg_dl"]
        assert (series[f"{name}_times_baseline"] == value / value[:, :1]).all()
