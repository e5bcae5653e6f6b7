"""docs/policy-and-scenario-files.md tells every key of the models, and no other."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from harness.patients.faults import FAULTS
from harness.scenarios.loader import ChartingSpec, parse_scenario
from tests.the_keys import PAGE, keys, meanings, page


def test_every_key_has_its_unit_and_meaning_and_no_other_has() -> None:
    assert {name: set(told) for name, told in meanings().items()} == keys()
    assert set(FAULTS) <= set(ChartingSpec.model_fields)


def test_the_page_is_what_is_made() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m tests.the_keys writes it"


@pytest.mark.parametrize(
    "row",
    [
        "| `every_h` | a number from 8 to 72 | hours | `8` | between two doses |",
        '| `policy` | the name of a policy, or its file | – | `"standard"` | how patients are cared for; a file is ',
        "| `trials` | a list of texts | – | none |",
        "| `title` | text | – | **needed** |",
        "| `icu_beds` | a whole number from 1 to 100000 | beds | **needed** |",
    ],
)
def test_rows_are_as_the_models_have_them(row: str) -> None:
    assert row in page()


def test_the_examples_of_the_page_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, scenario = re.findall(r"```toml\n(.*?)```", page(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("two-doses.toml").write_text(policy, encoding="utf-8")
    found = parse_scenario(scenario, "own")
    assert (found.policy.tocilizumab.from_stage, found.policy.tocilizumab.most_doses) == (2, 2)
    assert found.how_charted.faults == ("missed_rounds",)


@pytest.mark.parametrize("verb", ["policy", "scenarios", "ward"])
def test_the_help_and_the_readme_name_the_page(verb: str) -> None:
    told = inspect.cleandoc(getattr(importlib.import_module(f"harness.cli.{verb}"), verb).__doc__ or "")
    assert f"docs/{PAGE.name}" in " ".join(told.split())
    assert f"(docs/{PAGE.name})" in (PAGE.parents[1] / "README.md").read_text(encoding="utf-8")
