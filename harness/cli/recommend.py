"""``cartox recommend``: what a management plan advises for charted cases, and what it finds in what was given."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Annotated, Any

import typer

from cartox_core import Case, Grade, GuidelineError, Plan, load_plan, plan_ids
from cartox_core.bedside import Bedside, bedside, scales_of, until
from cartox_core.bibliography import nearest
from cartox_core.context import CONTEXT, GRADES
from cartox_core.observation import EARLIEST_H, LATEST_H
from harness.cli.advice_object import advised
from harness.cli.advice_words import advice_lines
from harness.cli.answers import Answer, encoded
from harness.cli.app import PURPOSE, verb
from harness.cli.case_line import CaseLine
from harness.cli.explain import about_case
from harness.cli.failure import Stopped
from harness.cli.grade import Answers, Tally, which
from harness.cli.options import DEFAULT_GUIDELINE, GuidelineOption, ReadingOption, chosen_guideline, chosen_readings
from harness.cli.plan_page import plan_page
from harness.cli.streams import show, source, title, write
from harness.verify.answer import clean

DEFAULT_PLAN = "ferreri-2024"


def _starting(incomplete: str) -> list[str]:
    return [name for name in plan_ids() if name.startswith(incomplete)]


@verb(
    "cartox recommend case.jsonl",
    "cartox recommend cases.jsonl --at 60 --toxicity crs --reading M1=table",
    "cartox recommend case.jsonl --know fever_persistent=true --json",
    "cartox replay v1/table1/ZUMA-1/1/5 --json | cartox recommend - --at 100",
)
def recommend(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="Cases as JSON Lines; - is standard input. Default: print the plan.",
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
        typer.Option("--know", "-k", metavar="FIELD=VALUE", help="What no chart can say, as fever_persistent=true."),
    ] = None,
    reading: ReadingOption = None,
    every: Annotated[bool, typer.Option("--all", help="Tell steps that hang on a grade not told at all, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, one case a line.")] = False,
) -> int:
    """Tell what the review advises for a charted case, with its doses, and what it finds in what was given.

    For testing and teaching, NOT for treating patients. Told are the grades at the last observation, or at an hour, the
    steps that apply, those that would if something unknown were known, what is discouraged; then what was given, what
    is late, over the maximum, or discouraged and yet given. A case that is wrong is told as refused, and the exit code
    is 2.
    """
    if at is not None and not EARLIEST_H <= at <= LATEST_H:
        raise Stopped(f"--at is {at:g}; allowed: a number of hours from {EARLIEST_H:g} to {LATEST_H:g}")
    chosen, of_grades = _plan(plan, reading)
    parts = _parts(chosen, toxicity)
    stated = known(know)
    if file is None:
        if as_json or know or at is not None or guideline or of_grades:
            raise Stopped("name a file of cases, or - for standard input; without one the plan is printed")
        show(plan_page(chosen, parts))
        return 0
    grading = guideline or (DEFAULT_GUIDELINE if of_grades else "")
    scales = scales_of(chosen, chosen_guideline(grading, of_grades) if grading else None)

    def asked(case: Case) -> Bedside | None:
        seen = case if at is None else until(case, at)
        return None if seen is None else bedside(seen, chosen, scales, stated)

    told = None if as_json else partial(_lines, plan=chosen, parts=parts, every=every)
    return _all(file, partial(_answers, asked=asked, plan=chosen, parts=parts), chosen, told)


def _all(file: str, answers: Answers, plan: Plan, told: Callable[[Answer], Iterator[str]] | None) -> int:
    """Answer every case of a file, in JSON or in words: the exit code."""
    tally = Tally(title(file))
    with source(file) as read:
        if told is not None:
            show(f"{PURPOSE}\n\nPlan: {plan.title} ({plan.id})")
        for answer in chain.from_iterable(tally.batches(read, answers)):
            if told is None:
                write(encoded({name: value for name, value in answer.items() if name != "case"}))
            else:
                show("\n" + "\n".join(told(answer)))
    if told is not None:
        show(f"\n{PURPOSE}")
    return tally.told()


def _plan(source: str, reading: list[str] | None) -> tuple[Plan, list[str]]:
    """The plan of that id or file under those of the readings that are its own, and the others, which are the grades'.

    Raises GuidelineError or Stopped.
    """
    wanted = chosen_readings(reading)
    try:
        own = load_plan(source).readings
        plan = load_plan(source, {name: choice for name, choice in wanted.items() if name in own})
    except GuidelineError as error:
        if isinstance(error.__context__, UnicodeDecodeError):
            raise Stopped(f"{source} is no text in UTF-8; a plan is a TOML file") from None
        raise
    return plan, [f"{name}={choice}" for name, choice in wanted.items() if name not in own]


def _parts(plan: Plan, names: list[str] | None) -> tuple[str, ...]:
    for name in names or ():
        if name not in plan.toxicities:
            allowed = ", ".join(plan.toxicities)
            raise Stopped(f"{plan.id} has no part {name!r};{nearest(name, plan.toxicities)} it has {allowed}")
    return tuple(name for name in plan.toxicities if not names or name in names)


def known(pairs: list[str] | None) -> dict[str, Any]:
    """Fields of a context as FIELD=VALUE. Raises Stopped.

    >>> known(["crs_grade=2..3", "fever_persistent=true"])
    {'crs_grade': Grade(floor=2, ceiling=3), 'fever_persistent': True}
    """
    stated: dict[str, Any] = {}
    for name, written in chosen_readings(pairs).items():
        if name not in CONTEXT:
            fields = ", ".join(CONTEXT)
            raise Stopped(f"--know has no field {name!r};{nearest(name, CONTEXT)} it has {fields}")
        low, _, high = written.partition("..") if name in GRADES else (written, "", "")
        ends = [_value(name, low), _value(name, high or low)]
        if ends[0] > ends[1]:
            raise Stopped(f"--know {name}={written} is no range; write the lower grade first")
        stated[name] = Grade(ends[0], ends[1]) if name in GRADES else ends[0]
    return stated


def _value(name: str, written: str) -> Any:
    field = CONTEXT[name]
    words = {"true": True, "false": False, "yes": True, "no": False}
    try:
        value: Any = words[written.lower()] if field.kind == "bool" else float(written)
    except (KeyError, ValueError):
        value = written
    if allowed := field.fault(value):
        raise Stopped(f"--know {name} is {written!r}; allowed: {allowed}")
    return field.clean(value)


def _answers(found: CaseLine, number: int, asked: Any, plan: Plan, parts: tuple[str, ...]) -> Iterator[Answer]:
    assert found.case is not None
    at: Bedside | None = asked(found.case)
    if at is None:
        first = found.case.observations[0].time_h
        yield {**which(found, number), "status": "nothing charted", "first_h": first, "case": found.case}
    else:
        yield {**which(found, number), "status": "advised", **advised(at, plan, frozenset(parts)), "case": at.case}


def _lines(answer: Answer, plan: Plan, parts: tuple[str, ...], every: bool) -> Iterator[str]:
    name = clean(str(answer["id"])) if answer["id"] is not None else f"line {answer['line']}"
    if answer["status"] == "refused":
        yield f"{name}  refused: {clean(answer['reason'])}"
    elif answer["status"] == "nothing charted":
        yield f"{name}  nothing was charted by then; the first observation is at {answer['first_h']:g} h"
    else:
        yield f"{about_case(answer['case'])}; at {answer['time_h']:g} h"
        yield from advice_lines(answer, plan, parts, every)
