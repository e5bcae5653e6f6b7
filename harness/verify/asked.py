"""The cases of a suite that a grader can be asked, and why the others are left out."""

import dataclasses
import difflib
from collections import Counter
from collections.abc import Iterable, Mapping

from cartox_core import Guideline
from cartox_core.observation import OBSERVATION, PATIENT
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Can, DoorError
from harness.verify.translation import Translation

_NAMED = 3  # fields in a reason why a case is left out


@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, and by reason how many cases are not."""

    cases: tuple[SuiteCase, ...]
    left_out: Mapping[str, int]
    translation: Translation


def asking(cases: Iterable[SuiteCase], guideline: Guideline, can: Can, translation: Translation, nan: bool) -> Asking:
    """Choose the cases that this grader can be told and says that it takes. Raises DoorError."""
    if can.fields is not None:
        unread = frozenset(OBSERVATION) - _ours(can.fields, translation) - {"time_h"}
        translation = translation.leaving_out(unread)
    kept: list[SuiteCase] = []
    left_out: Counter[str] = Counter()
    for case in cases:
        reason = _reason(case, guideline, can, translation, nan)
        if reason:
            left_out[reason] += 1
        else:
            kept.append(case)
    return Asking(tuple(kept), left_out, translation)


def _ours(fields: frozenset[str], translation: Translation) -> frozenset[str]:
    """The fields that a grader names, by our names where the map has others. Raises DoorError."""
    names = {theirs: ours for ours, theirs in translation.names.items()}
    found = frozenset(names.get(name, name) for name in fields)
    if strange := sorted(found - OBSERVATION.keys() - PATIENT.keys()):
        near = difflib.get_close_matches(strange[0], OBSERVATION, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; see cartox schema, or give a --map"
        raise DoorError(
            f'in the answer to hello, "fields" names {strange[0]!r}, which is no field of the protocol{hint}'
        )
    return found


def _reason(case: SuiteCase, guideline: Guideline, can: Can, translation: Translation, nan: bool) -> str:
    form = "course" if case.is_course else "snapshot"
    if form not in can.forms:
        return f"it takes no {form}s"
    if case.kind == "nan" and not nan:
        return "this door has no NaN"
    if blocking := translation.blocking(case, guideline):
        return f"it cannot be told {', '.join(blocking[:_NAMED])}{' …' if len(blocking) > _NAMED else ''}"
    return ""
