"""A guideline with one small mistake in it, for every mistake that its file allows: what the suite must see.

Every clause is mutated (a threshold moved by one step, an end of a range let in or out, the grade one up or down, the
clause or one of its conditions dropped, a value of an enumeration forgotten), and so are the gate, the episode and
the way in which domains and unknowns make a grade.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

from cartox_core import Guideline, GuidelineError, Scale, guideline_ids, load
from cartox_core.conditions import Between, OneOf, Test
from cartox_core.guideline import Clause, Domain
from cartox_core.observation import READABLE
from cartox_core.tables import tables_of
from harness.charts import step_of
from harness.verify.dose_mutants import dose_mistakes
from harness.verify.feature_mutants import feature_mistakes

HABITS = UNKNOWN_IS_NORMAL, UNKNOWN_IS_WORST = "what is unknown is normal", "what is unknown is at its worst"
Habit = Literal["", "unknown is mildest", "unknown is worst", "first domain"]
LoadWith = Callable[[Mapping[str, str]], Guideline]  # the guideline under other readings
Change = tuple[str, str, Scale]  # what was done, to which clause (empty where to none), and what came of it


@dataclasses.dataclass(frozen=True, slots=True)
class Mutant:
    """A scale with one mistake, or the right scale combined in a wrong way (``habit``)."""

    operator: str
    name: str
    clause: str
    scale: Scale
    habit: Habit = ""


def mutants(scale: Scale) -> Iterator[Mutant]:
    """Every mutant of a scale that can be built."""
    for operator, change in _OPERATORS.items():
        for name, clause, changed in change(scale):
            try:
                tables_of(changed)
            except GuidelineError:  # it would not even load
                continue
            yield Mutant(operator, name, clause, changed)
    yield Mutant("unknown", UNKNOWN_IS_NORMAL, "", scale, "unknown is mildest")
    yield Mutant("unknown", UNKNOWN_IS_WORST, "", scale, "unknown is worst")
    if len(scale.domains) > 1:
        yield Mutant("worst", "the first domain with a sign decides, not the worst", "", scale, "first domain")


def flipped(guideline: Guideline, scale: str, load_with: LoadWith) -> Iterator[Mutant]:
    """The scale under every reading that is not the one chosen, where that changes the scale."""
    for id_, reading in guideline.readings.items():
        for choice in reading.choices.values():
            if choice.name != guideline.chosen[id_]:
                other = load_with({**guideline.chosen, id_: choice.name}).scale(scale)
                name = f"{id_}={choice.name}: {choice.text}"
                yield Mutant("reading", name, _changed_clause(guideline.scale(scale), other), other)


def other_guidelines(guideline: Guideline, scale: str) -> Iterator[Mutant]:
    """The scale of that name of every other guideline on the shelf."""
    for id_ in guideline_ids():
        if id_ != guideline.id and scale in (other := load(id_)).scales:
            yield Mutant("guideline", f"{id_}: {other.title}", "", other.scale(scale))


def _thresholds(scale: Scale) -> Iterator[Change]:
    for clause, name, test in _numeric(scale):
        field = scale.field(name)
        for end, by in itertools.product(("low", "high"), (-step_of(field), step_of(field))):
            bound = round(getattr(test, end) + by, 6)
            if field.low <= bound <= field.high:
                moved = dataclasses.replace(test, **{end: bound})
                if moved.low <= moved.high:
                    yield _retested(scale, clause, name, moved)


def _strictness(scale: Scale) -> Iterator[Change]:
    for clause, name, test in _numeric(scale):
        for end in ("low", "high"):
            if abs(getattr(test, end)) != float("inf") and test.low != test.high:
                flag = f"{end}_in"
                yield _retested(scale, clause, name, dataclasses.replace(test, **{flag: not getattr(test, flag)}))


def _grades(scale: Scale) -> Iterator[Change]:
    for clause in (c for d in scale.domains for c in d.clauses):
        for grade in (clause.grade - 1, clause.grade + 1):
            if 0 <= grade <= scale.top:
                what = f"grade {clause.grade} became {grade}"
                yield _changed(scale, clause, dataclasses.replace(clause, grade=grade), what)


def _drops(scale: Scale) -> Iterator[Change]:
    yield from (_without(scale, clause) for clause in scale.clauses)


def _conditions(scale: Scale) -> Iterator[Change]:
    for clause in scale.clauses:
        for name in clause.when:
            rest = {k: t for k, t in clause.when.items() if k != name}
            if rest:
                changed = dataclasses.replace(clause, when=rest)
                yield _changed(scale, clause, changed, f"{name} {clause.when[name]} is not asked")


def _values(scale: Scale) -> Iterator[Change]:
    for clause in scale.clauses:
        for name, test in clause.when.items():
            if isinstance(test, OneOf) and len(test.values) > 1:
                for value in test.values:
                    rest = OneOf(tuple(v for v in test.values if v != value))
                    yield _retested(scale, clause, name, rest, f"{name} {value} is forgotten")


def _gate(scale: Scale) -> Iterator[Change]:
    if scale.gate:
        yield "the gate is always open", scale.gate[0].id, dataclasses.replace(scale, gate=())
    for domain in scale.domains:
        other = dataclasses.replace(domain, gated=not domain.gated)
        if scale.gate:
            what = f"{domain.name} {'counts with the gate closed' if domain.gated else 'needs the gate'}"
            worst = max(domain.clauses, key=lambda c: c.grade)
            yield what, worst.id, _with_domain(scale, domain, other)


def _start(scale: Scale) -> Iterator[Change]:
    if scale.from_h is not None:
        yield "it grades before its first hour", "", dataclasses.replace(scale, from_h=None)
        for by in (-1, 1):
            yield f"it begins {by:+d} h from its first hour", "", dataclasses.replace(scale, from_h=scale.from_h + by)


def _episode(scale: Scale) -> Iterator[Change]:
    episode = scale.episode
    if episode is None:
        return
    state = next((c.id for c in scale.gate if episode.opened in c.when), "")
    for quiet_h in (episode.quiet_h - 1, episode.quiet_h + 1, 0.0, 1e6):
        changed = dataclasses.replace(episode, quiet_h=quiet_h)
        yield f"an episode ends after {quiet_h:g} h of quiet", state, dataclasses.replace(scale, episode=changed)
    changed = dataclasses.replace(episode, gap_resolves=not episode.gap_resolves)
    yield "an uncharted gap ends an episode", state, dataclasses.replace(scale, episode=changed)
    changed = dataclasses.replace(episode, look_back_h=episode.look_back_h + 6)
    yield "signs of the 6 h before count", state, dataclasses.replace(scale, episode=changed)
    for sign in episode.signs:
        rest = tuple(s for s in episode.signs if s != sign)
        changed = dataclasses.replace(episode, signs=rest)
        yield f"{sign} is no sign of an episode", state, dataclasses.replace(scale, episode=changed)


def _assumptions(scale: Scale) -> Iterator[Change]:
    for assumption in scale.assumptions:
        field = READABLE[assumption.field]
        clause = next(c.id for c in scale.clauses if field.name in c.when)
        rest = tuple(a for a in scale.assumptions if a is not assumption)
        yield f"unknown {field.name}: {assumption.text}, dropped", clause, dataclasses.replace(scale, assumptions=rest)
        if field.kind == "number":
            for value in (field.low, field.high):
                other = (*rest, dataclasses.replace(assumption, value=value))
                what = f"unknown {field.name} is read as {value:g}"
                yield what, clause, dataclasses.replace(scale, assumptions=other)


_OPERATORS = {
    "threshold": _thresholds,
    "strictness": _strictness,
    "grade": _grades,
    "drop": _drops,
    "condition": _conditions,
    "value": _values,
    "gate": _gate,
    "start": _start,
    "episode": _episode,
    "assumption": _assumptions,
    "feature": feature_mistakes,
    "dose": dose_mistakes,
}


def _numeric(scale: Scale) -> Iterator[tuple[Clause, str, Between]]:
    for clause in scale.clauses:
        for name, test in clause.when.items():
            if isinstance(test, Between):
                yield clause, name, test


def _retested(scale: Scale, clause: Clause, name: str, test: Test, what: str = "") -> Change:
    changed = dataclasses.replace(clause, when={**clause.when, name: test})
    return _changed(scale, clause, changed, what or f"{name} {clause.when[name]} became {_exact(test)}")


def _exact(test: Test) -> str:
    if isinstance(test, Between) and abs(test.low) != float("inf") and abs(test.high) != float("inf"):
        if test.low_in and test.high_in:
            return f"{test.low:g}–{test.high:g}"
        return f"{'≥' if test.low_in else '>'} {test.low:g} and {'≤' if test.high_in else '<'} {test.high:g}"
    return str(test)


def _without(scale: Scale, clause: Clause) -> Change:
    return _changed(scale, clause, None, "dropped")


def _changed(scale: Scale, clause: Clause, changed: Clause | None, what: str) -> Change:
    def put(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        return tuple(c if c is not clause else changed for c in clauses if c is not clause or changed is not None)  # type: ignore[misc]

    domains = tuple(dataclasses.replace(d, clauses=put(d.clauses)) for d in scale.domains)
    kept = tuple(d for d in domains if d.clauses)
    return f"{clause.id}: {what}", clause.id, dataclasses.replace(scale, gate=put(scale.gate), domains=kept)


def _with_domain(scale: Scale, domain: Domain, other: Domain) -> Scale:
    return dataclasses.replace(scale, domains=tuple(other if d is domain else d for d in scale.domains))


def _changed_clause(one: Scale, other: Scale) -> str:
    """The first clause that differs between two forms of a scale."""
    theirs: Mapping[str, Clause] = {c.id: c for c in other.clauses}
    mine = {c.id: c for c in one.clauses}
    for name in dict.fromkeys([*mine, *theirs]):
        a, b = mine.get(name), theirs.get(name)
        if a is None or b is None or (a.grade, dict(a.when)) != (b.grade, dict(b.when)):
            return name
    return next((c.id for c in one.gate if one.episode and one.episode.opened in c.when), "")
