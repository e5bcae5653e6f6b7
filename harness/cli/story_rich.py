"""A story as tables for a terminal."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.cli.course_words import course_rows
from harness.cli.story import Step, Story, cited, number
from harness.cli.story_plain import label, reason

_STYLES = ("green", "yellow", "dark_orange", "red", "bold red", "bold magenta")


def print_story(story: Story, numbers: Mapping[str, int], console: Console) -> None:
    """Print a story as a table of its observations, and one of its course."""
    table = Table(title=story.scale.title, title_justify="left", show_lines=True)
    table.add_column("Hour", justify="right", no_wrap=True)
    table.add_column("Grade", justify="center", no_wrap=True)
    for name in ("Charted", "Why", "Sources", "Unknown, could change it"):
        table.add_column(name, overflow="fold")
    for step in story.steps:
        style = _STYLES[min(step.grade.ceiling, len(_STYLES) - 1)]
        table.add_row(
            _hours(step),
            f"[{style}]{step.grade}[/]",
            escape(step.charted or "–"),
            escape(_why(step)),
            escape(_sources(step, numbers)),
            escape("\n".join(step.unknown) or "–"),
        )
    console.print(table)
    if story.course is not None:
        course = Table("", "Lowest grades", "Highest grades", title="The course", title_justify="left")
        for row in course_rows(story.course):
            course.add_row(*map(escape, row))
        console.print(course)


def _hours(step: Step) -> str:
    if step.time_h is None:
        return "all"
    more = f"\n{step.alike} more, to\n{number(step.until_h)}" if step.alike and step.until_h is not None else ""
    return number(step.time_h) + more


def _why(step: Step) -> str:
    reasons = [
        reason(b) if b.bound == "grade" else f"{label(b)} {g}: {reason(b)}"
        for b in step.because
        for g in [step.grade.floor if b.bound == "floor" else step.grade.ceiling]
    ]
    return "\n".join([*reasons, f"gate {step.gate}"] if step.gate else reasons)


def _sources(step: Step, numbers: Mapping[str, int]) -> str:
    cites = dict.fromkeys(cite for b in step.because if b.clause for cite in b.clause.cite)
    return cited(list(cites), numbers).replace("; ", "\n") or "–"
