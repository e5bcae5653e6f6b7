"""What a change does as one HTML page that needs nothing but itself: rules, flow, matrices, care."""

from collections.abc import Iterator, Sequence
from importlib import metadata, resources
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from harness.compare.exact import Difference, Rule
from harness.compare.flow import flow
from harness.compare.guidelines import Changes
from harness.compare.moves import BESIDE, GRADES, Moves, Pair
from harness.compare.population import Population
from harness.compare.population_report import (
    BESIDE_WORDS,
    HOW_COUNTED,
    headline,
    matrix_of,
    met,
    not_exercised_words,
    per,
    per_1000,
    ranges,
    times,
)
from harness.compare.report import cautions, compact, only, reads
from harness.look import style

NOT_FOR_TREATING = "For testing and teaching. Not for treating patients."


def html_report(found: Changes, population: Population | None, held: Sequence[str] = (), is_met: bool = True) -> str:
    """The whole page; ``held`` says how the difference stands to what was approved of it, part by part."""
    text = (resources.files("harness.compare") / "page.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    counts = [None] * len(found.scales) if population is None else list(population.by_scale)
    return environment.from_string(text).render(
        style=style(),
        old=found.old,
        new=found.new,
        readings=[f"{k}={v}" for k, v in found.new.chosen.items() if v != found.new.readings[k].default],
        note=NOT_FOR_TREATING,
        held=held,
        is_met=is_met,
        tiles=list(_tiles(found, population)),
        scales=[_scale(scale, some) for scale, some in zip(found.scales, counts, strict=True)],
        grades=range(GRADES),
        on_patients=population is not None,
        source=f"{population.source}: {population.patients:,}, the same under both" if population else "",
        per=per(population.patients) if population else "",
        cautions=list(cautions(found)),
        version=metadata.version("cartox"),
        counted=HOW_COUNTED,
        golden=found.golden,
        not_exercised=[] if population is None else list(_not_exercised(population)),
        only=list(only(found)),
    )


def _tiles(found: Changes, population: Population | None) -> Iterator[tuple[str, str]]:
    rules, cells = sum(len(s.rules) for s in found.scales), sum(s.changed_cells for s in found.scales)
    yield f"{rules:,}", f"rule{'s' * (rules != 1)}, {cells:,} cells"
    if population is not None:
        yield per_1000(population.moved, population.patients), f"worst grades change, {per(population.patients)}"
        yield f"{len(population.not_exercised):,}", "rules not exercised"
    yield f"{len(found.golden):,}", f"of {found.golden_run:,} golden cases change"


def _scale(scale: Difference, counted: tuple[Pair, Moves] | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": scale.scale,
        "same": scale.is_none,
        "cells": scale.changed_cells,
        "beside": scale.beside,
        "reworded": scale.reworded,
        "reads": list(reads(scale)),
        "rules": [_rule(i, rule, counted) for i, rule in enumerate(scale.rules)],
    }
    if counted is None:
        return told
    pair, counts = counted
    matrix = matrix_of(counts)
    beside = counts.up[BESIDE] + counts.down[BESIDE]
    return {
        **told,
        "name": pair.name,
        "headline": headline(pair, counts),
        "patients": f"{counts.patients:,}",
        "flow": Markup(flow(matrix, f"{pair.name}, OLD to NEW", ("OLD", "NEW"))) if counts.moved else "",  # noqa: S704
        "matrix": [
            [(n, round(100 * n / max(1, sum(row))), j - i) for j, n in enumerate(row)] for i, row in enumerate(matrix)
        ],
        "said": [
            *times(counts),
            *ranges(pair, counts),
            *([f"{per_1000(beside, counts.patients)} per 1,000 move by {BESIDE_WORDS}"] if beside else []),
        ],
        "care": list(_care(counts)),
    }


def _rule(place: int, rule: Rule, counted: tuple[Pair, Moves] | None) -> dict[str, Any]:
    told = {
        "number": place + 1,
        "when": rule.found,
        "note": rule.note,
        "decided": [rule.decided] if rule.decided else [],
        "old": rule.old,
        "new": rule.new,
        "clauses_old": rule.clauses_old,
        "clauses_new": rule.clauses_new,
        "witness": rule.witness and compact(rule.witness),
    }
    if counted is None:
        return told
    _, counts = counted
    up, down = (per_1000(which[place], counts.patients) for which in (counts.up, counts.down))
    return {**told, "up": up, "down": down, "met": met(counts, place), "first": counts.first(place)}


def _care(counts: Moves) -> Iterator[tuple[str, str, str, float, float]]:
    """Each line of care with what is lost and gained per 1,000, and how long its bars are in per cent."""
    days = tuple(minutes / 1440 for minutes in counts.intensive_min)
    most = max((max(pair) for pair in counts.care.values()), default=0)
    for name, (gained, lost) in counts.care.items():
        if most:
            said = per_1000(lost, counts.patients), per_1000(gained, counts.patients)
            yield name, *said, 100 * lost / most, 100 * gained / most
    if any(days):
        said = per_1000(days[1], counts.patients), per_1000(days[0], counts.patients)
        yield "days of intensive care", *said, 100 * days[1] / max(days), 100 * days[0] / max(days)


def _not_exercised(population: Population) -> Iterator[tuple[str, str, str]]:
    for each in population.not_exercised:
        yield (
            f"{each.pair.name} rule {each.place + 1}: {each.rule}",
            not_exercised_words(each),
            compact(each.rule.witness),
        )
