"""The effect on simulated patients, counted at the worst hour of each."""

from collections.abc import Mapping, Sequence

import pytest

from cartox_core import load
from harness.verify.answer import Answer
from harness.verify.case import SuiteCase
from harness.verify.effect import Effect, effect
from harness.verify.zoo.herd import ANIMALS

GUIDELINE = load("astct-2019")


def of(animal: str, **more: object) -> Effect:
    def ask(cases: Sequence[SuiteCase]) -> Mapping[str, Answer]:
        return ANIMALS[animal].answers(cases)

    return effect(ask, GUIDELINE, ("crs", "icans"), ("ZUMA-1", "KarMMa"), 1, 400)


def test_a_grader_that_is_right_here_harms_nobody() -> None:
    found = of("HomeCpapIs4")
    assert found.patients == 400
    assert [(s.too_low, s.too_high, s.no_grade) for s in found.scales] == [(0, 0, 0), (0, 0, 0)]
    assert all(missed == 0 < due for s in found.scales for missed, due in s.missed.values())


def test_one_grade_too_low_withholds_treatment() -> None:
    crs, icans = of("OffByOne").scales
    assert 0.95 * crs.ill < crs.too_low < crs.ill  # a death is still 5
    assert crs.missed["tocilizumab"][0] > 0
    assert icans.missed["corticosteroids"][0] > 0
    assert crs.missed["intensive care"][0] <= crs.missed["intensive care"][1]


def test_tighter_oxygen_counts_only_where_it_is_used() -> None:
    crs, icans = of("OnlyIntubationIs4").scales
    assert 0 < crs.too_low < crs.ill / 4
    assert crs.missed["intensive care"][0] == 0
    assert icans.too_low == 0


@pytest.mark.parametrize("scales", [("crs",), ("icans",)])
def test_only_what_is_asked(scales: tuple[str, ...]) -> None:
    found = effect(lambda _: {}, GUIDELINE, scales, ("ZUMA-1",), 1, 50)
    assert [s.scale for s in found.scales] == list(scales)
    assert (found.scales[0].ill, found.scales[0].no_grade) == (0, 0)
    assert found.scales[0].not_asked > 0
