"""The charting faults, in the order in which they happen: what the patient has, what is written, what is left out."""

import dataclasses
from collections.abc import Callable, Mapping

from harness.patients import antipyretics, other_causes, slips
from harness.patients.slips import Fields
from harness.patients.written import Written


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a chart differs from what happened: a key of ``[charting]``, whose value is a share of ``of``.

    ``widens`` says that it can only leave a grade open, never make it wrong. ``change`` gives the columns that differ;
    None where whole rounds are missing.
    """

    name: str
    of: str
    text: str
    change: Callable[[Written, float], Fields] | None
    widens: bool = False


FAULTS: Mapping[str, Fault] = {
    fault.name: fault
    for fault in (
        Fault(
            "ice_while_intubated",
            "those on positive pressure",
            "intubated and sedated, with an ICE of 0 that nobody could ask for",
            other_causes.ice_while_intubated,
        ),
        Fault(
            "home_cpap",
            "the patients",
            "adults breathe under their own CPAP at night, as they always did",
            other_causes.home_cpap,
        ),
        Fault(
            "baseline_ice",
            "the patients",
            "an ICE one to three points below what it should be, at any time and before the infusion",
            other_causes.baseline_ice,
        ),
        Fault(
            "second_infection",
            "the patients",
            "a fever of two to five days from an infection, once CRS is over; a quarter with hypotension",
            other_causes.second_infection,
        ),
        Fault(
            "prophylactic_antipyretics",
            "the patients",
            "acetaminophen every 6 h for two weeks, begun before any fever, four in five of whose rounds it hides",
            antipyretics.hidden_fevers,
        ),
        Fault(
            "transposed_digits",
            "the temperatures",
            "the last two digits exchanged, 36.8 for 38.6",
            slips.transposed_digits,
        ),
        Fault(
            "fahrenheit",
            "the temperatures",
            "typed in °F, refused since 101.3 is no temperature in °C, and so unknown",
            slips.fahrenheit,
            widens=True,
        ),
        Fault(
            "crp_unit",
            "the values of CRP",
            "in mg/L where mg/dL is asked for; no grade of CRS or ICANS reads them, m-EASIX and other scores do",
            slips.crp_unit,
        ),
        Fault("unknown_fields", "the fields", "left empty", slips.unknown_fields, widens=True),
        Fault(
            "late_entries",
            "the rounds",
            "charted 4 h late, at the time of the next round and over its values",
            slips.late_entries,
        ),
        Fault("missed_rounds", "the rounds", "not charted at all", None),
    )
}
