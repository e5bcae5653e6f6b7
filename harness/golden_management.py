"""The golden cases of management plans: written by hand from the sources, like those of grades.

A file in ``golden/management`` names a plan. A case is a charted case or a context that is stated, and says which steps
are advised, perhaps advised, discouraged, used up or absent, their doses, from which hour they may be given, and what
is found in what was given.
"""

import dataclasses
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cartox_core import Grade, load_plan, read_case, recommend
from cartox_core.bedside import bedside, scales_of
from cartox_core.context import GRADES
from cartox_core.findings import findings
from harness.golden import GoldenError, golden_dir

STATES = ("advised", "perhaps", "discouraged", "used_up", "absent")
_TOLD = ("id", "why", "source", "effect", "readings", "know", "patient", "observations", "treatments")
_KEYS = frozenset((*_TOLD, *STATES, "dose", "not_before", "findings"))


@dataclasses.dataclass(frozen=True, slots=True)
class PlanCase:
    """One case: a protocol object, the plan and readings, what is stated, and what is expected.

    ``expect`` has the state of each step that is asked about, ``doses`` the dose of some in words, ``not_before``
    the hour of some before which they are too soon, ``found`` what stands of kind and about of every finding.
    """

    id: str
    plan: str
    why: str
    source: tuple[str, ...]
    effect: str
    readings: Mapping[str, str]
    know: Mapping[str, Any]
    raw: Mapping[str, Any]
    expect: Mapping[str, str]
    doses: Mapping[str, str]
    not_before: Mapping[str, float]
    found: tuple[str, ...] | None
    file: str


def golden_management(folder: Path | None = None) -> tuple[PlanCase, ...]:
    """All golden cases of plans, by file. Raises GoldenError for a malformed one.

    >>> {case.plan for case in golden_management()}
    {'ferreri-2024'}
    """
    folder = folder or golden_dir() / "management"
    found = [case for path in sorted(folder.glob("*.toml")) for case in _read(path)]
    ids = [case.id for case in found]
    if twice := sorted({i for i in ids if ids.count(i) > 1}):
        raise GoldenError(f"golden ids stand twice: {', '.join(twice)}")
    return tuple(found)


def _read(path: Path) -> Iterator[PlanCase]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in raw["case"]:
            if strange := set(table) - _KEYS:
                raise GoldenError(f"{path.name}: {table.get('id')}: unknown key {', '.join(sorted(strange))}")
            found = table.get("findings")
            yield PlanCase(
                id=table["id"],
                plan=raw["plan"],
                why=table["why"],
                source=tuple(table["source"]),
                effect=table["effect"],
                readings=table.get("readings", {}),
                know={k: _known(k, v) for k, v in table.get("know", {}).items()},
                raw={k: table[k] for k in ("patient", "observations", "treatments") if k in table},
                expect={step: state for state in STATES for step in table.get(state, ())},
                doses=table.get("dose", {}),
                not_before=table.get("not_before", {}),
                found=None if found is None else tuple(found),
                file=path.name,
            )
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, GoldenError):
            raise
        raise GoldenError(f"{path.name}: {type(error).__name__}: {error}") from None


def _known(name: str, written: Any) -> Any:
    """A grade as the files write it, ``2`` or ``"2..3"``; other fields as they are."""
    if name not in GRADES:
        return written
    low, _, high = str(written).partition("..")
    return Grade(int(low), int(high or low))


@dataclasses.dataclass(frozen=True, slots=True)
class Advised:
    """What came out of a case, in the form of what is expected."""

    states: Mapping[str, str]
    doses: Mapping[str, str]
    not_before: Mapping[str, float]
    found: tuple[str, ...]


def came_out(case: PlanCase) -> Advised:
    """What the core advises and finds for a case."""
    plan = load_plan(case.plan, case.readings)
    raw = {"observations": [{"time_h": case.know.get("hours_since_infusion", 48.0)}], **case.raw}
    at = bedside(read_case(raw), plan, scales_of(plan), case.know)
    told = recommend(plan, at.now)
    blocks = {state: getattr(told, state) for state in STATES if state != "absent"}
    states = dict.fromkeys((step.id for step in plan.steps), "absent")
    states |= {name: state for state, some in blocks.items() for one in some for name in one.ids}
    doses = {one.step.id: str(one.dose) for some in blocks.values() for one in some if one.dose}
    early = {a.step.id: a.not_before_h for some in blocks.values() for a in some if a.not_before_h is not None}
    found = tuple(f"{one.kind} {one.about}{' perhaps' if one.unknown else ''}" for one in findings(plan, at))
    return Advised(states, doses, early, found)
