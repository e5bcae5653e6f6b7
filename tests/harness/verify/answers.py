"""Suites, and graders that answer them at once, for the tests of verify."""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cartox_core import Guideline, load
from harness.verify.answer import Answer, read_answer
from harness.verify.case import SuiteCase
from harness.verify.judge import Judged, judge
from harness.verify.suite.build import Name, Suite, build
from harness.verify.zoo.herd import ANIMALS

Grader = Callable[[dict[str, Any]], Any]


def load_with(readings: Mapping[str, str]) -> Guideline:
    return load("astct-2019", dict(readings))


@functools.cache
def suite(name: Name = "core", patients: int = 0, seed: int = 1) -> Suite:
    return build(load("astct-2019"), ("crs", "icans"), name, seed, patients)


def case_of(case_id: str, name: Name = "full") -> SuiteCase:
    return next(c for c in suite(name).cases if c.id == case_id)


def answered(grader: Grader, case: SuiteCase) -> Answer:
    rows = case.raw.get("observations")
    return read_answer(grader({"scale": case.scale, **case.raw}), len(rows) if isinstance(rows, list) else 1, 5)


def judged_by(animal: str, cases: Sequence[SuiteCase]) -> list[Judged]:
    answers = ANIMALS[animal].answers(cases)
    return [judge(case, answers[case.id], "range") for case in cases]
