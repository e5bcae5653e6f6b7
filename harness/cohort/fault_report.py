"""What charting faults did to the grades of a run, as rows for text and page, and as JSON."""

from typing import Any

from harness.cohort.fault_effects import ALL, ANTIPYRETICS, KINDS, Onsets
from harness.cohort.intervals import median_interval
from harness.cohort.run import Outcome
from harness.patients.faults import FAULTS
from harness.scenarios.loader import Scenario

FAULT_HEADS = ["fault", "share", "scale", "too high", "too low", "a range", "other hours", "example"]
FAULT_NOTE = (
    "Patients per 1,000, each counted once, beside the same patients charted without faults. By the worst grade: "
    "surely too high, surely too low, or a range for want of information; other hours: the worst grade is right, and "
    "that of some round is not. Ceilings of ICANS are those of examined rounds. Only rounds that are charted are "
    "compared hour by hour; what a missed round would have shown is seen in the worst grade and the onset."
)
ONSET_HEADS = ["fault", "scale", "too late", "by (median)", "never found", "too early", "a range"]
ONSET_NOTE = (
    "When toxicity is found, in patients per 1,000, whatever its worst grade. Too late, never and too early are sure; "
    "too early is also whoever was never ill; a range: it may be found in time, and may not."
)


def fault_rows(outcome: Outcome) -> list[list[str]]:
    """A row a fault and scale, the fault named once; empty without faults."""
    rows, before = [], ""
    for (fault, scale), effect in outcome.tally.faults.items():
        share = "" if fault == ALL else _share(outcome.plan.scenario, fault)
        rows.append(["" if fault == before else fault.replace("_", " "), "" if fault == before else share])
        rows[-1] += [scale, *(per_1000(n, effect.patients) for n in effect.counts), effect.example]
        before = fault
    return rows


def onset_rows(outcome: Outcome) -> list[list[str]]:
    """A row a fault and scale that moves the onset of somebody; empty where none does."""
    return [
        [
            fault.replace("_", " "),
            scale,
            per_1000(found.later, effect.patients),
            _hours(found),
            *(per_1000(n, effect.patients) for n in (found.never, found.earlier, found.open)),
        ]
        for (fault, scale), effect in outcome.tally.faults.items()
        if (found := effect.onsets) != Onsets()
    ]


def _hours(found: Onsets) -> str:
    later_h = _later_h(found)
    return "–" if later_h is None else f"{later_h:g} h"


def _later_h(found: Onsets) -> float | None:
    """By how many hours at least the later are found, in the middle of them."""
    middle = median_interval(found.later_min)
    return None if middle is None else middle[0] / 60


def fault_objects(outcome: Outcome) -> list[dict[str, Any]]:
    """The same as JSON, in patients."""
    return [
        {
            "fault": fault,
            "scale": scale,
            "patients": effect.patients,
            **dict(zip(KINDS, effect.counts, strict=True)),
            "examples": dict(zip(KINDS, (first or None for first in effect.firsts), strict=True)),
            "onset": {
                "later": effect.onsets.later,
                "later_median_h": _later_h(effect.onsets),
                "never": effect.onsets.never,
                "earlier": effect.onsets.earlier,
                "range": effect.onsets.open,
            },
        }
        for (fault, scale), effect in outcome.tally.faults.items()
    ]


def per_1000(count: int, of: int) -> str:
    """A count as patients per 1,000, a dash for nobody.

    >>> per_1000(0, 50), per_1000(1, 50), per_1000(1, 20_000)
    ('–', '20', '0.05')
    """
    if not count:
        return "–"
    found = 1000 * count / of
    return f"{found:.0f}" if found >= 1 else f"{found:.1g}"


def _share(scenario: Scenario, fault: str) -> str:
    """How often it happens, in words."""
    if fault == ANTIPYRETICS:
        return f"every {scenario.care.antipyretic_every_h:g} h"
    return f"{100 * getattr(scenario.charting, fault):g} % of {FAULTS[fault].of}"
