"""Texts that name a value which their test leaves out, and clauses that never hold."""

import pytest

from cartox_core import guideline_ids
from cartox_core.library import guideline_text
from cartox_core.observation import READABLE
from harness.authoring.check import check
from harness.authoring.named import named
from tests.quick import quick

DEVICE, REASON = READABLE["o2_device"], READABLE["positive_pressure_reason"]


@pytest.mark.parametrize(
    ("text", "passing", "left_out"),
    [
        ("CPAP, BiPAP or mechanical ventilation", {"bipap", "mechanical_ventilation"}, ["cpap"]),
        ("high-flow nasal cannula at any flow", {"high_flow_nasal_cannula"}, []),
        ("face mask, not a nasal cannula", {"face_mask"}, []),
        ("a mask", {"face_mask"}, []),
        ("no oxygen", {"none"}, []),
    ],
)
def test_values_that_a_text_names_and_the_test_leaves_out(text: str, passing: set[str], left_out: list[str]) -> None:
    assert list(named(text, DEVICE, set(passing))) == left_out


def test_what_is_denied_is_not_named() -> None:
    assert list(named("positive pressure that is not for hypoxia", REASON, {"chronic"})) == []
    assert list(named("positive pressure for hypoxia", REASON, {"chronic"})) == ["hypoxia"]


def moved() -> str:
    """ASTCT with CPAP at grade 3 in a clause of its own, and the text of grade 4 as it was."""
    text = guideline_text("astct-2019")
    old = 'when = { o2_device = ["cpap", "bipap", "mechanical_ventilation"], positive_pressure_reason = "hypoxia"'
    assert text.count(old) >= 1
    return text.replace(
        old, 'when = { o2_device = ["bipap", "mechanical_ventilation"], positive_pressure_reason = "hypoxia"'
    )


def test_a_value_that_moved_away_from_its_text_is_told() -> None:
    told = [f for f in check(moved()).findings if f.code == "value"]
    assert ["the text names cpap" in f.message for f in told] == [True] * len(told)
    assert len(told) >= 1


def test_a_clause_that_no_choice_lets_hold_is_told() -> None:
    lines = guideline_text("astct-2019").splitlines()
    start = next(i for i, line in enumerate(lines) if line == "[reading.C4.choice.flow]")
    end = next(i for i in range(start + 1, len(lines)) if lines[i].startswith("["))
    found = [f for f in check("\n".join([*lines[:start], *lines[end:]])).findings if f.code == "dead-clause"]
    assert [f.message.partition(":")[0] for f in found] == ["crs.hypoxia.mask_low_flow", "crs.hypoxia.mask_high_flow"]


@pytest.mark.parametrize("name", quick(["astct-2019", "eha-ebmt-2023"], guideline_ids()))
def test_nothing_of_it_is_told_of_the_shelf(name: str) -> None:
    assert check(guideline_text(name)).findings == ()
