"""The suite case of a chart: its grades by the core, and the clauses that it stands on."""

from collections.abc import Iterable, Mapping
from typing import Any

from cartox_core import Grade, Guideline, Scale, explain_course, read_case
from cartox_core.observation import READABLE
from harness.verify.case import SuiteCase


def right(
    name: str, why: str, raw: Mapping[str, Any], guideline: Guideline, scale: str, clauses: Iterable[str] = ()
) -> SuiteCase:
    """The suite case of a valid case, with the grades of the core; its kind is the first part of its name.

    Its clauses are those that decide, those given, and in a snapshot all that hold.
    """
    grades, deciding = graded(raw, guideline.scale(scale))
    alone = len(raw["observations"]) == 1 and not guideline.scale(scale).is_whole
    held = holding(raw, guideline.scale(scale)) if alone else ()
    named = tuple(dict.fromkeys((*deciding, *clauses, *held)))
    return SuiteCase(f"{scale}/{name}", scale, raw, grades, named, name.split("/", maxsplit=1)[0], why)


def holding(raw: Mapping[str, Any], scale: Scale) -> tuple[str, ...]:
    """The ids of the clauses of a scale whose tests all hold for sure in a snapshot."""
    charted = {**(raw.get("patient") or {}), **raw["observations"][0]}

    def known(name: str) -> Any:
        value = charted.get(name)
        return READABLE[name].default if value is None else value

    return tuple(
        clause.id
        for clause in scale.clauses
        if all(known(name) is not None and test.holds(known(name)) for name, test in clause.when.items())
    )


def graded(raw: Mapping[str, Any], scale: Scale) -> tuple[tuple[Grade, ...], tuple[str, ...]]:
    """The grades of a valid case by the core, and the ids of the clauses that decide them."""
    case = read_case(raw)
    explained = explain_course(case.observations, case.treatments, scale, case.patient)
    ids = dict.fromkeys(b.clause.id for _, why in explained for b in why if b.clause)
    return tuple(g for g, _ in explained), tuple(ids)
