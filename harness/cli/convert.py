"""``cartox convert``: cases from one format to another."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from cartox_core import Case
from harness.cli.app import verb
from harness.cli.case_line import case_line, faults_told
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption, cases_in, format_names
from harness.cli.cases_out import check_target, format_to, written
from harness.cli.chart_file import json_lines
from harness.cli.failure import REFUSED, Stopped, one_line, say
from harness.cli.lines import FILE_LIMIT, batches
from harness.cli.progress import steps
from harness.cli.streams import STDIN, Read, show, title
from harness.exchange.chart import Named
from harness.exchange.format import FORMATS
from harness.text_table import table
from harness.verify.answer import clean

_REFUSALS_TOLD = 10


@verb(
    "cartox convert cases.jsonl cases.csv",
    "cartox convert cohort bundle.fhir.json",
    "cartox convert chart.csv chart.jsonl --merge hour --infusion 2026-03-01T10:00",
    "cartox convert study/ - --from sdtm-json --to jsonl | cartox grade -",
    "cartox convert --list",
)
def convert(
    source: Annotated[
        str | None, typer.Argument(metavar="FROM", help="A file or folder of cases; - is standard input.")
    ] = None,
    target: Annotated[
        str | None, typer.Argument(metavar="TO", help="The file or folder to write; - is standard output.")
    ] = None,
    format_: FromOption = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="Format to write, where the name does not tell: .jsonl .csv .parquet .arrow .fhir.json; of a folder "
            f"{', '.join(f.name for f in FORMATS.values() if f.is_folder and f.name != 'cohort')}.",
            autocompletion=format_names,
        ),
    ] = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
    listed: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
) -> int:
    """Convert cases from any format to any other; what is not understood is told with its place, and left unknown.

    Units are converted exactly. Rows of a chart are merged only within a minute unless [bold]--merge[/bold] says more.
    A case that is refused is left out and told, and the exit code is 2. Times are written to the minute, from an
    infusion on 2020-01-01 where a format wants dates.
    """
    if listed:
        show(_list())
        return 0
    if source is None or target is None:
        raise Stopped(
            "name what to convert and where to: cartox convert FROM TO; cartox convert --list has the formats"
        )
    into = format_to(target, to)
    check_target(target, into)
    with cases_in(source, How(format_, merge, infusion), default="minute") as given, steps() as step:
        done = step("converting", 0)
        cases = _Cases(title(source), given.read, done)
        with written(target, into) as path:
            into.write(cases.named(), path)
            if not cases.written:
                why = f"; {cases.refusals[0]}" if cases.refusals else given.hint
                raise Stopped(f"{title(source)} holds no case that can be converted{why}")
        if target == STDIN:
            return cases.told() or given.code
    say(f"{cases.written:,} cases, {cases.observations:,} observations written to {target} ({into.name})")
    return cases.told() or given.code


class _Cases:
    """The good cases of a file under names of their own, counted as they go by."""

    def __init__(self, file: str, read: Read, done: Callable[[int], None]) -> None:
        self.file, self.read, self.done = file, read, done
        self.written = self.observations = 0
        self.refusals: list[str] = []
        self.refused = 0
        self.names: Counter[str] = Counter()
        self.renamed = 0

    def named(self) -> Iterator[Named]:
        """Each good case with a name that no other has."""
        lines = itertools.chain.from_iterable(batches(json_lines(self.read), FILE_LIMIT))
        for number, line in enumerate(lines, start=1):
            if line is not None and not line.strip():
                continue
            found = case_line(line)
            name = f"line-{number}" if found.id is None else str(found.id)
            if found.case is None:
                self._refuse(clean(name), faults_told(found.faults))
                continue
            yield self._once(name), self._counted(found.case)

    def told(self) -> int:
        """Tell what was left out, and how many more were renamed: the exit code."""
        if self.renamed > _REFUSALS_TOLD:
            say(f"{self.file}: and {self.renamed - _REFUSALS_TOLD:,} more were written under names of their own")
        if not self.refused:
            return 0
        for refusal in self.refusals:
            say(one_line(f"{self.file}: {refusal}"))
        say(f"{self.file}: {self.refused:,} of {self.refused + self.written:,} cases refused and left out")
        return REFUSED

    def _refuse(self, name: str, why: str) -> None:
        self.refused += 1
        if len(self.refusals) < _REFUSALS_TOLD:
            self.refusals.append(f"{name} is refused: {why}")

    def _once(self, name: str) -> str:
        again = name
        while again in self.names:
            self.names[name] += 1
            again = f"{name}#{self.names[name]}"
        self.names[again] = 1
        if again != name:
            self.renamed += 1
            if self.renamed <= _REFUSALS_TOLD:
                say(one_line(f"{self.file}: a second case called {clean(name)} is written as {clean(again)}"))
        return again

    def _counted(self, case: Case) -> Case:
        self.written += 1
        self.done(1)
        self.observations += len(case.observations)
        return case


def _list() -> str:
    rows = [
        [each.name, "folder" if each.is_folder else " ".join(each.suffixes), each.title] for each in FORMATS.values()
    ]
    return table(rows, ["format", "file", "what it is"], 3)
