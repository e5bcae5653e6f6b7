"""Mutants, the proof which of them are equivalent, and that the suite sees all the others."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartox_core import Scale, grade, grade_course, load, read_case
from harness.verify.board import board_of
from harness.verify.equivalent import equivalent
from harness.verify.mutants import Mutant, flipped, mutants
from tests.harness.verify.answers import load_with, suite
from tests.quick import quick
from tests.strategies import courses, snapshots

GUIDELINE = load("astct-2019")
SCALES = ("crs", "icans")


def every(scale: str) -> list[Mutant]:
    return [*mutants(GUIDELINE.scale(scale)), *flipped(GUIDELINE, scale, load_with)]


def named(scale: str, name: str) -> Mutant:
    return next(m for m in every(scale) if m.name == name)


@pytest.mark.parametrize("scale", SCALES)
def test_every_clause_is_mutated_in_each_way_that_its_tests_allow(scale: str) -> None:
    clauses = {c.id for c in GUIDELINE.scale(scale).clauses}
    assert {m.clause for m in every(scale) if m.operator == "drop"} == clauses
    operators = {m.operator for m in every(scale)}
    assert {
        "threshold",
        "strictness",
        "grade",
        "drop",
        "condition",
        "start",
        "unknown",
        "worst",
        "reading",
    } <= operators
    names = [m.name for m in every(scale)]
    assert len(names) == len(set(names))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scale", "name"),
    [
        ("crs", "crs.gate.fever: temp_c ≥ 38 became > 38"),
        ("crs", "crs.hypoxia.low_flow: o2_flow_l_min ≤ 6 became < 6"),
        ("crs", "crs.hypotension.g4: vasopressors ≥ 2 became ≥ 3"),
        ("crs", "crs.hypoxia.positive_pressure: grade 4 became 3"),
        ("crs", "crs.hypoxia.positive_pressure: o2_device bipap is forgotten"),
        ("crs", "crs.gate.episode: dropped"),
        ("crs", "the gate is always open"),
        ("crs", "an uncharted gap ends an episode"),
        ("crs", "it grades before its first hour"),
        ("icans", "icans.ice.g2: ice 3–6 became 3–7"),
        ("icans", "icans.seizure.g3: seizure_other_cause no is not asked"),
        ("icans", "what is unknown is normal"),
        ("icans", "the first domain with a sign decides, not the worst"),
    ],
)
def test_a_mistake_that_a_person_would_make_is_among_them_and_is_seen(scale: str, name: str) -> None:
    mutant = named(scale, name)
    board = board_of(suite("core").cases, scale)
    assert board.wrong(board.answers(mutant)).any()
    assert mutant.habit or not equivalent(GUIDELINE.scale(scale), mutant.scale)


def test_a_reading_is_flipped_and_says_which_clause_it_changes() -> None:
    flips = {m.name.partition(":")[0]: m.clause for m in flipped(GUIDELINE, "crs", load_with)}
    assert flips["C32=rounded"] == "crs.gate.fever"
    assert flips["C12=not_counted"] == "crs.hypotension.vasopressin"
    assert flips["C26=seven_days"] == "crs.gate.episode"


@pytest.mark.slow
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", quick(["core"], ["core", "full"]))
def test_the_suite_kills_every_mutant_that_is_not_proven_equivalent(scale: str, name: Any) -> None:
    board = board_of(suite(name).cases, scale)
    right = GUIDELINE.scale(scale)
    for mutant in every(scale):
        killed = bool(board.wrong(board.answers(mutant)).any())
        assert killed != (not mutant.habit and equivalent(right, mutant.scale)), mutant.name


@pytest.mark.parametrize("scale", SCALES)
def test_the_right_scale_is_right_on_the_board(scale: str) -> None:
    board = board_of(suite("full", 60).cases, scale)
    assert not board.wrong(board.answers(Mutant("", "", "", GUIDELINE.scale(scale)))).any()


PROVEN = [(s, m.scale) for s in SCALES for m in every(s) if not m.habit and equivalent(GUIDELINE.scale(s), m.scale)]


def same_everywhere(one: Scale, other: Scale, raw: Any) -> None:
    case = read_case(raw)
    if case.is_snapshot:
        assert grade(case.observations[0], one, case.patient) == grade(case.observations[0], other, case.patient)
    else:
        told = case.observations, case.treatments
        assert grade_course(*told, one, case.patient).grades == grade_course(*told, other, case.patient).grades


@settings(max_examples=60, deadline=None)
@given(raw=st.one_of(snapshots(), courses()))
def test_what_is_proven_equivalent_grades_every_chart_alike(raw: Any) -> None:
    for scale, other in PROVEN:
        same_everywhere(GUIDELINE.scale(scale), other, raw)


def test_an_episode_that_differs_is_never_proven() -> None:
    crs = GUIDELINE.scale("crs")
    assert crs.episode is not None
    later = dataclasses.replace(crs, episode=dataclasses.replace(crs.episode, quiet_h=25))
    assert equivalent(crs, crs)
    assert not equivalent(crs, later)
    assert not equivalent(crs, dataclasses.replace(crs, from_h=1))
    fewer = dataclasses.replace(crs.episode, signs=("fever", "hypotension"))
    assert not equivalent(crs, dataclasses.replace(crs, episode=fewer))
