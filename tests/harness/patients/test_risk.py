"""Risk factors go with severity as the review says, and leave every level and every grade of the counts as it was."""

import math

import numpy as np
import pytest

from harness.cohort.block import Block, Lived, live_block
from harness.cohort.risk_factors import m_easix
from harness.patients.draws import Draws
from harness.patients.people import neuro_score, severity_scores
from harness.patients.risk import HIGH_BURDEN, risk
from harness.patients.trials import trial, trials
from tests.harness.simulated import a_scenario, the_people

SEVERE, PATIENTS = 3, 1200
EACH = ("ELIANA", "JULIET", "ZUMA-1", "ZUMA-2", "ZUMA-3")  # those with enough severe events of both kinds


@pytest.fixture(scope="module")
def cohorts() -> list[Lived]:
    return [live_block(Block(a_scenario(), name, 1, 0, PATIENTS), full=True) for name in EACH]


def odds_ratio(exposed: np.ndarray, event: np.ndarray) -> float:
    """With half a patient in each cell, so that none is empty."""
    cells = [(exposed & event), (exposed & ~event), (~exposed & event), (~exposed & ~event)]
    a, b, c, d = (float(cell.sum()) + 0.5 for cell in cells)
    return a * d / (b * c)


def pooled(cohorts: list[Lived], factor, event) -> float:
    """The odds ratio of an event by a factor above its median (or by a flag), the same weight to each trial."""
    logs = []
    for lived in cohorts:
        values = factor(lived)
        exposed = values if values.dtype == bool else values > np.nanmedian(values)
        logs.append(math.log(odds_ratio(exposed, event(lived.people))))
    return math.exp(sum(logs) / len(logs))


def easix(day: int):
    return lambda lived: m_easix(lived.laboratory, day)


def few_platelets(day: int):
    return lambda lived: -lived.laboratory.series["platelets_10e9_l"][:, day + 5]


def crp(day: int):
    return lambda lived: lived.laboratory.series["crp_mg_dl"][:, day + 5]


def burden(lived: Lived) -> np.ndarray:
    return lived.laboratory.risk.tumor_burden_high


def any_crs(who):
    return who.crs_level >= 1


def severe_crs(who):
    return who.crs_level >= SEVERE


def any_icans(who):
    return who.neuro_level >= 1


def severe_icans(who):
    return who.neuro_level >= SEVERE


@pytest.mark.parametrize(
    ("factor", "event"),
    [
        (burden, severe_crs),
        (burden, any_icans),
        (easix(-1), any_crs),
        (easix(-1), severe_crs),
        (easix(1), severe_crs),
        (easix(3), severe_crs),
        (easix(3), severe_icans),
        (few_platelets(-1), severe_crs),
        (crp(-1), severe_crs),
        (crp(3), severe_icans),
    ],
    ids=lambda value: getattr(value, "__qualname__", str(value)),
)
def test_what_the_review_names_goes_with_the_toxicity(cohorts, factor, event):
    assert 1.5 < pooled(cohorts, factor, event) < 12


def test_few_platelets_on_day_3_go_with_severe_icans(cohorts):
    assert pooled(cohorts, few_platelets(3), severe_icans) > 1.2


@pytest.mark.parametrize("event", [any_icans, severe_icans])
def test_modified_easix_before_the_infusion_does_not_go_with_icans(cohorts, event):
    assert 0.75 < pooled(cohorts, easix(-1), event) < 1.33


def test_severe_crs_goes_with_icans_and_early_severe_crs_too(cohorts):
    for event in (any_icans, severe_icans):
        assert pooled(cohorts, lambda lived: severe_crs(lived.people), event) > 2

    def early(lived: Lived) -> np.ndarray:
        return severe_crs(lived.people) & (lived.people.crs_onset_min <= 3 * 1440)

    assert pooled(cohorts, early, severe_icans) > 2


def test_products_with_cd28_have_more_of_both_by_table_1():
    def share(domain: str, quantity) -> float:
        rows = [row for row in trials().values() if row.costimulation == domain]
        return sum(quantity(row) for row in rows) / len(rows)

    for quantity in (
        lambda row: row.crs.any.value,
        lambda row: row.neurotoxicity.any.value,
        lambda row: row.neurotoxicity.g3plus.value,
    ):
        cd28, other = share("CD28", quantity), share("4-1BB", quantity)
        assert cd28 / (1 - cd28) > 1.5 * other / (1 - other)


def test_scores_are_standard_normal_and_half_have_a_high_burden():
    found = risk(Draws(1, "ZUMA-1", 0, 20_000), trial("ZUMA-1"))
    for score in (found.crp, found.ldh, found.few_platelets, found.activation):
        assert float(score.mean()) == pytest.approx(0, abs=0.03)
        assert float(score.std()) == pytest.approx(1, abs=0.03)
    assert found.tumor_burden_high.mean() == pytest.approx(HIGH_BURDEN, abs=0.015)


@pytest.mark.parametrize("name", trials())
def test_what_is_before_the_infusion_has_nothing_in_common_with_neurotoxicity(name):
    draws, row = Draws(1, name, 0, 10_000), trial(name)
    scores = severity_scores(draws)
    found = risk(draws, row)
    for score in (found.crp, found.ldh, found.few_platelets):
        assert np.corrcoef(score, neuro_score(scores, row))[0, 1] == pytest.approx(0, abs=0.03)
        assert np.corrcoef(score, scores[0])[0, 1] == pytest.approx(0.3, abs=0.03)


def test_the_factors_of_a_patient_are_the_same_alone():
    whole, alone = (risk(Draws(2, "KarMMa", *at), trial("KarMMa")) for at in ((0, 40), (17, 1)))
    for name in ("tumor_burden_high", "crp", "ldh", "few_platelets", "activation"):
        assert getattr(whole, name)[17] == getattr(alone, name)[0]


def test_levels_follow_the_scores():
    """The more ill by score are the more ill by level; so a factor can move no share."""
    who = the_people("ZUMA-2", 2000)
    crs, _ = scores = severity_scores(who.draws)
    for score, level in ((crs, who.crs_level), (neuro_score(scores, trial("ZUMA-2")), who.neuro_level)):
        assert (np.diff(level[np.argsort(score)]) >= 0).all()
