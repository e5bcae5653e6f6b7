"""From what happened to what can be charted: the signs of every patient at every round, by numpy.

The stages of the log become temperatures, vasopressors, oxygen devices, ICE scores. How a stage shows (which
device, which score) differs from patient to patient. The course that the model intended is kept beside.
"""

import dataclasses

import numpy as np
import numpy.typing as npt

from cartox_core.columns import Column, unknown_code
from cartox_core.observation import DEVICES, READABLE
from harness.patients.body import DEATH_FROM_CRS, DEATH_FROM_ICANS, Channel
from harness.patients.courses import Log
from harness.patients.draws import Draws, Uniforms
from harness.patients.people import DAY_MIN, NEURO_ROUND_MIN, ROUND_MIN, People

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
MOST_ROUNDS = 60 * DAY_MIN // ROUND_MIN + 1
NO_GRADE = 255
FEVER_LEAST, FEVER_SPAN = 4, 24  # tenths above 38.0 °C that a fever may reach: from 38.3 up to 40.7; an assumption
COMA = 0.7  # share of the patients with grade 4 neurotoxicity in whom it shows as coma; an assumption


@dataclasses.dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of a block: whose they are, when, and where each patient's begin."""

    place: Ints
    minute: Ints
    starts: Ints

    @property
    def neuro(self) -> Mask:
        """Which rounds are neurological."""
        found: Mask = self.minute % NEURO_ROUND_MIN == 0
        return found

    @property
    def number(self) -> Ints:
        """The number of each round of its patient, from 0."""
        return self.minute // ROUND_MIN


@dataclasses.dataclass(frozen=True, slots=True)
class Signs:
    """What could be charted at every round, and the grades that the model intended (255: none meant)."""

    rounds: Rounds
    fields: dict[str, Column]
    crs_intended: Bytes
    icans_intended: Bytes


