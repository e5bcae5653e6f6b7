"""The shelves of guidelines, scores and plans: load one by id, or from a file, under the readings wanted."""

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from cartox_core.bibliography import nearest
from cartox_core.guideline import Guideline, GuidelineError
from cartox_core.guideline_file import Reader
from cartox_core.management import Plan
from cartox_core.management_file import PlanReader
from cartox_core.proof import prove
from cartox_core.score import Score
from cartox_core.score_file import ScoreReader

_SHELF = resources.files("cartox_core") / "guidelines"
_SCORES = resources.files("cartox_core") / "scores"
_PLANS = resources.files("cartox_core") / "management"
_DEEPEST = 40  # a test of a clause stands nine deep
_Readings = Mapping[str, str]
Read = TypeVar("Read")


def guideline_ids() -> tuple[str, ...]:
    """The ids of the guidelines on the shelf.

    >>> "astct-2019" in guideline_ids()
    True
    """
    return _ids(_SHELF)


def score_ids() -> tuple[str, ...]:
    """The ids of the additive scores on the shelf.

    >>> "ice" in score_ids()
    True
    """
    return _ids(_SCORES)


def plan_ids() -> tuple[str, ...]:
    """The ids of the management plans on the shelf.

    >>> plan_ids()
    ('ferreri-2024',)
    """
    return _ids(_PLANS)


def _ids(shelf: Any) -> tuple[str, ...]:
    return tuple(sorted(f.name.removesuffix(".toml") for f in shelf.iterdir() if f.name.endswith(".toml")))


def load(source: str | Path, readings: _Readings | None = None) -> Guideline:
    """The guideline of that id, or in that file, under the readings wanted (the rest at their defaults).

    Raises GuidelineError when there is none, or it is malformed: unknown field, gap, unreachable clause,
    worse sign graded lower.

    >>> load("astct-2019", {"C1": "high"}).chosen["C1"]
    'high'
    """
    name, wanted = str(source), tuple(sorted((readings or {}).items()))
    if name in guideline_ids():
        return _load_shelf(name, wanted)
    return parse(guideline_text(name), name, dict(wanted))


def guideline_text(source: str | Path) -> str:
    """The file of the guideline of that id, or under that path, as it is written. Raises GuidelineError.

    >>> "[scale.crs]" in guideline_text("astct-2019")
    True
    """
    name = str(source)
    if name in guideline_ids():
        return (_SHELF / f"{name}.toml").read_text(encoding="utf-8")
    return _text_of(name, "guideline", guideline_ids())


def readable(source: str | Path) -> Callable[[_Readings], Guideline]:
    """What gives the guideline of that id, or in that file, under any readings: its text is read once.

    What it gives is checked but not proved, for whoever needs many of which few matter. Raises GuidelineError.

    >>> readable("astct-2019")({"C1": "high"}).chosen["C1"]
    'high'
    """
    name = str(source)
    raw: Any = parsed(guideline_text(name), name, lambda raw: raw)

    @functools.cache
    def under(readings: tuple[tuple[str, str], ...]) -> Guideline:
        return Reader(raw, dict(readings)).guideline()

    return lambda readings: under(tuple(sorted(readings.items())))


def load_score(source: str | Path, readings: _Readings | None = None) -> Score:
    """The additive score of that id, or in that file, under the readings wanted (the rest at their defaults).

    Raises GuidelineError when there is none, or it is malformed: unknown field, gap, a total in no band.

    >>> load_score("car-hematotox").top
    7
    """
    name, wanted = str(source), tuple(sorted((readings or {}).items()))
    if name in score_ids():
        return _load_score(name, wanted)
    return parse_score(_text_of(name, "score", score_ids()), name, dict(wanted))


def load_plan(source: str | Path, readings: _Readings | None = None) -> Plan:
    """The management plan of that id, or in that file, under the readings wanted (the rest at their defaults).

    Raises GuidelineError when there is none, or it is malformed: unknown field, drug or regimen, a step without a test.

    >>> load_plan("ferreri-2024").step("crs.tocilizumab.g2").strength
    'should'
    """
    name, wanted = str(source), tuple(sorted((readings or {}).items()))
    if name in plan_ids():
        return _load_plan(name, wanted)
    return parse_plan(_text_of(name, "plan", plan_ids()), name, dict(wanted))


def _text_of(name: str, what: str, ids: tuple[str, ...]) -> str:
    """The text of a file. Raises GuidelineError."""
    try:
        if not Path(name).is_file():
            raise GuidelineError(
                f"there is no {what} {name!r}, and no such file;{nearest(name, ids)} on the shelf: {', '.join(ids)}"
            )
        return Path(name).read_text(encoding="utf-8-sig")  # Notepad sets a mark before the first line
    except (OSError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, GuidelineError):
            raise
        raise GuidelineError(f"{name} cannot be read: {error}") from None


@functools.lru_cache(maxsize=256)
def _load_shelf(name: str, readings: tuple[tuple[str, str], ...]) -> Guideline:
    return parse(guideline_text(name), name, dict(readings))


@functools.lru_cache(maxsize=256)
def _load_score(name: str, readings: tuple[tuple[str, str], ...]) -> Score:
    return parse_score((_SCORES / f"{name}.toml").read_text(encoding="utf-8"), name, dict(readings))


@functools.lru_cache(maxsize=256)
def _load_plan(name: str, readings: tuple[tuple[str, str], ...]) -> Plan:
    return parse_plan((_PLANS / f"{name}.toml").read_text(encoding="utf-8"), name, dict(readings))


def parse(text: str, name: str, readings: _Readings | None = None) -> Guideline:
    """The guideline that a TOML text describes, checked. ``name`` stands in messages.

    Raises GuidelineError.
    """

    def read(raw: Any) -> Guideline:
        guideline = Reader(raw, readings or {}).guideline()
        prove(guideline)
        return guideline

    return parsed(text, name, read)


def parse_score(text: str, name: str, readings: _Readings | None = None) -> Score:
    """The score that a TOML text describes, checked. ``name`` stands in messages.

    Raises GuidelineError.
    """
    return parsed(text, name, lambda raw: ScoreReader(raw, readings or {}).score())


def parse_plan(text: str, name: str, readings: _Readings | None = None) -> Plan:
    """The management plan that a TOML text describes, checked. ``name`` stands in messages.

    Raises GuidelineError.
    """
    return parsed(text, name, lambda raw: PlanReader(raw, readings or {}).plan())


def parsed(text: str, name: str, read: Callable[[Any], Read]) -> Read:
    """What ``read`` makes of a TOML text. Raises GuidelineError with ``name`` before it."""
    try:
        raw = toml_of(text)
    except ValueError as error:
        raise GuidelineError(f"{name}: not TOML: {error}") from None
    try:
        return read(raw)
    except GuidelineError as error:
        raise GuidelineError(f"{name}: {error}") from None


class TooDeep(ValueError):
    """A text whose tables and lists stand in one another without end."""

    def __init__(self) -> None:
        super().__init__("it is nested too deeply; close each [ and { where its list or table ends")


def toml_of(text: str) -> Mapping[str, Any]:
    """What a TOML text holds. Raises ValueError where it is none, TooDeep where nothing could go through it.

    >>> toml_of("top = 4")
    {'top': 4}
    """
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise TooDeep from None
    level: list[Any] = [raw]
    for _ in range(_DEEPEST):
        level = [inner for value in level if isinstance(value, dict | list) for inner in _inside(value)]
    if level:
        raise TooDeep
    return raw


def _inside(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
