"""Signs that have another cause than the therapy, and charts that do not say so.

Each function takes what is written so far and the share of the patients concerned, and gives the columns that change.
The cause stands beside the sign in ``causes_charted`` of them. All sizes are assumptions.
"""

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column
from cartox_core.observation import DEVICES, READABLE
from harness.patients.people import DAY_MIN, ROUND_MIN
from harness.patients.rounds import Mask, begins
from harness.patients.slips import Fields
from harness.patients.written import Written

ADULT_YEARS, ICE_FROM_YEARS = 18, 12
NIGHT_MIN = (0, 4 * 60, 20 * 60)  # the rounds at which one sleeps
MOST_ICE_DEFICIT = 3
SEPSIS_OF_INFECTIONS = 0.25
SEPSIS_MIN = 16 * 60
_CPAP, _BIPAP, _VENTILATED = (DEVICES.index(d) for d in ("cpap", "bipap", "mechanical_ventilation"))
_HYPOXIA, _, _CHRONIC = range(len(READABLE["positive_pressure_reason"].values))
_UNAROUSABLE = READABLE["consciousness"].values.index("unarousable")


def ice_while_intubated(written: Written, share: float) -> Fields:
    """Whoever needs positive pressure is intubated and sedated, and the ICE nobody can ask for is charted as 0.

    From 12 years on; where the cause is charted, the depressed consciousness is put down to the sedation.
    """
    device = written.fields["o2_device"]
    awake = (device == _CPAP) | (device == _BIPAP)
    adult = written.fields["age_years"] >= ICE_FROM_YEARS
    tube = written.of_patients("fault/ice_while_intubated", share) & awake & adult
    changed: Fields = {"o2_device": np.where(tube, _VENTILATED, device).astype(np.uint8)}
    for name, value in (("ice", 0), ("cartox10", 0), ("consciousness", _UNAROUSABLE)):
        if name in written.fields:
            column = written.fields[name]
            changed[name] = np.where(tube & written.known(name), value, column).astype(np.uint8)
    sedated = tube & written.known("consciousness") & written.caused("ice_while_intubated")
    return changed | {"consciousness_other_cause": _either(written, "consciousness_other_cause", sedated)}


def home_cpap(written: Written, share: float) -> Fields:
    """Adults with sleep apnea breathe under their own CPAP at night, as long as they need no oxygen.

    Where the cause is charted, the reason of the positive pressure is ``chronic``; else it is taken for hypoxia.
    """
    device, reason = written.fields["o2_device"], written.fields["positive_pressure_reason"]
    night = np.isin(written.rounds.minute % DAY_MIN, NIGHT_MIN)
    adult = written.fields["age_years"] >= ADULT_YEARS
    own = written.of_patients("fault/home_cpap", share) & night & adult & (device == DEVICES.index("none"))
    why = np.where(written.caused("home_cpap"), _CHRONIC, _HYPOXIA)
    return {
        "o2_device": np.where(own, _CPAP, device).astype(np.uint8),
        "positive_pressure_reason": np.where(own, why, reason).astype(np.uint8),
    }


def baseline_ice(written: Written, share: float) -> Fields:
    """Patients who lose one to three points of ICE at any time, by language, hearing or dementia."""
    concerned = written.of_patients("fault/baseline_ice", share)
    points = 1 + (written.draws.uniforms("fault/baseline_ice/points", 1)[:, 0] * MOST_ICE_DEFICIT).astype(np.int64)
    changed: Fields = {}
    for name in ("ice", "cartox10"):
        if name in written.fields:
            column = written.fields[name]
            lower = np.maximum(column.astype(np.int64) - points[written.rounds.place], 0)
            changed[name] = np.where(concerned & written.known(name), lower, column).astype(np.uint8)
    return changed


def second_infection(written: Written, share: float) -> Fields:
    """A fever of two to five days from an infection, two to six days after CRS (or in the second week without).

    A quarter have hypotension for 16 hours from its second day's first round on. Where the cause is charted, neither
    counts: the fever has another cause, and the hypotension is not put down to the therapy.
    """
    rounds, u = written.rounds, written.draws.uniforms("fault/second_infection/course", 4)
    begin = _onset_min(written, u[:, 0])[rounds.place]
    since = rounds.minute - begin
    lasts = (u[:, 1] * 3 * DAY_MIN).astype(np.int64) + 2 * DAY_MIN
    here = written.of_patients("fault/second_infection", share) & (since >= 0) & (since < lasts[rounds.place])
    fever = here & (begins(here, rounds) | written.at_rounds("fault/second_infection/fever", 0.8))
    height = written.draws.shorts("fault/second_infection/height", 4)[rounds.place, rounds.number % 4]
    temp = np.where(fever, (380 + height.astype(np.int64) * 20 // 65536) / 10, written.fields["temp_c"])
    caused = written.caused("second_infection")
    septic = (u[:, 2] < SEPSIS_OF_INFECTIONS)[rounds.place] & here & ~caused
    low = septic & (since >= DAY_MIN) & (since < DAY_MIN + SEPSIS_MIN)
    return {
        "temp_c": temp,
        "hypotension": np.where(low, 1, written.fields["hypotension"]).astype(np.uint8),
        "fever_other_cause": _either(written, "fever_other_cause", here & caused),
    }


def _onset_min(written: Written, u: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """When the infection of each patient begins, in minutes since the CAR T cells: never before CRS is over."""
    rounds = written.rounds
    last = np.maximum.reduceat(np.where(written.ill, rounds.minute, -1), rounds.starts)
    found = np.where(last < 0, 7 * DAY_MIN + u * 7 * DAY_MIN, last + 2 * DAY_MIN + u * 4 * DAY_MIN)
    whole: npt.NDArray[np.int64] = found.astype(np.int64) // ROUND_MIN * ROUND_MIN
    return whole


def _either(written: Written, name: str, here: Mask) -> Column:
    """A flag with a default of no, up where it was and here."""
    before = written.fields.get(name)
    up = here if before is None else here | (before == 1)
    return up.astype(np.uint8)
