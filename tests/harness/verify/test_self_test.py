"""The suite sees what it should under every guideline on the shelf, and says so."""

from typing import Any

import pytest

from cartox_core import Guideline, guideline_ids, load
from harness.verify.mutants import LoadWith
from harness.verify.self_test import self_test
from harness.verify.suite.build import Name


def no_step(_title: str, _count: int) -> Any:
    return lambda _: None


def loader(guideline: str) -> LoadWith:
    def with_readings(readings: Any) -> Guideline:
        return load(guideline, dict(readings))

    return with_readings


@pytest.mark.slow
@pytest.mark.parametrize("name", ["core", "full"])
@pytest.mark.parametrize("guideline", guideline_ids())
def test_every_mutant_is_killed_and_named_and_every_animal_caught(guideline: str, name: Name) -> None:
    found = self_test(load(guideline), loader(guideline), name, no_step)
    assert found.ok, found.text
    assert bool(found.animals) == (guideline == "astct-2019")
    assert all(sight.is_seen for sight in (*found.mutants, *found.animals)) or name == "core"


@pytest.mark.slow
def test_what_is_not_seen_is_said() -> None:
    found = self_test(load("ctcae-5"), loader("ctcae-5"), "core", no_step)
    blind = type(found)(found.suite, tuple(type(s)(s.operator, s.name, 0, False, None) for s in found.mutants), ())
    assert not blind.ok
    assert "NOT SEEN: drop" in blind.text
    assert blind.text.endswith("The suite does not see enough.")
