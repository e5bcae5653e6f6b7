"""The finite tables: axes and their entries, floors and ceilings, the gate, and assumptions."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import GuidelineError, Observation, grade, load, read_case
from cartox_core.conditions import Between, OneOf
from cartox_core.guideline import Assumption, Clause, Domain, Scale
from cartox_core.observation import PATIENT
from cartox_core.tables import axis_of, build_table, domain_grid, hold_mask, tables_of
from tests import any_scales


def clause(level: int, **when: Any) -> Clause:
    return Clause(f"c{level}", level, when, "", ())


def domain(*clauses: Clause, gated: bool = True) -> Domain:
    return Domain("d", "d", clauses, gated)


ICE = domain(clause(0, ice=Between(10, high=10)), clause(1, ice=Between(7, high=9)), clause(3, ice=Between(high=6)))
HIGH, LOW = OneOf((True,)), OneOf((False,))


def test_an_axis_has_its_bands_and_at_the_end_the_whole_field() -> None:
    axis = axis_of("vasopressors", [clause(3, vasopressors=Between(1, high=1))])
    assert [b.label for b in axis.bands] == ["0", "1", "2–6"]
    assert axis.entries == ((0, 0), (1, 1), (2, 2), (0, 2))
    assert axis.unknown == 3
    assert [axis.entry(v) for v in (0, 1, 2, 6, None)] == [0, 1, 2, 2, 3]


def test_an_ice_known_in_part_stands_on_a_stretch_of_bands() -> None:
    axis = axis_of("ice", ICE.clauses)
    assert axis.entries == ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))
    assert axis.stretch(5, 8) == 3
    assert axis.stretch(8, 10) == 4
    assert axis.stretch(6, 10) == axis.unknown == 5
    assert axis.stretch(7, 9) == 1


def test_unknown_with_a_default_stands_on_its_band() -> None:
    axis = axis_of("positive_pressure_reason", [clause(4, positive_pressure_reason=OneOf(("hypoxia",)))])
    assert axis.entries[axis.unknown] == (0, 0)
    assert axis.entry("chronic") == 2


def test_an_axis_that_nothing_cuts_has_one_entry() -> None:
    axis = axis_of("temp_c", [])
    assert axis.entries == ((0, 0),)
    assert axis.entry(None) == axis.entry(39.0) == 0


def test_an_assumption_cuts_the_field_that_it_tests() -> None:
    taken = Assumption("hypotension", True, {"ice": Between(high=2)}, "")
    assert [b.label for b in axis_of("ice", [], [taken]).bands] == ["0–2", "3–10"]


def test_a_table_gives_the_range_of_each_cell() -> None:
    table = build_table([ICE])
    assert table.floor.tolist() == [3, 1, 0, 1, 0, 0]
    assert table.ceiling.tolist() == [3, 1, 0, 3, 1, 3]
    assert table.complete.tolist() == [3, 1, 0]
    assert (table.gated, table.surely_open, table.maybe_open) == (True, None, None)


def test_a_cell_that_no_clause_covers_is_minus_one_in_the_grid_and_0_in_the_table() -> None:
    gappy = domain(clause(2, hypotension=HIGH))
    axes = [axis_of("hypotension", gappy.clauses)]
    assert domain_grid(gappy, axes).tolist() == [-1, 2]
    assert build_table([gappy]).complete.tolist() == [0, 2]


def test_all_tests_of_a_clause_must_hold() -> None:
    when = {"hypotension": HIGH, "ice": Between(high=2)}
    axes = [axis_of(name, [Clause("c", 1, when, "", ())]) for name in ("ice", "hypotension")]
    assert hold_mask(when, axes).tolist() == [[False, True], [False, False]]


def test_a_table_with_the_gate_grades_the_completions_that_open_it() -> None:
    gate = Clause("gate", 1, {"hypotension": HIGH}, "", ())
    table = build_table([domain(clause(2, hypotension=HIGH, ice=Between(high=2)))], [gate])
    by_name = {a.field.name: i for i, a in enumerate(table.axes)}
    assert by_name == {"hypotension": 0, "ice": 1}
    assert table.surely_open is not None
    assert table.maybe_open is not None
    assert table.surely_open[:, 0].tolist() == [0, 1, 0]
    assert table.maybe_open[:, 0].tolist() == [0, 1, 1]
    assert table.floor[2].tolist() == [2, 0, 0]  # unknown: graded as if open
    assert table.ceiling[2].tolist() == [2, 0, 2]
    assert table.floor[0].tolist() == [0, 0, 0]  # never open
    assert table.complete.tolist() == [[0, 0], [2, 0]]


def test_an_assumption_stands_in_for_unknown_only_where_its_tests_surely_hold() -> None:
    taken = Assumption("hypotension", True, {"ice": Between(high=2)}, "")
    low_ice = domain(clause(2, hypotension=HIGH, ice=Between(high=10)), clause(0, hypotension=LOW))
    table = build_table([low_ice], assumptions=[taken])
    unknown = table.axes[0].unknown
    assert table.floor[unknown].tolist() == [2, 0, 0]
    assert table.ceiling[unknown].tolist() == [2, 2, 2]


def test_an_assumption_on_a_field_of_another_table_is_left_to_it() -> None:
    taken = Assumption("temp_c", 39.0, {}, "")
    assert np.array_equal(build_table([ICE], assumptions=[taken]).floor, build_table([ICE]).floor)


def test_an_assumption_may_not_test_a_field_of_another_table() -> None:
    taken = Assumption("ice", 0, {"temp_c": Between(high=38)}, "")
    icans = dataclasses.replace(load("astct-2019").scale("icans"), assumptions=(taken,))
    with pytest.raises(GuidelineError, match=r"^the assumption on ice tests temp_c from elsewhere$"):
        tables_of(icans)


def test_the_first_of_two_assumptions_is_put_in_last_and_sees_the_second() -> None:
    """No age is adult, and in an adult with ICE 0 an unknown arousal is read as awake (N4)."""
    icans = load("astct-2019", {"N4": "awake"}).scale("icans")
    known = {"seizure": "none", "motor_weakness": "none", "cerebral_edema": "none", "posturing": False,
             "cn6_palsy": False, "papilledema": False, "cushing_triad": False}  # fmt: skip
    assert str(grade(Observation(time_h=1, ice=0, **known), icans)) == "3"
    assert str(grade(Observation(time_h=1, ice=1, **known), icans)) == "3–4"


def test_the_tables_of_a_scale_are_built_once() -> None:
    crs = load("astct-2019").scale("crs")
    assert tables_of(crs) is tables_of(crs)
    assert tables_of(dataclasses.replace(crs)) is not tables_of(crs)


def test_domains_that_share_fields_stand_in_one_table_and_the_others_alone() -> None:
    icans = load("astct-2019").scale("icans")
    names = [[d.name for d in t.domains] for t in tables_of(icans).tables]
    assert [sorted(n) for n in names if len(n) > 1] == [["consciousness", "encephalopathy"]]
    assert sum(len(n) for n in names) == len(icans.domains)


def test_a_later_domain_can_join_two_tables() -> None:
    one, two = domain(clause(1, ice=Between(high=9))), domain(clause(2, capd=Between(low=9)))
    joins = domain(clause(3, ice=Between(high=2), capd=Between(low=9)))
    crs = dataclasses.replace(load("astct-2019").scale("crs"), domains=(one, two, joins), assumptions=(), episode=None)
    assert sorted(len(t.domains) for t in tables_of(crs).tables) == [0, 3]


def test_the_fever_of_an_episode_stands_apart_from_its_other_signs() -> None:
    tables = tables_of(load("astct-2019").scale("crs"))
    assert tables.fever is not None
    assert [d.name for d in tables.fever.domains] == ["fever"]
    assert [[d.name for d in t.domains] for t in tables.signs] == [["hypotension"], ["hypoxia"]]
    assert tables_of(load("astct-2019").scale("icans")).fever is None


@given(data=st.data(), scale=any_scales.scales())
@settings(max_examples=100, deadline=None)
def test_a_range_is_that_of_every_completion(data: st.DataObject, scale: Scale) -> None:
    """Exact for any scale, not for the shipped one alone."""
    if any_scales.fields_conflict(scale):
        with pytest.raises(GuidelineError, match=r"^scale any: gated and ungated domains share fields: "):
            tables_of(scale)
        return
    for row in data.draw(st.lists(any_scales.rows(scale), min_size=1, max_size=4)):
        patient = {n: v for n, v in row.items() if n in PATIENT}
        observed = {n: v for n, v in row.items() if n not in PATIENT}
        case = read_case({"patient": patient, "observations": [{"time_h": 0, **observed}]})
        found = grade(case.observations[0], scale, case.patient)
        assert (found.floor, found.ceiling) == any_scales.tried_range(row, scale)
