"""The catalogue: its entries point to what there is, and a malformed file is refused."""

import re

import pytest

from cartox_core import GuidelineError, load_plan, plan_ids, score_ids
from cartox_core import catalogue as the_module
from cartox_core.catalogue import ENTRY_KINDS, catalogue, entries
from cartox_core.indices import INDICES

GOOD = """
[[entry]]
id = "a"
kind = "risk factor"
title = "A"
text = "B."
effect = "raises"
values = { n = 3 }
systems = [1]
cite = ["register"]
"""


def test_entries_see_what_there_is() -> None:
    plans = [load_plan(name) for name in plan_ids()]
    there = {*catalogue(), *score_ids(), *INDICES}
    there |= {step.id for plan in plans for step in plan.steps} | {name for plan in plans for name in plan.readings}
    assert {seen for entry in catalogue().values() for seen in entry.see} <= there
    assert {entry.kind for entry in catalogue().values()} == set(ENTRY_KINDS)
    assert all(entry.text.endswith(".") for entry in catalogue().values())


def test_a_file() -> None:
    (entry,) = entries(GOOD, "a.toml")
    assert (entry.file, entry.values, entry.systems, entry.see) == ("a.toml", {"n": 3}, (1,), ())


def test_an_entry_without_an_effect_and_with_a_place_in_its_source() -> None:
    text = GOOD.replace('kind = "risk factor"', 'kind = "pattern"').replace('effect = "raises"\n', "")
    (entry,) = entries(text.replace('"register"', '"register C1"'), "a.toml")
    assert (entry.kind, entry.effect, entry.cite) == ("pattern", "", ("register C1",))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "risk factor"', 'kind = "thing"', "entry a: kind is 'thing'; it must be one of marker panel"),
        ('effect = "raises"\n', "", "entry a: a risk factor needs an effect: raises, lowers, unclear"),
        ('effect = "raises"', 'effect = "up"', "entry a: effect is 'up'; it must be one of raises, lowers, unclear"),
        ("systems = [1]", "systems = [0]", "entry a: systems is [0]; it must be a list of row numbers"),
        ('title = "A"\n', "", "entry a: 'title' is missing"),
        ('id = "a"\n', "", "entry ?: 'id' is missing"),
        ('["register"]', '["regster"]', "entry a: cites 'regster', which is not in the bibliography; did you mean"),
        ("[[entry]]", "[entry]", "top level: entry is"),
    ],
)
def test_what_is_wrong_is_told(old: str, new: str, told: str) -> None:
    with pytest.raises(GuidelineError, match=f"^a.toml: {re.escape(told)}"):
        entries(GOOD.replace(old, new), "a.toml")


def test_an_id_stands_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(the_module, "entries", lambda text, name: entries(GOOD, name))
    with pytest.raises(GuidelineError, match="two entries of the catalogue are called 'a'"):
        catalogue.__wrapped__()
