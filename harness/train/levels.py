"""The levels of the course of study: what each teaches, in which simulated patients, and which of their hours."""

import dataclasses
import functools
import tomllib
from collections.abc import Mapping
from importlib import resources


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """A level; ``wants`` names the rule of :mod:`harness.train.hours` that chooses hours."""

    id: str
    title: str
    text: str
    scenarios: tuple[str, ...]
    wants: str


@functools.cache
def levels() -> Mapping[str, Level]:
    """Every level by its id, the first to study first.

    >>> list(levels())[:2]
    ['single-findings', 'worst-of-several']
    """
    text = (resources.files("harness.train") / "levels.toml").read_text(encoding="utf-8")
    found = (Level(**{**raw, "scenarios": tuple(raw["scenarios"])}) for raw in tomllib.loads(text)["level"])
    return {level.id: level for level in found}
