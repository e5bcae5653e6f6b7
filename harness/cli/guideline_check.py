"""``cartox guideline check``: every fault of a guideline file, each with its line and what to do about it."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from harness.authoring.check import Checked, check
from harness.authoring.finding import Finding
from harness.cli.app import PURPOSE, verb
from harness.cli.failure import one_line
from harness.cli.guideline import group
from harness.cli.options import readable_text, shelf_names
from harness.cli.streams import on_terminal, show

_COLOURS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m"}
_PLAIN = "\x1b[0m"
_LONGEST = 600


@verb(
    "cartox guideline check my-site.toml",
    "cartox guideline check my-site.toml --strict",
    "cartox guideline check *.toml --json",
    to=group,
    name="check",
)
def guideline_check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Guidelines in files, or on the shelf.",
            autocompletion=shelf_names,
            show_default=False,
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 for warnings, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> int:
    """Tell every fault of guideline files at once, each with its line and a hint.

    Checked are the form, the names, the sources, that the texts name the numbers of their tests, and over every cell of
    the tables, under each choice of each reading: gaps, clauses that never decide, worse signs graded milder, gates
    that cannot open, overlaps. The exit code is 0 when there is no error, 1 when there is one, 2 when a file cannot be
    read.
    """
    texts = {file: readable_text(file) for file in files}
    checked = {file: check(text) for file, text in texts.items()}
    if as_json:
        found = [_object(file, finding) for file, report in checked.items() for finding in report.findings]
        show(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        told = "\n".join(line for file, report in checked.items() for line in _told(file, report))
        show(f"{told}\n\n{PURPOSE}")
    return int(any(report.count("error") or (strict and report.findings) for report in checked.values()))


def _object(file: str, finding: Finding) -> dict[str, Any]:
    return {
        "file": file,
        "line": finding.line,
        "severity": finding.severity,
        "code": finding.code,
        "message": finding.message,
        "hint": finding.hint,
    }


def _told(file: str, report: Checked) -> Iterator[str]:
    for finding in report.findings:
        told = one_line(finding.told, _LONGEST)
        if on_terminal():
            told = f"{_COLOURS[finding.severity]}{finding.severity}{_PLAIN}{told.removeprefix(finding.severity)}"
        yield f"{file}:{finding.line}: {told}"
    yield summary(file, report)


def summary(file: str, report: Checked) -> str:
    """How many findings a file has, or how much of it was found sound."""
    counts = {kind: report.count(kind) for kind in ("error", "warning")}
    told = ", ".join(_count(number, kind) for kind, number in counts.items() if number)
    if counts["error"]:
        return f"{told} in {file}"
    parts = ", ".join(
        _count(number, part)
        for part, number in (("scale", report.scales), ("clause", report.clauses), ("reading", report.readings))
    )
    proven = "; every choice of every reading proven" if report.readings else ""
    return f"{file} is sound{f', with {told}' if told else ''}: {parts}{proven}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
