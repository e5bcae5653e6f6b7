"""What a verification found, as one frozen value that every report is written from."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from cartox_core import Guideline
from harness.verify.agreement import Agreement, UnknownTreated
from harness.verify.coverage import Coverage
from harness.verify.diagnosis import Diagnosis
from harness.verify.doors.door import Can
from harness.verify.effect import Effect
from harness.verify.examine import Examined
from harness.verify.faults import Fault
from harness.verify.judge import Judged
from harness.verify.suite.build import Suite

Word = Literal["conformant", "nonconformant", "incomplete"]
EXIT: Mapping[Word, int] = {"conformant": 0, "nonconformant": 1, "incomplete": 3}


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """The whole outcome. ``reasons`` say why it is incomplete, or what else must be mended.

    ``options`` are the words by which the same suite is asked in the same way again.
    """

    word: Word
    reasons: tuple[str, ...]
    door: str
    options: tuple[str, ...]
    can: Can
    guideline: Guideline
    suite: Suite
    judged: tuple[Judged, ...]
    accepted: tuple[Judged, ...]
    faults: tuple[Fault, ...]
    agreements: tuple[Agreement, ...]
    unknown: UnknownTreated
    diagnosis: Diagnosis
    effect: Effect | None
    coverage: Coverage
    examined: Examined
    seconds: float

    @property
    def counts(self) -> dict[str, int]:
        """How many cases have which status, agreement first."""
        found = Counter(j.status for j in self.judged)
        order = ["agree", *sorted(k for k in found if k != "agree")]
        return {name: found[name] for name in order if found[name]}  # type: ignore[index]

    @property
    def failures(self) -> tuple[Judged, ...]:
        """The failures that nobody has accepted, by fault."""
        seen: dict[str, Judged] = {}
        for fault in self.faults:
            for j in fault.failures:
                seen.setdefault(j.case.id, j)
        return tuple(seen.values())


def word_of(failures: Sequence[Judged], objections: Sequence[str], gaps: Sequence[str]) -> Word:
    """The verdict: what could not be tested outweighs nothing that is wrong, unless the run broke off.

    >>> word_of([], [], []), word_of([], [], ["it skipped 3 cases"])
    ('conformant', 'incomplete')
    """
    if failures or objections:
        return "nonconformant"
    return "incomplete" if gaps else "conformant"
