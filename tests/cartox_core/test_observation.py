"""The record against the tables of the grading protocol, version 1, section 2, copied here by hand."""

import math

import pytest

from cartox_core.observation import (
    DEVICES,
    MASKING_DRUGS,
    OBSERVATION,
    PATIENT,
    POSITIVE_PRESSURE,
    READABLE,
    TREATMENT,
    Observation,
    Treatment,
)

NUMBERS = {  # name: unit, lowest, highest
    "time_h": ("h", -720, 43800),
    "temp_c": ("Cel", 25, 45),
    "o2_flow_l_min": ("L/min", 0, 100),
    "fio2": ("1", 0.21, 1.0),
    "vasopressor_hours": ("h", 0, 44520),
    "seizure_duration_min": ("min", 0, 10080),
    "csf_opening_pressure_mmhg": ("mm[Hg]", 0, 100),
    "heart_rate_bpm": ("/min", 0, 350),
    "resp_rate_min": ("/min", 0, 120),
    "sbp_mmhg": ("mm[Hg]", 0, 350),
    "dbp_mmhg": ("mm[Hg]", 0, 250),
    "spo2_pct": ("%", 0, 100),
    "anc_per_ul": ("/uL", 0, 1_000_000),
    "lymphocytes_per_ul": ("/uL", 0, 1_000_000),
    "platelets_10e9_l": ("10*9/L", 0, 3000),
    "hemoglobin_g_dl": ("g/dL", 1, 25),
    "crp_mg_dl": ("mg/dL", 0, 100),
    "ferritin_ng_ml": ("ng/mL", 0, 1_000_000),
    "ldh_u_l": ("U/L", 0, 50_000),
    "ast_u_l": ("U/L", 0, 50_000),
    "alt_u_l": ("U/L", 0, 50_000),
    "creatinine_mg_dl": ("mg/dL", 0, 40),
    "fibrinogen_mg_dl": ("mg/dL", 0, 2000),
    "bilirubin_mg_dl": ("mg/dL", 0, 100),
    "triglycerides_mg_dl": ("mg/dL", 0, 10_000),
    "ast_times_baseline": ("1", 0, 10_000),
    "alt_times_baseline": ("1", 0, 10_000),
    "creatinine_times_baseline": ("1", 0, 10_000),
    "fibrinogen_times_baseline": ("1", 0, 10_000),
    "bilirubin_times_baseline": ("1", 0, 10_000),
    "wbc_per_ul": ("/uL", 0, 1_000_000),
    "soluble_cd25_u_ml": ("U/mL", 0, 1_000_000),
    "ferritin_times_baseline": ("1", 0, 100_000),
}
INTEGERS = {
    "vasopressors": (0, 6),
    "iv_fluid_boluses": (0, 20),
    "organ_toxicity_grade": (0, 4),
    "transaminase_grade": (0, 4),
    "creatinine_grade": (0, 4),
    "ice": (0, 10),
    "capd": (0, 32),
    "papilledema_stage": (0, 5),
    "cartox10": (0, 10),
    "cytopenia_grade": (0, 4),
    "bilirubin_grade": (0, 4),
    "oliguria_grade": (0, 4),
    "pulmonary_edema_grade": (0, 4),
}
ENUMS = {
    "o2_device": (
        "none nasal_cannula blow_by high_flow_nasal_cannula face_mask non_rebreather venturi_mask cpap bipap "
        "mechanical_ventilation"
    ),
    "positive_pressure_reason": "hypoxia airway_protection chronic",
    "consciousness": "spontaneous voice tactile unarousable",
    "seizure": "none brief prolonged_or_repetitive",
    "seizure_type": "partial generalized nonconvulsive",
    "motor_weakness": "none mild deep_focal",
    "cerebral_edema": "none focal diffuse",
    "encephalopathy": "none mild limits_instrumental_adl limits_self_care life_threatening",
    "confusion": "none mild limits_instrumental_adl limits_self_care life_threatening",
    "dysphasia": "none aware impairs_spontaneous impairs_intelligible",
    "alertness": "normal decreased sedated difficult_to_arouse coma",
    "tremor_severity": "none mild limits_instrumental_adl limits_self_care",
    "headache_severity": "none mild limits_instrumental_adl limits_self_care",
    "iechs_timing": "before_crs_improves crs_resolving_or_resolved worsening_after_improvement",
    "iechs_severity": "asymptomatic_or_mild intervention_required severe life_threatening",
    "bleeding": "none minor transfused life_threatening",
    "infection": "none mild moderate severe life_threatening",
}
BOOLS = (
    "fever_other_cause crs_onset_fever fever_masked hypotension vasopressin vasopressor_other_cause "
    "oxygen_other_cause death_from_crs vasopressor_dose_high hypotension_refractory hospitalized_for_crs iv_therapy "
    "coagulopathy_products consciousness_other_cause seizure_other_cause motor_other_cause posturing cn6_palsy "
    "papilledema cushing_triad tremor myoclonus headache intracranial_hemorrhage death_from_icans "
    "next_therapy_or_progression "
    "seizure_loss_of_consciousness seizure_new_onset seizure_multiple_despite_treatment red_cell_transfusion_indicated "
    "anemia_life_threatening ast_baseline_abnormal alt_baseline_abnormal bilirubin_baseline_abnormal "
    "fibrinogen_baseline_abnormal "
    "nk_activity_low splenomegaly hepatomegaly hemophagocytosis known_immunosuppression recovered_from_crs_icans "
    "high_tumor_burden crs_g2plus_or_icans high_car_t_expansion "
    "mnt_movement mnt_cognitive mnt_personality mnt_other_cause ferritin_rapidly_rising iechs_other_cause "
    "iechs_treated hospitalized_for_iechs dialysis death_from_iechs"
)
DEFAULTS = {
    "fever_other_cause": False,
    "vasopressor_other_cause": False,
    "oxygen_other_cause": False,
    "positive_pressure_reason": "hypoxia",
    "death_from_crs": False,
    "consciousness_other_cause": False,
    "seizure_other_cause": False,
    "motor_other_cause": False,
    "death_from_icans": False,
    "next_therapy_or_progression": False,
    "ast_baseline_abnormal": False,
    "alt_baseline_abnormal": False,
    "bilirubin_baseline_abnormal": False,
    "fibrinogen_baseline_abnormal": False,
    "mnt_other_cause": False,
    "iechs_other_cause": False,
    "death_from_iechs": False,
}
WORSE = {
    "temp_c": "up",
    "crs_onset_fever": True,
    "hypotension": True,
    "vasopressors": "up",
    "vasopressin": True,
    "o2_device": (0, 1, 1, 1, 2, 2, 2, 3, 3, 3),
    "o2_flow_l_min": "up",
    "death_from_crs": True,
    "ice": "down",
    "capd": "up",
    "consciousness": (0, 1, 2, 3),
    "seizure": (0, 1, 2),
    "motor_weakness": (0, 1, 2),
    "cerebral_edema": (0, 1, 2),
    "posturing": True,
    "cn6_palsy": True,
    "papilledema": True,
    "cushing_triad": True,
    "death_from_icans": True,
    **dict.fromkeys(("fio2", "iv_fluid_boluses", "vasopressor_hours"), "up"),
    **dict.fromkeys(("papilledema_stage", "csf_opening_pressure_mmhg"), "up"),
    "cartox10": "down",
    "infection": (0, 1, 2, 3, 4),
    **dict.fromkeys(("anc_per_ul", "lymphocytes_per_ul", "platelets_10e9_l"), "down"),
    **dict.fromkeys(("organ_toxicity_grade", "transaminase_grade", "creatinine_grade"), "up"),
    **dict.fromkeys(("vasopressor_dose_high", "hypotension_refractory"), True),
    **dict.fromkeys(("hospitalized_for_crs", "iv_therapy", "coagulopathy_products"), True),
    **dict.fromkeys(("encephalopathy", "confusion", "alertness"), (0, 1, 2, 3, 4)),
    **dict.fromkeys(("dysphasia", "tremor_severity", "headache_severity"), (0, 1, 2, 3)),
    **dict.fromkeys(("seizure_loss_of_consciousness", "seizure_new_onset"), True),
    **dict.fromkeys(("seizure_multiple_despite_treatment", "anemia_life_threatening"), True),
    "red_cell_transfusion_indicated": True,
    **dict.fromkeys(("hemoglobin_g_dl", "fibrinogen_mg_dl", "fibrinogen_times_baseline"), "down"),
    **dict.fromkeys(("ast_u_l", "alt_u_l", "bilirubin_mg_dl", "creatinine_mg_dl"), "up"),
    **dict.fromkeys(("ast_times_baseline", "alt_times_baseline"), "up"),
    **dict.fromkeys(("bilirubin_times_baseline", "creatinine_times_baseline"), "up"),
    **dict.fromkeys(("ferritin_ng_ml", "ferritin_times_baseline", "cytopenia_grade"), "up"),
    **dict.fromkeys(("bilirubin_grade", "oliguria_grade", "pulmonary_edema_grade"), "up"),
    "wbc_per_ul": "down",
    **dict.fromkeys(("nk_activity_low", "splenomegaly", "hepatomegaly", "hemophagocytosis"), True),
    **dict.fromkeys(("known_immunosuppression", "mnt_movement", "mnt_cognitive", "mnt_personality"), True),
    **dict.fromkeys(("ferritin_rapidly_rising", "iechs_treated", "hospitalized_for_iechs", "dialysis"), True),
    "death_from_iechs": True,
    **dict.fromkeys(("high_tumor_burden", "crs_g2plus_or_icans", "high_car_t_expansion"), True),
    "iechs_timing": (0, 1, 1),
    **dict.fromkeys(("iechs_severity", "bleeding"), (0, 1, 2, 3)),
} | {name: False for name in DEFAULTS if name.endswith("other_cause")}


