"""One case after the other put to a plan, and what it says of each as an object and in words."""

import dataclasses
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from cartox_core import Case, Grade, Plan, Scale, load_plan
from cartox_core.bedside import Bedside, bedside, scale_now, until
from harness.cli.advice_object import advised
from harness.cli.advice_words import advice_lines
from harness.cli.answers import Answer
from harness.cli.case_line import CaseLine
from harness.cli.explain import about_case
from harness.cli.grade import reasons, which
from harness.cli.missing import missing
from harness.cli.other_readings import Other, changing, others
from harness.cli.story import number
from harness.verify.answer import clean


@dataclasses.dataclass(frozen=True)
class Desk:
    """What is asked of every case: a plan (and where it is from), some of its parts, scales, what is stated, and when.

    ``every`` tells the steps of unknown grades, too.
    """

    plan: Plan
    source: str
    parts: tuple[str, ...]
    scales: Mapping[str, tuple[Scale, ...]]
    stated: Mapping[str, Any]
    at_h: float | None
    every: bool

    def seen(self, case: Case, plan: Plan) -> Bedside:
        """A case as a plan sees it."""
        return bedside(case, plan, self.scales, self.stated, self.at_h)

    def answers(self, found: CaseLine, line: int) -> Iterator[Answer]:
        """The answer to a case, with what the words are made of."""
        assert found.case is not None
        case = found.case if self.at_h is None else until(found.case, self.at_h)
        if case is None:
            first = found.case.observations[0].time_h
            yield {**which(found, line), "status": "nothing charted", "first_h": first}
        else:
            at = self.seen(case, self.plan)
            told = advised(at, self.plan, frozenset(self.parts))
            yield {**which(found, line), "status": "advised", **told, "at": at}

    def lines(self, answer: Answer) -> Iterator[str]:
        """An answer in words."""
        name = clean(str(answer["id"])) if answer["id"] is not None else f"line {answer['line']}"
        if answer["status"] == "refused":
            yield f"{name}  refused: {reasons(answer)}"
        elif answer["status"] == "nothing charted":
            yield f"{name}  nothing was charted by then; the first observation is at {answer['first_h']:g} h"
        else:
            at: Bedside = answer["at"]
            yield f"{about_case(at.case)}{'' if at.case.patient.weight_kg is not None else ', weight unknown'}"
            yield f"{self._time(at)}\n"
            yield from advice_lines(answer, self.plan, self.parts, self.every, self._lacks(at), self._changing(at))

    def _time(self, at: Bedside) -> str:
        """The hour asked, and, where it is later, from which observation the signs are."""
        last = at.case.observations[-1]
        if at.later is None:
            return f"At {number(last.time_h)} h, the last observation"
        until_then = "the end of the chart" if self.at_h is None else "as asked"
        told = (
            f"At {number(at.later.observation.time_h)} h, {until_then}; the signs are those of {number(last.time_h)} h"
        )
        later = sum(dose.minute > last.minute for dose in at.case.treatments)
        return told + (f", {later} dose{'s' * (later > 1)} since then counted" if later else "")

    def _lacks(self, at: Bedside) -> dict[str, tuple[str, ...]]:
        """What is missing for each grade that is not one number and is not stated."""
        open_parts = [
            part
            for part in self.plan.toxicities.values()
            if part.grade and part.grade not in self.stated and not _is_sure(at.now.value(part.grade))
        ]
        return {part.name: missing(at, scale_now(at.case, self.scales[part.name])) for part in open_parts}

    @cached_property
    def _others(self) -> tuple[Other, ...]:
        return others(self.plan, partial(load_plan, self.source))

    def _changing(self, at: Bedside) -> list[Other]:
        return list(changing(self.plan, at, self._others, frozenset(self.parts), partial(self.seen, at.case)))


def _is_sure(grade: object) -> bool:
    return isinstance(grade, Grade) and grade.grade is not None
