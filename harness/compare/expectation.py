"""What was approved of a difference: rules, what changes beside the tables, and the scales that only one side has."""

import dataclasses
from typing import Literal

from harness.compare.region import Region, in_words

Gate = Literal["", "opens", "shuts"]


class ExpectationError(ValueError):
    """An expectation that cannot be read, or that names what is not there. The message says where and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Approved:
    """Findings that may change grade; ``number`` is the place in the file. A ``gate`` that changes needs no grades."""

    number: int
    scale: str
    where: Region
    old: int | None
    new: int | None
    gate: Gate
    reason: str

    @property
    def found(self) -> str:
        """The findings in one line."""
        return ", ".join(f"{name} {in_words(tests)}" for name, tests in self.where)

    @property
    def change(self) -> str:
        """What was approved, in words."""
        grades = "" if self.old is None else f"{self.old} → {self.new}"
        return ", ".join(part for part in (f"the gate {self.gate}" if self.gate else "", grades) if part)


@dataclasses.dataclass(frozen=True, slots=True)
class ApprovedBeside:
    """What may change beside the tables of a scale, in the words of the comparison."""

    scale: str
    what: str
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class Expectation:
    """The approved difference of two guidelines, told by their ids; who approved it and why is free text."""

    old: str
    new: str
    approved_by: str
    reason: str
    rules: tuple[Approved, ...]
    beside: tuple[ApprovedBeside, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]

    @property
    def without_reason(self) -> int:
        """How many of its changes have no reason, where the whole has none either."""
        reasons = [*(rule.reason for rule in self.rules), *(each.reason for each in self.beside)]
        return 0 if self.reason else sum(not reason.strip() for reason in reasons)
