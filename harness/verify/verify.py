"""Verify a grader: fit the adapter, ask the suite, judge, and find out what is wrong and what it would do."""

import dataclasses
import datetime
import time
from collections.abc import Callable, Mapping, Sequence

from cartox_core import Guideline
from harness.cohort import SCALES
from harness.patients.trials import trials
from harness.verify.agreement import agreement, unknown_treated
from harness.verify.answer import Answer
from harness.verify.asked import Asking, asking
from harness.verify.case import SuiteCase
from harness.verify.coverage import Coverage, coverage_of
from harness.verify.diagnosis import Diagnosis, diagnose
from harness.verify.doctor import complaint, plain_cases
from harness.verify.doors.door import Can, Door, DoorError, Limits
from harness.verify.effect import Effect, effect
from harness.verify.examine import Examiner, Namer
from harness.verify.faults import Fault, faults, traced
from harness.verify.judge import Judged, judge
from harness.verify.known import Entry, sorted_out
from harness.verify.mutants import LoadWith
from harness.verify.smallest import smallest
from harness.verify.suite.build import Suite
from harness.verify.translation import Translation
from harness.verify.verdict import Verdict, word_of

MOST_SHRUNK = 8
SuiteFor = Callable[[tuple[str, ...]], tuple[Suite, Namer | None]]  # the suite for some scales, and how cases are named
Step = Callable[[str, int], Callable[[int], None]]  # a title and a number of cases: a function to call as they are done


@dataclasses.dataclass(frozen=True)
class Order:
    """What is wanted of a verification, beside the suite."""

    load_with: LoadWith
    limits: Limits = Limits()
    translation: Translation = Translation()
    known: tuple[Entry, ...] = ()
    today: datetime.date = dataclasses.field(default_factory=datetime.date.today)
    scales: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    effect_patients: int = 10_000
    options: tuple[str, ...] = ()


def no_steps(_title: str, _cases: int) -> Callable[[int], None]:
    """For whoever wants no progress shown."""
    return lambda _: None


def scales_of(can: Can, guideline: Guideline, wanted: Sequence[str]) -> tuple[str, ...]:
    """The scales to ask: those wanted, else all that the grader declares. Raises DoorError.

    >>> from cartox_core import load
    >>> scales_of(Can("x", guidelines={"astct-2019": ("crs",)}), load("astct-2019"), [])
    ('crs',)
    """
    for name in wanted:
        guideline.scale(name)
    if not can.guidelines:
        return tuple(wanted or guideline.scales)
    declared = can.guidelines.get(guideline.id)
    if declared is None:
        there = ", ".join(can.guidelines)
        raise DoorError(f"it declares no guideline {guideline.id}, only {there}; choose with --guideline")
    missing = [name for name in wanted if name not in declared]
    known = [name for name in guideline.scales if name in declared]
    if missing or not known:
        raise DoorError(f"it declares no scale {', '.join(missing) or 'that we know'}, only {', '.join(declared)}")
    return tuple(wanted or known)


def verify(door: Door, guideline: Guideline, suite_for: SuiteFor, order: Order, step: Step = no_steps) -> Verdict:
    """Ask a grader a suite and judge it. Raises DoorError where it cannot be started or does not fit."""
    examiner = Examiner(door, guideline, order.limits, order.translation)
    try:
        can = examiner.greet()
        suite, namer = suite_for(scales_of(can, guideline, order.scales))
        examiner.namer = namer or examiner.namer
        return _examined(examiner, can, suite, order, step)
    finally:
        examiner.close()