def test_numbers_have_the_protocols_units_and_ranges() -> None:
    found = {k: (f.unit, f.low, f.high) for k, f in OBSERVATION.items() if f.kind == "number"}
    assert found == NUMBERS


def test_whole_numbers_have_the_protocols_ranges() -> None:
    assert {k: (f.low, f.high) for k, f in OBSERVATION.items() if f.kind == "integer"} == INTEGERS


def test_enumerations_have_the_protocols_values() -> None:
    assert {k: " ".join(f.values) for k, f in OBSERVATION.items() if f.kind == "enum"} == ENUMS


def test_the_other_fields_are_flags_but_for_the_items_of_scores() -> None:
    assert {k for k, f in OBSERVATION.items() if f.kind == "bool"} == set(BOOLS.split())
    assert set(OBSERVATION) == {*NUMBERS, *INTEGERS, *ENUMS, *BOOLS.split(), "ice_items", "cartox10_items"}


def test_only_the_printed_defaults_stand_for_unknown() -> None:
    assert {k: f.default for k, f in OBSERVATION.items() if f.default is not None} == DEFAULTS
    nothing = Observation(time_h=0)
    assert {k: v for k in OBSERVATION if (v := getattr(nothing, k)) is not None} == {"time_h": 0, **DEFAULTS}


