"""What of a guideline a verification could not test, and why."""

import dataclasses
from collections.abc import Mapping

from cartox_core import Scale
from cartox_core.guideline import Clause
from cartox_core.observation import READABLE
from harness.charts import mildest
from harness.verify.asked import Asking
from harness.verify.doors.door import Can
from harness.verify.suite.build import Suite


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """What was not asked: by reason how many cases, and by clause or field why it could not be tested."""

    left_out: Mapping[str, int]
    clauses: Mapping[str, str]
    fields: Mapping[str, str]


def coverage_of(suite: Suite, asked: Asking, can: Can) -> Coverage:
    """The clauses that no case could show, and the fields that could not be told."""
    shown = {name for case in asked.cases for name in case.clauses}
    there = {name for case in suite.cases for name in case.clauses}
    untold = asked.translation.untold
    clauses: dict[str, str] = {}
    fields: dict[str, str] = {}
    for scale in (suite.guideline.scale(s) for s in suite.scales):
        for clause in scale.clauses:
            if blocked := _blocked(clause, untold):
                clauses[clause.id] = f"{', '.join(blocked)} cannot be told"
            elif clause.id in there and clause.id not in shown:
                clauses[clause.id] = "no case could be asked"
        for name in _untold_fields(scale, untold):
            named = can.fields is not None and name not in can.fields
            fields[name] = "the grader does not name it" if named else "the map says it is not taken"
    return Coverage(asked.left_out, clauses, fields)


def _blocked(clause: Clause, untold: frozenset[str]) -> list[str]:
    """The fields that would have to be told for the clause to hold: those it wants at other than their mildest."""
    return [name for name, test in clause.when.items() if name in untold and not test.holds(mildest(READABLE[name]))]


def _untold_fields(scale: Scale, untold: frozenset[str]) -> list[str]:
    return [name for name in scale.fields if name in untold]
