"""What is said of a place in a guideline file: a finding, with what to do about it."""

import dataclasses
from typing import Literal

from harness.authoring.lines import Path

Severity = Literal["error", "warning"]

HINTS = {
    "not-toml": 'texts stand in "quotes", lists in [brackets], and every key once',
    "missing-source": 'add cite = ["KEY place"]; KEY is a work of the bibliography, or a [source.KEY] of this file',
    "unknown-source": "cite a work of the bibliography, or describe this one in a table [source.KEY]",
    "unknown-field": "the fields are those of docs/protocol.md; see cartox schema",
    "bad-test": "test for what the field may hold; see docs/protocol.md",
    "bad-reading": "every choice sets the same values, no other reading sets them, and the default is a choice",
    "bad-infusions": "add the clause, or take this table out",
    "bad-grade": "write a whole number from 0 to the top of the scale",
    "duplicate-id": "give each its own name",
    "unset-value": "add it to the values of every choice of a reading, or write the value itself",
    "unused-source": "cite it where it belongs, or take it out",
    "no-test": "say in when what must hold",
    "gap": "add a clause for it, or widen one; what is no sign of illness needs a clause of grade 0",
    "dead-clause": "narrow the other clause, raise the grade of this one, or take it out",
    "worse-milder": "give the worse sign at least that grade, perhaps by a clause of its own",
    "scale": "gated and ungated domains share no field, and an assumption tests only what its own domains read",
    "gate": "look at the tests of the gate",
    "overlap": "the worse grade always wins; if that is not meant, let one test end where the other begins",
    "value": "make the text and the test say the same",
    "number": "make the text and the test say the same",
}
_LIKE_THE_SHELF = "the same table of a guideline on the shelf shows how: cartox guideline new --from ID"


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path of the file; ``code`` says of what kind it is."""

    path: Path
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """A fault at its line (from 1)."""

    line: int
    severity: Severity
    code: str
    message: str
    hint: str

    @property
    def told(self) -> str:
        """The finding without its place.

        >>> Finding(3, "error", "gap", "no clause says what to grade", "add one").told
        'error gap no clause says what to grade; add one'
        """
        return f"{self.severity} {self.code} {self.message}{f'; {self.hint}' if self.hint else ''}"


def fault(path: Path, code: str, said: str, severity: Severity = "error") -> Fault:
    """A fault from what the core says of it: what is wrong, and after a semicolon what to do."""
    message, _, hint = said.partition(";")
    return Fault(path, code, message.strip(), " ".join(hint.split()) or HINTS.get(code, _LIKE_THE_SHELF), severity)
