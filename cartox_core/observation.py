"""The one record of what is charted: an observation, the patient, and the treatments.

Names, units, ranges and enumerations are those of the grading protocol, version 1, section 2. An attribute
that is None is unknown, and unknown is never normal; a field with a default takes it. Everything else that
needs the list of fields (schema, input check, columns, test data, documentation) reads it from here.
"""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from cartox_core.declared import (
    blood,
    choice,
    count,
    declare,
    excuse,
    flag,
    integer,
    items,
    level,
    number,
    organ,
    ratio,
    sign,
)
from cartox_core.fields import Cartox10Items, Field, IceItems

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


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Who the patient is.

    >>> Patient(age_years=61).age_years
    61
    """

    age_years: float | None = number("a", 0, 120, "age", role="patient")
    weight_kg: float | None = number("kg", 0.5, 400, "body weight", role="patient")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was charted at one time, in the units that the names bear.

    >>> Observation(time_h=52.0, temp_c=39.1).minute
    3120
    """

    time_h: float = dataclasses.field(metadata=_TIME)

    # read by CRS scales
    temp_c: float | None = number(
        "Cel", 25, 45, "body temperature as charted", hint="102.2 °F are 39.0 °C", role="sign", scales="crs", worse="up"
    )
    fever_other_cause: bool = excuse("the fever is attributed to something else", "crs")
    crs_onset_fever: bool | None = flag(
        "an earlier qualifying fever opened this CRS episode, and it has not resolved",
        role="state",
        scales="crs",
        snapshot_only=True,
        worse=True,
    )
    fever_masked: bool | None = flag(
        "an antipyretic, anticytokine drug or corticosteroid was given since that fever",
        role="state",
        scales="crs",
        snapshot_only=True,
    )
    hypotension: bool | None = sign("hypotension attributed to the therapy, treated or not", "crs")
    vasopressors: int | None = integer(
        0, 6, "vasopressors running at once, vasopressin not counted", role="sign", scales="crs", worse="up"
    )
    vasopressin: bool | None = sign("vasopressin is running", "crs")
    vasopressor_other_cause: bool = excuse("the vasopressors, vasopressin too, run for something else", "crs")
    o2_device: str | None = choice(
        DEVICES, "oxygen device", role="sign", scales="crs", worse=(0, 1, 1, 1, 2, 2, 2, 3, 3, 3)
    )
    o2_flow_l_min: float | None = number("L/min", 0, 100, "flow at that device", role="sign", scales="crs", worse="up")
    oxygen_other_cause: bool = excuse("the oxygen support has another cause, whatever the device", "crs")
    positive_pressure_reason: str = choice(
        ("hypoxia", "airway_protection", "chronic"),
        "why positive pressure is given; read for cpap, bipap and mechanical_ventilation only",
        default="hypoxia",
        role="attribution",
        scales="crs",
    )
    death_from_crs: bool = flag(
        "death in which CRS is the principal cause", default=False, role="sign", scales="crs", worse=True
    )
    fio2: float | None = number("1", 0.21, 1.0, "inspired oxygen fraction", role="sign", scales="crs", worse="up")
    iv_fluid_boluses: int | None = integer(
        0, 20, "boluses given for blood pressure since the last observation", role="sign", scales="crs", worse="up"
    )
    vasopressor_dose_high: bool | None = sign("at or above the high-dose line for its required time", "crs")
    vasopressor_hours: float | None = number(
        "h", 0, 44520, "continuous hours on any vasopressor", role="sign", scales="crs", worse="up"
    )
    hypotension_refractory: bool | None = sign("hypotension despite high-dose vasopressors", "crs")
    organ_toxicity_grade: int | None = organ("worst CTCAE organ grade, transaminases and creatinine excluded")
    transaminase_grade: int | None = organ("CTCAE grade of the transaminases")
    creatinine_grade: int | None = organ("CTCAE grade of creatinine")
    hospitalized_for_crs: bool | None = sign("in hospital because of CRS", "crs")
    iv_therapy: bool | None = sign("intravenous therapy other than fluid resuscitation", "crs")
    coagulopathy_products: bool | None = sign("plasma, cryoprecipitate or fibrinogen concentrate given", "crs")

    # read by neurotoxicity scales
    ice: int | None = integer(0, 10, "ICE score", role="sign", scales="neuro", worse="down")
    ice_items: IceItems | None = items(IceItems, "ice")
    capd: int | None = integer(
        0, 32, "Cornell Assessment of Pediatric Delirium, age < 12", role="sign", scales="neuro", worse="up"
    )
    consciousness: str | None = choice(
        ("spontaneous", "voice", "tactile", "unarousable"),
        "what the patient awakens to; unarousable: not at all, or only to vigorous or repetitive stimuli",
        role="sign",
        scales="neuro",
        worse=(0, 1, 2, 3),
    )
    consciousness_other_cause: bool = excuse("the depressed consciousness has another cause", "neuro")
    seizure: str | None = choice(
        ("none", "brief", "prolonged_or_repetitive"), "seizure", role="sign", scales="neuro", worse=(0, 1, 2)
    )
    seizure_duration_min: float | None = number(
        "min", 0, 10080, "length of the longest seizure; read by reading N11 only", scales="neuro", worse="up"
    )
    seizure_type: str | None = choice(("partial", "generalized", "nonconvulsive"), "kind of seizure", scales="neuro")
    seizure_loss_of_consciousness: bool | None = sign("consciousness was lost in the seizure", "neuro")
    seizure_new_onset: bool | None = sign("the patient had no seizures before", "neuro")
    seizure_multiple_despite_treatment: bool | None = sign("several seizures despite treatment", "neuro")
    motor_weakness: str | None = choice(
        ("none", "mild", "deep_focal"), "motor weakness", role="sign", scales="neuro", worse=(0, 1, 2)
    )
    seizure_other_cause: bool = excuse("the seizure has another cause", "neuro")
    motor_other_cause: bool = excuse("the weakness has another cause", "neuro")
    cerebral_edema: str | None = choice(
        ("none", "focal", "diffuse"),
        "cerebral edema on imaging; edema of a hemorrhage is charted none",
        role="sign",
        scales="neuro",
        worse=(0, 1, 2),
    )
    posturing: bool | None = sign("decerebrate or decorticate posturing", "neuro")
    cn6_palsy: bool | None = sign("palsy of the sixth cranial nerve", "neuro")
    papilledema: bool | None = sign("papilledema", "neuro")
    cushing_triad: bool | None = sign("Cushing's triad", "neuro")
    papilledema_stage: int | None = integer(
        0, 5, "stage of papilledema (CARTOX)", role="sign", scales="neuro", worse="up"
    )
    csf_opening_pressure_mmhg: float | None = number(
        "mm[Hg]", 0, 100, "CSF opening pressure", role="sign", scales="neuro", worse="up"
    )
    cartox10: int | None = integer(0, 10, "CARTOX-10 score", role="sign", scales="neuro", worse="down")
    tremor: bool | None = flag("tremor; never changes an ICANS grade", scales="neuro")
    myoclonus: bool | None = flag("myoclonus; never changes an ICANS grade", scales="neuro")
    headache: bool | None = flag("headache; never changes an ICANS grade", scales="neuro")
    intracranial_hemorrhage: bool | None = flag("hemorrhage; never changes an ICANS grade", scales="neuro")
    encephalopathy: str | None = level(SEVERITY, "encephalopathy, by what it keeps the patient from doing")
    confusion: str | None = level(SEVERITY, "confusion, by what it keeps the patient from doing")
    dysphasia: str | None = level(
        ("none", "aware", "impairs_spontaneous", "impairs_intelligible"),
        "dysphasia, by the communication that it impairs; aware: noticed, none impaired",
    )
    alertness: str | None = level(
        ("normal", "decreased", "sedated", "difficult_to_arouse", "coma"),
        "level of consciousness in the words of CTCAE; sedated: or slow to respond; coma: or life-threatening",
    )
    tremor_severity: str | None = level(SEVERITY[:4], "tremor, by what it keeps the patient from doing")
    headache_severity: str | None = level(SEVERITY[:4], "headache, by what it keeps the patient from doing")
    death_from_icans: bool = flag(
        "death in which ICANS is the principal cause", default=False, role="sign", scales="neuro", worse=True
    )

    # vital signs and laboratory values
    heart_rate_bpm: float | None = number("/min", 0, 350, "heart rate")
    resp_rate_min: float | None = number("/min", 0, 120, "respiratory rate")
    sbp_mmhg: float | None = number("mm[Hg]", 0, 350, "systolic blood pressure")
    dbp_mmhg: float | None = number("mm[Hg]", 0, 250, "diastolic blood pressure")
    spo2_pct: float | None = number("%", 0, 100, "oxygen saturation by pulse oximetry")
    anc_per_ul: float | None = count("absolute neutrophil count")
    lymphocytes_per_ul: float | None = count("lymphocyte count")
    platelets_10e9_l: float | None = number("10*9/L", 0, 3000, "platelet count", role="sign", worse="down")
    hemoglobin_g_dl: float | None = blood("g/dL", 1, 25, "hemoglobin", "down")
    red_cell_transfusion_indicated: bool | None = flag("the anemia calls for red cells", role="sign", worse=True)
    anemia_life_threatening: bool | None = flag("the anemia threatens life", role="sign", worse=True)
    crp_mg_dl: float | None = number("mg/dL", 0, 100, "C-reactive protein", hint="120 mg/L are 12 mg/dL")
    ferritin_ng_ml: float | None = number("ng/mL", 0, 1_000_000, "ferritin", role="sign", worse="up")
    ldh_u_l: float | None = number("U/L", 0, 50_000, "lactate dehydrogenase")
    ast_u_l: float | None = blood("U/L", 0, 50_000, "aspartate aminotransferase", "up")
    ast_times_baseline: float | None = ratio("AST")
    ast_baseline_abnormal: bool = flag("AST at baseline was above the upper limit of normal", default=False)
    alt_u_l: float | None = blood("U/L", 0, 50_000, "alanine aminotransferase", "up")
    alt_times_baseline: float | None = ratio("ALT")
    alt_baseline_abnormal: bool = flag("ALT at baseline was above the upper limit of normal", default=False)
    creatinine_mg_dl: float | None = blood("mg/dL", 0, 40, "creatinine", "up")
    creatinine_times_baseline: float | None = ratio("creatinine")
    fibrinogen_mg_dl: float | None = blood("mg/dL", 0, 2000, "fibrinogen", "down")
    fibrinogen_times_baseline: float | None = ratio("fibrinogen", "down")
    fibrinogen_baseline_abnormal: bool = flag(
        "fibrinogen at baseline was below the lower limit of normal", default=False
    )
    bilirubin_mg_dl: float | None = blood("mg/dL", 0, 100, "total bilirubin", "up")
    bilirubin_times_baseline: float | None = ratio("bilirubin")
    bilirubin_baseline_abnormal: bool = flag("bilirubin at baseline was above the upper limit of normal", default=False)
    triglycerides_mg_dl: float | None = number("mg/dL", 0, 10_000, "triglycerides")

    # read by the hemophagocytic scale of CARTOX, beside other grades of organs
    bilirubin_grade: int | None = organ("CTCAE grade of bilirubin", "hlh")
    oliguria_grade: int | None = organ("CTCAE grade of oliguria", "hlh")
    pulmonary_edema_grade: int | None = organ("CTCAE grade of pulmonary edema", "hlh")

    # ends the days that duration scales count
    next_therapy_or_progression: bool = flag(
        "the next therapy, relapse or progression has come; nothing later counts for duration scales", default=False
    )

    # read by scores
    cartox10_items: Cartox10Items | None = items(Cartox10Items, "cartox10")
    wbc_per_ul: float | None = count("white blood cell count")
    soluble_cd25_u_ml: float | None = number("U/mL", 0, 1_000_000, "soluble CD25 (soluble IL-2 receptor)", worse="up")
    nk_activity_low: bool | None = sign("low or absent activity of natural killer cells", "score")
    splenomegaly: bool | None = sign("enlarged spleen", "score")
    hepatomegaly: bool | None = sign("enlarged liver", "score")
    hemophagocytosis: bool | None = sign("hemophagocytosis in marrow, spleen, lymph nodes or other tissue", "score")
    known_immunosuppression: bool | None = sign("HIV infection or long-term immunosuppressive treatment", "score")
    recovered_from_crs_icans: bool | None = flag("recovered from CRS and ICANS, where there was any", scales="score")
    mnt_movement: bool | None = sign("a new movement symptom: micrographia, tremor, slowness", "score")
    mnt_cognitive: bool | None = sign("a new cognitive symptom: loss of memory, disturbed attention", "score")
    mnt_personality: bool | None = sign("a new personality symptom: flat affect, reduced facial expression", "score")
    high_tumor_burden: bool | None = sign("a high tumor burden before the infusion", "score")
    crs_g2plus_or_icans: bool | None = sign("CRS of grade 2 or more, or any ICANS, has occurred", "score")
    high_car_t_expansion: bool | None = sign("high expansion or persistence of the CAR T cells in blood", "score")
    mnt_other_cause: bool = excuse("these symptoms have another cause than the CAR T cells", "score")

    # read by the IEC-HS scale
    ferritin_times_baseline: float | None = number(
        "1", 0, 100_000, "ferritin over that at the infusion", role="sign", scales="iec_hs", worse="up"
    )
    ferritin_rapidly_rising: bool | None = sign("ferritin is judged to rise rapidly", "iec_hs")
    iechs_timing: str | None = choice(
        ("before_crs_improves", "crs_resolving_or_resolved", "worsening_after_improvement"),
        "when inflammation is seen: no CRS, or CRS that has not improved; CRS resolving or resolved; worse again"
        " after CRS had improved under treatment",
        role="sign",
        scales="iec_hs",
        worse=(0, 1, 1),
    )
    iechs_other_cause: bool = excuse("CRS, infection, malignancy or something else explains the picture", "iec_hs")
    cytopenia_grade: int | None = organ("worst CTCAE grade of a new, worsening or refractory cytopenia", "iec_hs")
    iechs_severity: str | None = choice(
        ("asymptomatic_or_mild", "intervention_required", "severe", "life_threatening"),
        "how ill IEC-HS makes the patient, by the judgement at the bedside",
        role="sign",
        scales="iec_hs",
        worse=(0, 1, 2, 3),
    )
    iechs_treated: bool | None = sign("immunosuppression is given for IEC-HS", "iec_hs")
    bleeding: str | None = choice(
        ("none", "minor", "transfused", "life_threatening"),
        "bleeding of the coagulopathy; transfused: it needs transfusion",
        role="sign",
        scales="iec_hs",
        worse=(0, 1, 2, 3),
    )
    hospitalized_for_iechs: bool | None = sign(
        "in hospital for new kidney injury, hypotension or respiratory distress of IEC-HS", "iec_hs"
    )
    dialysis: bool | None = sign("dialysis for acute kidney injury", "iec_hs")
    death_from_iechs: bool = flag(
        "death in which IEC-HS is the principal cause", default=False, role="sign", scales="iec_hs", worse=True
    )

    # other adverse events
    infection: str | None = choice(
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
        "lenzilumab",
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
    "endothelial": ("defibrotide",),
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
            "hint": "noradrenaline is norepinephrine, adrenaline epinephrine, paracetamol acetaminophen",
        }
    )
    dose: float | None = number("", 0, math.inf, "dose; 0 stops a running vasopressor")
    unit: str | None = declare("text", doc="unit of the dose")
    route: str | None = declare("text", doc="route")

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
ITEMS_OF: Mapping[str, str] = {f.total: name for name, f in OBSERVATION.items() if f.kind == "items"}
"""The field of the items of each total: ``ice_items`` of ``ice``."""
PARTS: Mapping[str, Field] = {
    f"{name}.{item}": Field(f"{name}.{item}", "integer", low=0, high=most, doc=f"{item} among {field.doc}")
    for name, field in OBSERVATION.items()
    if field.items is not None
    for item, most in field.items.most.items()
}
"""The single items by their full names, ``ice_items.year``; scores test them, scales read the total."""
