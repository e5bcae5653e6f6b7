"""The exact difference of two forms: every changed cell told, by true witnesses, and nothing that did not change."""

import dataclasses
import itertools
import random
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import (
    Guideline,
    Observation,
    Patient,
    Scale,
    explain_course,
    grade,
    guideline_ids,
    load,
    read_case,
)
from cartox_core.library import parse
from cartox_core.observation import PATIENT, READABLE
from harness.charts import values_of
from harness.compare.boxes import boxes
from harness.compare.exact import Rule, difference
from tests.quick import quick

SHELF = [(load(g), s) for g in guideline_ids() for s in load(g).scales]
CRS = [g for g, s in SHELF if s == "crs"]


def flips() -> Iterator[tuple[Guideline, str, Guideline]]:
    """Every scale of the shelf, and the same under one other reading."""
    for guideline, scale in SHELF:
        for reading in guideline.readings.values():
            for choice in reading.choices:
                if choice != reading.default:
                    yield guideline, scale, load(guideline.id, {reading.id: choice})


@given(mask=st.lists(st.booleans(), min_size=24, max_size=24))
def test_boxes_cover_exactly_the_cells_of_a_mask(mask: list[bool]) -> None:
    cells = np.array(mask).reshape(2, 3, 4)
    covered = np.zeros_like(cells)
    for box in boxes(cells):
        assert cells[np.ix_(*box)].all()
        covered[np.ix_(*box)] = True
    assert (covered == cells).all()


@pytest.mark.parametrize(("guideline", "scale"), SHELF, ids=lambda v: v if isinstance(v, str) else v.id)
def test_what_changes_nothing_is_said_to_change_nothing(guideline: Guideline, scale: str) -> None:
    found = difference(guideline.scale(scale), load(guideline.id).scale(scale))
    assert (found.changed_cells, found.rules, found.reworded, found.beside) == (0, (), (), ())
    assert found.is_none


def shown(rule: Rule, old: Scale, new: Scale) -> bool:
    """Whether a rule has a witness, which then is graded as the rule says, by its clauses."""
    if rule.witness is None:
        return False
    case = read_case(rule.witness)
    told = [explain_course(case.observations, case.treatments, form, case.patient)[0] for form in (old, new)]
    assert tuple(found.grade for found, _ in told) == rule.shown, str(rule)
    if rule.shown != (rule.old, rule.new):  # beside a sign that no case is without
        assert max(rule.shown) == max(rule.old, rule.new), str(rule)
        assert np.sign(rule.shown[1] - rule.shown[0]) == np.sign(rule.new - rule.old), str(rule)
        assert f"a case shows {rule.shown[0]} → {rule.shown[1]}" in str(rule)
        return True
    if rule.gate:
        assert {*rule.clauses_old, *rule.clauses_new} <= {clause.id for clause in (*old.gate, *new.gate)}
        return True
    for (found, why), clauses in zip(told, (rule.clauses_old, rule.clauses_new), strict=True):
        if found.grade:
            assert {b.clause.id for b in why if b.clause} & set(clauses), str(rule)
    return True


def true_of(old: Scale, new: Scale) -> int:
    """How many rules there are, when each has a true witness."""
    found = difference(old, new)
    for rule in found.rules:
        assert rule.when
        assert shown(rule, old, new) or old.is_whole, str(rule)
    return len(found.rules)


def test_every_rule_between_two_crs_scales_has_a_true_witness() -> None:
    pairs = list(itertools.permutations(CRS, 2))
    assert len(pairs) == 30
    assert all(true_of(one.scale("crs"), other.scale("crs")) > 3 for one, other in pairs)


def test_every_rule_of_another_reading_has_a_true_witness() -> None:
    changed = [true_of(old.scale(scale), new.scale(scale)) for old, scale, new in flips()]
    assert sum(count > 0 for count in changed) > 35


def test_the_only_readings_that_no_course_shows_alone_are_those_of_recovery() -> None:
    """31 days are never recovered from, which OLD grades 4."""
    dark = [
        (str(rule), rule.note)
        for old, scale, new in flips()
        for rule in difference(old.scale(scale), new.scale(scale)).rules
        if rule.witness is None
    ]
    note = "no case shows it alone"
    assert dark == [(f"days_anc_500 31: 3 → 4 ({note})", note)]


EDITS = [
    ("eha-ebmt-2023", {"days_anc_500": {"1..6": "1..7", "7..13": "8..13"}}, "days_anc_500 7: 2 → 1"),
    ("eha-ebmt-2023", {"days_anc_100": {"7..13": "7..14", "14": "15"}}, "days_anc_100 14: 4 → 3"),
    (
        "eha-ebmt-2023",
        {"lowest_anc": {"<= 1000": "<= 900"}},
        "second_anc_per_ul ≤ 1500, lowest_anc_per_ul above 900",
    ),
    ("t-icaht-2025", {"second": {"< 100": "< 90", ">= 100": ">= 90"}}, "second_platelets_10e9_l 90 to below 100"),
    ("cartox-2018", {"ferritin": {"10000": "9000"}}, "peak_ferritin_ng_ml above 9000 to 10000, liver_grade 3–4"),
]


