"""A file of cases to be graded together: the good ones are read, the others told on stderr and left out."""

import dataclasses
import itertools

from cartox_core import Case
from harness.cli.case_line import case_line, faults_told
from harness.cli.cases_in import How, cases_in
from harness.cli.chart_file import json_lines
from harness.cli.failure import Stopped, say
from harness.cli.lines import FILE_LIMIT, batches
from harness.cli.streams import title
from harness.verify.answer import clean

_LINES_NAMED = 10


@dataclasses.dataclass(frozen=True, slots=True)
class CaseFile:
    """The good cases of a file with their names, how many were refused, and by which rules charts were merged."""

    cases: tuple[Case, ...]
    names: tuple[str, ...]
    refused: int
    rules: tuple[str, ...] = ()


def case_file(file: str, how: How | None = None) -> CaseFile:
    """Read cases of any format. Raises Stopped where there is none to grade."""
    cases: list[Case] = []
    names: list[str] = []
    refused: list[tuple[int, str]] = []
    with cases_in(file, how) as given:
        lines = itertools.chain.from_iterable(batches(json_lines(given.read), FILE_LIMIT))
        for number, line in enumerate(lines, start=1):
            if line is not None and not line.strip():
                continue
            found = case_line(line)
            if found.case is None:
                refused.append((number, faults_told(found.faults)))
            else:
                cases.append(found.case)
                names.append(f"line {number}" if found.id is None else clean(str(found.id)))
    if not cases:
        first = f"; line {refused[0][0]}: {refused[0][1]}" if refused else given.hint
        raise Stopped(f"{title(file)} holds no case that can be graded{first}")
    if refused:
        which = ", ".join(str(number) for number, _ in refused[:_LINES_NAMED]) + " …" * (len(refused) > _LINES_NAMED)
        say(
            f"{title(file)}: {len(refused)} of {len(refused) + len(cases)} cases refused and left out (line {which}); "
            f"line {refused[0][0]}: {refused[0][1]}"
        )
    return CaseFile(tuple(cases), tuple(names), len(refused), given.rules())
