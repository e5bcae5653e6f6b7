"""A patient's chart up to one hour as a ward draws it: lanes over time, and the same as rows for a table.

Nothing after that hour is in it, and no grade. Thresholds are drawn for tutors alone.
"""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from cartox_core import Case, Observation, Treatment
from cartox_core.observation import POSITIVE_PRESSURE

WINDOW_H = 120.0
ICE_FROM_YEARS = 12  # ASTCT 2019: ICE from 12 years on, CAPD before
Point = tuple[float, float]


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A lane of numbers: ``points`` (hour, value) in order, the range of the axis, and thresholds for tutors."""

    title: str
    unit: str
    low: float
    high: float
    points: tuple[Point, ...]
    ticks: tuple[float, ...]
    thresholds: tuple[float, ...] = ()
    down_to: tuple[Point, ...] = ()  # diastolic under systolic pressure


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted: from and to an hour, in words, and how strong it is from 0 (nothing) to 3."""

    start_h: float
    end_h: float
    words: str
    strength: int


@dataclasses.dataclass(frozen=True, slots=True)
class Strip:
    """A lane of words; ``is_charted`` says whether the last round tells of it."""

    title: str
    spans: tuple[Span, ...]
    is_charted: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """Everything drawn of a patient from one hour to now."""

    start_h: float
    now_h: float
    lanes: tuple[Line | Strip, ...]
    drugs: tuple[Treatment, ...]


DEVICE_WORDS = {
    "none": "room air",
    "nasal_cannula": "nasal cannula",
    "blow_by": "blow-by",
    "high_flow_nasal_cannula": "high-flow cannula",
    "face_mask": "face mask",
    "non_rebreather": "non-rebreather",
    "venturi_mask": "Venturi mask",
    "cpap": "CPAP",
    "bipap": "BiPAP",
    "mechanical_ventilation": "ventilator",
}
AWAKENS = {
    "spontaneous": ("by itself", 0),
    "voice": ("to voice", 1),
    "tactile": ("to touch", 2),
    "unarousable": ("unarousable", 3),
}
_SIGNS = {
    "seizure": "seizure",
    "motor_weakness": "weakness",
    "cerebral_edema": "cerebral edema",
    "posturing": "posturing",
    "cn6_palsy": "sixth nerve palsy",
    "papilledema": "papilledema",
    "cushing_triad": "Cushing's triad",
}
_JUDGED = {"seizure": "seizure_other_cause", "motor_weakness": "motor_other_cause"}
VENTILATOR = "mechanical_ventilation"
Told = Callable[[Observation], tuple[str, int] | None]


def chart_of(case: Case) -> Chart:
    """The chart of a case up to its last observation.

    >>> from cartox_core import read_case
    >>> case = read_case({"observations": [{"time_h": 4, "temp_c": 37.1}, {"time_h": 8, "temp_c": 38.6}]})
    >>> chart = chart_of(case)
    >>> chart.now_h, chart.lanes[0].points
    (8.0, ((4.0, 37.1), (8.0, 38.6)))
    """
    now_h, start_h = case.observations[-1].time_h, start_of(case)
    seen = [o for o in case.observations if o.time_h >= start_h]
    given = tuple(t for t in case.treatments if start_h <= t.time_h <= now_h)
    return Chart(float(start_h), float(now_h), tuple(_lanes(seen, score_of(case))), given)


def start_of(case: Case) -> float:
    """The hour at which its chart begins."""
    now_h = case.observations[-1].time_h
    return max(now_h - WINDOW_H, 0.0 if now_h >= 0 else case.observations[0].time_h)


def score_of(case: Case) -> str:
    """The score that is charted: CAPD or ICE; where neither is, that of the patient's age."""
    seen = [o for o in case.observations if o.time_h >= start_of(case)]
    if all(o.capd is None and o.ice is None for o in seen):
        return "CAPD" if is_child(case) else "ICE"
    return "CAPD" if any(o.capd is not None for o in seen) else "ICE"


def is_child(case: Case) -> bool:
    """Whether a patient is too young for ICE."""
    return case.patient.age_years is not None and case.patient.age_years < ICE_FROM_YEARS


