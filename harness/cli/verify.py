"""``cartox verify``: is this grader right, and what would it do to patients?"""

import json
import secrets
import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from cartox_core import Guideline
from harness.cli.app import verb
from harness.cli.failure import Stopped
from harness.cli.options import DEFAULT_GUIDELINE, GuidelineOption, ReadingOption, ScaleOption, chosen_guideline
from harness.cli.output import check_file, folder_of_its_own, write_whole
from harness.cli.progress import steps
from harness.cli.streams import show
from harness.cli.suite_options import (
    MapOption,
    PatientsOption,
    SeedOption,
    SuiteName,
    SuiteOption,
    as_typed,
    as_written,
    only,
    read_text,
    translation,
)
from harness.patients.trials import trials
from harness.verify.badge import badge
from harness.verify.doors.door import DoorError, Limits
from harness.verify.doors.named import door_of
from harness.verify.doors.rows import RowsDoor
from harness.verify.examine import Namer
from harness.verify.junit import junit
from harness.verify.known import Entry, KnownError, known_of
from harness.verify.mutants import LoadWith
from harness.verify.page import html_report
from harness.verify.public import Recipe
from harness.verify.report import json_report, text_report
from harness.verify.self_test import self_test
from harness.verify.suite.build import SEALED_CASES, Suite, build
from harness.verify.verdict import EXIT, Verdict
from harness.verify.verify import Order, SuiteFor
from harness.verify.verify import verify as verify_grader

NOT_RUN = 3
DoorArgument = Annotated[
    str | None,
    typer.Argument(metavar="DOOR", help="call:MODULE:FUNCTION, cmd:COMMAND, http://HOST:PORT or rows:FILE"),
]
KnownOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Failures accepted for a while: reason and last day (TOML).")
]
CaseOption = Annotated[str | None, typer.Option("--case", metavar="ID", help="Ask only this case of the full suite.")]
TrialOption = Annotated[
    list[str] | None, typer.Option("--trial", metavar="T", help="Whose patients show the effect. Default: all trials.")
]
EffectOption = Annotated[int, typer.Option(min=0, max=10**6, help="Simulated patients to show the effect on.")]
CaseSeconds = Annotated[float, typer.Option(min=0.01, max=600, help="How long one case may take.")]
StartSeconds = Annotated[float, typer.Option(min=0.1, max=600, help="How long the grader may take to start.")]
ReportOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write report.html, verdict.json, junit.xml and badge.svg here.")
]
JunitOption = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write JUnit XML.")]
JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write JSON; - prints only that.")]
BadgeOption = Annotated[Path | None, typer.Option("--badge", metavar="FILE", help="Write a badge (SVG).")]
SelfTestOption = Annotated[bool, typer.Option("--self-test", help="Show that the suite sees what it should.")]


