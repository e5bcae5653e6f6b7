"""Concepts of OMOP's vocabulary for what the protocol names; what has none here is 0, with its code as source value.

Only numbers that public mappings agree on: LOINC for measurements, UCUM for units, RxNorm ingredients for drugs.
"""

from collections.abc import Mapping

NO_CONCEPT = "0"
MEASUREMENTS: Mapping[str, tuple[str, ...]] = {  # the first is written, all are read
    "temp_c": ("3020891",),
    "sbp_mmhg": ("3004249",),
    "dbp_mmhg": ("3012888",),
    "heart_rate_bpm": ("3027018",),
    "resp_rate_min": ("3024171",),
    "spo2_pct": ("40762499", "3016502"),
    "o2_flow_l_min": ("3005629",),
    "fio2": ("3020716",),
    "anc_per_ul": ("3017732", "3013650"),
    "wbc_per_ul": ("3000905",),
    "lymphocytes_per_ul": ("3004327",),
    "platelets_10e9_l": ("3024929",),
    "hemoglobin_g_dl": ("3000963",),
    "crp_mg_dl": ("3020460",),
    "ferritin_ng_ml": ("3001122",),
    "ldh_u_l": ("3016436", "3022250"),
    "creatinine_mg_dl": ("3016723",),
    "fibrinogen_mg_dl": ("3016407",),
    "ast_u_l": ("3013721",),
    "alt_u_l": ("3006923",),
    "bilirubin_mg_dl": ("3024128",),
    "triglycerides_mg_dl": ("3022192",),
    "weight_kg": ("3025315",),
}
FIELD_OF_CONCEPT: Mapping[str, str] = {concept: name for name, some in MEASUREMENTS.items() for concept in some}

UNITS: Mapping[str, str] = {
    "586323": "Cel",
    "9289": "[degF]",
    "8876": "mm[Hg]",
    "8541": "/min",
    "8554": "%",
    "8698": "L/min",
    "8784": "{cells}/uL",
    "8647": "/uL",
    "8848": "10*3/uL",
    "9444": "10*9/L",
    "8713": "g/dL",
    "8636": "g/L",
    "8840": "mg/dL",
    "8751": "mg/L",
    "8842": "ng/mL",
    "8645": "U/L",
    "8923": "[IU]/L",
    "8763": "U/mL",
    "9529": "kg",
}
UNIT_CONCEPTS: Mapping[str, str] = {unit: concept for concept, unit in UNITS.items()}

DRUGS: Mapping[str, str] = {
    "tocilizumab": "40171288",
    "etanercept": "1151789",
    "dexamethasone": "1518254",
    "methylprednisolone": "1506270",
    "hydrocortisone": "975125",
}
DRUG_OF_CONCEPT: Mapping[str, str] = {concept: drug for drug, concept in DRUGS.items()}

YES, NO = "4188539", "4188540"
EQUALS = "4172703"
"""The operator of a plain number; any other is a bound."""