def _lanes(seen: Sequence[Observation], score: str) -> Iterator[Line | Strip]:
    yield Line("Temperature", "°C", 35.0, 41.5, _points(seen, "temp_c"), (35, 37, 39, 41), (38.0,))
    if any(o.fever_other_cause for o in seen):
        yield _strip("Fever judged", seen, fever_words)
    yield Line("Pulse", "/min", 40.0, 180.0, _points(seen, "heart_rate_bpm"), (60, 100, 140))
    yield Line(
        "Pressure", "mmHg", 30.0, 190.0, _points(seen, "sbp_mmhg"), (50, 100, 150), down_to=_points(seen, "dbp_mmhg")
    )
    yield _strip("Pressure judged", seen, pressure_words)
    yield _strip("Vasopressors", seen, pressor_words)
    yield Line("SpO₂", "%", 80.0, 100.0, _points(seen, "spo2_pct"), (80, 90, 100))
    yield _strip("Oxygen", seen, oxygen_words)
    if score == "CAPD":
        yield Line("CAPD", "points", 0.0, 32.0, _points(seen, "capd"), (0, 16, 32), (8.5,))
    else:
        yield Line("ICE", "points", 0.0, 10.0, _points(seen, "ice"), (0, 5, 10), (2.5, 6.5, 9.5))
    yield _strip("Awakens", seen, awakens_words)
    yield _strip("Other signs", seen, other_words)


def _points(seen: Sequence[Observation], name: str) -> tuple[Point, ...]:
    return tuple((o.time_h, float(getattr(o, name))) for o in seen if getattr(o, name) is not None)


def _strip(title: str, seen: Sequence[Observation], told: Told) -> Strip:
    """What was told at each round, each until the next; equal neighbours as one span, what was not charted left out."""
    spans: list[Span] = []
    ends = [o.time_h for o in seen[1:]] + [seen[-1].time_h]
    for observation, end_h in zip(seen, ends, strict=True):
        found = told(observation)
        if found is None:
            continue
        words, strength = found
        if spans and spans[-1].words == words and spans[-1].end_h == observation.time_h:
            spans[-1] = dataclasses.replace(spans[-1], end_h=end_h)
        else:
            spans.append(Span(observation.time_h, end_h, words, strength))
    return Strip(title, tuple(spans), told(seen[-1]) is not None)


def pressure_words(o: Observation) -> tuple[str, int] | None:
    """What was judged of the pressure."""
    if o.hypotension is None:
        return None
    return ("low", 1) if o.hypotension else ("not low", 0)


def pressor_words(o: Observation) -> tuple[str, int] | None:
    """The vasopressors that run."""
    if o.vasopressors is None:
        return None
    words = [f"{o.vasopressors}"] if o.vasopressors else []
    words += ["vasopressin"] if o.vasopressin else []
    words += ["vasopressin not charted"] if o.vasopressin is None else []
    words += ["for another cause"] if words and o.vasopressor_other_cause else []
    return (" + ".join(words), min(1 + o.vasopressors, 3)) if words else ("none", 0)


def oxygen_words(o: Observation) -> tuple[str, int] | None:
    """The device, its flow, and why: 6 L/min is told as it was charted, never as low or high."""
    if o.o2_device is None:
        return None if o.o2_flow_l_min is None else (f"device not charted, {o.o2_flow_l_min:g} L/min", 1)
    words = [DEVICE_WORDS[o.o2_device]]
    words += [f"{o.o2_flow_l_min:g} L/min"] if o.o2_flow_l_min is not None else []
    if o.o2_device in POSITIVE_PRESSURE:
        words += (
            [] if o.positive_pressure_reason == "hypoxia" else [f"({o.positive_pressure_reason.replace('_', ' ')})"]
        )
    words += ["(another cause)"] if o.oxygen_other_cause else []
    strength = 0 if o.o2_device == "none" else 3 if o.o2_device in POSITIVE_PRESSURE else 1
    return " ".join(words), strength


def awakens_words(o: Observation) -> tuple[str, int] | None:
    """What the patient awakens to."""
    if o.consciousness is None:
        return None
    words, strength = AWAKENS[o.consciousness]
    if not o.consciousness_other_cause:
        return words, strength
    return (f"{'sedated' if o.o2_device == VENTILATOR else 'another cause'}: {words}", strength)


def other_words(o: Observation) -> tuple[str, int] | None:
    """The signs that there are; none where those examined are absent, nothing where none was examined."""
    charted = {name: getattr(o, name) for name in _SIGNS if getattr(o, name) is not None}
    if not charted:
        return None
    words = [
        f"{_SIGNS[name]}{f': {value}'.replace('_', ' ') if isinstance(value, str) else ''}{_excuse(o, name)}"
        for name, value in charted.items()
        if value not in (False, "none")
    ]
    open_signs = [_SIGNS[name] for name in _SIGNS if name not in charted]
    open_words = [f"not charted: {', '.join(open_signs)}"] if open_signs else []
    return ("; ".join([*words, *open_words]), 3) if words else ("; ".join(["none", *open_words]), 0)


def _excuse(o: Observation, sign: str) -> str:
    return " (another cause)" if getattr(o, _JUDGED.get(sign, ""), False) else ""


def fever_words(o: Observation) -> tuple[str, int] | None:
    """What was judged of the fever, where it was judged to have another cause."""
    return ("has another cause", 1) if o.fever_other_cause else None
