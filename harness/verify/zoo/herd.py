"""All the animals by name, each ready to be called: ``cartox verify call:harness.verify.zoo.herd:BipapIs3``."""

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from harness.verify.zoo import crs, habits, icans
from harness.verify.zoo.plain import Plain


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
