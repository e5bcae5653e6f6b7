"""The one record of what is charted: an observation, the patient, and the treatments.

Names, units, ranges and enumerations are those of the grading protocol, version 1, section 2. An attribute
that is None is unknown, and unknown is never normal; a field with a default takes it. Everything else that
needs the list of fields (schema, input check, columns, test data, documentation) reads it from here.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from cartox_core.fields import Field, IceItems, Value

EARLIEST_H, LATEST_H = -720.0, 43800.0
POSITIVE_PRESSURE = ("cpap", "bipap", "mechanical_ventilation")
DEVICES = (
    "none",
    "nasal_cannula",
    "blow_by",
    "high_flow_nasal_cannula",
    "face_mask",
    "non_rebreather",
    "venturi_mask",
    *POSITIVE_PRESSURE,
)
SEVERITY = ("none", "mild", "limits_instrumental_adl", "limits_self_care", "life_threatening")


_TIME: Mapping[str, Any] = {
    "kind": "number",
    "unit": "h",
    "low": EARLIEST_H,
    "high": LATEST_H,
    "required": True,
    "role": "time",
    "doc": "hours since infusion",
}


def _declare(kind: str, default: Value | None = None, **spec: Any) -> Any:
    return dataclasses.field(default=default, metadata={"kind": kind, "default": default, **spec})


def _number(unit: str, low: float, high: float, doc: str, **spec: Any) -> Any:
    return _declare("number", unit=unit, low=low, high=high, doc=doc, **spec)


def _integer(low: int, high: int, doc: str, **spec: Any) -> Any:
    return _declare("integer", low=low, high=high, doc=doc, **spec)


def _flag(doc: str, default: bool | None = None, **spec: Any) -> Any:
    return _declare("bool", default, doc=doc, **spec)


def _choice(values: tuple[str, ...], doc: str, default: str | None = None, **spec: Any) -> Any:
    return _declare("enum", default, values=values, doc=doc, **spec)


def _sign(doc: str, scales: str) -> Any:
    return _flag(doc, role="sign", scales=scales, worse=True)


def _excuse(doc: str, scales: str) -> Any:
    return _flag(doc, default=False, role="attribution", scales=scales, worse=False)


def _organ(doc: str) -> Any:
    return _integer(0, 4, doc, role="sign", scales="crs", worse="up")


def _level(values: tuple[str, ...], doc: str) -> Any:
    return _choice(values, doc, role="sign", scales="neuro", worse=tuple(range(len(values))))


def _blood(unit: str, low: float, high: float, doc: str, worse: str) -> Any:
    return _number(unit, low, high, doc, role="sign", worse=worse)


def _ratio(name: str, worse: str = "up") -> Any:
    return _blood("1", 0, 10_000, f"{name} divided by the patient's own value at baseline", worse)


def _count(name: str) -> Any:
    hint = "counts are per µL: 0.4 × 10⁹/L is 400"
    return _number("/uL", 0, 1_000_000, name, least=10, hint=hint, role="sign", worse="down")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who the patient is.

    >>> Patient(age_years=61).age_years
    61
    """

    age_years: float | None = _number("a", 0, 120, "age", role="patient")
    weight_kg: float | None = _number("kg", 0.5, 400, "body weight", role="patient")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was charted at one time, in the units that the names bear.

    >>> Observation(time_h=52.0, temp_c=39.1).minute
    3120
    """

    time_h: float = dataclasses.field(metadata=_TIME)

    # read by CRS scales
    temp_c: float | None = _number("Cel", 25, 45, "body temperature as charted", role="sign", scales="crs", worse="up")
    fever_other_cause: bool = _excuse("the fever is attributed to something else", "crs")
    crs_onset_fever: bool | None = _flag(
        "an earlier qualifying fever opened this CRS episode, and it has not resolved",
        role="state",
        scales="crs",
        snapshot_only=True,
        worse=True,
    )
    fever_masked: bool | None = _flag(
        "an antipyretic, anticytokine drug or corticosteroid was given since that fever",
        role="state",
        scales="crs",
        snapshot_only=True,
    )
    hypotension: bool | None = _sign("hypotension attributed to the therapy, treated or not", "crs")
    vasopressors: int | None = _integer(
        0, 6, "vasopressors running at once, vasopressin not counted", role="sign", scales="crs", worse="up"
    )
    vasopressin: bool | None = _sign("vasopressin is running", "crs")
    vasopressor_other_cause: bool = _excuse("the vasopressors, vasopressin too, run for something else", "crs")
    o2_device: str | None = _choice(
        DEVICES, "oxygen device", role="sign", scales="crs", worse=(0, 1, 1, 1, 2, 2, 2, 3, 3, 3)
    )
    o2_flow_l_min: float | None = _number("L/min", 0, 100, "flow at that device", role="sign", scales="crs", worse="up")
    oxygen_other_cause: bool = _excuse("the oxygen support has another cause, whatever the device", "crs")
    positive_pressure_reason: str = _choice(
        ("hypoxia", "airway_protection", "chronic"),
        "why positive pressure is given; read for cpap, bipap and mechanical_ventilation only",
        default="hypoxia",
        role="attribution",
        scales="crs",
    )
    death_from_crs: bool = _flag(
        "death in which CRS is the principal cause", default=False, role="sign", scales="crs", worse=True
    )
    fio2: float | None = _number("1", 0.21, 1.0, "inspired oxygen fraction", role="sign", scales="crs", worse="up")
    iv_fluid_boluses: int | None = _integer(
        0, 20, "boluses given for blood pressure since the last observation", role="sign", scales="crs", worse="up"
    )
    vasopressor_dose_high: bool | None = _sign("at or above the high-dose line for its required time", "crs")
    vasopressor_hours: float | None = _number(
        "h", 0, 44520, "continuous hours on any vasopressor", role="sign", scales="crs", worse="up"
    )
    hypotension_refractory: bool | None = _sign("hypotension despite high-dose vasopressors", "crs")
    organ_toxicity_grade: int | None = _organ("worst CTCAE organ grade, transaminases and creatinine excluded")
    transaminase_grade: int | None = _organ("CTCAE grade of the transaminases")
    creatinine_grade: int | None = _organ("CTCAE grade of creatinine")
    hospitalized_for_crs: bool | None = _sign("in hospital because of CRS", "crs")
    iv_therapy: bool | None = _sign("intravenous therapy other than fluid resuscitation", "crs")
    coagulopathy_products: bool | None = _sign("plasma, cryoprecipitate or fibrinogen concentrate given", "crs")

    # read by neurotoxicity scales
    ice: int | None = _integer(0, 10, "ICE score", role="sign", scales="neuro", worse="down")
    ice_items: IceItems | None = _declare("items", doc="ICE items, instead of ice", role="sign", scales="neuro")
    capd: int | None = _integer(
        0, 32, "Cornell Assessment of Pediatric Delirium, age < 12", role="sign", scales="neuro", worse="up"
    )
    consciousness: str | None = _choice(
        ("spontaneous", "voice", "tactile", "unarousable"),
        "what the patient awakens to; unarousable: not at all, or only to vigorous or repetitive stimuli",
        role="sign",
        scales="neuro",
        worse=(0, 1, 2, 3),
    )
    consciousness_other_cause: bool = _excuse("the depressed consciousness has another cause", "neuro")
    seizure: str | None = _choice(
        ("none", "brief", "prolonged_or_repetitive"), "seizure", role="sign", scales="neuro", worse=(0, 1, 2)
    )
    seizure_duration_min: float | None = _number(
        "min", 0, 10080, "length of the longest seizure; read by reading N11 only", scales="neuro", worse="up"
    )
    seizure_type: str | None = _choice(("partial", "generalized", "nonconvulsive"), "kind of seizure", scales="neuro")
    seizure_loss_of_consciousness: bool | None = _sign("consciousness was lost in the seizure", "neuro")
    seizure_new_onset: bool | None = _sign("the patient had no seizures before", "neuro")
    seizure_multiple_despite_treatment: bool | None = _sign("several seizures despite treatment", "neuro")
    motor_weakness: str | None = _choice(
        ("none", "mild", "deep_focal"), "motor weakness", role="sign", scales="neuro", worse=(0, 1, 2)
    )
    seizure_other_cause: bool = _excuse("the seizure has another cause", "neuro")
    motor_other_cause: bool = _excuse("the weakness has another cause", "neuro")
    cerebral_edema: str | None = _choice(
        ("none", "focal", "diffuse"),
        "cerebral edema on imaging; edema of a hemorrhage is charted none",
        role="sign",
        scales="neuro",
        worse=(0, 1, 2),
    )
    posturing: bool | None = _sign("decerebrate or decorticate posturing", "neuro")
    cn6_palsy: bool | None = _sign("palsy of the sixth cranial nerve", "neuro")
    papilledema: bool | None = _sign("papilledema", "neuro")
    cushing_triad: bool | None = _sign("Cushing's triad", "neuro")
    papilledema_stage: int | None = _integer(
        0, 5, "stage of papilledema (CARTOX)", role="sign", scales="neuro", worse="up"
    )
    csf_opening_pressure_mmhg: float | None = _number(
        "mm[Hg]", 0, 100, "CSF opening pressure", role="sign", scales="neuro", worse="up"
    )
    cartox10: int | None = _integer(0, 10, "CARTOX-10 score", role="sign", scales="neuro", worse="down")
    tremor: bool | None = _flag("tremor; never changes an ICANS grade", scales="neuro")
    myoclonus: bool | None = _flag("myoclonus; never changes an ICANS grade", scales="neuro")
    headache: bool | None = _flag("headache; never changes an ICANS grade", scales="neuro")
    intracranial_hemorrhage: bool | None = _flag("hemorrhage; never changes an ICANS grade", scales="neuro")
    encephalopathy: str | None = _level(SEVERITY, "encephalopathy, by what it keeps the patient from doing")
    confusion: str | None = _level(SEVERITY, "confusion, by what it keeps the patient from doing")
    dysphasia: str | None = _level(
        ("none", "aware", "impairs_spontaneous", "impairs_intelligible"),
        "dysphasia, by the communication that it impairs; aware: noticed, none impaired",
    )
    alertness: str | None = _level(
        ("normal", "decreased", "sedated", "difficult_to_arouse", "coma"),
        "level of consciousness in the words of CTCAE; sedated: or slow to respond; coma: or life-threatening",
    )
    tremor_severity: str | None = _level(SEVERITY[:4], "tremor, by what it keeps the patient from doing")
    headache_severity: str | None = _level(SEVERITY[:4], "headache, by what it keeps the patient from doing")
    death_from_icans: bool = _flag(
        "death in which ICANS is the principal cause", default=False, role="sign", scales="neuro", worse=True
    )

    # vital signs and laboratory values
    heart_rate_bpm: float | None = _number("/min", 0, 350, "heart rate")
    resp_rate_min: float | None = _number("/min", 0, 120, "respiratory rate")
    sbp_mmhg: float | None = _number("mm[Hg]", 0, 350, "systolic blood pressure")
    dbp_mmhg: float | None = _number("mm[Hg]", 0, 250, "diastolic blood pressure")
    spo2_pct: float | None = _number("%", 0, 100, "oxygen saturation by pulse oximetry")
    anc_per_ul: float | None = _count("absolute neutrophil count")
    lymphocytes_per_ul: float | None = _count("lymphocyte count")
    platelets_10e9_l: float | None = _number("10*9/L", 0, 3000, "platelet count", role="sign", worse="down")
    hemoglobin_g_dl: float | None = _blood("g/dL", 1, 25, "hemoglobin", "down")
    red_cell_transfusion_indicated: bool | None = _flag("the anemia calls for red cells", role="sign", worse=True)
    anemia_life_threatening: bool | None = _flag("the anemia threatens life", role="sign", worse=True)
    crp_mg_dl: float | None = _number("mg/dL", 0, 100, "C-reactive protein")
    ferritin_ng_ml: float | None = _number("ng/mL", 0, 1_000_000, "ferritin")
    ldh_u_l: float | None = _number("U/L", 0, 50_000, "lactate dehydrogenase")
    ast_u_l: float | None = _blood("U/L", 0, 50_000, "aspartate aminotransferase", "up")
    ast_times_baseline: float | None = _ratio("AST")
    ast_baseline_abnormal: bool = _flag("AST at baseline was above the upper limit of normal", default=False)
    alt_u_l: float | None = _blood("U/L", 0, 50_000, "alanine aminotransferase", "up")
    alt_times_baseline: float | None = _ratio("ALT")
    alt_baseline_abnormal: bool = _flag("ALT at baseline was above the upper limit of normal", default=False)
    creatinine_mg_dl: float | None = _blood("mg/dL", 0, 40, "creatinine", "up")
    creatinine_times_baseline: float | None = _ratio("creatinine")
    fibrinogen_mg_dl: float | None = _blood("mg/dL", 0, 2000, "fibrinogen", "down")
    fibrinogen_times_baseline: float | None = _ratio("fibrinogen", "down")
    fibrinogen_baseline_abnormal: bool = _flag(
        "fibrinogen at baseline was below the lower limit of normal", default=False
    )
    bilirubin_mg_dl: float | None = _blood("mg/dL", 0, 100, "total bilirubin", "up")
    bilirubin_times_baseline: float | None = _ratio("bilirubin")
    bilirubin_baseline_abnormal: bool = _flag(
        "bilirubin at baseline was above the upper limit of normal", default=False
    )
    triglycerides_mg_dl: float | None = _number("mg/dL", 0, 10_000, "triglycerides")

    # ends the days that duration scales count
    next_therapy_or_progression: bool = _flag(
        "the next therapy, relapse or progression has come; nothing later counts for duration scales", default=False
    )

    # other adverse events
    infection: str | None = _choice(
        ("none", "mild", "moderate", "severe", "life_threatening"),
        "infection, the worst there is, by CTCAE's levels of what it asks for",
        role="sign",
        worse=(0, 1, 2, 3, 4),
    )

    @property
    def minute(self) -> int:
        """Whole minutes since infusion, as the protocol reads a time."""
        return math.floor(60 * self.time_h + 0.5)


DRUGS: Mapping[str, tuple[str, ...]] = {
    "antipyretic": ("acetaminophen", "ibuprofen"),
    "anticytokine": (
        "tocilizumab",
        "siltuximab",
        "anakinra",
        "emapalumab",
        "ruxolitinib",
        "itacitinib",
        "etanercept",
        "dasatinib",
    ),
    "corticosteroid": ("dexamethasone", "methylprednisolone", "hydrocortisone"),
    "vasopressor": (
        "norepinephrine",
        "epinephrine",
        "phenylephrine",
        "dopamine",
        "angiotensin_ii",
        "vasopressin",
    ),
    "growth_factor": ("gcsf",),
}
MASKING_DRUGS = frozenset(DRUGS["antipyretic"] + DRUGS["anticytokine"] + DRUGS["corticosteroid"])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """A drug given at a time."""

    time_h: float = dataclasses.field(metadata=_TIME)
    drug: str = dataclasses.field(
        metadata={
            "kind": "enum",
            "values": tuple(d for group in DRUGS.values() for d in group),
            "required": True,
            "doc": "drug given",
        }
    )
    dose: float | None = _number("", 0, math.inf, "dose; 0 stops a running vasopressor")
    unit: str | None = _declare("text", doc="unit of the dose")
    route: str | None = _declare("text", doc="route")

    @property
    def minute(self) -> int:
        """Whole minutes since infusion, as the protocol reads a time."""
        return math.floor(60 * self.time_h + 0.5)


def _fields_of(record: type) -> dict[str, Field]:
    fields = {}
    for declared in dataclasses.fields(record):
        fields[declared.name] = Field(name=declared.name, **declared.metadata)
    return fields


OBSERVATION: Mapping[str, Field] = _fields_of(Observation)
PATIENT: Mapping[str, Field] = _fields_of(Patient)
TREATMENT: Mapping[str, Field] = _fields_of(Treatment)
READABLE: Mapping[str, Field] = {k: f for k, f in {**PATIENT, **OBSERVATION}.items() if f.role != "time"}
