"""``cartox explain``: one case in words."""

from typing import Annotated

import typer

from cartox_core import Case, Guideline
from harness.cli.app import PURPOSE, verb
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption, cases_in
from harness.cli.one_case import one_case
from harness.cli.options import (
    DEFAULT_GUIDELINE,
    GuidelineOption,
    ReadingOption,
    ScaleOption,
    chosen_guideline,
    chosen_scales,
)
from harness.cli.story import Story, number, references, shortened, story, written_out
from harness.cli.story_plain import plain
from harness.cli.streams import on_terminal, show, title
from harness.verify.answer import clean

RECALLED = "recalled: written from memory of the work, whose text was not at hand"


@verb(
    "cartox explain case.json",
    "cartox explain cases.jsonl --case k7f3 --scale crs",
    """echo '{"observations":[{"time_h":30,"temp_c":38.6}]}' | cartox explain -""",
)
def explain(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A case in JSON, or cases in any format of cartox convert; - is stdin."),
    ],
    case: Annotated[str | None, typer.Option("--case", "-c", metavar="ID", help="Which case of several.")] = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    scale: ScaleOption = None,
    reading: ReadingOption = None,
    every: Annotated[bool, typer.Option("--all", help="Tell every observation of a long course.")] = False,
    format_: FromOption = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
) -> None:
    """Explain the grades of one case in words: the clauses that decided, their sources, and what was unknown.

    In a long course what is graded alike, for the same reasons, is told once.
    """
    chosen = chosen_guideline(guideline, reading)
    scales = chosen_scales(chosen, scale)
    with cases_in(file, How(format_, merge, infusion)) as cases:
        found = one_case(cases.read, title(file), case)
    stories = [story(found, s) if every else shortened(story(found, s)) for s in scales]
    numbers = references(stories, chosen)
    rules = "".join(f"\nMerged: {rule}" for rule in cases.rules())
    heading = f"{about_case(found)}\n{about_guideline(chosen)}{rules}\n"
    works = [f"[{n}] {written_out(chosen.works[key])}" for key, n in numbers.items()]
    recalled = [RECALLED] if any(rests_on_memory(told) for told in stories) else []
    sources = "\n".join(["Sources", *works, *recalled, "", PURPOSE])
    if on_terminal():
        _print_tables(heading, stories, numbers, sources)
    else:
        show("\n\n".join([heading.rstrip(), *(plain(s, numbers) for s in stories), sources]))


def rests_on_memory(told: Story) -> bool:
    """Whether a clause that decides is recalled from its source."""
    return any(c.endswith("recalled") for step in told.steps for b in step.because if b.clause for c in b.clause.cite)


def _print_tables(heading: str, stories: list[Story], numbers: dict[str, int], sources: str) -> None:
    from rich.console import Console  # noqa: PLC0415  only a terminal needs it

    from harness.cli.story_rich import print_story  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(heading, markup=False)
    for told in stories:
        print_story(told, numbers, console)
        console.print()
    console.print(sources, markup=False)


def about_case(case: Case) -> str:
    """Which case it is, its form, and who the patient is."""
    n = len(case.observations)
    form = "a snapshot" if case.is_snapshot else f"a course of {n} observations"
    age, weight = case.patient.age_years, case.patient.weight_kg
    who = [f"{number(age)} years" if age is not None else "age unknown"]
    who += [f"{number(weight)} kg"] if weight is not None else []
    return f"Case {clean(str(case.id or 'without an id'))}: {form}; patient: {', '.join(who)}"


def about_guideline(guideline: Guideline) -> str:
    """Which guideline it is, and which of its readings are not the defaults."""
    other = [f"{k}={v}" for k, v in guideline.chosen.items() if v != guideline.readings[k].default]
    readings = (
        f"readings {', '.join(other)}, the others at their defaults" if other else "all readings at their defaults"
    )
    return f"Guideline: {guideline.title} ({guideline.id}); {readings}"
