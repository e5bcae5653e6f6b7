"""``cartox grader``: the reference core as a grader on the wire."""

from typing import Annotated

import typer

from harness.cli.app import verb
from harness.cli.lines import WIRE_LIMIT, batches
from harness.cli.options import ReadingOption, chosen_guideline, shelf_under
from harness.cli.streams import wire_in, write
from harness.cli.version import version
from harness.cli.wire import Bye, Grader


@verb(
    "cartox grader < requests.jsonl",
    "cartox grader --guideline my-guideline.toml --reading C1=high",
    """echo '{"op":"hello","protocol":[1,1]}' | cartox grader""",
)
def grader(
    guideline: Annotated[
        str | None,
        typer.Option("--guideline", "-g", metavar="ID|FILE", help="Declare this one. Default: all on the shelf."),
    ] = None,
    reading: ReadingOption = None,
) -> None:
    """Answer the grading protocol on standard input and output, as a grader under test would.

    Messages are JSON Lines: hello, grade, bye. It ends at bye or at the end of the input.
    """
    guidelines = shelf_under(reading) if guideline is None else [chosen_guideline(guideline, reading)]
    answering = Grader(guidelines, version())
    for batch in batches(wire_in(), WIRE_LIMIT):
        answers, ended = answered(batch, answering)
        write(b"".join(answers))
        if ended:
            return


def answered(batch: list[bytes | None], answering: Grader) -> tuple[list[bytes], bool]:
    """The answers to some lines, and whether one of them was a goodbye. Blank lines are passed over."""
    answers: list[bytes] = []
    try:
        for line in batch:
            if line is None or line.strip():
                answers.append(answering.answer(line))
    except Bye:
        return answers, True
    return answers, False
