"""The cases of a suite that a grader can be asked, and why the others are left out."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping

from cartox_core import Guideline
from cartox_core.observation import OBSERVATION
from harness.verify.case import SuiteCase
from harness.verify.doors.door import Can
from harness.verify.translation import Translation


@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, and by reason how many cases are not."""

    cases: tuple[SuiteCase, ...]
    left_out: Mapping[str, int]
    translation: Translation


def asking(cases: Iterable[SuiteCase], guideline: Guideline, can: Can, translation: Translation, nan: bool) -> Asking:
    """Choose the cases that this grader can be told and says that it takes."""
    if can.fields is not None:
        unread = frozenset(OBSERVATION) - can.fields - {"time_h"}
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


def _reason(case: SuiteCase, guideline: Guideline, can: Can, translation: Translation, nan: bool) -> str:
    form = "course" if case.is_course else "snapshot"
    if form not in can.forms:
        return f"it takes no {form}s"
    if case.kind == "nan" and not nan:
        return "this door has no NaN"
    if not translation.can_tell(case, guideline):
        return "it cannot be told a field, or a value, that the answer turns on"
    return ""
