"""What was published of real patients under several scales, beside what is found here: a check of plausibility."""

import dataclasses
import functools
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from harness.regrade.agreement import Share, pair, same_grade, same_presence
from harness.regrade.regraded import Regraded

Percent = Annotated[float, Field(ge=0, le=100)]
NOTE = "Published numbers are of real patients, and no target: nothing here is fitted to them."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublishedPair(_Strict):
    """Patients with toxicity by ``one``: where the other scale puts them."""

    one: str
    other: str
    same: int
    lower: int
    higher: int


class Study(_Strict):
    """One publication: any toxicity by scale, pairs of scales, agreement of all ``scales`` (none: of the family)."""

    title: str
    cite: list[str]
    family: str
    patients: int
    trial: str | None = None
    note: str
    any_toxicity: dict[str, int] = {}
    any_toxicity_pct: dict[str, Percent] = {}
    pair: list[PublishedPair] = []
    scales: list[str] = []
    same_grade_pct: Percent | None = None
    same_presence_pct: Percent | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Beside:
    """One published number, and the same of the patients at hand; ``here`` is empty where a scale is missing."""

    study: Study
    what: str
    published: str
    here: str


@functools.cache
def studies() -> tuple[Study, ...]:
    """The publications.

    >>> [study.patients for study in studies()]
    [111, 102, 111, 102]
    """
    text = (resources.files("harness.regrade") / "published.toml").read_text(encoding="utf-8")
    return tuple(Study.model_validate(raw) for raw in tomllib.loads(text)["study"])


def beside(regraded: Regraded) -> tuple[Beside, ...]:
    """Every published number of the families that were graded."""
    mine = [_of_its_trial(study, regraded) for study in studies() if study.family in regraded.families]
    return tuple(row for study, those in mine for row in _rows(study, those))


def _of_its_trial(study: Study, regraded: Regraded) -> tuple[Study, Regraded]:
    """A study of a trial beside the simulated patients of that trial, where there are some."""
    of_trial = [f"/{study.trial}/" in name for name in regraded.patients]
    if not any(of_trial) or all(of_trial):
        return study, regraded
    note = f"{study.note}; here the simulated patients of {study.trial}"
    return study.model_copy(update={"note": note}), regraded.only(of_trial)


def _rows(study: Study, regraded: Regraded) -> Iterator[Beside]:
    places = {u.label: i for i, u in enumerate(regraded.unders)}
    for label, count in study.any_toxicity.items():
        said = f"{count} of {study.patients} ({_pct(count, study.patients)})"
        yield Beside(study, f"any grade by {label}", said, _any(regraded, places.get(label)))
    for label, share in study.any_toxicity_pct.items():
        yield Beside(study, f"any grade by {label}", f"{share:g} %", _any(regraded, places.get(label)))
    for p in study.pair:
        of = p.same + p.lower + p.higher
        said = f"same {_pct(p.same, of)}, lower {_pct(p.lower, of)}, higher {_pct(p.higher, of)}"
        both = p.one in places and p.other in places
        here = _moved(regraded, places[p.one], places[p.other]) if both else ""
        yield Beside(study, f"{p.other} against {p.one}, of those graded", said, here)
    wanted = study.scales or [u.label for u in regraded.unders if u.family == study.family]
    found = tuple(places[label] for label in wanted if label in places)
    whole = len(found) == len(wanted) > 1
    scales = f"in all {len(wanted)}" if study.scales else f"in all (here {len(wanted)})"
    if study.same_presence_pct is not None:
        here = _bounds(same_presence(regraded, found)) if whole else ""
        yield Beside(study, f"any toxicity told alike {scales}", f"{study.same_presence_pct:g} %", here)
    if study.same_grade_pct is not None:
        here = _bounds(same_grade(regraded, found)) if whole else ""
        yield Beside(study, f"same grade {scales}", f"{study.same_grade_pct:g} %", here)


def _any(regraded: Regraded, place: int | None) -> str:
    if place is None:
        return ""
    low, high = (int((side[:, place] >= 1).sum()) for side in (regraded.floors, regraded.ceilings))
    return _span(low, high, len(regraded.patients))


def _moved(regraded: Regraded, one: int, other: int) -> str:
    """Where a scale puts the patients whom either grades, by floors."""
    found = pair(regraded, one, other)
    same = found.same.by_floors - int(found.matrix[0, 0])
    of = same + found.lower + found.higher
    return f"same {_pct(same, of)}, lower {_pct(found.lower, of)}, higher {_pct(found.higher, of)}"


def _bounds(share: Share) -> str:
    text = _pct(share.by_floors, share.of)
    return text if share.surely == share.at_most else f"{text} ({_span(share.surely, share.at_most, share.of)})"


def _span(low: int, high: int, of: int) -> str:
    return _pct(low, of) if low == high else f"{_pct(low, of)} to {_pct(high, of)}"


def _pct(count: int, of: int) -> str:
    return f"{100 * count / of:.0f} %" if of else "–"
