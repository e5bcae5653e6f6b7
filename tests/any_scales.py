"""Scales of any shape for hypothesis, and a grader that tries every completion, to hold the tables against.

The fields are a few of the protocol's, one of each kind: a number, whole numbers cut and uncut, flags and
enumerations with a default and without, ICE with its items.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from cartox_core.conditions import Between, OneOf, Test
from cartox_core.fields import Field
from cartox_core.guideline import Assumption, Clause, Domain, Scale
from cartox_core.observation import READABLE

NAMES = (
    "temp_c",
    "ice",
    "vasopressors",
    "capd",
    "hypotension",
    "fever_other_cause",
    "seizure",
    "positive_pressure_reason",
    "age_years",
)
ENDS = {"temp_c": (37, 38, 39), "ice": (0, 3, 9, 10), "vasopressors": (0, 1, 5, 6), "capd": (1, 9, 32),
        "age_years": (0, 12, 120)}  # fmt: skip
ITEMS = ("naming", "year", "city", "command")
NAME = st.sampled_from(NAMES)
Row = dict[str, Any]


def tests_of(name: str) -> st.SearchStrategy[Test]:
    """Tests of one field."""
    field = READABLE[name]
    if field.kind == "bool":
        return st.sampled_from([OneOf((True,)), OneOf((False,))])
    if field.kind == "enum":
        return st.lists(st.sampled_from(field.values), min_size=1, max_size=2, unique=True).map(
            lambda v: OneOf(tuple(v))
        )
    ends = st.sampled_from(ENDS[name])
    any_of_them = st.one_of(
        st.builds(lambda at, closed: Between(low=at, low_in=closed), ends, st.booleans()),
        st.builds(lambda at, closed: Between(high=at, high_in=closed), ends, st.booleans()),
        st.builds(lambda a, b: Between(min(a, b), high=max(a, b)), ends, ends),
    )
    return any_of_them.filter(lambda test: any(map(test.holds, candidates(field))))  # some lie outside the range


def whens(names: Sequence[str]) -> st.SearchStrategy[dict[str, Test]]:
    """Conjunctions of tests on some of these fields."""
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return chosen.flatmap(lambda some: st.fixed_dictionaries({n: tests_of(n) for n in some}))


@st.composite
def domains(draw: st.DrawFn, name: str) -> Domain:
    """A domain of up to three clauses on up to two fields."""
    names = draw(st.lists(NAME, min_size=1, max_size=2, unique=True))
    rules = draw(st.lists(st.tuples(st.integers(0, 4), whens(names)), min_size=1, max_size=3))
    clauses = tuple(Clause(f"{name}.{i}", g, when, f"rule {i}", ()) for i, (g, when) in enumerate(rules))
    return Domain(name, name, clauses, draw(st.sampled_from([True, True, False])))


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """A scale with or without a gate, with one assumption or none."""
    parts = tuple(draw(domains(f"d{i}")) for i in range(draw(st.integers(1, 3))))
    gate = [Clause(f"gate.{i}", 1, w, "open", ()) for i, w in enumerate(draw(st.lists(whens(NAMES), max_size=2)))]
    read = [d.fields for d in parts]
    assumed = draw(st.none() | st.sampled_from([f for f in read if len(f) > 1 and f[0] != "ice"] or [None]))
    assumptions = () if assumed is None else (draw(assumption(*assumed)),)
    return Scale(
        "any", "any", "", (), 5, draw(st.sampled_from([None, 0])), tuple(gate), "gate", parts, assumptions, None
    )


@st.composite
def assumption(draw: st.DrawFn, one: str, other: str) -> Assumption:
    """What one field is taken for, while a test of another holds."""
    when = draw(st.just({}) | st.fixed_dictionaries({other: tests_of(other)}))
    return Assumption(one, draw(st.sampled_from(candidates(READABLE[one]))), when, "taken for")


def candidates(field: Field) -> list[Any]:
    """Values enough to stand for all: at each threshold and beside it."""
    if field.kind == "bool":
        return [False, True]
    if field.kind == "enum":
        return list(field.values)
    step = 1 if field.kind == "integer" else 0.5
    near = {at + d for at in ENDS[field.name] for d in (-step, 0, step)}
    return sorted(v for v in near if field.low <= v <= field.high)


def rows(scale: Scale) -> st.SearchStrategy[Row]:
    """What may be charted of a scale's fields; ``ice_items`` where the ICE is known in part."""
    known = {n: st.none() | st.sampled_from(candidates(READABLE[n])) for n in scale.fields}
    if "ice" in known:
        items = st.fixed_dictionaries({}, optional={k: st.integers(0, 3 if k == "naming" else 1) for k in ITEMS})
        both = st.fixed_dictionaries(known)
        return both | st.tuples(both, items).map(lambda two: {**two[0], "ice": None, "ice_items": two[1]})
    return st.fixed_dictionaries(known)


def possible(name: str, row: Mapping[str, Any], scale: Scale) -> list[Any]:
    """The values that one field may have, given what is charted."""
    field = READABLE[name]
    if row.get(name) is not None:
        return [row[name]]
    if field.default is not None:
        return [field.default]
    for taken in scale.assumptions:
        if taken.field == name and all(t.holds(v) for n, t in taken.when.items() for v in possible(n, row, scale)):
            return [taken.value]
    if name == "ice" and "ice_items" in row:
        items = row["ice_items"]
        low = sum(items.values())
        return list(range(low, low + 10 - sum(3 if k == "naming" else 1 for k in items) + 1))
    return candidates(field)


def complete_grade(row: Mapping[str, Any], scale: Scale) -> int:
    """The grade when everything is known."""

    def worst(domain: Domain) -> int:
        return max([c.grade for c in domain.clauses if holds(c)], default=0)

    def holds(clause: Clause) -> bool:
        return all(t.holds(row[n]) for n, t in clause.when.items())

    is_open = not scale.gate or any(map(holds, scale.gate))
    return max([worst(d) for d in scale.domains if is_open or not d.gated], default=0)


def tried_range(row: Mapping[str, Any], scale: Scale) -> tuple[int, int]:
    """The lowest and the highest grade over every completion."""
    values = [possible(n, row, scale) for n in scale.fields]
    grades = [complete_grade(dict(zip(scale.fields, v, strict=True)), scale) for v in itertools.product(*values)]
    return min(grades), max(grades)


def fields_conflict(scale: Scale) -> bool:
    """Whether a gated and an ungated domain (or the gate) are linked by fields that they share."""
    linked = [(set().union(*(c.when for c in scale.gate)), True)] if scale.gate else []
    linked += [(set(d.fields), d.gated) for d in scale.domains]
    free = set().union(*(names for names, gated in linked if not gated))
    return any(names & free for names, gated in linked if gated)