def rounds_of(log: Log) -> Rounds:
    """Every fourth hour from the infusion to the end of the chart."""
    counts = np.minimum(log.end_min // ROUND_MIN + 1, MOST_ROUNDS)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    place = np.repeat(np.arange(len(counts)), counts)
    return Rounds(place, (np.arange(counts.sum()) - starts[place]) * ROUND_MIN, starts)


def stages(log: Log, channel: Channel, rounds: Rounds) -> Ints:
    """The value of a channel at every round; 0 before its first change."""
    place, minute, value = log.steps[channel]
    keys = (place << 32) | minute
    at = np.searchsorted(keys, (rounds.place << 32) | rounds.minute, "right") - 1
    if not len(keys):
        return np.zeros(len(rounds.minute), np.int64)
    return np.where((at >= 0) & (place[at] == rounds.place), value[at], 0)


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
    febrile, temperature = _fever(people.draws, fever, (hypotension + oxygen) > 0, rounds, febrile_share)
    signs = np.maximum(hypotension, oxygen)
    crs = np.where(death == DEATH_FROM_CRS, 5, np.where(signs, signs + 1, febrile))
    examined = rounds.neuro & (death == 0)
    icans = np.where(examined, np.maximum(neuro, np.array([0, 3, 4])[seizure]), NO_GRADE)
    icans = np.where(death == DEATH_FROM_ICANS, 5, icans)
    support = people.draws.uniforms("support", 8)
    shows = people.draws.uniforms("neurology", 4)
    comatose = (neuro == 4) & (shows[rounds.place, 0] <= COMA)
    fields = {
        "age_years": people.age_years[rounds.place],
        "temp_c": temperature,
        **_circulation(hypotension, support, rounds),
        **_oxygen(oxygen, comatose, people, support, rounds),
        "death_from_crs": (death == DEATH_FROM_CRS).astype(np.uint8),
        **_neurology(people, neuro, seizure, rounds, examined, shows),
        "death_from_icans": (death == DEATH_FROM_ICANS).astype(np.uint8),
    }
    return Signs(rounds, fields, crs.astype(np.uint8), icans.astype(np.uint8))


def _noise(draws: Draws, purpose: str, rounds: Rounds, below: int, rows: Ints | None = None) -> Ints:
    """A whole number from 0 to below - 1 for each round, or for some rows."""
    at = rounds.place * MOST_ROUNDS + rounds.number
    shorts = draws.shorts(purpose, MOST_ROUNDS).ravel()[at if rows is None else at[rows]]
    whole: Ints = (shorts.astype(np.int64) * below) >> 16
    return whole


def begins(flag: Mask, rounds: Rounds) -> Mask:
    """The rounds at which a flag is up that was not at the patient's round before."""
    before = np.concatenate([[False], flag[:-1]])
    before[rounds.starts] = False
    new: Mask = flag & ~before
    return new


def _fever(draws: Draws, fever: Ints, sign: Mask, rounds: Rounds, share: float) -> tuple[Mask, Uniforms]:
    """Which rounds are febrile, and the temperature in °C to a tenth; each patient's fever has its own height."""
    ill = fever > 0
    rows = np.flatnonzero(ill)
    febrile = ill & (begins(ill, rounds) | begins(sign, rounds))
    febrile[rows] |= _noise(draws, "febrile", rounds, 1000, rows) < 1000 * share
    scatter = _noise(draws, "temperature", rounds, 120)
    tenths = 363 + scatter // 10
    tenths[rows] = 370 + scatter[rows] // 12
    height = FEVER_LEAST + (FEVER_SPAN * draws.uniforms("fever", 1)[:, 0] ** 1.5).astype(np.int64)
    tenths = np.where(febrile, 380 + scatter * height[rounds.place] // 120, tenths)
    return febrile, tenths / 10


def _circulation(stage: Ints, support: Uniforms, rounds: Rounds) -> dict[str, Column]:
    """Hypotension, vasopressors and vasopressin of each stage; at times vasopressin alone."""
    rows = np.flatnonzero(stage)
    here, u = stage[rows], support[rounds.place[rows]]
    alone = (here == 2) & (u[:, 0] < 0.03)
    count = np.array([0, 0, 1, 2])[here] + ((here == 3) & (u[:, 2] < 0.2))
    return {
        "hypotension": _normal_but("hypotension", 0, rounds, rows, 1),
        "vasopressors": _normal_but("vasopressors", 0, rounds, rows, np.where(alone, 0, count)),
        "vasopressin": _normal_but("vasopressin", 0, rounds, rows, alone | ((here >= 2) & (u[:, 1] < 0.3))),
    }


def _normal_but(
    name: str, normal: int, rounds: Rounds, rows: Ints, found: npt.ArrayLike, charted: Mask | None = None
) -> Column:
    """A column that is normal wherever it is charted, but for some rows."""
    column = np.full(len(rounds.minute), normal, np.uint8)
    column[rows] = found
    if charted is not None:
        column[~charted] = unknown_code(READABLE[name])
    return column


_LOW = [DEVICES.index(d) for d in ("nasal_cannula", "blow_by")]
_HIGH_DEVICES = ("high_flow_nasal_cannula", "face_mask", "non_rebreather", "venturi_mask", "nasal_cannula")
_HIGH = np.array([DEVICES.index(d) for d in _HIGH_DEVICES])
_HIGH_FLOWS = np.array([40.0, 8.0, 15.0, 10.0, 8.0])
_AWAKE = np.array([DEVICES.index(d) for d in ("cpap", "bipap")])
_VENTILATED = DEVICES.index("mechanical_ventilation")
_TO_PROTECT = READABLE["positive_pressure_reason"].values.index("airway_protection")


def _oxygen(stage: Ints, comatose: Mask, people: People, support: Uniforms, rounds: Rounds) -> dict[str, Column]:
    """Device and flow of each stage; small children may have blow-by oxygen, and their high flow goes by weight.

    Whoever breathes under positive pressure and is examined is awake, on CPAP or BiPAP; the comatose are intubated,
    those without hypoxia to protect the airway. Sedation on a ventilator is not modelled, for no ICE could be charted.
    """
    rows = np.flatnonzero((stage > 0) | comatose)
    place, here, coma = rounds.place[rows], stage[rows], comatose[rows]
    u, age, weight = support[place], people.age_years[place], people.weight_kg[place]
    low = np.where((age < 6) & (u[:, 3] < 0.4), _LOW[1], _LOW[0])
    pick = (u[:, 4] * len(_HIGH)).astype(np.int64)
    pressure = np.where(coma, _VENTILATED, _AWAKE[(u[:, 5] * len(_AWAKE)).astype(np.int64)])
    flow = np.full(len(rounds.minute), np.nan)
    low_flow = 1.0 + np.floor(u[:, 6] * 6)  # 1 to 6 L/min, 6.0 among them
    high_flow = np.minimum(_HIGH_FLOWS[pick], np.maximum(np.round(2 * weight), 8.0))  # 2 L/kg/min in small children
    flow[rows] = np.choose(here, [np.nan, low_flow, high_flow, np.nan])
    device = np.choose(here, [_VENTILATED, low, _HIGH[pick], pressure])
    return {
        "o2_device": _normal_but("o2_device", 0, rounds, rows, device),
        "o2_flow_l_min": flow,
        "positive_pressure_reason": _normal_but(
            "positive_pressure_reason", 0, rounds, rows, np.where(here == 0, _TO_PROTECT, 0)
        ),
    }


def _neurology(
    people: People, stage: Ints, seizure: Ints, rounds: Rounds, charted: Mask, how: Uniforms
) -> dict[str, Column]:
    """What the neurological rounds find; unknown at the rounds between. ``how`` a stage shows is the patient's."""
    rows = np.flatnonzero(charted & (stage > 0))
    place, here = rounds.place[rows], stage[rows]
    shows, raised = how[place, 0], how[place, 1]
    child = people.age_years[place] < 12
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
        "ice": ice,
        "capd": capd,
        "consciousness": np.select([coma, touch, drowsy], [3, 2, 1], 0),
        "motor_weakness": np.where(weak, 2, 0),
        "cerebral_edema": np.select([focal, diffuse], [1, 2], 0),
        "posturing": pressure & (raised < 0.4),
        "cn6_palsy": pressure & (raised >= 0.4) & (raised < 0.6),
        "papilledema": pressure & (raised >= 0.6) & (raised < 0.8),
        "cushing_triad": pressure & (raised >= 0.8),
    }
    columns = {k: _normal_but(k, 10 if k == "ice" else 0, rounds, rows, v, charted) for k, v in found.items()}
    under_12 = people.age_years[rounds.place] < 12
    columns["ice"][under_12] = unknown_code(READABLE["ice"])
    columns["capd"][~under_12] = unknown_code(READABLE["capd"])
    seizures = np.flatnonzero(seizure)
    columns["seizure"] = _normal_but("seizure", 0, rounds, seizures, seizure[seizures], charted)
    return columns