def _examined(examiner: Examiner, can: Can, suite: Suite, order: Order, step: Step) -> Verdict:
    began = time.monotonic()
    door, guideline = examiner.door, suite.guideline
    asked = asking(suite.cases, guideline, can, order.translation, door.nan)
    examiner.translation = asked.translation
    if wrong := complaint(plain_cases(asked.cases), examiner.alone):
        raise DoorError(f"the adapter does not fit: {wrong.text}")
    examiner.progress = step("asking", len(asked.cases))
    found = examiner.run(asked.cases, suite.seed)
    not_run = Answer("not-run")
    judged = traced([judge(c, found.answers.get(c.id, not_run), can.missing) for c in asked.cases], guideline)
    sorting = sorted_out([j for j in judged if j.is_failure], order.known, order.today)
    accepted = {j.case.id for j in sorting.accepted}
    open_ones = [j for j in judged if j.case.id not in accepted]
    step("comparing", 0)
    diagnosis = diagnose(open_ones, guideline, order.load_with) if sorting.left else Diagnosis()
    fault_list = faults(open_ones, diagnosis.causes)
    shown_effect: Effect | None = None
    if door.can_repeat and not found.ended:
        shown_effect, fault_list = _asked_further(examiner, can, suite, order, asked, fault_list, step)
    coverage = coverage_of(suite, asked, can)
    gaps = _gaps(judged, found.ended, found.strays, coverage)
    word = "incomplete" if found.ended else word_of(sorting.left, sorting.objections, gaps)
    return Verdict(
        word=word,
        reasons=(*gaps, *sorting.objections),
        door=door.title,
        options=order.options,
        can=can,
        guideline=guideline,
        suite=suite,
        judged=tuple(judged),
        accepted=sorting.accepted,
        faults=tuple(fault_list),
        agreements=tuple(agreement(judged, s, guideline.scale(s).top) for s in suite.scales),
        unknown=unknown_treated(judged),
        diagnosis=diagnosis,
        effect=shown_effect,
        coverage=coverage,
        examined=found,
        seconds=time.monotonic() - began,
    )


def _asked_further(
    examiner: Examiner, can: Can, suite: Suite, order: Order, asked: Asking, fault_list: Sequence[Fault], step: Step
) -> tuple[Effect | None, list[Fault]]:
    """What needs more answers: the smallest failing cases, and the effect on patients."""
    shrunk = list(fault_list)
    try:
        done = step("shrinking", min(len(shrunk), MOST_SHRUNK))
        for place, fault in enumerate(shrunk[:MOST_SHRUNK]):
            if fault.smallest.case.kind in ("sealed", "relation", "course"):
                least = smallest(fault.smallest, suite.guideline, examiner.alone)
                shrunk[place] = dataclasses.replace(fault, smallest=least)
            done(1)
        if not order.effect_patients or not set(suite.scales) & set(SCALES):
            return None, shrunk
        chosen = order.trials or tuple(trials())
        done = step("grading simulated patients", 0)

        def ask_all(cases: Sequence[SuiteCase]) -> Mapping[str, Answer]:
            tellable = [c for c in cases if asked.translation.can_tell(c, suite.guideline)]
            further = Examiner(examiner.door, suite.guideline, order.limits, asked.translation)
            answers = further.run(tellable, suite.seed, again=False).answers
            return {c.id: answers.get(c.id, Answer("not-run")) for c in tellable}

        courses = "course" in can.forms
        return effect(
            ask_all, suite.guideline, suite.scales, chosen, suite.seed, order.effect_patients, courses
        ), shrunk
    except DoorError:
        return None, shrunk


def _gaps(judged: Sequence[Judged], ended: str, strays: Sequence[str], coverage: Coverage) -> list[str]:
    """Why the verdict cannot be called complete."""
    found = [f"the run ended early: {ended}"] if ended else []
    for status, what in (("skipped", "it skipped"), ("not-run", "not answered:")):
        if count := sum(j.status == status for j in judged):
            found.append(f"{what} {count:,} of {len(judged):,} cases")
    if strays and not ended:
        often = "once" if len(strays) == 1 else f"{len(strays)} times"
        found.append(f"it broke off {often} in a way that did not come back: {strays[0]}")
    if coverage.clauses:
        some = ", ".join(list(coverage.clauses)[:4]) + (" …" if len(coverage.clauses) > 4 else "")
        found.append(f"{len(coverage.clauses)} clauses could not be tested: {some}")
    return found if judged else [*found, "no case could be asked"]
