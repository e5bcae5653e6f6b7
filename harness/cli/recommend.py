"""``cartox recommend``: what a management plan advises for charted cases, and what it finds in what was given."""

from itertools import chain
from typing import Annotated

import typer

from cartox_core import GuidelineError, Plan, load_plan, plan_ids
from cartox_core.bedside import scales_of
from cartox_core.bibliography import nearest
from cartox_core.observation import EARLIEST_H, LATEST_H
from harness.cli.answers import encoded
from harness.cli.app import PURPOSE, verb
from harness.cli.cases_in import FromOption, How, InfusionOption, MergeOption, cases_in
from harness.cli.chart_file import charted
from harness.cli.desk import Desk
from harness.cli.example_chart import EXAMPLE
from harness.cli.failure import Stopped
from harness.cli.grade import Tally
from harness.cli.options import DEFAULT_GUIDELINE, GuidelineOption, ReadingOption, chosen_guideline, chosen_readings
from harness.cli.plan_page import plan_page
from harness.cli.stated import known, meant
from harness.cli.streams import show, title, write

DEFAULT_PLAN = "ferreri-2024"


def _starting(incomplete: str) -> list[str]:
    return [name for name in plan_ids() if name.startswith(incomplete)]


@verb(
    "cartox recommend --example > case.json",
    "cartox recommend case.json",
    "cartox recommend cases.jsonl --at 60 --toxicity crs --reading M1=table",
    "cartox recommend case.json --know fever_persistent=yes --know CRS=1 --json",
    "cartox replay v1/table1/ZUMA-1/1/5 --json | cartox recommend - --at 100",
)
def recommend(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="A case in JSON, or cases in any format of cartox convert; - is stdin. Default: print the plan.",
            show_default=False,
        ),
    ] = None,
    guideline: GuidelineOption = "",
    plan: Annotated[
        str,
        typer.Option(
            "--plan", "-p", metavar="ID|FILE", help="Plan on the shelf, or in a file.", autocompletion=_starting
        ),
    ] = DEFAULT_PLAN,
    at: Annotated[
        float | None, typer.Option("--at", metavar="H", help="At this hour after the infusion. Default: at the end.")
    ] = None,
    toxicity: Annotated[
        list[str] | None, typer.Option("--toxicity", "-t", metavar="T", help="Part of the plan; may be repeated.")
    ] = None,
    know: Annotated[
        list[str] | None,
        typer.Option("--know", "-k", metavar="FIELD=VALUE", help="What no chart can say, as fever_persistent=yes."),
    ] = None,
    reading: ReadingOption = None,
    every: Annotated[bool, typer.Option("--all", help="Tell steps that hang on a grade not told at all, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, one case a line.")] = False,
    example: Annotated[bool, typer.Option("--example", help="Print a small charted case to begin with.")] = False,
    format_: FromOption = None,
    merge: MergeOption = None,
    infusion: InfusionOption = None,
) -> int:
    """Tell what the review advises for a charted case, with its doses, and what it finds in what was given.

    For testing and teaching, NOT for treating patients. Told are the grades at the last observation, or at the last up
    to an hour, the steps that apply by them and by what was given until then, what is discouraged and what is used up;
    what was given, and what is late, over the maximum, not read, or discouraged and yet given; then the steps that
    depend on what is not charted, and how to tell it. A case that is wrong is told as refused, and the exit code is 2.
    A case to begin with: --example.
    """
    if example:
        show(EXAMPLE.rstrip("\n"))
        return 0
    if at is not None and not EARLIEST_H <= at <= LATEST_H:
        raise Stopped(f"--at is {at:g}; allowed: a number of hours from {EARLIEST_H:g} to {LATEST_H:g}")
    chosen, of_grades = _plan(plan, reading, guideline or DEFAULT_GUIDELINE)
    parts = _parts(chosen, toxicity)
    stated = known(know)
    if file is None:
        if as_json or know or at is not None or guideline or of_grades:
            raise Stopped("name a file of cases, or - for standard input; without one the plan is printed")
        show(plan_page(chosen, parts))
        return 0
    grading = guideline or (DEFAULT_GUIDELINE if of_grades else "")
    scales = scales_of(chosen, chosen_guideline(grading, of_grades) if grading else None)
    desk = Desk(chosen, plan, parts, scales, stated, at, every)
    return _all(file, How(format_, merge, infusion), desk, as_json)


def _all(file: str, how: How, desk: Desk, as_json: bool) -> int:
    """Answer every case of a file, in JSON or in words: the exit code."""
    tally = Tally(title(file))
    with cases_in(file, how) as given:
        cases = charted(given.read, title(file), "cartox recommend")
        if not as_json:
            show(f"{PURPOSE}\n\nPlan: {desk.plan.title} ({desk.plan.id})")
        for answer in chain.from_iterable(tally.batches(cases, desk.answers)):
            if as_json:
                write(encoded({name: value for name, value in answer.items() if name != "at"}))
            else:
                show("\n" + "\n".join(desk.lines(answer)))
    if not as_json:
        show(f"\n{PURPOSE}")
    return tally.told() or given.code


def _plan(source: str, reading: list[str] | None, guideline: str) -> tuple[Plan, list[str]]:
    """The plan of that id or file under those of the readings that are its own, and the others, which are the grades'.

    Raises GuidelineError or Stopped.
    """
    try:
        plan = load_plan(source)
    except GuidelineError as error:
        if isinstance(error.__context__, UnicodeDecodeError):
            raise Stopped(f"{source} is no text in UTF-8; a plan is a TOML file") from None
        raise
    for pair in reading or ():
        _check_reading(pair, plan, guideline)
    wanted = chosen_readings(reading)
    own = {name: choice for name, choice in wanted.items() if name in plan.readings}
    return load_plan(source, own), [f"{name}={choice}" for name, choice in wanted.items() if name not in own]


def _check_reading(pair: str, plan: Plan, guideline: str) -> None:
    """Say what there is to choose from where a reading is unknown, or has no choice. Raises Stopped."""
    name, equals, _ = (part.strip() for part in pair.partition("="))
    if name in plan.readings and not equals:
        choices = " or ".join(f"--reading {name}={choice}" for choice in plan.readings[name].choices)
        raise Stopped(f"{name} is a reading of {plan.id}; write {choices}")
    of_grades = chosen_guideline(guideline)
    if name not in plan.readings and name not in of_grades.readings:
        lists = [f"{one.id} has {', '.join(one.readings) or 'none'}" for one in (plan, of_grades)]
        raise Stopped(f"there is no reading {name!r}; {'; '.join(lists)}")


def _parts(plan: Plan, names: list[str] | None) -> tuple[str, ...]:
    wanted = [meant(name, plan.toxicities) for name in names or ()]
    for name in wanted:
        if name not in plan.toxicities:
            allowed = ", ".join(plan.toxicities)
            raise Stopped(f"{plan.id} has no part {name!r};{nearest(name, plan.toxicities)} it has {allowed}")
    return tuple(name for name in plan.toxicities if not wanted or name in wanted)
