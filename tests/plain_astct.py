"""A second, deliberately plain grader of ASTCT 2019 CRS and ICANS, for tests only.

It was written from PROTOCOL sections 1-3 and Tables 2, 5 and 6 of the review, without sight of the package
that it checks, and it shares no code with it: where the two disagree, one of them (or the text) is wrong.
It is if/else straight from the paper. Unknown fields are not reasoned about: they are enumerated, each
complete observation is graded, and the lowest and highest grades are the answer. Default readings only.
Inputs must be valid protocol objects.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Range = tuple[int, int]  # floor, ceiling
Fields = Mapping[str, Any]  # a patient, or an observation
Choices = dict[str, list[Any]]

# Per domain: the fields it reads, with values that stand for everything an unknown field could be.
# A field with a printed default is never unknown, so its only choice is that default.
FEVER: Choices = {"temp_c": [37.0, 39.0], "fever_other_cause": [False]}
HYPOTENSION: Choices = {
    "hypotension": [False, True],
    "vasopressors": [0, 1, 2],
    "vasopressin": [False, True],
    "vasopressor_other_cause": [False],
}
DEVICES = [
    "none",
    "nasal_cannula",
    "blow_by",
    "high_flow_nasal_cannula",
    "face_mask",
    "non_rebreather",
    "venturi_mask",
    "cpap",
    "bipap",
    "mechanical_ventilation",
]
HYPOXIA: Choices = {
    "o2_device": DEVICES,
    "o2_flow_l_min": [2.0, 8.0],
    "oxygen_other_cause": [False],
    "positive_pressure_reason": ["hypoxia"],
}
AROUSAL: Choices = {
    "consciousness": ["spontaneous", "voice", "tactile", "unarousable"],
    "consciousness_other_cause": [False],
}
SEIZURE: Choices = {"seizure": ["none", "brief", "prolonged_or_repetitive"], "seizure_other_cause": [False]}
MOTOR: Choices = {"motor_weakness": ["none", "mild", "deep_focal"], "motor_other_cause": [False]}
PRESSURE: Choices = {
    "cerebral_edema": ["none", "focal", "diffuse"],
    "posturing": [False, True],
    "cn6_palsy": [False, True],
    "papilledema": [False, True],
    "cushing_triad": [False, True],
}
ICE_ITEMS = {"year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 3, "command": 1, "writing": 1, "attention": 1}


def completions(observation: Fields, choices: Choices) -> Iterator[dict[str, Any]]:
    """Every way to fill the unknown ones among these fields; a charted field keeps its value."""
    given = {name: observation.get(name) for name in choices}
    columns = [choices[name] if value is None else [value] for name, value in given.items()]
    for row in itertools.product(*columns):
        yield dict(zip(choices, row, strict=True))


def whole_minute(time_h: float) -> int:
    return math.floor(60 * time_h + 0.5)


def qualifying_fever(o: Fields) -> bool:
    return bool(o["temp_c"] >= 38.0 and not o["fever_other_cause"])


def hypotension_grade(o: Fields) -> int:
    if not o["vasopressor_other_cause"]:
        if o["vasopressors"] >= 2:
            return 4
        if o["vasopressors"] == 1 or o["vasopressin"]:
            return 3
    return 2 if o["hypotension"] else 0


def hypoxia_grade(o: Fields) -> int:
    device = o["o2_device"]
    if o["oxygen_other_cause"] or device == "none":
        return 0
    if device == "blow_by":
        return 2
    if device in ("nasal_cannula", "high_flow_nasal_cannula"):
        return 2 if o["o2_flow_l_min"] <= 6.0 else 3
    if device in ("face_mask", "non_rebreather", "venturi_mask"):
        return 3
    return 4 if o["positive_pressure_reason"] == "hypoxia" else 0  # cpap, bipap, mechanical_ventilation


def crs_grade(minute: int, fever: bool, opened: bool, hypotension: int, hypoxia: int, death: bool) -> int:
    """`opened`: an earlier qualifying fever opened the episode, which has not resolved."""
    if minute < 0:
        return 0
    if death:
        return 5
    if fever:
        return max(1, hypotension, hypoxia)
    return max(hypotension, hypoxia) if opened else 0


def possible_signs(observation: Fields) -> tuple[set[bool], set[int], set[int]]:
    """The values that fever, hypotension grade and hypoxia grade can take.

    Domain by domain is exact: no two of the three read the same field, and each unknown field is completed on
    its own, so the completions of the observation are exactly all the combinations of these values.
    """
    return (
        {qualifying_fever(o) for o in completions(observation, FEVER)},
        {hypotension_grade(o) for o in completions(observation, HYPOTENSION)},
        {hypoxia_grade(o) for o in completions(observation, HYPOXIA)},
    )


def crs_snapshot(patient: Fields | None, observation: Fields) -> Range:
    del patient  # Table 2 reads nothing of the patient
    minute, death = whole_minute(observation["time_h"]), bool(observation.get("death_from_crs"))
    fevers, hypotensions, hypoxias = possible_signs(observation)
    stated = observation.get("crs_onset_fever")  # a domain of its own: one field that no other domain reads
    opened_choices = {False, True} if stated is None else {bool(stated)}
    grades = {
        crs_grade(minute, fever, opened, hypotension, hypoxia, death)
        for opened in opened_choices
        for fever in fevers
        for hypotension in hypotensions
        for hypoxia in hypoxias
    }
    return min(grades), max(grades)


def crs_pass(observations: Sequence[Fields], signs: Sequence[tuple[bool, int, int]]) -> list[int]:
    """One walk through a course whose signs (fever, hypotension grade, hypoxia grade) are all decided."""
    grades = []
    opened, last_sign_minute = False, 0  # of the present episode
    clear_since = False  # an observation after that minute showed no sign
    for observation, (fever, hypotension, hypoxia) in zip(observations, signs, strict=True):
        minute = whole_minute(observation["time_h"])
        if minute < 0:
            grades.append(0)
            continue
        sign = fever or hypotension > 0 or hypoxia > 0
        if opened and minute - last_sign_minute >= 24 * 60 and (clear_since or not sign):
            opened = False
        if fever:
            opened = True
        death = bool(observation.get("death_from_crs"))
        grades.append(crs_grade(minute, fever, opened, hypotension, hypoxia, death))
        if not sign:
            clear_since = True
        elif opened:
            last_sign_minute = minute
            clear_since = False
    return grades


def crs_course(patient: Fields | None, observations: Sequence[Fields]) -> list[Range]:
    if len(observations) == 1:  # the number of observations alone decides the form
        return [crs_snapshot(patient, observations[0])]
    possible = [possible_signs(observation) for observation in observations]
    floors = crs_pass(observations, [(min(f), min(t), min(x)) for f, t, x in possible])
    ceilings = crs_pass(observations, [(max(f), max(t), max(x)) for f, t, x in possible])
    return list(zip(floors, ceilings, strict=True))


def possible_ice(observation: Fields) -> list[int]:
    if observation.get("ice") is not None:
        return [int(observation["ice"])]
    items = observation.get("ice_items") or {}
    lowest = highest = 0
    for item, most in ICE_ITEMS.items():
        points = items.get(item)
        lowest += 0 if points is None else int(points)
        highest += most if points is None else int(points)
    return list(range(lowest, highest + 1))


def ice_grade(ice: int, unarousable: bool) -> int:
    if ice == 10:
        return 0
    if ice >= 7:
        return 1
    if ice >= 3:
        return 2
    return 4 if ice == 0 and unarousable else 3


def capd_grade(capd: int) -> int:
    if capd == 0:
        return 0
    return 1 if capd <= 8 else 3  # "unable because unarousable" is 4 by consciousness already


def arousal_grade(o: Fields) -> int:
    if o["consciousness_other_cause"] or o["consciousness"] == "spontaneous":
        return 0
    if o["consciousness"] == "voice":
        return 2
    return 3 if o["consciousness"] == "tactile" else 4


def seizure_grade(o: Fields) -> int:
    if o["seizure_other_cause"] or o["seizure"] == "none":
        return 0
    return 3 if o["seizure"] == "brief" else 4


def motor_grade(o: Fields) -> int:
    return 4 if o["motor_weakness"] == "deep_focal" and not o["motor_other_cause"] else 0


def pressure_grade(o: Fields) -> int:
    if o["cerebral_edema"] == "diffuse":
        return 4
    if o["posturing"] or o["cn6_palsy"] or o["papilledema"] or o["cushing_triad"]:
        return 4
    return 3 if o["cerebral_edema"] == "focal" else 0


def icans_snapshot(patient: Fields | None, observation: Fields) -> Range:
    if whole_minute(observation["time_h"]) < 0:
        return 0, 0
    if observation.get("death_from_icans"):
        return 5, 5
    age = (patient or {}).get("age_years")
    child = age is not None and age < 12
    # The ICE (or CAPD) score and consciousness are one domain, because both read consciousness.
    mind: set[int] = set()
    for o in completions(observation, AROUSAL):
        arousal = arousal_grade(o)
        if child:
            scores = {capd_grade(c["capd"]) for c in completions(observation, {"capd": list(range(33))})}
        else:
            scores = {ice_grade(ice, unarousable=arousal == 4) for ice in possible_ice(observation)}
        mind |= {max(arousal, score) for score in scores}
    seizure = {seizure_grade(o) for o in completions(observation, SEIZURE)}
    motor = {motor_grade(o) for o in completions(observation, MOTOR)}
    pressure = {pressure_grade(o) for o in completions(observation, PRESSURE)}
    # The grade is the worst domain. No two of these four share a field, so all can be at their lowest (or
    # highest) in one and the same completion: the ends are the worst of the lows and the worst of the highs.
    domains = [mind, seizure, motor, pressure]
    return max(min(grades) for grades in domains), max(max(grades) for grades in domains)


def icans_course(patient: Fields | None, observations: Sequence[Fields]) -> list[Range]:
    return [icans_snapshot(patient, observation) for observation in observations]


def summary(times_h: Sequence[float], grades: Sequence[int]) -> dict[str, Any]:
    """Of one column of grades (the floors, or the ceilings)."""
    minutes = [whole_minute(time_h) for time_h in times_h]
    ill = [i for i, grade in enumerate(grades) if grade >= 1]
    onset = ill[0] if ill else None
    resolved = ill[-1] + 1 if ill and ill[-1] + 1 < len(grades) else None
    duration = None if onset is None or resolved is None else (minutes[resolved] - minutes[onset]) / 60
    minutes_at = [0] * 6
    for grade, (start, end) in zip(grades, itertools.pairwise(minutes), strict=False):
        minutes_at[grade] += end - start
    onset_h = None if onset is None else times_h[onset]
    resolved_h = None if resolved is None else times_h[resolved]
    peak = max(grades)
    return {
        "onset_h": onset_h,
        "peak": peak,
        "peak_h": times_h[list(grades).index(peak)],
        "resolved_h": resolved_h,
        "duration_h": duration,
        "hours_at_grade": [m / 60 for m in minutes_at],
    }
