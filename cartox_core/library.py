"""The shelf of guidelines: load one by id, or from a file, under the readings wanted."""

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from cartox_core.bibliography import nearest
from cartox_core.guideline import Guideline, GuidelineError
from cartox_core.guideline_file import Reader
from cartox_core.proof import prove

_SHELF = resources.files("cartox_core") / "guidelines"


def guideline_ids() -> tuple[str, ...]:
    """The ids of the guidelines on the shelf.

    >>> "astct-2019" in guideline_ids()
    True
    """
    return tuple(sorted(f.name.removesuffix(".toml") for f in _SHELF.iterdir() if f.name.endswith(".toml")))


def load(source: str | Path, readings: Mapping[str, str] | None = None) -> Guideline:
    """The guideline of that id, or in that file, under the readings wanted (the rest at their defaults).

    Raises GuidelineError when there is none, or it is malformed: unknown field, gap, unreachable clause,
    worse sign graded lower.

    >>> load("astct-2019", {"C1": "high"}).chosen["C1"]
    'high'
    """
    name, wanted = str(source), tuple(sorted((readings or {}).items()))
    if name in guideline_ids():
        return _load_shelf(name, wanted)
    try:
        if not Path(name).is_file():
            raise GuidelineError(
                f"there is no guideline {name!r}, and no such file;{nearest(name, guideline_ids())}"
                f" on the shelf: {', '.join(guideline_ids())}"
            )
        text = Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, GuidelineError):
            raise
        raise GuidelineError(f"{name} cannot be read: {error}") from None
    return parse(text, name, dict(wanted))


@functools.lru_cache(maxsize=256)
def _load_shelf(name: str, readings: tuple[tuple[str, str], ...]) -> Guideline:
    return parse((_SHELF / f"{name}.toml").read_text(encoding="utf-8"), name, dict(readings))


def parse(text: str, name: str, readings: Mapping[str, str] | None = None) -> Guideline:
    """The guideline that a TOML text describes, checked. ``name`` stands in messages.

    Raises GuidelineError.
    """
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise GuidelineError(f"{name}: not TOML: {error}") from None
    try:
        guideline = Reader(raw, readings or {}).guideline()
        prove(guideline)
    except GuidelineError as error:
        raise GuidelineError(f"{name}: {error}") from None
    return guideline
