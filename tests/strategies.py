"""Hypothesis strategies for protocol objects, made from the field list of the core.

A field is one draw: absent, null or a value. What no ASTCT scale reads is charted a few fields at a time.
"""

import functools
from typing import Any

from hypothesis import strategies as st

from cartox_core.fields import Field
from cartox_core.observation import ITEMS_OF, OBSERVATION, TREATMENT

TELLING = {  # values at and beside the thresholds, tried more often than chance would
    "temp_c": [37.9, 37.95, 38.0, 39.4],
    "o2_flow_l_min": [0.0, 5.9, 6.0, 6.1, 40.0],
    "age_years": [5.0, 11.9, 12.0, 12.5, 60.0],
    "seizure_duration_min": [4.9, 5.0, 5.1],
}
STATEFUL = {
    "temp_c",
    "fever_other_cause",
    "hypotension",
    "vasopressors",
    "vasopressin",
    "vasopressor_other_cause",
    "o2_device",
    "o2_flow_l_min",
    "oxygen_other_cause",
    "positive_pressure_reason",
    "death_from_crs",
    "iv_fluid_boluses",
    "ice",
    "ice_items",
    "consciousness",
    "consciousness_other_cause",
    "seizure",
}
OLDER = {  # signs that only other guidelines than ASTCT read
    "fio2",
    "vasopressor_dose_high",
    "vasopressor_hours",
    "hypotension_refractory",
    "organ_toxicity_grade",
    "transaminase_grade",
    "creatinine_grade",
    "hospitalized_for_crs",
    "iv_therapy",
    "coagulopathy_products",
    "infection",
    "papilledema_stage",
    "csf_opening_pressure_mmhg",
    "cartox10",
    "cartox10_items",
    "anc_per_ul",
    "lymphocytes_per_ul",
    "platelets_10e9_l",
    "hemoglobin_g_dl",
    "red_cell_transfusion_indicated",
    "anemia_life_threatening",
    "ast_u_l",
    "ast_times_baseline",
    "alt_u_l",
    "alt_times_baseline",
    "bilirubin_mg_dl",
    "bilirubin_times_baseline",
    "creatinine_mg_dl",
    "creatinine_times_baseline",
    "fibrinogen_mg_dl",
    "fibrinogen_times_baseline",
    "encephalopathy",
    "confusion",
    "dysphasia",
    "alertness",
    "tremor_severity",
    "headache_severity",
    "seizure_loss_of_consciousness",
    "seizure_new_onset",
    "seizure_multiple_despite_treatment",
    "ferritin_ng_ml",
    *(name for name, field in OBSERVATION.items() if field.scales in ("score", "iec_hs", "hlh")),
    "wbc_per_ul",
}
READ = {k for k, f in OBSERVATION.items() if f.role in ("sign", "attribution", "state")} - OLDER
_ABSENT = object()


def values(field: Field) -> st.SearchStrategy[Any]:
    """Valid values of one field."""
    match field.kind:
        case "items":
            assert field.items is not None
            points = {k: st.none() | st.integers(0, top) for k, top in field.items.most.items()}
            return st.fixed_dictionaries({}, optional=points)
        case "text":
            return st.text(max_size=5)
        case "number":
            free = st.floats(field.least or field.low, min(field.high, 1e6), allow_nan=False)
            return st.sampled_from(TELLING[field.name]) | free if field.name in TELLING else free
        case _:
            return st.sampled_from(few(field))


def few(field: Field) -> list[Any]:
    """All values of a field that has few of them."""
    match field.kind:
        case "bool":
            return [False, True]
        case "enum":
            return list(field.values)
        case _:
            return list(range(int(field.low), int(field.high) + 1))


def _charted(field: Field) -> st.SearchStrategy[Any]:
    """A value, null, or absent."""
    if field.kind in ("bool", "enum", "integer"):
        return st.sampled_from([_ABSENT, None, *few(field)])
    return st.sampled_from([_ABSENT, None]) | values(field)


@functools.cache
def _observations(names: frozenset[str]) -> st.SearchStrategy[dict[str, Any]]:
    order = [n for n in OBSERVATION if n in names]
    drawn = st.tuples(*(_charted(OBSERVATION[n]) for n in order))
    return drawn.map(lambda row: {n: v for n, v in zip(order, row, strict=True) if v is not _ABSENT}).map(_agree)


def _agree(observation: dict[str, Any]) -> dict[str, Any]:
    for total, items in ITEMS_OF.items():
        if observation.get(total) is not None:
            observation.pop(items, None)
    return observation


def observations(snapshot: bool = True, only: set[str] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Observations without a time, any field unknown."""
    names = (READ if only is None else only) - {"time_h"}
    return _observations(frozenset(n for n in names if snapshot or not OBSERVATION[n].snapshot_only))


UNREAD = [n for n in OBSERVATION if n not in READ and n != "time_h"]
unread = st.lists(
    st.sampled_from(UNREAD).flatmap(lambda name: st.tuples(st.just(name), st.none() | values(OBSERVATION[name]))),
    max_size=2,
).map(dict)
patients = st.fixed_dictionaries(
    {}, optional={"age_years": st.none() | st.sampled_from(TELLING["age_years"]), "weight_kg": st.floats(1, 200)}
)
times = st.integers(-2 * 60, 20 * 60).map(lambda m: m / 60)
treatments = st.lists(
    st.fixed_dictionaries({"time_h": st.floats(-5, 400), "drug": st.sampled_from(TREATMENT["drug"].values)}), max_size=3
)


@st.composite
def snapshots(draw: st.DrawFn) -> dict[str, Any]:
    """Valid snapshot cases."""
    observation = _agree({"time_h": draw(times), **draw(observations()), **draw(unread)})
    return {"patient": draw(patients), "observations": [observation], "treatments": draw(treatments)}


STEPS = [1, 240, 719, 720, 721, 1439, 1440, 1441, 4320]


@st.composite
def courses(draw: st.DrawFn, longest: int = 8, shortest: int = 2) -> dict[str, Any]:
    """Valid courses, steps of minutes to days."""
    steps = draw(st.lists(st.sampled_from(STEPS), min_size=shortest, max_size=longest))
    minute, rows = draw(st.integers(-300, 600)), []
    for step in steps:
        rows.append({"time_h": minute / 60, **draw(observations(snapshot=False, only=STATEFUL))})
        minute += step
    return {"patient": draw(patients), "observations": rows, "treatments": draw(treatments)}
