"""Under what patients are graded: a scale of a guideline, and the family of scales that it may be compared with."""

import dataclasses
import functools
from collections.abc import Callable, Iterable
from pathlib import Path

from cartox_core import Guideline, GuidelineError, Scale, guideline_ids, load

REFERENCE = "astct-2019"
FAMILIES = {"crs": "CRS", "neurotoxicity": "neurotoxicity"}
_NEUROTOXICITY = ("icans", "cres", "neurotoxicity")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Under:
    """One column: a guideline and one of its scales."""

    guideline: Guideline
    scale: Scale

    @property
    def label(self) -> str:
        """What the column is called: ``lee-2014:crs``."""
        return f"{self.guideline.id}:{self.scale.name}"

    @property
    def family(self) -> str:
        """Which scales grade the same: ``crs``, ``neurotoxicity``, or else the name of the scale."""
        return "neurotoxicity" if self.scale.name in _NEUROTOXICITY else self.scale.name


def every_under() -> tuple[Under, ...]:
    """Every CRS and neurotoxicity scale on the shelf, those of ASTCT first.

    >>> [u.label for u in every_under()][:2], len(every_under()) >= 8
    (['astct-2019:crs', 'cartox-2018:crs'], True)
    """
    shelf = sorted(guideline_ids(), key=lambda name: (name != REFERENCE, name))
    return in_families(u for name in shelf for u in _comparable(load(name)))


def chosen_under(wanted: Iterable[str]) -> tuple[Under, ...]:
    """The columns named, ``ID`` for the CRS and neurotoxicity scales of a guideline, ``ID:SCALE`` for one scale.

    Raises GuidelineError.

    >>> [u.label for u in chosen_under(["penn-2018", "astct-2019:crs", "penn-2018:crs"])]
    ['penn-2018:crs', 'astct-2019:crs']
    """
    found: dict[str, Under] = {}
    read = functools.cache(load)  # a file is not kept by the core
    for text in wanted:
        for under in _named(text, read):
            if found.setdefault(under.label, under).guideline is not under.guideline:
                raise GuidelineError(f"two guidelines are called {under.guideline.id!r}; give one another id")
    return in_families(found.values())


def in_families(unders: Iterable[Under]) -> tuple[Under, ...]:
    """Columns of one family together, CRS first."""
    listed = list(unders)
    order = [*FAMILIES, *(u.family for u in listed)]
    return tuple(sorted(listed, key=lambda u: order.index(u.family)))


def _named(text: str, read: Callable[[str], Guideline]) -> tuple[Under, ...]:
    source, colon, scale = text.rpartition(":")
    if not colon or Path(text).is_file():
        guideline = read(text)
        if not (found := _comparable(guideline)):
            scales = ", ".join(f"{text}:{name}" for name in guideline.scales)
            raise GuidelineError(f"{text} grades neither CRS nor neurotoxicity; name a scale of it: {scales}")
        return found
    guideline = read(source)
    return (Under(guideline, guideline.scale(scale)),)


def _comparable(guideline: Guideline) -> tuple[Under, ...]:
    return tuple(u for scale in guideline.scales.values() if (u := Under(guideline, scale)).family in FAMILIES)
