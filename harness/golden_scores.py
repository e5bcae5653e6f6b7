"""The golden cases of scores: written by hand from the sources, like those of grades.

A file in ``golden/scores`` names a score; a case says what is charted and, for each observation, the total (or its
range, or that there is none) and the bands.
"""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cartox_core import load_score, read_case, score
from cartox_core.indices import INDICES, span
from harness.golden import GoldenError, golden_dir

_KEYS = frozenset(("id", "why", "source", "effect", "clauses", "readings", "expect", "patient", "observations"))
UNDEFINED = "undefined"


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """A total or its range, None where there is none, and the names of the bands that it may lie in."""

    ends: tuple[float, float] | None
    bands: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class ScoreCase:
    """One case: a protocol object, the score and readings, and what is expected at each observation."""

    id: str
    score: str
    why: str
    source: tuple[str, ...]
    effect: str
    clauses: tuple[str, ...]
    raw: Mapping[str, Any]
    readings: Mapping[str, str]
    expect: tuple[Outcome, ...]
    file: str


def golden_scores(folder: Path | None = None) -> tuple[ScoreCase, ...]:
    """All golden cases of scores, by file. Raises GoldenError for a malformed one.

    >>> {case.score for case in golden_scores()} >= {"ice", "car-hematotox", "easix"}
    True
    """
    folder = folder or golden_dir() / "scores"
    found = [case for path in sorted(folder.glob("*.toml")) for case in _read(path)]
    ids = [case.id for case in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise GoldenError(f"golden ids stand twice: {', '.join(twice)}")
    return tuple(found)


def _read(path: Path) -> Iterator[ScoreCase]:
    name = path.name
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in raw["case"]:
            if strange := set(table) - _KEYS:
                raise GoldenError(f"{name}: {table.get('id')}: unknown key {', '.join(sorted(strange))}")
            yield ScoreCase(
                id=table["id"],
                score=raw["score"],
                why=table["why"],
                source=tuple(table["source"]),
                effect=table["effect"],
                clauses=tuple(table["clauses"]),
                raw={k: table[k] for k in ("patient", "observations") if k in table},
                readings=table.get("readings", {}),
                expect=tuple(_outcome(told) for told in table["expect"]),
                file=name,
            )
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, GoldenError):
            raise
        raise GoldenError(f"{name}: {type(error).__name__}: {error}") from None


def _outcome(told: Mapping[str, Any]) -> Outcome:
    """An outcome as the files write it: ``{ total = "2..7", bands = ["high"] }``."""
    if told["total"] == UNDEFINED:
        return Outcome(None)
    low, _, high = str(told["total"]).partition("..")
    return Outcome((float(low), float(high or low)), tuple(told.get("bands", ())))


def outcomes(case: ScoreCase) -> tuple[Outcome, ...]:
    """What the core finds at each observation of a case."""
    read = read_case(case.raw)
    if case.score in INDICES:
        spans = [span(observation, INDICES[case.score]) for observation in read.observations]
        return tuple(Outcome((s.low, s.high) if s else None) for s in spans)
    chosen = load_score(case.score, case.readings)
    found = [score(observation, chosen, read.patient) for observation in read.observations]
    return tuple(Outcome((f.low, f.high), tuple(band.name for band in f.bands)) for f in found)
