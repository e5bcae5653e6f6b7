"""A story as plain text, for files and pipes."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from cartox_core import Because
from harness.cli.course_words import course_rows
from harness.cli.story import Step, Story, cited, number

_WIDTH = 110


def plain(story: Story, numbers: Mapping[str, int]) -> str:
    """A story in lines of plain text."""
    lines = [story.scale.title, "=" * len(story.scale.title)]
    for step in story.steps:
        lines += ["", *_step(step, numbers)]
    if story.course is not None:
        lines += ["", "The course", *_course(course_rows(story.course))]
    return "\n".join(lines)


def _step(step: Step, numbers: Mapping[str, int]) -> Iterator[str]:
    when = "The whole course" if step.time_h is None else f"At {number(step.time_h)} h"
    yield f"{when}: grade {step.grade}"
    yield from _wrapped(
        "made of it: " if step.time_h is None else "charted: ", step.charted or "nothing for this scale"
    )
    if step.alike and step.until_h is not None:
        yield f"  graded alike until {number(step.until_h)} h: {step.alike} more"
    if step.gate:
        yield from _wrapped("gate: ", step.gate)
    for because in step.because:
        yield from _wrapped(f"{label(because)}: ", reason(because))
        if because.clause and because.clause.cite:
            yield from _wrapped("sources: ", cited(because.clause.cite, numbers), indent=4)
    if step.unknown:
        yield from _wrapped("unknown, and could change the grade: ", ", ".join(step.unknown))
    elif step.grade.grade is None:
        others = "days without a value" if step.time_h is None else "what was charted at other times, or several signs"
        yield from _wrapped("unknown, and could change the grade: ", others)


def label(because: Because) -> str:
    """Which bound a reason decides."""
    return "decided by" if because.bound == "grade" else because.bound


def reason(because: Because) -> str:
    """The reason in words, with the clause that it comes from."""
    return f"{because.text} ({because.clause.id})" if because.clause else because.text


def _course(rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for name, low, high in rows:
        yield from _wrapped(f"{name}: ", low if low == high else f"{low} (lowest grades); {high} (highest grades)")


def _wrapped(start: str, text: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(
        start + text, _WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_on_hyphens=False
    )
