"""The measures of a ward as text for a terminal and as an object for JSON."""

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from harness.patients.policy import Policy
from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.scenarios.ward_words import at_hand, coming, counted
from harness.text_table import table
from harness.ward.measures import Measure

WIDTH = 110
HEADS = ("", "", "mean", "95 % interval", "")
HOW_COUNTED = (
    "Each replication is a ward of its own; means have a 95 % interval over replications (Student's t). Where nothing "
    "is short, the same persons under the same policy have every nurse, dose and bed at once; the difference is what "
    "waiting did. What waiting does to a patient is assumed (see the policy). Who recovers or dies leaves every line, "
    "and is in no mean wait. Lower than where nothing is short is who died before it came so far, or where the chart "
    "has gaps. Grades are floors."
)


def heading(scenario: Scenario, spec: WardSpec, replications: int, seed: int) -> str:
    """What was run."""
    return (
        f"{scenario.title}: {coming(spec)}; {at_hand(spec)}; policy {scenario.policy.name}; "
        f"{counted(replications, 'replication')} from seed {seed}"
    )


def caution(policy: Policy) -> str | None:
    """What to say where waiting can change no grade, None where it can."""
    if not policy.course.progresses:
        why = "waiting makes nobody more ill (crs_progress and icans_progress are 0)"
    elif not policy.treats_crs and policy.steroids.icans_from_grade == "never":
        why = "nobody is treated, whether they wait or not"
    else:
        return None
    return (
        f"Caution: under policy {policy.name} {why}, so peak grades are those where nothing is short. To see what "
        'waiting does to grades, write policy = "standard-when-short" into the scenario.'
    )


def ward_told(head: str, found: Sequence[Measure], warning: str | None) -> list[str]:
    """The report in parts."""
    shown = table(measure_rows(found), HEADS, 2, words=[""])
    said = [head, *([warning] if warning else [])]
    return [*(textwrap.fill(part, WIDTH) for part in said), shown, textwrap.fill(HOW_COUNTED, WIDTH)]


def measure_rows(found: Sequence[Measure]) -> list[list[str]]:
    """Group, name, mean, interval and unit of each measure; a group is named once."""
    return [
        ["" if place else group, m.name, number(m.mean), interval_words(m), m.unit]
        for group, some in groupby(found, lambda measure: measure.group)
        for place, m in enumerate(some)
    ]


def number(value: float | None) -> str:
    """A figure with one decimal, a large one without; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"


def interval_words(measure: Measure) -> str:
    """The interval in words; a dash where there is none."""
    return "–" if measure.interval is None else " to ".join(map(number, measure.interval))


def ward_object(
    head: str, found: Sequence[Measure], checklist: Sequence[tuple[str, str, str]], warning: str | None
) -> dict[str, Any]:
    """The report for JSON, the checklist with it."""
    return {
        "ward": head,
        "caution": warning,
        "measures": [
            {
                "group": m.group,
                "name": m.name,
                "unit": m.unit,
                "mean": _rounded(m.mean),
                "interval": None if m.interval is None else [_rounded(end) for end in m.interval],
                "values": [_rounded(v) for v in m.values],
            }
            for m in found
        ],
        "counted": HOW_COUNTED,
        "stress_des": [{"section": s, "item": i, "text": t} for s, i, t in checklist],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