def test_only_a_snapshot_states_what_a_course_derives() -> None:
    assert {k for k, f in OBSERVATION.items() if f.snapshot_only} == {"crs_onset_fever", "fever_masked"}


def test_only_time_and_drug_are_required() -> None:
    assert [k for k, f in OBSERVATION.items() if f.required] == ["time_h"]
    assert [k for k, f in TREATMENT.items() if f.required] == ["time_h", "drug"]
    assert not any(f.required for f in PATIENT.values())


def test_a_sign_says_which_way_it_is_worse() -> None:
    graded = {k: f.worse for k, f in OBSERVATION.items() if f.worse is not None and f.role != "chart"}
    assert graded == WORSE


def test_a_cell_count_jumps_from_0_to_10() -> None:
    counts = ("anc_per_ul", "lymphocytes_per_ul", "wbc_per_ul")
    assert {k: f.least for k, f in OBSERVATION.items() if f.least} == dict.fromkeys(counts, 10)
    assert OBSERVATION["anc_per_ul"].fault(0.4) == (
        "0 or a number from 10 to 1,000,000 /uL (counts are per µL: 0.4 × 10⁹/L is 400)"
    )


def test_the_patient() -> None:
    assert {k: (f.kind, f.low, f.high) for k, f in PATIENT.items()} == {
        "age_years": ("number", 0, 120),
        "weight_kg": ("number", 0.5, 400),
    }


def test_the_treatment() -> None:
    assert {k: f.kind for k, f in TREATMENT.items()} == {
        "time_h": "number",
        "drug": "enum",
        "dose": "number",
        "unit": "text",
        "route": "text",
    }
    assert (TREATMENT["time_h"].low, TREATMENT["time_h"].high) == (-720, 43800)
    assert (TREATMENT["dose"].low, TREATMENT["dose"].high) == (0, math.inf)


def test_antipyretics_anticytokines_and_corticosteroids_mask_a_fever_and_nothing_else_does() -> None:
    masking = (
        "acetaminophen ibuprofen tocilizumab siltuximab anakinra emapalumab ruxolitinib itacitinib etanercept "
        "dasatinib lenzilumab dexamethasone methylprednisolone hydrocortisone"
    )
    others = "norepinephrine epinephrine phenylephrine dopamine angiotensin_ii vasopressin gcsf defibrotide"
    assert set(masking.split()) == MASKING_DRUGS
    assert " ".join(TREATMENT["drug"].values).split() == f"{masking} {others}".split()


def test_a_condition_may_read_all_but_the_time() -> None:
    assert set(READABLE) == (set(OBSERVATION) | set(PATIENT)) - {"time_h"}


def test_positive_pressure_comes_last_among_the_devices() -> None:
    assert DEVICES[-3:] == POSITIVE_PRESSURE == ("cpap", "bipap", "mechanical_ventilation")


@pytest.mark.parametrize(
    ("time_h", "minute"), [(0, 0), (1, 60), (0.49 / 60, 0), (0.5 / 60, 1), (-0.5 / 60, 0), (-0.51 / 60, -1), (0.1, 6)]
)
def test_a_time_is_read_as_the_nearest_minute_halves_up(time_h: float, minute: int) -> None:
    assert Observation(time_h=time_h).minute == minute
    assert Treatment(time_h=time_h, drug="gcsf").minute == minute
