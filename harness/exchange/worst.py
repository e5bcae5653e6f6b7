"""The worst of what several rows chart of one hour, sign by sign.

A sign and what excuses it belong together: an excused value counts only where no other is charted. An oxygen device and
its flow belong together, in the order of the protocol's section 3.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cartox_core.fields import Field
from cartox_core.observation import ITEMS_OF, OBSERVATION, POSITIVE_PRESSURE

Values = Mapping[str, Any]
_EXCUSED: Mapping[str, tuple[str, ...]] = {  # what each attribution excuses
    "fever_other_cause": ("temp_c",),
    "vasopressor_other_cause": (
        "vasopressors",
        "vasopressin",
        "vasopressor_dose_high",
        "vasopressor_hours",
        "hypotension_refractory",
    ),
    "consciousness_other_cause": ("consciousness", "alertness"),
    "seizure_other_cause": (
        "seizure",
        "seizure_type",
        "seizure_duration_min",
        "seizure_loss_of_consciousness",
        "seizure_new_onset",
        "seizure_multiple_despite_treatment",
    ),
    "motor_other_cause": ("motor_weakness",),
    "mnt_other_cause": ("mnt_movement", "mnt_cognitive", "mnt_personality"),
    "iechs_other_cause": (
        "ferritin_times_baseline",
        "ferritin_rapidly_rising",
        "iechs_timing",
        "iechs_severity",
        "iechs_treated",
        "bleeding",
        "hospitalized_for_iechs",
        "dialysis",
    ),
}
_SHARED = {"iechs_other_cause": ("ferritin_ng_ml",)}
"""Signs that an attribution excuses here and others read, too: they are never left out, nor excused by another row."""
_OXYGEN = ("o2_device", "o2_flow_l_min", "positive_pressure_reason", "oxygen_other_cause")
_LOWEST = {"sbp_mmhg", "dbp_mmhg", "spo2_pct", "anc_per_ul", "lymphocytes_per_ul", "wbc_per_ul"}
_HIGHEST = {"heart_rate_bpm", "resp_rate_min", "crp_mg_dl", "ldh_u_l", "triglycerides_mg_dl", "soluble_cd25_u_ml"}
LOW_FLOW_L_MIN = 6.0
_LOW = 2, 0.0


def worst_of(rows: Sequence[Values]) -> dict[str, Any]:
    """The values of one observation made of the values of several rows, which are in the order of time.

    >>> worst_of([{"temp_c": 38.4, "o2_device": "face_mask"}, {"temp_c": 39.1, "o2_device": "nasal_cannula"}])
    {'temp_c': 39.1, 'o2_device': 'face_mask'}
    >>> worst_of([{"temp_c": 39.4, "fever_other_cause": True}, {"temp_c": 37.2}])
    {'temp_c': 37.2}
    """
    if len(rows) == 1:
        return dict(rows[0])
    found: dict[str, Any] = {}
    grouped = {name for excuse, signs in _EXCUSED.items() for name in (excuse, *signs)}
    for name in OBSERVATION:
        if name in _OXYGEN or name in grouped or name in ITEMS_OF or name in ITEMS_OF.values():
            continue
        values = [row[name] for row in rows if name in row]
        if values:
            found[name] = _worst(name, values)
    for excuse, signs in _EXCUSED.items():
        found |= _counted(rows, excuse, signs)
    for total, items in ITEMS_OF.items():
        found |= _score(rows, total, items)
    found |= _oxygen(rows)
    return {name: found[name] for name in OBSERVATION if name in found}


def _worst(name: str, values: Sequence[Any]) -> Any:
    """The worst value of a field; where it has no direction the last, a bool that holds once holds."""
    field = OBSERVATION[name]
    if name in _LOWEST:
        return min(values)
    if name in _HIGHEST:
        return max(values)
    if field.kind == "bool":
        return any(values) if field.worse in (None, True) else all(values)
    return max(values, key=_rank(field)) if field.worse is not None else values[-1]


def _rank(field: Field) -> Callable[[Any], Any]:
    if isinstance(field.worse, tuple):
        ranks = field.worse
        return lambda value: ranks[field.values.index(value)]
    return (lambda value: -value) if field.worse == "down" else (lambda value: value)


def _counted(rows: Sequence[Values], excuse: str, signs: Sequence[str]) -> dict[str, Any]:
    """The signs of an attribution: the worst of the rows that are not excused, else of those that are.

    An attribution excuses the signs of its own row only.
    """
    charted = [row for row in rows if any(s in row for s in (*signs, *_SHARED.get(excuse, ())))]
    counting = [row for row in charted if not row.get(excuse)]
    taken = counting or charted or rows
    found = {s: _worst(s, values) for s in signs if (values := [row[s] for row in taken if s in row])}
    return found | ({excuse: True} if not counting and any(row.get(excuse) for row in taken) else {})


def _score(rows: Sequence[Values], total: str, items: str) -> dict[str, Any]:
    """The total and the items of the row with the lowest score; items alone count with what they give at most."""
    charted = [row for row in rows if total in row or items in row]
    if not charted:
        return {}
    lowest = min(charted, key=lambda row: row[total] if total in row else _most(items, row[items]))
    return {name: lowest[name] for name in (total, items) if name in lowest}


def _most(name: str, items: Mapping[str, int | None]) -> int:
    """The highest total that some items of a score allow."""
    most = OBSERVATION[name].items
    assert most is not None
    points = {item: items.get(item) for item in most.most}
    return sum(most.most[item] if point is None else point for item, point in points.items())


def _oxygen(rows: Sequence[Values]) -> dict[str, Any]:
    """Device, flow, reason and attribution of the row with the most support.

    A flow charted alone goes with the devices of the hour that have none, or a lower one. Where no device that counts
    explains it, it came from one that is unknown.
    """
    with_device = [row for row in rows if "o2_device" in row]
    without = [row for row in rows if "o2_flow_l_min" in row and "o2_device" not in row]
    counting = [row for row in without if not row.get("oxygen_other_cause")]
    alone = max((row["o2_flow_l_min"] for row in counting), default=None)
    if not with_device:
        held = {name: row[name] for row in counting or rows for name in _OXYGEN if name in row}
        return held if alone is None else held | {"o2_flow_l_min": alone}
    most = max(with_device, key=functools.partial(_support, alone=alone))
    found = {name: most[name] for name in _OXYGEN if name in most}
    own = 0.0 if most["o2_device"] == "none" else most.get("o2_flow_l_min")
    if alone is None or (own is not None and alone <= own):
        return found
    is_explained = own is None or _support(most, alone) >= _LOW
    return {**found, "o2_flow_l_min": alone} if is_explained else {"o2_flow_l_min": alone}


def _support(row: Values, alone: float | None) -> tuple[int, float]:
    """How much support a row charts: what does not count, none, low flow, high flow or mask, positive pressure.

    A cannula without a flow stands between low and high flow; ``alone`` is the highest flow charted without a device.
    """
    device, flows = row["o2_device"], [flow for flow in (row.get("o2_flow_l_min"), alone) if flow is not None]
    if row.get("oxygen_other_cause"):
        return 0, 0.0
    if device == "none":
        return 1, 0.0
    if device in POSITIVE_PRESSURE:
        return (4, 0.0) if row.get("positive_pressure_reason", "hypoxia") == "hypoxia" else (0, 1.0)
    if device == "blow_by":
        return _LOW
    if device in ("nasal_cannula", "high_flow_nasal_cannula"):
        flow = max(flows, default=LOW_FLOW_L_MIN + 0.01)
        return (2 if flow <= LOW_FLOW_L_MIN or not flows else 3), flow
    return 3, 0.0
