"""The golden cases: written by hand from the sources, read by the run and by the tests.

A case says what is charted, what must come out, why it exists and what a wrong grade does to a patient.
"""

import dataclasses
import functools
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cartox_core import Grade, Guideline, GuidelineError, Refused, grade_course, load, read_case

_KEYS = frozenset(
    "id why source effect clauses readings expect refused summary patient observations daily treatments".split()  # noqa: SIM905
)
OTHERS = ("scores", "management")  # folders of cases that are not of grades
_SUMMARY = ("onset_h", "peak", "peak_h", "resolved_h", "duration_h")


class GoldenError(ValueError):
    """A golden file that cannot be read or is malformed."""


@dataclasses.dataclass(frozen=True, slots=True)
class GoldenCase:
    """One case: a protocol object, the scale and readings, and what is expected of them."""

    id: str
    guideline: str
    scale: str
    why: str
    source: tuple[str, ...]
    effect: str
    clauses: tuple[str, ...]
    raw: Mapping[str, Any]
    readings: Mapping[str, str]
    expect: tuple[Grade, ...] | None
    refused: str | None
    summary: Mapping[str, float] | None
    file: str


@dataclasses.dataclass(frozen=True, slots=True)
class GoldenFailure:
    """A golden case that came out otherwise."""

    case: GoldenCase
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.case.id}: expected {self.expected}, got {self.got} ({self.case.why})"


def golden_dir() -> Path:
    """Where the golden cases are: beside the packages in a checkout, inside the package in a wheel."""
    packed = Path(__file__).parent / "golden_cases"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "golden"


def golden_cases(folder: Path | None = None) -> tuple[GoldenCase, ...]:
    """All golden cases of grades, by file; scores and plans have their own. Raises GoldenError for a malformed one.

    >>> len(golden_cases()) > 250
    True
    """
    folder = folder or golden_dir()
    paths = [path for path in sorted(folder.rglob("*.toml")) if path.parent.name not in OTHERS]
    found = [case for path in paths for case in _read(path, folder)]
    if not found:
        raise GoldenError(f"{folder} holds no golden cases")
    ids = [case.id for case in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise GoldenError(f"golden ids stand twice: {', '.join(twice)}")
    return tuple(found)


def _read(path: Path, folder: Path) -> Iterator[GoldenCase]:
    name = str(path.relative_to(folder))
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in raw["case"]:
            if strange := set(table) - _KEYS:
                raise GoldenError(f"{name}: {table.get('id')}: unknown key {', '.join(sorted(strange))}")
            expect = table.get("expect")
            if (expect is None) == ("refused" not in table):
                raise GoldenError(f"{name}: {table['id']}: write expect or refused, one of them")
            yield GoldenCase(
                id=table["id"],
                guideline=raw["guideline"],
                scale=raw["scale"],
                why=table["why"],
                source=tuple(table["source"]),
                effect=table["effect"],
                clauses=tuple(table["clauses"]),
                raw=_raw(table),
                readings=table.get("readings", {}),
                expect=None if expect is None else tuple(_grade(g) for g in expect),
                refused=table.get("refused"),
                summary=table.get("summary"),
                file=name,
            )
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, GoldenError):
            raise
        raise GoldenError(f"{name}: {type(error).__name__}: {error}") from None


def _raw(table: Mapping[str, Any]) -> dict[str, Any]:
    """The protocol object of a case; a ``daily`` series is written out as observations."""
    raw = {k: table[k] for k in ("patient", "observations", "treatments") if k in table}
    return {**raw, "observations": list(daily_rows(**table["daily"]))} if "daily" in table else raw


def daily_rows(values: str, field: str, first_day: int = 0, hour: float = 6) -> Iterator[dict[str, float]]:
    """One observation a day: ``400*7`` is a week of 400; ``-`` is a day without an observation, ``?`` without a value.

    >>> list(daily_rows("4000 - 400*2", "anc_per_ul"))[1:]
    [{'time_h': 54, 'anc_per_ul': 400.0}, {'time_h': 78, 'anc_per_ul': 400.0}]
    """
    day = first_day
    for word in values.split():
        value, _, days = word.partition("*")
        for _ in range(int(days or 1)):
            if value != "-":
                yield {"time_h": 24 * day + hour, **({} if value == "?" else {field: float(value)})}
            day += 1


def _grade(written: int | str) -> Grade:
    """A grade as the files write it: 3, or "2..3"."""
    low, _, high = str(written).partition("..")
    return Grade(int(low), int(high or low))


def check(case: GoldenCase, guideline: Guideline | None = None) -> GoldenFailure | None:
    """Hold a case against the core, under another guideline where one is given; None when it comes out."""
    expected = f"refused for {case.refused}" if case.refused else ", ".join(map(str, case.expect or ()))
    try:
        read = read_case(case.raw)
    except Refused as refused:
        fields = {fault.field for fault in refused.faults}
        got = f"refused for {', '.join(sorted(fields))}"
        return None if case.refused in fields else GoldenFailure(case, expected, got)
    guideline = guideline or load(case.guideline, case.readings)
    course = grade_course(read.observations, read.treatments, guideline.scale(case.scale), read.patient)
    got = ", ".join(map(str, course.grades))
    if case.refused or course.grades != case.expect:
        return GoldenFailure(case, expected, got)
    if case.summary is not None:
        found = {k: getattr(course.floors, k) for k in _SUMMARY if getattr(course.floors, k) is not None}
        wanted = dict(case.summary)
        if found.keys() != wanted.keys() or any(abs(found[k] - wanted[k]) > 1e-9 for k in found):
            return GoldenFailure(case, f"{expected}; {wanted}", f"{got}; {found}")
    return None


def check_all(guideline: str, cases: tuple[GoldenCase, ...]) -> list[GoldenFailure]:
    """The failures among cases under the guideline of an id or in a file, each with the readings it asks for."""

    @functools.cache  # a file is not kept by the core, and cases share readings
    def under(readings: tuple[tuple[str, str], ...]) -> Guideline:
        return load(guideline, dict(readings))

    failures = []
    for case in cases:
        try:
            failures.append(check(case, under(tuple(sorted(case.readings.items())))))
        except GuidelineError as error:
            failures.append(GoldenFailure(case, "a grade", str(error)))
    return [f for f in failures if f]
