"""The measures of a ward as text for a terminal and as an object for JSON."""

import textwrap
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from harness.scenarios.loader import Scenario
from harness.scenarios.ward_spec import WardSpec
from harness.text_table import table
from harness.ward.measures import Measure

WIDTH = 110
HOW_COUNTED = (
    "Each replication is a ward of its own; means have a 95 % interval over replications (Student's t). Where nothing "
    "is short, the same persons under the same policy have every nurse, dose and bed at once; the difference is what "
    "waiting did. What waiting does to a patient is assumed (see the policy). Grades are floors."
)


def heading(scenario: Scenario, spec: WardSpec, replications: int, seed: int) -> str:
    """What was run."""
    surge = spec.surge
    more = f", {surge.times:g} times as many in weeks {surge.from_week} to {surge.to_week}" if surge else ""
    return (
        f"{scenario.title}: {spec.patients:,} patients, {spec.patients_a_week:g} a week{more}; {spec.icu_beds} beds of "
        f"intensive care, {spec.tocilizumab_doses} doses of tocilizumab every {spec.restock_days:g} days, "
        f"{spec.nurses} nurses; "
        f"policy {scenario.policy.name}; {replications} replications from seed {seed}"
    )


def ward_told(head: str, found: Sequence[Measure]) -> list[str]:
    """The report in parts."""
    rows: list[list[str]] = []
    for group, some in groupby(found, lambda measure: measure.group):
        for place, measure in enumerate(some):
            rows.append([group if not place else "", measure.name, number(measure.mean), interval_words(measure)])
            rows[-1].append(measure.unit)
    shown = table(rows, ["", "", "mean", "95 % interval", ""], 2, words=[""])
    return [textwrap.fill(head, WIDTH), shown, textwrap.fill(HOW_COUNTED, WIDTH)]


def number(value: float) -> str:
    """A figure with one decimal, a large one without."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"


def interval_words(measure: Measure) -> str:
    """The interval in words; a dash with one replication."""
    if measure.interval is None:
        return "–"
    low, high = (max(end, 0.0) for end in measure.interval)  # no measure is below 0
    return f"{number(low)} to {number(high)}"


def ward_object(head: str, found: Sequence[Measure], checklist: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    """The report for JSON, the checklist with it."""
    return {
        "ward": head,
        "measures": [
            {
                "group": m.group,
                "name": m.name,
                "unit": m.unit,
                "mean": round(m.mean, 4),
                "interval": None if m.interval is None else [round(end, 4) for end in m.interval],
                "values": [round(v, 4) for v in m.values],
            }
            for m in found
        ],
        "counted": HOW_COUNTED,
        "stress_des": [{"section": s, "item": i, "text": t} for s, i, t in checklist],
    }
