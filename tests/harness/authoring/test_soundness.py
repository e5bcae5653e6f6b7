"""Overlaps that matter and those that do not, and the soundness of a domain told with witnesses."""

from typing import Any

import pytest

from cartox_core.conditions import parse_test
from cartox_core.guideline import Clause, Domain
from cartox_core.observation import READABLE
from cartox_core.proof import axes_of
from harness.authoring.finding import Fault
from harness.authoring.lines import Path
from harness.authoring.overlap import overlaps
from harness.authoring.soundness import domain_faults, gate_faults


def clause(name: str, grade: int, **when: Any) -> Clause:
    tests = {field: parse_test(written, READABLE[field]) for field, written in when.items()}
    return Clause(name, grade, {field: test for field, test in tests.items() if test}, "", ())


def domain(*clauses: Clause) -> Domain:
    return Domain("d", "d", clauses)


def placed(whole: Domain) -> list[tuple[Clause, Path]]:
    return [(clause, ("clause", i)) for i, clause in enumerate(whole.clauses)]


def told(whole: Domain) -> list[Fault]:
    return list(domain_faults(whole, {}, ("domain",), placed(whole)))


MATTER = [  # the domain, and what is told: worse, milder, field, witness
    (domain(clause("a", 1, ice="6..8"), clause("b", 2, ice="3..6")), ("b", "a", "ice", "ice 6")),
    (domain(clause("none", 0, temp_c="< 38.5"), clause("hot", 1, temp_c=">= 38.0")),
     ("hot", "none", "temp_c", "temp_c 38 to below 38.5")),
    (domain(clause("a", 2, o2_device=["face_mask", "cpap"]), clause("b", 3, o2_device=["cpap", "bipap"])),
     ("b", "a", "o2_device", "o2_device cpap")),
    (domain(clause("a", 2, ice="6..8", hypotension=True), clause("b", 3, ice="3..6", vasopressin=True)),
     ("b", "a", "ice", "ice 6, hypotension yes, vasopressin yes")),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "wanted"), MATTER, ids=range(len(MATTER)))
def test_tests_of_one_field_that_overlap_in_part_are_told(whole: Domain, wanted: tuple[str, ...]) -> None:
    (found,) = overlaps(whole, axes_of(whole, {}))
    assert (found.worse.id, found.milder.id, found.field, found.witness) == wanted
    assert (found.earlier, found.later) == whole.clauses[:2]


DO_NOT = [
    ("a step", domain(clause("a", 2, vasopressors=">= 1"), clause("b", 3, vasopressors=">= 2"))),
    ("an exception", domain(clause("a", 2, ice="3..9"), clause("b", 3, ice="5..6"))),
    ("two signs", domain(clause("a", 3, cerebral_edema="focal"), clause("b", 4, posturing=True))),
    ("the same grade", domain(clause("a", 2, ice="6..8"), clause("b", 2, ice="3..6"))),
    ("they never meet", domain(clause("a", 2, ice="6..8", hypotension=True),
                               clause("b", 3, ice="3..6", hypotension=False))),
    ("another cause", domain(clause("a", 0, o2_device=["face_mask", "cpap"], oxygen_other_cause=True),
                             clause("b", 3, o2_device=["cpap", "bipap"]))),
    ("a third one decides", domain(clause("a", 1, ice="6..8"), clause("b", 2, ice="3..6"), clause("c", 4, ice="6"))),
]  # fmt: skip


@pytest.mark.parametrize("whole", [d[1] for d in DO_NOT], ids=[d[0] for d in DO_NOT])
def test_overlaps_that_are_meant_are_left_alone(whole: Domain) -> None:
    assert list(overlaps(whole, axes_of(whole, {}))) == []


def test_gaps_are_counted() -> None:
    whole = domain(clause("a", 1, ice="0..3"), clause("b", 0, ice="9..10", hypotension=False))
    (found,) = told(whole)
    assert (found.code, found.path) == ("gap", ("domain",))
    assert found.message == (
        "d: no clause says what to grade when ice 4–8, hypotension no, and in 2 more cells, "
        "such as ice 9–10, hypotension yes"
    )


def test_every_dead_clause_is_told_with_what_is_in_its_way() -> None:
    whole = domain(
        clause("no", 0, hypotension=False),
        clause("yes", 2, hypotension=True),
        clause("dead", 2, hypotension=True, vasopressin=True),
        clause("milder", 1, hypotension=True, ice="0..5"),
    )
    assert [(f.path, f.message) for f in told(whole)] == [
        (("clause", 2), "dead never decides: yes of grade 2 or more always holds with it"),
        (("clause", 3), "milder never decides: yes of grade 1 or more always holds with it"),
    ]


def test_a_clause_that_several_cover() -> None:
    whole = domain(clause("a", 1, ice="0..4"), clause("b", 1, ice="5..10"), clause("c", 1, ice="3..6"))
    assert "c never decides: another clause" in told(whole)[0].message


def test_a_worse_sign_is_told_at_its_clause_and_a_gap_is_not_told_twice() -> None:
    whole = domain(
        clause("ok", 0, temp_c="< 38"), clause("hot", 2, temp_c="38..39"), clause("hotter", 1, temp_c="> 39")
    )
    (found,) = told(whole)
    assert (found.code, found.path) == ("worse-milder", ("clause", 2))
    assert found.message == "temp_c > 39 is graded 1 (hotter), and temp_c 38–39, which is better, 2 (hot)"
    gappy = domain(clause("ok", 0, temp_c="< 38"), clause("hot", 2, temp_c="38..39"))
    assert [f.code for f in told(gappy)] == ["gap"]


def test_a_gate_that_a_worse_sign_shuts() -> None:
    gate = domain(clause("open", 1, temp_c="38..40"), clause("needless", 1, temp_c="39..40", hypotension=True))
    found = list(gate_faults(gate, {}, placed(gate)))
    assert {(f.code, f.path) for f in found} == {("gate", ("clause", 1)), ("gate", ("clause", 0))}
    assert found[1].message.endswith("shut when temp_c > 40 instead")
