"""What a chart holds that a plan does not use as it stands: what to chart besides, and what was not checked.

For testing and teaching, not for treating patients.
"""

from collections.abc import Iterator

from cartox_core.bedside import Bedside
from cartox_core.management import Plan
from cartox_core.observation import DRUGS

_PRESSURES = ("sbp_mmhg", "dbp_mmhg")


def notes(plan: Plan, at: Bedside) -> tuple[str, ...]:
    """A text for each.

    >>> from cartox_core import load_plan, read_case
    >>> from cartox_core.bedside import bedside, scales_of
    >>> plan = load_plan("ferreri-2024")
    >>> low = read_case({"observations": [{"time_h": 36, "sbp_mmhg": 84}]})
    >>> notes(plan, bedside(low, plan, scales_of(plan)))
    ('sbp_mmhg 84 is charted; whether that is hypotension of the therapy is a judgement: chart hypotension',)
    """
    return (*_pressure(at), *_pressors(at), *_without_a_most(plan, at))


def _pressure(at: Bedside) -> Iterator[str]:
    chart = at.now.observation
    told = [f"{name} {getattr(chart, name):g}" for name in _PRESSURES if getattr(chart, name) is not None]
    if told and chart.hypotension is None:
        yield (
            f"{' and '.join(told)} {'are' if len(told) > 1 else 'is'} charted; "
            "whether that is hypotension of the therapy is a judgement: chart hypotension"
        )


def _pressors(at: Bedside) -> Iterator[str]:
    """Vasopressors among what was given, where the signs that grades read do not tell of them."""
    chart, given = at.now.observation, dict.fromkeys(t.drug for t in at.now.given if t.drug in DRUGS["vasopressor"])
    others = [drug for drug in given if drug != "vasopressin"]
    if others and chart.vasopressors is None:
        yield f"{', '.join(others)} given, but grades read the signs: chart vasopressors, how many run"
    if "vasopressin" in given and chart.vasopressin is None:
        yield "vasopressin given, but grades read the signs: chart vasopressin, whether it runs"


def _without_a_most(plan: Plan, at: Bedside) -> Iterator[str]:
    dosed = {step.drugs[0] for step in plan.steps if step.drugs and step.regimen is not None}
    if others := [drug for drug in dict.fromkeys(t.drug for t in at.now.given) if drug not in dosed]:
        yield f"{', '.join(others)}: no maximum in the source, not checked"
