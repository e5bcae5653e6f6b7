"""One case of a suite: what is asked, what must be answered, and which clauses it looks at."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from cartox_core import Grade


@dataclasses.dataclass(frozen=True, slots=True)
class SuiteCase:
    """A case, with the grades that are right (one an observation), or None where it must be refused.

    ``raw`` holds ``patient``, ``observations`` and ``treatments`` as section 1 of the protocol has them.
    ``clauses`` are those that decide the answer and those whose edge the case stands on.
    """

    id: str
    scale: str
    raw: Mapping[str, Any]
    expected: tuple[Grade, ...] | None
    clauses: tuple[str, ...]
    kind: str
    why: str

    @property
    def is_course(self) -> bool:
        """Whether it has several observations."""
        return len(self.raw["observations"]) != 1

    @property
    def is_range(self) -> bool:
        """Whether what is unknown leaves a grade open."""
        return self.expected is not None and any(g.grade is None for g in self.expected)

    @property
    def fields(self) -> frozenset[str]:
        """The observation fields that are charted."""
        rows = self.raw["observations"]
        return frozenset(name for row in rows if isinstance(row, Mapping) for name in row) - {"time_h"}
