"""Everything that can be looked up: entries of the catalogue, steps, scores, scales, clauses, readings, fields, works.

Each says where it comes from and where it is used. For testing and teaching, not for treating patients.
"""

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cartox_core import Guideline, Plan, Score, guideline_ids, load, load_plan, load_score, plan_ids, score_ids
from cartox_core.bibliography import bibliography
from cartox_core.catalogue import ENTRY_KINDS, catalogue
from cartox_core.context import CONTEXT
from cartox_core.doses import dose_of, schedule
from cartox_core.guideline import Reading
from cartox_core.indices import INDICES, Index
from cartox_core.management import Step
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT, Patient

KINDS = (
    *("drug", "step"),
    *(kind for kind in ENTRY_KINDS if kind != "drug"),
    *("score", "scale", "reading", "clause", "field", "context field", "work"),
)
"""The kinds in the order in which equals are told."""


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One thing to find: what it is, in words; ``source`` is where it stands, ``used`` where it is used."""

    kind: str
    id: str
    title: str
    text: str
    source: str
    used: tuple[str, ...] = ()
    cite: tuple[str, ...] = ()
    effect: str = ""
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    see: tuple[str, ...] = ()


@functools.cache
def findable() -> tuple[Item, ...]:
    """Everything on the shelves, under its default readings.

    >>> {item.kind for item in findable()} == set(KINDS)
    True
    """
    guidelines = [load(name) for name in guideline_ids()]
    scores = [load_score(name) for name in score_ids()]
    plans = [load_plan(name) for name in plan_ids()]
    owners: list[Guideline | Score | Plan] = [*guidelines, *scores, *plans]
    return (
        *_entries(plans),
        *(item for plan in plans for item in _steps(plan)),
        *(_score(score) for score in scores),
        *(_index(index) for index in INDICES.values()),
        *(item for guideline in guidelines for item in _scales(guideline)),
        *(_reading(reading, owner) for owner in owners for reading in owner.readings.values()),
        *_fields(guidelines, plans),
        *_works(),
    )


def _entries(plans: Iterable[Plan]) -> Iterator[Item]:
    steps = [(plan.id, step) for plan in plans for step in plan.steps]
    for entry in catalogue().values():
        used = tuple(f"{plan}, step {step.id}" for plan, step in steps if entry.id in step.see)
        source = f"cartox_core/catalogue/{entry.file}"
        told = (entry.cite, entry.effect, entry.values, entry.see)
        yield Item(entry.kind, entry.id, entry.title, entry.text, source, used, *told)


def _steps(plan: Plan) -> Iterator[Item]:
    for step in plan.steps:
        when = " or ".join(", ".join(f"{name} {test}" for name, test in one.items()) for one in step.when)
        text = "; ".join(filter(None, [_dose(step), f"{step.strength}, where {when}", step.evidence, step.note]))
        used = (f"cartox recommend --plan {plan.id} --toxicity {step.toxicity}",)
        source = f"cartox_core/management/{plan.id}.toml"
        yield Item("step", step.id, step.what, text, source, used, step.cite, see=step.see)


def _dose(step: Step) -> str:
    """The dose of a step for nobody in particular, and how often."""
    return f"{dose_of(step.regimen, Patient())}{schedule(step.regimen)}" if step.regimen else ""


def _score(score: Score) -> Item:
    text = " ".join(filter(None, [score.text, score.note]))
    source = f"cartox_core/scores/{score.id}.toml"
    return Item("score", score.id, score.title, text, source, (f"cartox score {score.id}",), score.cite)


def _index(index: Index) -> Item:
    used = (f"cartox score {index.id}",)
    return Item("score", index.id, index.title, index.text, "cartox_core/indices.py", used, index.cite)


def _scales(guideline: Guideline) -> Iterator[Item]:
    source, used = f"cartox_core/guidelines/{guideline.id}.toml", (f"cartox guideline {guideline.id}",)
    for scale in guideline.scales.values():
        text = scale.text or guideline.text
        yield Item("scale", f"{guideline.id}/{scale.name}", scale.title, text, source, used, scale.cite)
        for clause in scale.clauses:
            when = ", ".join(f"{name} {test}" for name, test in clause.when.items())
            title = f"{clause.text} (grade {clause.grade})"
            yield Item("clause", clause.id, title, f"{guideline.id}: {when}", source, used, clause.cite)


def _reading(reading: Reading, owner: Guideline | Score | Plan) -> Item:
    folder = "guidelines" if isinstance(owner, Guideline) else "scores" if isinstance(owner, Score) else "management"
    choices = "; ".join(f"{name}: {choice.text}" for name, choice in reading.choices.items())
    text = f"{owner.id}, default {reading.default}. {choices}. {reading.why}"
    others = "|".join(name for name in reading.choices if name != reading.default)
    used = (f"--reading {reading.id}={others}",)
    return Item("reading", reading.id, reading.title, text, f"cartox_core/{folder}/{owner.id}.toml", used)


def _fields(guidelines: Iterable[Guideline], plans: Iterable[Plan]) -> Iterator[Item]:
    scales = [(f"{g.id}/{s.name}", set(s.fields)) for g in guidelines for s in g.scales.values()]
    steps = [(f"{p.id}, step {s.id}", {*s.fields, *s.charts}) for p in plans for s in p.steps]
    for name, field in {**PATIENT, **OBSERVATION, **TREATMENT}.items():
        used = tuple(reader for reader, fields in (*scales, *steps) if name in fields)
        yield Item("field", name, field.doc, field.allowed, "docs/protocol.md", used, ("protocol-1 section 2",))
    for name, field in CONTEXT.items():
        used = tuple(reader for reader, fields in steps if name in fields)
        yield Item("context field", name, field.doc, field.allowed, "cartox_core/context.py", used)


def _works() -> Iterator[Item]:
    for key, work in bibliography().items():
        text = " ".join(filter(None, [work["authors"], work["where"], work["year"], work["doi"]]))
        yield Item("work", key, work["title"], text, "cartox_core/bibliography.toml")
