"""What a scenario changes, in words: one line for each switch that is not at its usual place."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from harness.patients.faults import FAULTS
from harness.scenarios.loader import CAUSES, IllnessSpec, Scenario
from harness.scenarios.ward_words import ward_lines


def switches(scenario: Scenario) -> list[str]:
    """What differs from the whole Table 1 under standard care, charted as it was.

    >>> from harness.scenarios.loader import load_scenario
    >>> switches(load_scenario("home-cpap"))[1]
    'charting: 15 % of the patients: adults breathe under their own CPAP at night, as they always did'
    """
    sections = (line for name in SECTIONS for line in _section(scenario, name))
    return [*_whole(scenario), *sections, *(ward_lines(scenario.ward) if scenario.ward else ())]


SECTIONS = ("people", "illness", "care", "charting")


def percent(share: float) -> str:
    """A share in words.

    >>> percent(0.15), percent(0.005)
    ('15 %', '0.5 %')
    """
    return f"{100 * share:g} %"


def _whole(scenario: Scenario) -> Iterator[str]:
    if scenario.ledger == "shown":
        yield "Table 1 is only shown, and no number is held to it"
    if scenario.arms:
        yield "arms of Table 4 in place of trials, each cared for as its drug was given, beside its comparator"
    if not scenario.policy.is_standard:
        yield f"cared for by policy {scenario.policy.name}: {scenario.policy.title}; Table 1 is only shown"
    if scenario.mix:
        shares = ", ".join(f"{percent(share)} {name}" for name, share in scenario.mix.items())
        yield f"mix of one center: {shares}"
    if scenario.follow_up_days != Scenario.model_fields["follow_up_days"].default:
        yield f"followed for {scenario.follow_up_days} days, or until they are well"


def _section(scenario: Scenario, name: str) -> Iterator[str]:
    """The keys of a section that differ; those without words of their own as they are written."""
    section: BaseModel = getattr(scenario, name)
    for key, usual in type(section)():
        value = getattr(section, key)
        if value != usual and (told := _told(scenario, name, key, value)):
            yield f"{name}: {told}"


def _told(scenario: Scenario, section: str, key: str, value: Any) -> str:
    match section, key:
        case "people", "age_years":
            return f"ages from {value[0]:g} to {value[2]:g} years, half of them up to {value[1]:g}"
        case "people", "late_neurotoxicity":
            return "two thirds of the neurotoxicity come late, after CRS or without any"
        case "people", "own_scale":
            return "each trial's own scale gives the printed numbers"
        case "illness", "febrile_share":
            usual = percent(IllnessSpec().febrile_share)
            return f"{percent(value)} of the rounds of a fever are febrile (usually {usual})"
        case "care", "antipyretic_every_h":
            return f"an antipyretic every {value:g} h from the first fever on"
        case "charting", "antipyretics_from_h":
            return f"the prophylactic antipyretics begin {value:g} h after the infusion"
        case "charting", "causes_charted":
            whose = ", ".join(name.replace("_", " ") for name in CAUSES if getattr(scenario.charting, name))
            return f"the other cause is charted in {percent(value)} of those concerned ({whose})"
        case "charting", _ if key in FAULTS:
            return f"{percent(value)} of {FAULTS[key].of}: {FAULTS[key].text}"
        case _:
            return f"{key} = {value}"
