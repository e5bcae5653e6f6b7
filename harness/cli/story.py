"""A graded case as a story: what was charted, what decided each grade, what was unknown, and the sources."""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cartox_core import Because, Case, CourseGrades, Grade, Guideline, Observation, Scale, explain_course, grade_course
from cartox_core.derived import passes, told
from cartox_core.grade import Chart, Overrides, before_start, gate_status, status
from cartox_core.observation import ITEMS_OF, OBSERVATION
from cartox_core.series import MINUTES_A_DAY
from cartox_core.vasopressors import DOSE_HIGH, HOURS
from harness.cli.narrowing import narrowing_fields

DERIVED_OF_DOSES = {DOSE_HIGH, HOURS}


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """One observation: its time (hours), grade, what was charted for the scale, and the reasons.

    Without a time it is the whole course, and what was made of it. ``unknown`` are the fields of which some value
    would narrow the grade. ``alike`` more observations, the last ``until_h``, are graded as this one.
    """

    time_h: float | None
    grade: Grade
    charted: str
    gate: str
    because: tuple[Because, ...]
    unknown: tuple[str, ...]
    alike: int = 0
    until_h: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """A case under one scale; ``course`` is None for a snapshot."""

    scale: Scale
    steps: tuple[Step, ...]
    course: CourseGrades | None


def story(case: Case, scale: Scale) -> Story:
    """The story of a case under a scale."""
    explained = explain_course(case.observations, case.treatments, scale, case.patient)
    if scale.is_whole:
        ((grade, because),) = explained
        return Story(scale, (Step(None, grade, features(case, scale), "", because, never_charted(case, scale)),), None)
    derived = passes(case.observations, case.treatments, scale, case.patient)
    steps = tuple(
        Step(
            observation.time_h,
            grade,
            ", ".join(filter(None, [charted(observation, scale), by_doses(scale, *here)])),
            gate(case, scale, i, here),
            because,
            narrowing_fields(case, scale, i, derived),
        )
        for i, (observation, (grade, because), *here) in enumerate(
            zip(case.observations, explained, *derived, strict=True)
        )
    )
    course = grade_course(case.observations, case.treatments, scale, case.patient)
    return Story(scale, steps, None if case.is_snapshot else course)


LONG_COURSE = 24  # observations from which stretches that are graded alike are told once


def shortened(story: Story) -> Story:
    """The story with one step for each stretch of a long course that is graded alike, for the same reasons."""
    if len(story.steps) <= LONG_COURSE:
        return story
    alike = itertools.groupby(story.steps, key=lambda step: (step.grade, step.because, step.gate, step.unknown))
    return dataclasses.replace(story, steps=tuple(_stretch(list(steps)) for _, steps in alike))


def _stretch(steps: list[Step]) -> Step:
    return dataclasses.replace(steps[0], alike=len(steps) - 1, until_h=steps[-1].time_h)


def by_doses(scale: Scale, mild: Overrides, worst: Overrides) -> str:
    """What the doses of a course tell at one observation."""
    told = [(name, value, worst[name]) for name, value in mild.items() if name in DERIVED_OF_DOSES & set(scale.fields)]
    words = [
        f"{name} {_word(low)}"
        if low == high
        else f"{name} {_word(low)} or {_word(high)}, for want of a dose, a unit that is understood, or the weight"
        for name, low, high in told
    ]
    return f"from the doses: {', '.join(words)}" if words else ""


def never_charted(case: Case, scale: Scale) -> tuple[str, ...]:
    """The fields of which a scale of whole courses asks the highest value, and that no observation has."""
    asked = [name for f in scale.features if f.made == "highest" for name in f.of]
    return tuple(n for n in asked if all(getattr(o, n) is None for o in case.observations if o.minute >= 0))


def charted(observation: Observation, scale: Scale) -> str:
    """What an observation says for a scale, defaults left out.

    >>> from cartox_core import load
    >>> charted(Observation(time_h=1, temp_c=39.1, hypotension=False), load("astct-2019").scale("crs"))
    'temp_c 39.1, hypotension no'
    """
    read = {*scale.fields, *(ITEMS_OF[n] for n in scale.fields if n in ITEMS_OF)}
    names = [n for n in OBSERVATION if n in read]
    known = {n: getattr(observation, n) for n in names}
    return ", ".join(f"{n} {_word(v)}" for n, v in known.items() if v is not None and v != OBSERVATION[n].default)


def features(case: Case, scale: Scale) -> str:
    """What a scale makes of a whole course; a range where the course leaves it open."""
    ((_, mild, worst),) = told(case.observations, case.treatments, scale, case.patient)
    values = {name: (low, worst[name]) for name, low in mild.items()}
    said = [f"{name} {_word(a) if a == b else f'{_word(a)} to {_word(b)}'}" for name, (a, b) in values.items()]
    return ", ".join([*said, *_censored(case, scale)])


def _censored(case: Case, scale: Scale) -> Iterator[str]:
    """That the last observation ends the days of a scale early."""
    last_day = max(o.minute for o in case.observations) // MINUTES_A_DAY
    ends = [f.last_day for f in scale.features if f.ends_early and f.test is not None and f.missing_counts]
    if ends and last_day < max(ends):
        yield f"follow-up ends on day {last_day}"


def _word(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return number(value)
    points = dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else {}
    return "(" + ", ".join(f"{k} {v}" for k, v in points.items() if v is not None) + ")"


def number(value: float) -> str:
    """A number as people write it: 52, 39.1, 43800.25."""
    return f"{value:.10g}"


def gate(case: Case, scale: Scale, at: int, derived: Sequence[Overrides]) -> str:
    """Whether the gate is open at an observation, and by which clause; empty without a gate."""
    observation = case.observations[at]
    if not scale.gate or before_start(observation, scale):
        return ""
    low, high = (Chart(observation, case.patient, here) for here in derived)
    if gate_status(scale, high) == "fails":
        return "closed"
    opening = [c.text for c in scale.gate if status(c, low, scale) == "holds"]
    if gate_status(scale, low) == "holds":
        return f"open: {'; '.join(opening)}" if opening else "open"
    return "open or closed, which what is unknown decides"


def references(stories: Iterable[Story], guideline: Guideline) -> dict[str, int]:
    """The works that the clauses and the guideline cite, numbered in the order of their first use."""
    cites = [c for s in stories for step in s.steps for b in step.because if b.clause for c in b.clause.cite]
    keys = dict.fromkeys(cite.split(" ")[0] for cite in [*cites, *guideline.cite])
    return {key: i for i, key in enumerate(keys, start=1)}


def cited(cites: Sequence[str], numbers: Mapping[str, int]) -> str:
    """Citations by number and place: ``[1] Table 2; [2] Table 2 note *``."""
    return "; ".join(f"[{numbers[key]}] {place}".rstrip() for key, _, place in (c.partition(" ") for c in cites))


def written_out(work: Mapping[str, str]) -> str:
    """A work in full.

    >>> from cartox_core.bibliography import bibliography
    >>> written_out(bibliography()["ferreri-2024"]).partition(" Front")[0]
    'Ferreri CJ, Bhutani M. Mechanisms and management of CAR T toxicity.'
    """
    doi = f" doi:{work['doi']}" if work.get("doi") else ""
    return f"{work['authors'].rstrip('.')}. {work['title']}. {work['where']}, {work['year']}.{doi}"
