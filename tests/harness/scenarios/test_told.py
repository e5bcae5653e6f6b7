"""What a wrong key of a policy or scenario file is told: in the project's words, whatever key and value it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from harness.patients.policy import Policy
from harness.scenarios.allowed import allowed, inner_model
from harness.scenarios.loader import Scenario, ScenarioError, load_scenario, parse_scenario
from harness.scenarios.policy_file import PolicyError, load_policy, parse_policy
from harness.scenarios.told import told

WRONG = ("?", 1e9, -1e9, float("nan"), True, [], ["?"], [1] * 8, {"?": 1}, None)
OBLIGATORY = {"title": "t", "text": "x", "cite": [], "name": "own"}
Place = tuple[str | int, ...]


def places(root: type[BaseModel], start: Place = ()) -> Iterator[Place]:
    """Every key of a file, those of a table in a list at its first place."""
    for name in (inner_model(root, start) if start else root).model_fields:
        place = (*start, name)
        if place in (("name",), ("policy",)):
            continue
        yield place
        for deeper in (place, (*place, 0)):
            if inner_model(root, deeper) is not root:
                yield from places(root, deeper)


def with_value(place: Place, value: Any) -> dict[str, Any]:
    """What a file with a value at a place is read as."""
    for part in reversed(place):
        value = [value] if isinstance(part, int) else {part: value}
    return {**OBLIGATORY, **value}


@pytest.mark.parametrize("model", [Policy, Scenario])
def test_no_fault_of_any_key_is_told_in_words_of_the_library(model: type[BaseModel]) -> None:
    found = list(places(model))
    assert ("tocilizumab", "every_h") in found or ("ward", "surge", "times") in found
    for place in found:
        assert allowed(model, place)
        refused = 0
        for value in WRONG:
            try:
                model.model_validate(with_value(place, value))
            except ValidationError as error:
                for one in error.errors():
                    line = told(one, model)
                    assert not any(word in line for word in ("Input", "valid", "should")), line
                    refused += ".".join(map(str, place)) in line
        assert refused >= 3, place


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ("antipyretic = 1", "antipyretic is 1: write true or false"),
        ("title = 3", "title is 3: write text"),
        ("[tocilizumab]\nmost_doses = 5", "tocilizumab.most_doses is 5: write a whole number from 0 to 4"),
        ("[tocilizumab]\nmost_doses = 1.5", "tocilizumab.most_doses is 1.5: write a whole number from 0 to 4"),
        ("[tocilizumab]\nwithin_h = 4", "tocilizumab.within_h is 4: write a number more than 4 and at most 72"),
        ("[tocilizumab]\nfrom_stage = 0", "tocilizumab.from_stage is 0: write 1, 2 or 3"),
        ("tocilizumab = 8", "tocilizumab is 8: write a table"),
        ("[steroids]\nicans_from_grade = 'late'", "is 'late': write 1, 2, 3, 4, 'persistent' or 'never'"),
        ("[effect]\ncrs = [1, 1]", "effect.crs has too few values: write a list of 5 numbers from 0 to 10"),
        ("[effect]\ncrs = 1", "effect.crs is 1: write a list of 5 numbers from 0 to 10"),
        ("[effect]\ncrs = [1, 1, -1, 1, 1]", "effect.crs.2 is -1: write a number from 0 to 10"),
        ("given = 3", "given is 3: write a list of tables"),
        ("[[given]]\ndrug = 'anakinra'", "given.0.dose is missing: write a number more than 0"),
    ],
)
def test_a_policy_is_told_what_to_write(extra: str, line: str) -> None:
    base = "" if extra.startswith("title") else 'title = "t"\n'
    with pytest.raises(PolicyError) as error:
        parse_policy(f'{base}text = "x"\ncite = []\n{extra}', "own")
    assert line in str(error.value)


@pytest.mark.parametrize(
    ("extra", "line"),
    [
        ("follow_up_days = 3", "follow_up_days is 3: write a whole number from 7 to 45"),
        ('ledger = "kept"', "ledger is 'kept': write 'held' or 'shown'"),
        ("[mix]\nZUMA-1 = 2", "mix.ZUMA-1 is 2: write a number more than 0 and at most 1"),
        ("[people]\nage_years = [1, 2]", "people.age_years has too few values: write a list of 3 numbers"),
        ("[charting]\nmissed_rounds = nan", "charting.missed_rounds is nan: write a number from 0 to 1"),
        ("[charting]\nantipyretics_from_h = -1", "is -1: write a number from 0 to less than 336"),
    ],
)
def test_a_scenario_is_told_what_to_write(extra: str, line: str) -> None:
    with pytest.raises(ScenarioError) as error:
        parse_scenario(f'title = "t"\ntext = "x"\ncite = []\ntrials = ["ZUMA-1"]\n{extra}', "own")
    assert line in str(error.value)


def test_the_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('title = "t"\n', encoding="utf-8")
    with pytest.raises(PolicyError, match=f"policy {file}: text is missing: write text; cite is missing: write a list"):
        load_policy(str(file))
    with pytest.raises(ScenarioError, match=f"scenario {file}: text is missing"):
        load_scenario(str(file))
