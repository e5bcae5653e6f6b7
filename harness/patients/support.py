"""What the older scales of CRS read beside the signs of ASTCT: oxygen shares, boluses, doses, organ grades, admission.

Charted at every round, so that Lee, Penn, MSKCC, CARTOX and CTCAE grade the same patients; every size is an assumption
(docs/decisions.md). Guidelines that read none of it never see it, and their charts stay as they were.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import DEVICES, READABLE
from harness.patients.blood import FIRST_DAY, Series
from harness.patients.chemistry import creatinine_grade, transaminase_grade
from harness.patients.draws import Uniforms
from harness.patients.log import Log
from harness.patients.neurologic_events import NEUROLOGIC_EVENTS, neurologic_events
from harness.patients.people import ROUND_MIN, People
from harness.patients.pressors import Stretch, pressor_signs
from harness.patients.rounds import Mask, Rounds, Stages, begins, stages
from harness.patients.signs import Signs

OLDER_SIGNS = frozenset(
    {
        "fio2",
        "iv_fluid_boluses",
        "vasopressor_dose_high",
        "vasopressor_hours",
        "hypotension_refractory",
        "organ_toxicity_grade",
        "transaminase_grade",
        "creatinine_grade",
        "hospitalized_for_crs",
        "iv_therapy",
        "coagulopathy_products",
        "cartox10",
        "papilledema_stage",
        "seizure_type",
        *NEUROLOGIC_EVENTS,
    }
)
_FIO2 = {  # lowest and highest share of oxygen at a device; a cannula's goes by its flow
    "none": (0.21, 0.21),
    "nasal_cannula": (0.2, 0.2),
    "blow_by": (0.25, 0.35),
    "high_flow_nasal_cannula": (0.40, 0.80),
    "face_mask": (0.35, 0.55),
    "non_rebreather": (0.70, 0.95),
    "venturi_mask": (0.28, 0.50),
    "cpap": (0.35, 0.60),
    "bipap": (0.40, 0.80),
    "mechanical_ventilation": (0.40, 1.00),
}
_A_LITRE = 0.04
_ORGAN = np.array([[0.6, 1.0, 1.0, 1.0], [0.3, 0.9, 1.0, 1.0], [0.1, 0.6, 0.95, 1.0], [0.0, 0.2, 0.7, 0.9]])
LOW_FIBRINOGEN_MG_DL = 150.0


def older_signs(
    people: People, log: Log, signs: Signs, found: Sequence[Stretch], days: Mapping[str, Series]
) -> dict[str, Column]:
    """The columns of :data:`OLDER_SIGNS`, one entry a round.

    ``found`` are the stretches with vasopressors, ``days`` the laboratory values, of which each round knows the latest.
    """
    rounds, u = signs.rounds, people.draws.uniforms("older", 10)
    hypotension, oxygen = stages(log, "hypotension", rounds), stages(log, "oxygen", rounds)
    ill, febrile = np.maximum(hypotension, oxygen), stages(log, "fever", rounds) > 0
    low = days["fibrinogen_mg_dl"] < LOW_FIBRINOGEN_MG_DL

    def some(column: int, share: float) -> Mask:
        """The rounds of some patients."""
        return rounds.of_patients(u[:, column] < share)

    return {
        "fio2": _fio2(signs.fields, rounds, u),
        "iv_fluid_boluses": _boluses(hypotension, rounds, u),
        **pressor_signs(found, rounds),
        "organ_toxicity_grade": _organ(ill, febrile, rounds, u),
        "transaminase_grade": rounds.of_days(transaminase_grade(days), FIRST_DAY),
        "creatinine_grade": rounds.of_days(creatinine_grade(days), FIRST_DAY),
        "hospitalized_for_crs": ((ill > 0) | (febrile & some(4, 0.7))).view(np.uint8),
        "iv_therapy": ((ill > 0) | (febrile & some(5, 0.6))).view(np.uint8),
        "coagulopathy_products": (rounds.of_days(low, FIRST_DAY) | ((ill >= 2) & some(6, 0.08))).view(np.uint8),
        **_neurology(signs),
        **neurologic_events(people, signs, days),
    }


def _fio2(fields: Mapping[str, Column], rounds: Rounds, u: Uniforms) -> Uniforms:
    device = fields["o2_device"]
    found = np.full(len(device), _FIO2["none"][0])
    rows = np.flatnonzero(device != DEVICES.index("none"))
    here = device[rows]
    low, high = (np.array([_FIO2[name][i] for name in DEVICES])[here] for i in (0, 1))
    by_flow = _A_LITRE * np.nan_to_num(fields["o2_flow_l_min"][rows]) * (here == DEVICES.index("nasal_cannula"))
    found[rows] = np.round(low + by_flow + u[rounds.place[rows], 0] * (high - low), 2)
    return found


def _boluses(hypotension: Stages, rounds: Rounds, u: Uniforms) -> npt.NDArray[np.uint8]:
    """One to three as hypotension begins, now and then another while it lasts without vasopressors."""
    found, low = np.zeros(len(hypotension), np.uint8), hypotension > 0
    rows = np.flatnonzero(low)
    u = u[rounds.place[rows]]
    first = np.where(begins(low, rounds)[rows], 1 + np.digitize(u[:, 1], [0.3, 0.75]), 0)
    number = rounds.minute[rows] // ROUND_MIN
    phase = (number * 0.6180339887498949 + u[:, 2]) % 1  # a fifth of the later rounds, another fifth in each
    found[rows] = first + ((hypotension[rows] == 1) & (first == 0) & (phase < 0.2))
    return found


def _organ(ill: Stages, febrile: Mask, rounds: Rounds, u: Uniforms) -> npt.NDArray[np.uint8]:
    """The worst grade of other organs, by the stage of the illness; none in whom nothing is amiss."""
    found = np.zeros(len(ill), np.uint8)
    rows = np.flatnonzero((ill > 0) | febrile)
    found[rows] = (u[rounds.place[rows], 3, None] >= _ORGAN[ill[rows]]).sum(axis=1)
    return found


def _neurology(signs: Signs) -> dict[str, Column]:
    """CARTOX: its ten-point score beside ICE, the kind of seizure and the stage of papilledema."""
    seizure, papilledema = signs.fields["seizure"], signs.fields["papilledema"]
    kind = np.array([unknown_code(READABLE["seizure_type"]), 0, 1, unknown_code(READABLE["seizure_type"])], np.uint8)
    stage = np.array([0, 3, unknown_code(READABLE["papilledema_stage"])], np.uint8)
    return {
        "cartox10": signs.fields["ice"].copy(),
        "seizure_type": kind[seizure],
        "papilledema_stage": stage[papilledema],
    }
