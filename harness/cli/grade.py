"""``cartox grade``: cases in, one answer a line out."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from cartox_core import Fault
from harness.cli.answers import Answer, encoded, fault_object, summary
from harness.cli.app import verb
from harness.cli.case_line import CaseLine, case_line, faults_told
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption, cases_in
from harness.cli.chart_file import json_lines
from harness.cli.entries import EntryBook
from harness.cli.failure import REFUSED, Stopped, say
from harness.cli.lines import FILE_LIMIT, batches
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    CasesFile,
    GuidelineOption,
    ReadingOption,
    ScaleOption,
    chosen_guideline,
    chosen_scales,
)
from harness.cli.streams import Read, title, write
from harness.verify.answer import clean

_LINES_NAMED = 10
_FAULTS_NAMED = 50
Answers = Callable[[CaseLine, int], Iterator[Answer]]


@verb(
    "cartox grade cases.jsonl",
    "cartox grade chart.csv --infusion 2026-03-01T10:00",
    "cartox grade cases.jsonl --scale crs --reading C1=high > answers.jsonl",
    "zcat cases.jsonl.gz | cartox grade - | jq 'select(.status == \"refused\")'",
)
def grade(
    file: CasesFile,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    scale: ScaleOption = None,
    reading: ReadingOption = None,
    format_: FromOption = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
) -> int:
    """Grade cases: JSON Lines in (or any format of [bold]cartox convert[/bold]), one answer a line out.

    A case has observations, and may have an id, a patient and treatments; see [bold]cartox schema[/bold]. A case
    that is wrong is answered with status refused and every fault it has; the others are graded, and the exit
    code is 2.

    A chart (CSV, FHIR, SDTM, OMOP) may have rows to the minute, several sources, duplicates and rows out of order: they
    are merged by rules that stand in each answer and on stderr.
    """
    chosen = chosen_guideline(guideline, reading)
    answers = partial(graded, books=[EntryBook(s) for s in chosen_scales(chosen, scale)])
    tally = Tally(title(file))
    with cases_in(file, How(format_, merge, infusion)) as cases:
        for batch in tally.batches(cases.read, answers):
            write(b"".join(map(encoded, batch)))
    return tally.told() or cases.code


class Tally:
    """Counts the cases of a file, and remembers the first lines that were refused."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cases = self.refused = 0
        self.lines: list[int] = []
        self.looks_pretty = False

    def batches(self, read: Read, answers: Answers) -> Iterator[list[Answer]]:
        """The answers to the lines of each read."""
        numbers = itertools.count(1)
        for batch in batches(json_lines(read), FILE_LIMIT):
            numbered = ((n, line) for line, n in zip(batch, numbers, strict=False) if line is None or line.strip())
            yield [a for n, line in numbered for a in self.answered(n, line, answers)]

    def answered(self, number: int, line: bytes | None, answers: Answers) -> Iterator[Answer]:
        """The answers to one line."""
        found = case_line(line)
        self.cases += 1
        if found.case is not None:
            yield from answers(found, number)
            return
        self.refused += 1
        self.looks_pretty |= self.cases == 1 and line is not None and line.strip() in (b"{", b"[")
        if len(self.lines) < _LINES_NAMED:
            self.lines.append(number)
        yield refused(found, self.file, number)

    def told(self) -> int:
        """Tell on stderr how many cases were refused: the exit code."""
        if not self.cases:
            raise Stopped(f"{self.file} holds no case; see cartox grade --help")
        if not self.refused:
            return 0
        lines = ", ".join(map(str, self.lines)) + (" …" if self.refused > len(self.lines) else "")
        which = f"line{'s' if self.refused > 1 else ''} {lines}"
        hint = (
            "; it seems to be one document over several lines, but is no JSON as a whole" if self.looks_pretty else ""
        )
        say(f"{self.file}: {self.refused} of {self.cases} cases refused ({which}){hint}")
        return REFUSED


def graded(found: CaseLine, number: int, books: Sequence[EntryBook]) -> Iterator[Answer]:
    """The answers to a good case, one for each scale. Without an id, the line number tells which case it is."""
    assert found.case is not None
    for book in books:
        about: dict[str, Any] = {**which(found, number), "scale": book.scale.name, "status": "graded"}
        if found.merged:
            about |= {"merged": list(found.merged), "time_h": [o.time_h for o in found.case.observations]}
        if found.left_out:
            about["left_out"] = list(found.left_out)
        if found.case.is_snapshot or book.scale.is_whole:
            yield {**about, "grades": book.entries(found.case)}
        else:
            entries, course = book.course(found.case)
            yield {**about, "grades": entries, "summary": summary(course)}


def which(found: CaseLine, number: int) -> Answer:
    """Which case an answer is about: its id, or the line where it has none."""
    return {"id": found.id} if found.id is not None else {"id": None, "line": number}


def reasons(answer: Answer) -> str:
    """The faults of an answer to a refused case, in words."""
    return clean(faults_told([Fault(**one) for one in answer["faults"]], answer.get("faults_left_out", 0)))


def refused(found: CaseLine, file: str, number: int) -> Answer:
    """The answer to a case with faults."""
    first = found.faults[0]
    left_out = len(found.faults) - _FAULTS_NAMED
    more = {"faults_left_out": left_out} if left_out > 0 else {}
    return {
        "id": found.id,
        "status": "refused",
        "field": first.field,
        "reason": str(first),
        "faults": [fault_object(fault) for fault in found.faults[:_FAULTS_NAMED]],
        **more,
        "file": file,
        "line": number,
    }
