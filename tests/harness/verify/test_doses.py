"""Mistakes in the doses are made for every line, and the suite's courses of doses see each."""

import dataclasses

import pytest

from cartox_core import load
from harness.verify.board import board_of
from harness.verify.dose_mutants import dose_mistakes
from harness.verify.equivalent import equivalent
from harness.verify.mutants import Mutant
from harness.verify.suite.courses import courses
from harness.verify.suite.doses import doses
from tests.quick import quick

SYSTEMS = ("lee-2014", "penn-2018", "cartox-2018", "mskcc-2018")


@pytest.mark.parametrize("system", quick(["penn-2018"], SYSTEMS))
def test_the_courses_of_doses_alone_kill_every_mistake_in_them(system: str) -> None:
    guideline = load(system)
    scale = guideline.scale("crs")
    cases = [c for c in courses(guideline, scale) if "/doses/" in c.id]
    board = board_of(cases, "crs")
    assert not board.wrong(board.answers(Mutant("", "", "", scale))).any()
    mistakes = list(dose_mistakes(scale))
    assert len({what for what, _, _ in mistakes}) == len(mistakes)
    for what, clause, changed in mistakes:
        assert clause in {c.id for c in scale.clauses}
        assert not equivalent(scale, changed), what
        assert board.wrong(board.answers(Mutant("dose", what, clause, changed))).any(), what


@pytest.mark.parametrize(
    "what",
    [
        "the line of norepinephrine is 20.2 µg/min",
        "the line of dopamine is 10 µg/min",
        "the line of phenylephrine is forgotten",
        "the line of combination is 19.8 µg/min",
        "the line of on_vasopressin is 10.1 µg/min",
        "the equivalent of phenylephrine is 5 µg/min",
        "the equivalent of dopamine is 2 µg/min",
        "a dose is high after 2.5 h",
        "an interruption counts from 16 minutes",
        "no dose is derived",
    ],
)
def test_a_mistake_that_a_person_would_make_is_among_them(what: str) -> None:
    assert what in [name for name, _, _ in dose_mistakes(load("lee-2014").scale("crs"))]


def test_a_scale_that_derives_nothing_has_neither() -> None:
    crs = load("astct-2019").scale("crs")
    assert list(dose_mistakes(crs)) == []
    assert list(doses(crs)) == []
    alone = dataclasses.replace(load("lee-2014").scale("crs"), gate=(), episode=None)
    assert [name for name, *_ in doses(alone)] == [name for name, *_ in doses(load("lee-2014").scale("crs"))]
