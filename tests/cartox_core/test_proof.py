"""The proof of a guideline: gaps, dead clauses and worse signs graded lower, each with a witness."""

import dataclasses
import itertools
from typing import Any

import pytest
from hypothesis import given, settings

from cartox_core import GuidelineError, load
from cartox_core.conditions import Between, OneOf
from cartox_core.guideline import Clause, Domain, Guideline
from cartox_core.observation import READABLE
from cartox_core.proof import dead_clause, dead_gate, gap, milder_for_worse, prove
from cartox_core.tables import Axis, axis_of
from tests import any_scales

CRS = load("astct-2019").scale("crs")
YES, NO = OneOf((True,)), OneOf((False,))


def clause(name: str, level: int, **when: Any) -> Clause:
    return Clause(name, level, when, "", ())


def domain(*clauses: Clause) -> Domain:
    return Domain("d", "d", clauses)


def axes_of(domain: Domain) -> list[Axis]:
    return [axis_of(name, domain.clauses) for name in domain.fields]


def test_a_gap_is_shown_with_a_witness() -> None:
    gappy = domain(
        clause("a", 2, vasopressors=Between(low=2), hypotension=YES),
        clause("b", 0, hypotension=NO),
    )
    assert gap(gappy, axes_of(gappy)) == "a gap: no clause says what to grade when vasopressors 0–1, hypotension yes"


def test_a_domain_without_clauses_is_all_gap() -> None:
    assert gap(domain(), []) is not None


def test_a_covered_domain_has_no_gap() -> None:
    whole = domain(clause("a", 2, temp_c=Between(low=38)), clause("b", 0, temp_c=Between(high=38, high_in=False)))
    assert gap(whole, axes_of(whole)) is None


DEAD = [  # the clauses, and the one that never decides
    ((clause("a", 2, hypotension=YES), clause("b", 2, hypotension=YES, vasopressin=YES)), "b"),
    ((clause("a", 2, hypotension=YES), clause("b", 3, hypotension=YES)), "a"),
    ((clause("a", 1, ice=Between(high=5)), clause("b", 1, ice=Between(3)), clause("c", 1, ice=Between(4, high=8))),
     "c"),
    ((clause("a", 1, temp_c=Between(low=45, low_in=False)),), "a"),
    ((clause("a", 0, hypotension=YES), clause("b", 0, hypotension=YES, vasopressin=YES)), None),
    ((clause("a", 0, hypotension=YES), clause("b", 1, hypotension=YES)), "a"),
    ((clause("a", 1, ice=Between(0, high=5)), clause("b", 1, ice=Between(3, high=10))), None),
    ((clause("a", 2, hypotension=YES, vasopressin=YES), clause("b", 1, hypotension=YES)), None),
]  # fmt: skip


@pytest.mark.parametrize(("clauses", "dead"), DEAD, ids=range(len(DEAD)))
def test_a_clause_that_never_decides(clauses: tuple[Clause, ...], dead: str | None) -> None:
    whole = domain(*clauses)
    found = dead_clause(whole, axes_of(whole))
    if dead is None:
        assert found is None
    else:
        level = next(c.grade for c in clauses if c.id == dead)
        assert found == f"clause {dead} is unreachable: another of grade {level} or worse always holds with it"


def gated_by(*gate: Clause) -> str | None:
    return dead_gate(dataclasses.replace(CRS, gate=gate))


def test_a_gate_clause_that_another_makes_needless() -> None:
    hot, hotter = clause("hot", 1, temp_c=Between(low=38)), clause("hotter", 1, temp_c=Between(low=39))
    told = clause("told", 1, crs_onset_fever=YES)
    assert gated_by(hot, told) is None
    assert gated_by(hot) is None
    assert gated_by() is None
    assert gated_by(hot, told, hotter) == "clause hotter is unreachable: the others open the gate wherever it does"
    assert gated_by(hotter, hot, hot) == "clause hotter is unreachable: the others open the gate wherever it does"


WORSE = [  # of what field, clauses that grade the worse sign lower, and how that is said
    ("up", [clause("a", 2, vasopressors=Between(1, high=1)), clause("b", 1, vasopressors=Between(low=2))],
     "vasopressors 2–6 below 1 (a against b)"),
    ("down", [clause("a", 2, ice=Between(low=7)), clause("b", 1, ice=Between(high=6))],
     "ice 0–6 below 7–10 (a against b)"),
    ("two fields", [clause("a", 1, vasopressors=Between(1, high=1), vasopressin=YES), clause("b", 1, vasopressin=YES),
                    clause("c", 3, vasopressors=Between(1, high=1)), clause("d", 2, vasopressors=Between(low=2)),
                    clause("e", 2, vasopressors=Between(low=2), vasopressin=YES)],
     "vasopressors 2–6 below 1 (a, b, c against b, d, e)"),
    ("flag", [clause("a", 0, hypotension=YES), clause("b", 1, hypotension=NO)],
     "hypotension yes below no (b against no clause)"),
    ("rank", [clause("a", 3, o2_device=OneOf(("nasal_cannula",))), clause("b", 2, o2_device=OneOf(("cpap",)))],
     "o2_device face_mask below nasal_cannula (a against no clause)"),
    ("excuse", [clause("a", 1, fever_other_cause=YES), clause("b", 0, fever_other_cause=NO)],
     "fever_other_cause no below yes (a against no clause)"),
]  # fmt: skip


