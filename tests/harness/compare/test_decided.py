"""Readings that decide a rule: each that is named changes its cells, and none that is not named does."""

import functools
import itertools
from importlib import resources
from pathlib import Path

import pytest

from cartox_core import Guideline, grade, guideline_ids, load, read_case
from cartox_core.library import readable
from harness.compare.decided import variants, with_readings
from harness.compare.exact import Rule, difference
from tests.harness.compare.test_exact import CRS, flips

READ = functools.cache(readable)


def rules_of(old: Guideline, new: Guideline, scale: str) -> tuple[Rule, ...]:
    forms = old.scale(scale), new.scale(scale)
    others = [*variants("old", old, scale, READ(old.id)), *variants("new", new, scale, READ(new.id))]
    return with_readings(difference(*forms), forms, others).rules


@pytest.mark.slow
def test_the_reading_that_is_flipped_is_named_on_both_sides() -> None:
    rules = 0
    for old, scale, new in flips():
        (reading,) = (k for k in old.chosen if old.chosen[k] != new.chosen[k])
        if difference(old.scale(scale), new.scale(scale)).is_none:
            continue
        for rule in rules_of(old, new, scale):
            named = {(r.side, r.reading): r for r in rule.readings}
            assert new.chosen[reading] in named["old", reading].others, str(rule)
            assert old.chosen[reading] in named["new", reading].others, str(rule)
            assert named["old", reading].choice == old.chosen[reading]
            assert named["new", reading].choice == new.chosen[reading]
            rules += 1
    assert rules > 60


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(CRS, 2)), ids=lambda g: g.id)
def test_no_reading_that_is_not_named_grades_the_witness_otherwise(one: Guideline, other: Guideline) -> None:
    rules = rules_of(one, other, "crs")
    for variant in (*variants("old", one, "crs", READ(one.id)), *variants("new", other, "crs", READ(other.id))):
        for rule in rules:
            named = {(r.side, r.reading) for r in rule.readings}
            if (variant.side, variant.reading) not in named and not rule.gate and rule.witness is not None:
                case = read_case(rule.witness)
                found = grade(case.observations[0], variant.scale, case.patient).grade
                assert found == getattr(rule, variant.side), (str(rule), variant.reading)


def test_what_decides_is_told_with_the_side_the_choice_and_the_others() -> None:
    (rule,) = rules_of(load("astct-2019"), load("astct-2019", {"C4": "flow"}), "crs")  # a face mask, 6 L/min or less
    assert [str(reading) for reading in rule.readings] == [
        "C4 of OLD (device; otherwise with flow)",
        "C1 of NEW (low; otherwise with high)",  # 6 L/min itself, now that a mask goes by its flow
        "C4 of NEW (flow; otherwise with device)",
    ]


def test_what_no_reading_touches_names_none() -> None:
    named = {str(rule): rule.readings for rule in rules_of(load("lee-2014"), load("astct-2019"), "crs")}
    assert named["vasopressors 2–6, vasopressor_other_cause no: 3 → 4"] == ()
    assert named["organ_toxicity_grade 2: 2 → 0"] == ()


def test_the_shelf_and_a_file_are_read_alike(tmp_path: Path) -> None:
    for name in guideline_ids():
        file = tmp_path / f"{name}.toml"
        file.write_text((resources.files("cartox_core") / "guidelines" / file.name).read_text(encoding="utf-8"))
        first = next(iter(load(name).readings.values()))
        wanted = {first.id: list(first.choices)[-1]}
        shelved, filed = readable(name)(wanted), readable(file)(wanted)
        assert shelved.chosen == filed.chosen == load(name, wanted).chosen
        for scale in shelved.scales:
            assert list(shelved.scale(scale).clauses) == list(filed.scale(scale).clauses)
