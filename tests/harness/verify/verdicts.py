"""Whole verifications of small graders in this process, for the tests of reports."""

import dataclasses
import functools
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from cartox_core import load
from harness.cli.wire import Grader
from harness.verify.doors.door import Can, Limits, Lost, Reply, Request
from harness.verify.known import Entry
from harness.verify.suite.build import build
from harness.verify.verdict import Verdict
from harness.verify.verify import Order, verify
from harness.verify.zoo.herd import ANIMALS
from tests.harness.verify.answers import load_with

Function = Callable[[dict[str, Any]], Any]


@dataclasses.dataclass(frozen=True)
class InProcess:
    """A door to a function of this process."""

    grader: Function
    can: Can = Can("small", "1", missing="range")
    title: str = "call:small:grade"
    window: int = 512
    nan: bool = True
    can_repeat: bool = True

    def open(self, _limits: Limits) -> "Called":
        return Called(self.grader, self.can)


@dataclasses.dataclass(frozen=True)
class Called:
    grader: Function
    can: Can

    def exchange(self, requests: Iterable[Request], _window: int, _linger_s: float = 0.0) -> Iterator[Reply | Lost]:
        for name, line in requests:
            yield Reply(name, {**self.grader(json.loads(line)), "id": name})

    def log(self) -> str:
        return "it said this"

    def close(self) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def verdict_on(grader: Function, known: tuple[Entry, ...] = (), can: Can | None = None, **order: Any) -> Verdict:
    """What verify finds about a grader, by the full suite with few sealed cases."""
    guideline = load("astct-2019")
    told = {"effect_patients": 110, "known": known, **order}
    door = InProcess(grader, can or Can("small", "1", missing="range"))
    return verify(
        door, guideline, lambda s: (build(guideline, s, "full", 1, 44), None), Order(load_with=load_with, **told)
    )


@functools.cache
def verdict_on_animal(name: str) -> Verdict:
    return verdict_on(ANIMALS[name].grader())


by_the_core: Function = Grader([load("astct-2019")], "0").grade


@functools.cache
def verdict_on_core() -> Verdict:
    return verdict_on(by_the_core)