@pytest.mark.parametrize(("name", "changes", "told"), EDITS)
def test_a_changed_threshold_of_a_whole_course_has_a_course_that_shows_it(
    name: str, changes: dict[str, dict[str, str]], told: str
) -> None:
    old, new = load(name), edited(name, changes)
    rules = [
        (rule, old.scale(scale), new.scale(scale))
        for scale in old.scales
        if old.scale(scale).is_whole
        for rule in difference(old.scale(scale), new.scale(scale)).rules
    ]
    assert told in [str(rule)[: len(told)] for rule, _, _ in rules], [str(rule) for rule, _, _ in rules]
    assert all(shown(*each) for each in rules), [str(rule) for rule, _, _ in rules]


def edited(name: str, changes: dict[str, dict[str, str]]) -> Guideline:
    """A guideline in which the tests of some fields are changed wherever they stand."""
    lines = (resources.files("cartox_core") / "guidelines" / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    for field, words in changes.items():
        pattern = re.compile(rf'({field}\w* = "[^"]*?)({"|".join(map(re.escape, words))})\b')
        lines = [pattern.sub(lambda m, to=words: m[1] + to[m[2]], line) for line in lines]  # type: ignore[misc]
    return parse("\n".join(lines), name)


def test_every_other_reading_changes_a_table_or_something_beside_it_or_another_scale() -> None:
    changes = {}
    for old, scale, new in flips():
        key = old.id, *(k for k in old.readings if old.chosen[k] != new.chosen[k]), *new.chosen.values()
        changes[key] = changes.get(key, False) or not difference(old.scale(scale), new.scale(scale)).is_none
    assert [key[:2] for key, changed in changes.items() if not changed] == []


def test_what_changes_beside_the_tables_is_told() -> None:
    crs, other = load("astct-2019").scale("crs"), load("astct-2019", {"C26": "seven_days"}).scale("crs")
    found = difference(crs, other)
    assert (found.rules, found.beside) == ((), ("episode, quiet_h: 24 → 168",))
    early = [load("eha-ebmt-2023", r).scale("icaht_early") for r in ({}, {"H2": "observed"})]
    assert difference(*early).beside[0] == "days_anc_500, gap_days: 7 → 0"
    penn = [load("penn-2018", r).scale("crs") for r in ({}, {"COMBINATION": "own_line_holds"})]
    assert difference(*penn).beside == ("doses high_dose, alone_holds: False → True",)
    none = dataclasses.replace(crs, episode=None, from_h=None)
    left_out = (
        "episode: left out (opened crs_onset_fever, masked fever_masked, fever fever, signs fever, hypotension, hypoxia"
    )
    assert difference(crs, none).beside[0] == "grades from hour 0 → any"
    assert difference(crs, none).beside[1].startswith(left_out)


def test_a_gate_that_opens_less_often_is_told_by_what_no_longer_counts_behind_it() -> None:
    crs, literal = load("astct-2019").scale("crs"), load("astct-2019", {"C8": "literal"}).scale("crs")
    rule = difference(crs, literal).rules[0]
    assert str(rule) == (
        "temp_c < 38, crs_onset_fever yes, fever_masked no: 4 → 0 "
        "(the gate shuts: nothing behind it counts, shown with two or more vasopressors, vasopressin not counted)"
    )
    assert rule.clauses_old == ("crs.gate.episode",)


def test_a_reading_is_told_in_one_rule_and_the_way_back_too() -> None:
    crs, other = load("astct-2019").scale("crs"), load("astct-2019", {"C4": "flow"}).scale("crs")
    (rule,) = difference(crs, other).rules
    assert str(rule) == "o2_device face_mask, oxygen_other_cause no, o2_flow_l_min ≤ 6: 3 → 2"
    assert (rule.clauses_old, rule.clauses_new) == (("crs.hypoxia.masks",), ("crs.hypoxia.mask_low_flow",))
    (back,) = difference(other, crs).rules
    assert (back.when, back.old, back.new) == (rule.when, 2, 3)


def anything(old: Scale, new: Scale, draw: random.Random) -> dict[str, Any]:
    """A whole chart at random, each field at or beside a threshold of either form."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys((*old.fields, *new.fields)):
        field = READABLE[name]
        tests = [c.when[name] for form in (old, new) for c in form.clauses if name in c.when]
        values = [v for v in values_of(field, tests) if field.fault(v) is None]
        found[name] = draw.choice([field.default] if field.default is not None and draw.random() < 0.5 else values)
        if field.kind == "integer":
            found[name] = int(found[name])
    return found


@pytest.mark.parametrize(
    "pair",
    quick(((CRS[0], new) for new in CRS[1:]), itertools.permutations(CRS, 2)),
    ids=lambda p: f"{p[0].id}-{p[1].id}",
)
def test_whatever_is_graded_otherwise_lies_in_a_rule(pair: tuple[Guideline, Guideline]) -> None:
    """Not the cells again: charts at random, graded by both forms, and the rules asked by their tests alone."""
    old, new = (guideline.scale("crs") for guideline in pair)
    rules = difference(old, new).rules
    draw = random.Random(f"{pair[0].id} {pair[1].id}")
    differ = 0
    for _ in range(400):
        chart = anything(old, new, draw)
        told = Observation(time_h=48.0, **{k: v for k, v in chart.items() if k not in PATIENT})
        who = Patient(**{k: v for k, v in chart.items() if k in PATIENT})
        if grade(told, old, who) == grade(told, new, who):
            continue
        differ += 1
        way = np.sign(grade(told, new, who).floor - grade(told, old, who).floor)
        lies = [r for r in rules if all(any(t.holds(chart[n]) for t in tests) for n, tests in r.where)]
        assert any(np.sign(r.new - r.old) == way for r in lies), chart
    assert differ > 20
