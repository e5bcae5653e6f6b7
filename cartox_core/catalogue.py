"""The catalogue: what the review lists and no scale computes, as entries with their source.

Marker panels, risk factors with the direction of their effect, patterns, work-up, drugs and published figures. For
testing and teaching, not for treating patients.
"""

import dataclasses
import functools
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Literal, get_args

from cartox_core.bibliography import bibliography, nearest
from cartox_core.guideline import GuidelineError
from cartox_core.library import parsed
from cartox_core.table_file import checked, twice

Effect = Literal["", "raises", "lowers", "unclear"]
EFFECTS: tuple[str, ...] = get_args(Effect)
ENTRY_KINDS: tuple[str, ...] = (
    "marker panel",
    "risk factor",
    "pattern",
    "work-up",
    "supportive care",
    "drug",
    "prophylaxis",
    "neurotoxicity",
    "published figure",
    "product",
)


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the review tells. ``effect`` is on the risk or the course of what the title names last.

    ``values`` have their unit in the name; ``systems`` are rows of docs/coverage.md; ``see`` are other entries, steps
    of a plan, readings or scores.
    """

    id: str
    kind: str
    title: str
    text: str
    cite: tuple[str, ...]
    file: str
    effect: Effect = ""
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    systems: tuple[int, ...] = ()
    see: tuple[str, ...] = ()


@functools.cache
def catalogue() -> Mapping[str, Entry]:
    """Every entry by its id, file by file. Raises GuidelineError where a file is malformed.

    >>> catalogue()["igg-replacement"].values
    {'trough_mg_dl_above': 400}
    """
    shelf = resources.files("cartox_core") / "catalogue"
    files = sorted((f for f in shelf.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    found = [entry for file in files for entry in entries(file.read_text(encoding="utf-8"), file.name)]
    for name in twice([entry.id for entry in found]):
        raise GuidelineError(f"two entries of the catalogue are called {name!r}")
    return {entry.id: entry for entry in found}


def entries(text: str, name: str) -> tuple[Entry, ...]:
    """The entries of one file. Raises GuidelineError."""
    return parsed(text, name, lambda raw: tuple(_entries(raw, name)))


def _entries(raw: Any, name: str) -> Iterator[Entry]:
    for one in checked(raw, "catalogue", "top level")["entry"]:
        where = f"entry {one.get('id', '?')}"
        table = checked(one, "entry", where)
        if table["kind"] not in ENTRY_KINDS:
            raise GuidelineError(f"{where}: kind is {table['kind']!r}; it must be one of {', '.join(ENTRY_KINDS)}")
        if table["kind"] == "risk factor" and not table.get("effect"):
            raise GuidelineError(f"{where}: a risk factor needs an effect: {', '.join(EFFECTS[1:])}")
        if table.get("effect", "") not in EFFECTS:
            raise GuidelineError(f"{where}: effect is {table['effect']!r}; it must be one of {', '.join(EFFECTS[1:])}")
        lists = {key: tuple(table.get(key, ())) for key in ("systems", "see")}
        yield Entry(**{**table, **lists, "cite": _cited(table["cite"], where), "file": name})


def _cited(cites: Sequence[str], where: str) -> tuple[str, ...]:
    works = bibliography()
    for key in (cite.split(" ")[0] for cite in cites):
        if key not in works:
            raise GuidelineError(f"{where}: cites {key!r}, which is not in the bibliography;{nearest(key, works)}")
    return tuple(cites)
