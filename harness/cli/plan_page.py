"""A management plan laid out part by part: when a step holds, how strong it is, and the dose; then the readings."""

import shutil
from collections.abc import Sequence

from tabulate import tabulate

from cartox_core import Plan
from cartox_core.doses import dose_of, schedule
from cartox_core.management import Step
from cartox_core.observation import Patient
from harness.cli.app import PURPOSE
from harness.cli.guideline_page import readings_part, works_part

_NARROWEST = 118


def plan_page(plan: Plan, parts: Sequence[str]) -> str:
    """The plan, or some parts of it, as text about as wide as the terminal."""
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    tables = [
        f"{part.title}\n\n{_table([s for s in plan.steps if s.toxicity == name], width)}"
        for name, part in plan.toxicities.items()
        if name in parts
    ]
    cites = [*plan.cite, *(cite for step in plan.steps for cite in step.cite)]
    heading = f"{PURPOSE}\n\n{plan.title} ({plan.id})\n{plan.text}"
    return "\n\n".join([heading, *tables, readings_part(plan, width), works_part(cites, plan.works, width), PURPOSE])


def _table(steps: Sequence[Step], width: int) -> str:
    rows = [[_when(step), step.strength, f"{step.what}{_dose(step)}", step.id] for step in steps]
    wide = max(width - 52, 40)
    widths = [wide * 2 // 5, None, wide * 3 // 5, None]
    return str(tabulate(rows, ["When", "Strength", "What", "Step"], maxcolwidths=widths))


def _when(step: Step) -> str:
    return " or ".join(", ".join(f"{name} {test}" for name, test in when.items()) for when in step.when)


def _dose(step: Step) -> str:
    if step.regimen is None:
        return ""
    return f": {dose_of(step.regimen, Patient())}{schedule(step.regimen)}"