@pytest.mark.parametrize(("clauses", "words"), [w[1:] for w in WORSE], ids=[w[0] for w in WORSE])
def test_a_worse_sign_graded_lower_is_shown_with_a_witness(clauses: list[Clause], words: str) -> None:
    bad = domain(*clauses)
    assert milder_for_worse(bad, axes_of(bad)) == f"a worse sign is graded lower: {words}"


FINE = [
    [clause("a", 1, ice=Between(low=7)), clause("b", 1, ice=Between(high=6))],
    [clause("a", 1, hypotension=NO), clause("b", 1, hypotension=YES)],
    [clause("a", 3, o2_device=OneOf(("nasal_cannula",))), clause("b", 2, o2_device=OneOf(("blow_by",))),
     clause("c", 3, o2_device=OneOf(("face_mask", "non_rebreather", "venturi_mask", "cpap", "bipap"))),
     clause("d", 3, o2_device=OneOf(("mechanical_ventilation",)))],
    [clause("a", 2, fever_masked=NO), clause("b", 1, fever_masked=YES)],
    [clause("a", 1, positive_pressure_reason=OneOf(("hypoxia",)))],
]  # fmt: skip


@pytest.mark.parametrize(
    "clauses", FINE, ids=["equal", "equal flags", "equal ranks", "no order", "no order of reasons"]
)
def test_signs_that_are_equal_or_have_no_order_may_be_graded_as_one_likes(clauses: list[Clause]) -> None:
    good = domain(*clauses)
    assert milder_for_worse(good, axes_of(good)) is None


def test_signs_are_compared_with_other_causes_at_their_defaults() -> None:
    """With another cause, a worse device may count for less: there is no order between excused signs."""
    device = {"o2_device": OneOf(("cpap", "bipap", "mechanical_ventilation"))}
    clauses = (
        clause("a", 4, **device, oxygen_other_cause=NO),
        clause("b", 3, o2_device=OneOf(("face_mask", "non_rebreather", "venturi_mask"))),
    )
    assert milder_for_worse(domain(*clauses), axes_of(domain(*clauses))) is None


def shelf(**scale: Any) -> Guideline:
    return dataclasses.replace(load("astct-2019"), scales={"crs": dataclasses.replace(CRS, episode=None, **scale)})


def test_a_proof_names_the_scale_and_the_domain() -> None:
    bad = dataclasses.replace(CRS.domain("fever"), clauses=CRS.domain("fever").clauses[:1])
    with pytest.raises(GuidelineError, match=r"^scale crs, domain fever: a gap: .* when temp_c < 38, fever_other_ca"):
        prove(shelf(domains=(bad,)))


def test_a_proof_names_the_gate() -> None:
    with pytest.raises(GuidelineError, match=r"^scale crs, gate: clause crs.gate.fever is unreachable: "):
        prove(shelf(gate=(CRS.gate[0], dataclasses.replace(CRS.gate[0]))))


def test_a_proof_builds_the_tables() -> None:
    with pytest.raises(GuidelineError, match=r"^scale crs: gated and ungated domains share fields: death, death$"):
        prove(shelf(domains=(CRS.domain("death"), dataclasses.replace(CRS.domain("death"), gated=True))))


def test_the_shipped_guideline_is_sound() -> None:
    prove(load("astct-2019"))


def holding(whole: Domain, values: dict[str, Any]) -> list[Clause]:
    return [c for c in whole.clauses if all(t.holds(values[n]) for n, t in c.when.items())]


@given(whole=any_scales.domains("d"))
@settings(max_examples=150, deadline=None)
def test_the_proof_sees_what_trying_every_value_sees(whole: Domain) -> None:
    names = whole.fields
    grid = [
        dict(zip(names, values, strict=True))
        for values in itertools.product(*(any_scales.candidates(READABLE[n]) for n in names))
    ]
    axes = axes_of(whole)
    cells = [holding(whole, values) for values in grid]
    assert (gap(whole, axes) is None) == all(cells)
    for number, rule in enumerate(whole.clauses):
        first = [c for i, c in enumerate(whole.clauses) if (-c.grade, i) < (-rule.grade, number) and c.grade]
        if not any(rule in held and not any(c in held for c in first) for held in cells):
            assert dead_clause(whole, axes) is not None
            return
    assert dead_clause(whole, axes) is None
