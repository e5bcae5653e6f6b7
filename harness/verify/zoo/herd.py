"""All the animals by name, each ready to be called: ``cartox verify call:harness.verify.zoo.herd:BipapIs3``."""

import dataclasses
import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from harness.verify.answer import Answer, read_answer
from harness.verify.case import SuiteCase
from harness.verify.zoo import crs, habits, icans
from harness.verify.zoo.plain import Plain

ZOO_GRADES = "astct-2019"


@dataclasses.dataclass(frozen=True, slots=True)
class Animal:
    """A grader that is wrong on purpose: what it confesses, and the clauses it breaks (none for a habit)."""

    name: str
    confession: str
    clauses: tuple[str, ...]
    kind: type[Plain]

    def grader(self) -> Plain:
        """A fresh one."""
        return self.kind()

    def answers(self, cases: Iterable[SuiteCase], top: int = 5) -> dict[str, Answer]:
        """What a fresh one answers to cases, by id. Where it checks its input as it should, that is taken as done."""
        grader = self.grader()
        checks_rightly = self.kind.refusal is Plain.refusal and self.kind.__call__ is Plain.__call__
        found = {}
        for case in cases:
            message = {"scale": case.scale, **case.raw}
            rows = case.raw.get("observations")
            if not checks_rightly:
                found[case.id] = read_answer(grader(message), len(rows) if isinstance(rows, list) else 1, top)
            elif case.expected is None:
                found[case.id] = Answer("refused")
            else:
                raw = {"status": "graded", "grades": grader.entries(message)}
                found[case.id] = read_answer(raw, len(case.expected), top)
        return found


def _animals() -> Iterator[Animal]:
    for module in (crs, icans, habits):
        for name, kind in vars(module).items():
            if inspect.isclass(kind) and issubclass(kind, Plain) and kind.__module__ == module.__name__:
                yield Animal(name, (kind.__doc__ or "").strip(), kind.clauses, kind)


ANIMALS: Mapping[str, Animal] = {animal.name: animal for animal in _animals()}


def __getattr__(name: str) -> Any:
    """An animal as a function, for the door ``call:``."""
    if name in ANIMALS:
        return ANIMALS[name].grader()
    raise AttributeError(f"there is no animal {name!r}; there are {', '.join(ANIMALS)}")
