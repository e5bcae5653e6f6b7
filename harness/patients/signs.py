"""From what happened to what can be charted: the signs of every patient at every round, by numpy.

The stages of the log become temperatures, vasopressors, oxygen devices, ICE scores. How a stage shows (which
device, which score) differs from patient to patient. The course that the model intended is kept beside.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import DEVICES, READABLE
from harness.patients.draws import Draws, Uniforms
from harness.patients.log import DEATH_FROM_CRS, DEATH_FROM_ICANS, Log
from harness.patients.people import ROUND_MIN, People
from harness.patients.rounds import MOST_ROUNDS, Ints, Mask, Rounds, Stages, begins, rounds_of, stages

Bytes = npt.NDArray[np.uint8]
NO_GRADE = 255
FEVER_LEAST, FEVER_SPAN = 4, 24  # tenths above 38.0 °C that a fever may reach: from 38.3 up to 40.7; an assumption
COMA = 0.7  # share of the patients with grade 4 neurotoxicity in whom it shows as coma; an assumption


@dataclasses.dataclass(frozen=True, slots=True)
class Signs:
    """What could be charted at every round, and the grades that the model intended (255: none meant)."""

    rounds: Rounds
    fields: dict[str, Column]
    crs_intended: Bytes
    icans_intended: Bytes


def render(people: People, log: Log, febrile_share: float) -> Signs:
    """The signs of a block at every round.

    ``febrile_share`` is the share of rounds of a fever at which the temperature is 38.0 or more; the first
    round of a fever and the first of a new sign always are. Most rounds are quiet, so each finding starts
    normal and only the rounds at which something is amiss are worked out.
    """
    rounds = rounds_of(log)
    hypotension, oxygen = stages(log, "hypotension", rounds), stages(log, "oxygen", rounds)
    neuro, seizure = stages(log, "neuro", rounds), stages(log, "seizure", rounds)
    death = stages(log, "death", rounds)
    fever = stages(log, "fever", rounds)
    worse = np.maximum(hypotension, oxygen)
    febrile, temperature = _fever(people.draws, fever > 0, worse > 0, rounds, febrile_share)
    died_of_crs, died_of_icans = death == DEATH_FROM_CRS, death == DEATH_FROM_ICANS
    examined = rounds.neuro & (death == 0)
    shows = people.draws.uniforms("neurology", 4)
    support = people.draws.uniforms("support", 8)
    deep = np.flatnonzero(neuro == 4)
    comatose = deep[shows[rounds.place[deep], 0] <= COMA]
    fields = {
        "age_years": rounds.of_patients(people.age_years),
        "temp_c": temperature,
        **_circulation(hypotension, support, rounds),
        **_oxygen(oxygen, comatose, people, support, rounds),
        "death_from_crs": died_of_crs.view(np.uint8),
        **_neurology(people, neuro, seizure, rounds, examined, shows),
        "death_from_icans": died_of_icans.view(np.uint8),
    }
    return Signs(rounds, fields, _crs(febrile, worse, died_of_crs), _icans(examined, neuro, seizure, died_of_icans))


def _crs(febrile: Mask, worse: Stages, died: Mask) -> Bytes:
    """The grade of CRS that is meant, by the worse of hypotension and hypoxia."""
    grades = febrile.astype(np.uint8)
    rows = np.flatnonzero(worse > 0)
    grades[rows] = worse[rows] + 1
    grades[died] = 5
    return grades


def _icans(examined: Mask, neuro: Stages, seizure: Stages, died: Mask) -> Bytes:
    """The grade of ICANS that is meant where somebody looks for it."""
    grades = np.where(examined, np.uint8(0), np.uint8(NO_GRADE))
    rows = np.flatnonzero(examined & ((neuro > 0) | (seizure > 0)))
    grades[rows] = np.maximum(neuro[rows], np.array([0, 3, 4])[seizure[rows]])
    grades[died] = 5
    return grades


def _noise(draws: Draws, purpose: str, rounds: Rounds, below: int, rows: Ints) -> Ints:
    """A whole number from 0 to below - 1 for some rounds."""
    shorts = draws.shorts(purpose, MOST_ROUNDS)[rounds.place[rows], rounds.minute[rows] // ROUND_MIN]
    whole: Ints = (shorts.astype(np.int64) * below) >> 16
    return whole


def _fever(draws: Draws, ill: Mask, sign: Mask, rounds: Rounds, share: float) -> tuple[Mask, Uniforms]:
    """Which rounds are febrile, and the temperature in °C to a tenth; each patient's fever has its own height."""
    rows = np.flatnonzero(ill)
    febrile = ill & (begins(ill, rounds) | begins(sign, rounds))
    febrile[rows] |= _noise(draws, "febrile", rounds, 1000, rows) < 1000 * share
    shorts = rounds.of_grid(draws.shorts("temperature", MOST_ROUNDS))
    temperature = (363 + (shorts.astype(np.uint32) * np.uint32(12) >> np.uint32(16))) / 10
    scatter = shorts[rows].astype(np.int64) * 120 >> 16
    height = FEVER_LEAST + (FEVER_SPAN * draws.uniforms("fever", 1)[:, 0] ** 1.5).astype(np.int64)
    raised = 380 + scatter * height[rounds.place[rows]] // 120
    temperature[rows] = np.where(febrile[rows], raised, 370 + scatter // 12) / 10
    return febrile, temperature


def _circulation(stage: Stages, support: Uniforms, rounds: Rounds) -> dict[str, Column]:
    """Hypotension, vasopressors and vasopressin of each stage; at times vasopressin alone."""
    rows = np.flatnonzero(stage > 0)
    here, u = stage[rows], support[rounds.place[rows]]
    alone = (here == 2) & (u[:, 0] < 0.03)
    count = np.array([0, 0, 1, 2])[here] + ((here == 3) & (u[:, 2] < 0.2))
    found = {
        "hypotension": 1,
        "vasopressors": np.where(alone, 0, count),
        "vasopressin": alone | ((here >= 2) & (u[:, 1] < 0.3)),
    }
    return {name: _but(np.zeros(len(stage), np.uint8), rows, values) for name, values in found.items()}


def _but(column: Column, rows: Ints, found: npt.ArrayLike) -> Column:
    """A column with what is found at some rows."""
    column[rows] = found
    return column


_LOW = [DEVICES.index(d) for d in ("nasal_cannula", "blow_by")]
_HIGH_DEVICES = ("high_flow_nasal_cannula", "face_mask", "non_rebreather", "venturi_mask", "nasal_cannula")
_HIGH = np.array([DEVICES.index(d) for d in _HIGH_DEVICES])
_HIGH_FLOWS = np.array([40.0, 8.0, 15.0, 10.0, 8.0])
_AWAKE = np.array([DEVICES.index(d) for d in ("cpap", "bipap")])
_VENTILATED = DEVICES.index("mechanical_ventilation")
_TO_PROTECT = READABLE["positive_pressure_reason"].values.index("airway_protection")


def _oxygen(stage: Stages, comatose: Ints, people: People, support: Uniforms, rounds: Rounds) -> dict[str, Column]:
    """Device and flow of each stage; small children may have blow-by oxygen, and their high flow goes by weight.

    Whoever breathes under positive pressure and is examined is awake, on CPAP or BiPAP; the comatose are intubated,
    those without hypoxia to protect the airway. Sedation on a ventilator is not modelled, for no ICE could be charted.
    """
    supported, in_coma = stage > 0, np.zeros(len(stage), bool)
    supported[comatose] = in_coma[comatose] = True
    rows = np.flatnonzero(supported)
    place, here, coma = rounds.place[rows], stage[rows], in_coma[rows]
    u, age, weight = support[place], people.age_years[place], people.weight_kg[place]
    low = np.where((age < 6) & (u[:, 3] < 0.4), _LOW[1], _LOW[0])
    pick = (u[:, 4] * len(_HIGH)).astype(np.int64)
    pressure = np.where(coma, _VENTILATED, _AWAKE[(u[:, 5] * len(_AWAKE)).astype(np.int64)])
    low_flow = 1.0 + np.floor(u[:, 6] * 6)  # 1 to 6 L/min, 6.0 among them
    high_flow = np.minimum(_HIGH_FLOWS[pick], np.maximum(np.round(2 * weight), 8.0))  # 2 L/kg/min in small children
    flow = np.choose(here, [np.nan, low_flow, high_flow, np.nan])
    device = np.choose(here, [_VENTILATED, low, _HIGH[pick], pressure])
    return {
        "o2_device": _but(np.zeros(len(stage), np.uint8), rows, device),
        "o2_flow_l_min": _but(np.full(len(stage), np.nan), rows, flow),
        "positive_pressure_reason": _but(np.zeros(len(stage), np.uint8), rows, np.where(here == 0, _TO_PROTECT, 0)),
    }


def _charted(name: str, rounds: Mask, normal: int = 0) -> Column:
    """A column that is normal at some rounds, and unknown at the others."""
    unknown = int(unknown_code(READABLE[name]))
    column: Column = ~rounds * np.uint8(unknown - normal)  # in a tenth of the time of where
    return column + np.uint8(normal) if normal else column


def _neurology(
    people: People, stage: Stages, seizure: Stages, rounds: Rounds, charted: Mask, how: Uniforms
) -> dict[str, Column]:
    """What the neurological rounds find; unknown at the rounds between. ``how`` a stage shows is the patient's."""
    rows = np.flatnonzero(charted & (stage > 0))
    place, here = rounds.place[rows], stage[rows]
    shows, raised = how[place, 0], how[place, 1]
    young = people.age_years < 12
    child = young[place]
    scatter = _noise(people.draws, "ice", rounds, 1000, rows)

    def between(low: int, high: int) -> Ints:
        return low + scatter * (high - low + 1) // 1000

    drowsy = (here == 2) & ((shows > 0.8) | child)  # grade 2 by arousal, which is the only way in a child
    touch = (here == 3) & (shows > 0.7) & (shows <= 0.9)
    focal = (here == 3) & (shows > 0.9)
    coma = (here == 4) & (shows <= COMA)
    weak = (here == 4) & (shows > COMA) & (shows <= 0.85)
    diffuse = (here == 4) & (shows > 0.85) & (shows <= 0.95)
    pressure = (here == 4) & (shows > 0.95)
    ice = np.select(
        [(here == 1) | drowsy, coma, (here == 2) | touch | focal], [between(7, 9), 0, between(3, 6)], between(0, 2)
    )
    capd = np.where((here <= 2) | touch | focal, between(1, 8), between(9, 24))
    found = {
        "consciousness": np.select([coma, touch, drowsy], [3, 2, 1], 0),
        "motor_weakness": np.where(weak, 2, 0),
        "cerebral_edema": np.select([focal, diffuse], [1, 2], 0),
        "posturing": pressure & (raised < 0.4),
        "cn6_palsy": pressure & (raised >= 0.4) & (raised < 0.6),
        "papilledema": pressure & (raised >= 0.6) & (raised < 0.8),
        "cushing_triad": pressure & (raised >= 0.8),
    }
    children, seizures = charted & rounds.of_patients(young), np.flatnonzero(charted & (seizure > 0))
    return {
        "ice": _but(_charted("ice", charted & ~children, 10), rows[~child], ice[~child]),
        "capd": _but(_charted("capd", children), rows[child], capd[child]),
        **{name: _but(_charted(name, charted), rows, values) for name, values in found.items()},
        "seizure": _but(_charted("seizure", charted), seizures, seizure[seizures]),
    }
