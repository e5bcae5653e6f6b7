"""What charting faults did to the grades of a run, as rows for text and page, and as JSON."""

from typing import Any

from harness.cohort.fault_effects import ALL, ANTIPYRETICS, KINDS
from harness.cohort.run import Outcome
from harness.patients.faults import FAULTS
from harness.scenarios.loader import Scenario

FAULT_HEADS = ["fault", "share", "scale", "too high", "too low", "a range", "other hours", "example"]
FAULT_NOTE = (
    "Patients per 1,000, each counted once, beside the same patients charted without faults. By the worst grade: "
    "surely too high, surely too low, or a range for want of information; other hours: the worst grade is right, and "
    "that of some round is not."
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


def fault_objects(outcome: Outcome) -> list[dict[str, Any]]:
    """The same as JSON, in patients."""
    return [
        {
            "fault": fault,
            "scale": scale,
            "patients": effect.patients,
            **dict(zip(KINDS, effect.counts, strict=True)),
            "examples": dict(zip(KINDS, (first or None for first in effect.firsts), strict=True)),
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
