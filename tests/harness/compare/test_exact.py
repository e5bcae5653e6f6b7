"""The exact difference of two forms: every changed cell told, by true witnesses, and nothing that did not change."""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartox_core import Guideline, Scale, explain, grade, guideline_ids, load, read_case
from harness.compare.exact import boxes, difference

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
    assert (found.changed_cells, found.rules, found.reworded) == (0, (), ())


def true_of(old: Scale, new: Scale) -> int:
    """How many rules there are, when every witness is graded as its rule says."""
    found = difference(old, new)
    for rule in found.rules:
        assert rule.when
        if old.is_whole or new.is_whole:
            assert rule.witness is None
            continue
        assert rule.witness is not None, str(rule)
        case = read_case(rule.witness)
        grades = [grade(case.observations[0], form, case.patient).grade for form in (old, new)]
        assert grades == [rule.old, rule.new], str(rule)
        for form, clauses, told in ((old, rule.clauses_old, rule.old), (new, rule.clauses_new, rule.new)):
            _, why = explain(case.observations[0], form, case.patient)
            if told:
                assert {b.clause.id for b in why if b.clause} & set(clauses), str(rule)
    return len(found.rules)


def test_every_rule_between_two_crs_scales_has_a_true_witness() -> None:
    pairs = list(itertools.permutations(CRS, 2))
    assert len(pairs) == 30
    assert all(true_of(one.scale("crs"), other.scale("crs")) > 3 for one, other in pairs)


def test_every_rule_of_another_reading_has_a_true_witness() -> None:
    changed = [true_of(old.scale(scale), new.scale(scale)) for old, scale, new in flips()]
    assert sum(count > 0 for count in changed) > 35


def test_a_reading_is_told_in_one_rule_and_the_way_back_too() -> None:
    crs, other = load("astct-2019").scale("crs"), load("astct-2019", {"C4": "flow"}).scale("crs")
    (rule,) = difference(crs, other).rules
    assert str(rule) == "o2_device face_mask, oxygen_other_cause no, o2_flow_l_min ≤ 6: 3 → 2"
    assert (rule.clauses_old, rule.clauses_new) == (("crs.hypoxia.masks",), ("crs.hypoxia.mask_low_flow",))
    (back,) = difference(other, crs).rules
    assert (back.when, back.old, back.new) == (rule.when, 2, 3)
