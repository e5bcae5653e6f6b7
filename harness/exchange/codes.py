"""Codes of others for what the protocol names: LOINC for observations, RxNorm for drugs, and own codes beside them.

Codes only, no text of a licensed terminology. What has no code in a public list keeps the protocol's name in a code
system of this project.
"""

from collections.abc import Mapping

OWN_SYSTEM = "urn:cartox:protocol:1"
"""The code system of the protocol's own names: a field, or ``FIELD#VALUE`` of an enumeration."""

LOINC: Mapping[str, tuple[str, ...]] = {  # the first is written, all are read
    "temp_c": ("8310-5",),
    "sbp_mmhg": ("8480-6",),
    "dbp_mmhg": ("8462-4",),
    "heart_rate_bpm": ("8867-4",),
    "resp_rate_min": ("9279-1",),
    "spo2_pct": ("59408-5", "2708-6"),
    "o2_flow_l_min": ("3151-8",),
    "fio2": ("3150-0", "19994-3", "19995-0"),
    "anc_per_ul": ("26499-4", "751-8", "753-4"),
    "wbc_per_ul": ("6690-2",),
    "lymphocytes_per_ul": ("731-0",),
    "platelets_10e9_l": ("777-3",),
    "hemoglobin_g_dl": ("718-7",),
    "crp_mg_dl": ("1988-5",),
    "ferritin_ng_ml": ("2276-4",),
    "ldh_u_l": ("2532-0", "14804-9"),
    "creatinine_mg_dl": ("2160-0",),
    "fibrinogen_mg_dl": ("3255-7",),
    "ast_u_l": ("1920-8",),
    "alt_u_l": ("1742-6",),
    "bilirubin_mg_dl": ("1975-2",),
    "triglycerides_mg_dl": ("2571-8",),
    "weight_kg": ("29463-7",),
    "age_years": ("30525-0",),
}
FIELD_OF_LOINC: Mapping[str, str] = {code: field for field, codes in LOINC.items() for code in codes}

RXNORM: Mapping[str, str] = {
    "norepinephrine": "7512",
    "epinephrine": "3992",
    "dopamine": "3628",
    "phenylephrine": "8163",
    "vasopressin": "11149",
    "dexamethasone": "3264",
    "methylprednisolone": "6902",
    "hydrocortisone": "5492",
    "tocilizumab": "612865",
    "siltuximab": "1535218",
    "anakinra": "72435",
    "etanercept": "214555",
    "ruxolitinib": "1193326",
    "dasatinib": "475342",
    "acetaminophen": "161",
    "ibuprofen": "5640",
}
DRUG_OF_RXNORM: Mapping[str, str] = {code: drug for drug, code in RXNORM.items()}

CAR_T_RXNORM = frozenset({"1987402", "1987407"})
"""Products of axicabtagene ciloleucel; for the others no code was found."""
CAR_T_NAMES = (  # beginnings of the names of the cells and their brands, in small letters
    "tisagenlecleucel",
    "axicabtagene",
    "brexucabtagene",
    "lisocabtagene",
    "idecabtagene",
    "ciltacabtagene",
    "obecabtagene",
    "kymriah",
    "yescarta",
    "tecartus",
    "breyanzi",
    "abecma",
    "carvykti",
    "aucatzyl",
)

O2_DEVICE_SNOMED: Mapping[str, tuple[str, ...]] = {  # the first is written, all are read
    "nasal_cannula": ("336623009", "466713001"),
    "high_flow_nasal_cannula": ("426854004",),
    "blow_by": ("425478008",),
    "face_mask": ("336602003", "425574000"),
    "venturi_mask": ("428285009", "465433006"),
    "non_rebreather": ("427591007",),
    "bipap": ("425826004", "243142003"),
    "cpap": ("47545007", "467645007"),
    "mechanical_ventilation": ("449071006",),
}
O2_DEVICE_OF_SNOMED: Mapping[str, str] = {c: device for device, codes in O2_DEVICE_SNOMED.items() for c in codes}