@verb(
    "cartox verify cmd:'node grader.js'",
    "cartox verify call:mypackage.grading:crs_grade --scale crs",
    "cartox verify http://127.0.0.1:8080 --report verdict --badge cartox.svg",
    "cartox verify rows:graded.csv",
    "cartox verify cmd:./grader --map ours.toml --known accepted.toml --junit junit.xml",
    "cartox verify --self-test",
)
def verify(
    door: DoorArgument = None,
    guideline: GuidelineOption = DEFAULT_GUIDELINE,
    scale: ScaleOption = None,
    suite: SuiteOption = "full",
    seed: SeedOption = None,
    patients: PatientsOption = SEALED_CASES,
    reading: ReadingOption = None,
    known: KnownOption = None,
    map_file: MapOption = None,
    case: CaseOption = None,
    trial: TrialOption = None,
    effect: EffectOption = 10_000,
    case_seconds: CaseSeconds = 2.0,
    start_seconds: StartSeconds = 15.0,
    report: ReportOption = None,
    junit_file: JunitOption = None,
    json_file: JsonOption = None,
    badge_file: BadgeOption = None,
    try_suite: SelfTestOption = False,
) -> int:
    """Verify a grader: is it right, which clause does it break, and what would it do to patients?

    Exit code 0: conformant. 1: nonconformant. 2: wrong usage or input. 3: the grader could not be run, or too little
    of it could be tested. 4: a fault of cartox itself.
    """
    chosen = chosen_guideline(guideline, reading)
    load_with = _loader(guideline)
    if try_suite:
        with steps() as step:
            found = self_test(chosen, load_with, suite, step)
        show(found.text)
        return 0 if found.ok else 1
    if door is None:
        raise Stopped("name the grader, as in cartox verify cmd:'node grader.js'; see cartox verify --help")
    wanted = ((junit_file, junit), (badge_file, badge), (json_file, _json))
    files = [(file, write) for file, write in wanted if file is not None and str(file) != "-"]
    _check_files([file for file, _ in files])
    try:
        reached = door_of(door)
    except DoorError as error:
        raise Stopped(str(error)) from None
    suite_words = as_typed(guideline, scale, reading)
    if isinstance(reached, RowsDoor):
        recipe = _recipe(reached, suite_words)
        scales: tuple[str, ...] = tuple(scale or recipe.scales)
        suite_for = _paper(reached, recipe, chosen, as_typed(guideline, None, reading), case)
    else:
        scales = tuple(scale or ())
        suite_for = _live(chosen, suite, secrets.randbelow(1 << 31) if seed is None else seed, patients, case)
    accepted = _known(known, chosen)
    order = Order(
        load_with=load_with,
        limits=Limits(start_s=start_seconds, case_s=case_seconds),
        translation=translation(map_file),
        known=() if case else accepted,  # of one case, no entry about another is stale
        scales=scales,
        trials=_trials(trial),
        effect_patients=0 if case else effect,
        options=as_typed(guideline, scale, reading, map_file),
    )
    with ExitStack() as stack:
        folder = stack.enter_context(folder_of_its_own(report)) if report is not None else None
        with steps() as step:
            try:
                verdict = verify_grader(reached, chosen, suite_for, order, step)
            except DoorError as error:
                raise Stopped(f"{door}: {error}", NOT_RUN) from None
        if folder is not None:
            files += [(folder / name, write) for name, write in _REPORT.items()]
        for file, write in files:
            write_whole(file, write(verdict))
    show(_json(verdict).rstrip() if str(json_file) == "-" else text_report(verdict))
    if report is not None and str(json_file) != "-":
        show(f"\nWritten to {report}: {', '.join(_REPORT)}")
    return EXIT[verdict.word]


def _check_files(files: Sequence[Path]) -> None:
    for place, file in enumerate(files):
        check_file(file)
        if file.resolve() in [other.resolve() for other in files[:place]]:
            raise Stopped(f"{file} is named for two reports; give each a file of its own")


def _live(guideline: Guideline, suite: SuiteName, seed: int, patients: int, case: str | None) -> SuiteFor:
    """The suite for a grader that can be asked."""
    if case is not None:
        return lambda scales: (only(build(guideline, scales, "full", seed, patients), case), None)
    return lambda scales: (build(guideline, scales, suite, seed, patients if suite == "full" else 0), None)


def _recipe(door: RowsDoor, words: Sequence[str]) -> Recipe:
    """Which cases a file of answers answers. Raises Stopped."""
    recipes = {Recipe.of(name) for name in door.answers}
    recipe = recipes.pop()
    if recipe is None or recipes:
        wrong = next((name for name in door.answers if Recipe.of(name) is None), "")
        what = f"the id {wrong!r} is of no case of ours" if wrong else "its ids are of several suites"
        made = shlex.join(["cartox", "cases", *words, "--out", "cases.csv"])
        raise Stopped(f"{door.title}: {what}; answer the cases that this command writes: {made}")
    return recipe


def _paper(door: RowsDoor, recipe: Recipe, guideline: Guideline, words: Sequence[str], case: str | None) -> SuiteFor:
    """The suite that a file of answers was written for, or one case of it."""

    def suite_for(scales: tuple[str, ...]) -> tuple[Suite, Namer]:
        suite, namer = as_written(door.answers, recipe, guideline, scales, shlex.join(words))
        return (suite if case is None else only(suite, case)), namer

    return suite_for


def _loader(guideline: str) -> LoadWith:
    return lambda readings: chosen_guideline(guideline, [f"{k}={v}" for k, v in readings.items()])


def _known(path: Path | None, guideline: Guideline) -> tuple[Entry, ...]:
    try:
        return () if path is None else known_of(read_text(path), guideline)
    except KnownError as error:
        raise Stopped(f"{path}: {error}") from None


def _trials(names: list[str] | None) -> tuple[str, ...]:
    for name in names or ():
        if name not in trials():
            raise Stopped(f"there is no trial {name!r}; there are {', '.join(trials())}")
    return tuple(names or ())


def _json(verdict: Verdict) -> str:
    return json.dumps(json_report(verdict), indent=2, ensure_ascii=False) + "\n"


_REPORT = {"report.html": html_report, "verdict.json": _json, "junit.xml": junit, "badge.svg": badge}
