"""A whole suite: which cases, in which order, and a digest that says that two people mean the same one."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from cartox_core import Guideline, Scale
from harness.verify.case import SuiteCase
from harness.verify.suite.by_hand import golden, nans
from harness.verify.suite.courses import courses
from harness.verify.suite.derived import alone, cells, edges, missing, pairs, starts
from harness.verify.suite.highest import edges_of_highest, highest
from harness.verify.suite.refusals import refusals
from harness.verify.suite.relations import relations
from harness.verify.suite.sealed import sealed
from harness.verify.suite.series import series

Name = Literal["core", "full"]
CORE_CASES = 500
CORE_CASES_A_SCALE = 100  # for each scale beyond the second
SEALED_CASES = 1000  # of the full suite, where nobody asks for another number


@dataclasses.dataclass(frozen=True, slots=True)
class Suite:
    """Cases under a guideline. ``seed`` is that of the sealed ones, ``patients`` how many they are."""

    name: Name
    guideline: Guideline
    scales: tuple[str, ...]
    seed: int
    patients: int
    cases: tuple[SuiteCase, ...]

    @property
    def digest(self) -> str:
        """A fingerprint of what is asked, in 16 hexadecimal digits."""
        read = hashlib.sha256()
        for case in self.cases:
            read.update(json.dumps([case.id, case.scale, case.raw], sort_keys=True).encode())
        return read.hexdigest()[:16]


def build(guideline: Guideline, scales: Sequence[str], name: Name, seed: int, patients: int) -> Suite:
    """The suite of that name for some scales; ``patients`` is how many sealed cases it ends with."""
    fixed = core_cases(guideline, scales) if name == "core" else full_cases(guideline, scales)
    cases = (*fixed, *sealed(guideline, scales, seed, patients))
    return Suite(name, guideline, tuple(scales), seed, patients, cases)


def full_cases(guideline: Guideline, scales: Sequence[str]) -> tuple[SuiteCase, ...]:
    """Everything that is the same in every run, each told once."""
    return tuple(case for scale in scales for case in _once(_full(guideline, guideline.scale(scale))))


def core_limit(scales: int) -> int:
    """The most cases that the core suite has for so many scales.

    >>> core_limit(2), core_limit(12)
    (500, 1500)
    """
    return CORE_CASES + CORE_CASES_A_SCALE * max(scales - 2, 0)


def core_cases(guideline: Guideline, scales: Sequence[str]) -> tuple[SuiteCase, ...]:
    """Golden cases, every clause and every edge; as far as there is room also courses and cells of the tables."""
    found = [guideline.scale(scale) for scale in scales]
    bases = [list(_once(_base(guideline, scale))) for scale in found]
    further = [_further(guideline, scale) for scale in found]
    room = core_limit(len(found)) - sum(map(len, bases))
    filled: dict[int, tuple[SuiteCase, ...]] = {}
    for place in sorted(range(len(found)), key=lambda i: len(further[i])):  # what little needs leaves the rest more
        more = _evenly(room // (len(found) - len(filled)), further[place])
        filled[place] = tuple(_once([*bases[place], *more]))
        room -= len(filled[place]) - len(bases[place])
    return tuple(case for place in range(len(found)) for case in filled[place])


def _evenly(count: int, cases: Sequence[SuiteCase]) -> Sequence[SuiteCase]:
    """At most so many of the cases, from the whole length of them."""
    return [cases[i * len(cases) // count] for i in range(count)] if 0 < count < len(cases) else cases[: max(count, 0)]


def _further(guideline: Guideline, scale: Scale) -> list[SuiteCase]:
    if scale.is_whole:
        return list(_of_courses(guideline, scale, drawn=False))
    return [*courses(guideline, scale), *cells(guideline, scale)]


def _base(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    yield from golden(guideline, scale)
    if scale.is_whole:
        yield from edges_of_highest(guideline, scale)
        return
    yield from alone(guideline, scale)
    yield from edges(guideline, scale)
    yield from starts(guideline, scale)


def _full(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    if scale.is_whole:
        yield from _full_series(guideline, scale)
        return
    told = [*golden(guideline, scale), *alone(guideline, scale)]
    yield from told
    yield from edges(guideline, scale)
    yield from starts(guideline, scale)
    course = list(courses(guideline, scale))
    yield from course
    yield from pairs(guideline, scale)
    yield from missing(guideline, scale)
    yield from cells(guideline, scale)
    yield from refusals(scale)
    yield from nans(scale)
    yield from relations(guideline, [c for c in (*told, *course[::7]) if c.expected is not None])


def _of_courses(guideline: Guideline, scale: Scale, drawn: bool = True) -> Iterator[SuiteCase]:
    """Courses for a scale that grades them as a whole."""
    if all(feature.made == "highest" for feature in scale.features):
        return highest(guideline, scale)
    return series(guideline, scale, drawn)


def _full_series(guideline: Guideline, scale: Scale) -> Iterator[SuiteCase]:
    told = [*golden(guideline, scale), *_of_courses(guideline, scale)]
    yield from told
    yield from refusals(scale)
    yield from nans(scale)
    yield from relations(guideline, [c for c in told[::3] if c.expected is not None])


def _once(cases: Iterable[SuiteCase]) -> Iterator[SuiteCase]:
    """Each case that is asked in the same words once; a later one adds its clauses to the first."""
    seen: dict[str, SuiteCase] = {}
    for case in cases:
        key = json.dumps(_plain(case.raw)) if case.kind != "relation" else case.id
        before = seen.get(key)
        if before is None:
            seen[key] = case
        else:
            both = tuple(dict.fromkeys((*before.clauses, *case.clauses)))
            seen[key] = dataclasses.replace(before, clauses=both)
    return iter(seen.values())


def _plain(raw: Mapping[str, Any]) -> Any:
    """A case in one order of keys, without what is empty or says nothing."""
    rows = raw.get("observations")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return raw
    return [
        raw.get("patient") or {},
        [sorted(row.items(), key=lambda i: i[0]) for row in rows],
        raw.get("treatments") or [],
    ]
