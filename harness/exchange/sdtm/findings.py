"""Where each field of the protocol stands in SDTM: domain, test code, name of the test, unit, category.

Test codes and units are those of CDISC's controlled terminology of 2025-03-25 (VSTESTCD C66741, LBTESTCD C65047, UNIT
C71620). What it has no code for gets a sponsor's code made from the field's name, which is then the name of the test.
"""

import dataclasses
from collections.abc import Iterator, Mapping

from cartox_core.fields import Field
from cartox_core.observation import OBSERVATION

LONGEST_CODE, LONGEST_NAME = 8, 40


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A test of a findings domain, or a prespecified event of CE, and the field (``name``) that it holds.

    A ``standard`` code is CDISC's; any other is understood only under the name of its field.
    """

    name: str
    domain: str
    code: str
    title: str
    unit: str = ""
    category: str = ""
    standard: bool = False


_CDISC: Mapping[str, tuple[str, str, str, str]] = {
    "temp_c": ("VS", "TEMP", "Temperature", "C"),
    "sbp_mmhg": ("VS", "SYSBP", "Systolic Blood Pressure", "mmHg"),
    "dbp_mmhg": ("VS", "DIABP", "Diastolic Blood Pressure", "mmHg"),
    "heart_rate_bpm": ("VS", "HR", "Heart Rate", "beats/min"),
    "resp_rate_min": ("VS", "RESP", "Respiratory Rate", "breaths/min"),
    "spo2_pct": ("VS", "OXYSAT", "Oxygen Saturation", "%"),
    "fio2": ("VS", "FIO2", "Fraction of Inspired Oxygen", "%"),
    "anc_per_ul": ("LB", "NEUT", "Neutrophils", "10^9/L"),
    "wbc_per_ul": ("LB", "WBC", "Leukocytes", "10^9/L"),
    "lymphocytes_per_ul": ("LB", "LYM", "Lymphocytes", "10^9/L"),
    "platelets_10e9_l": ("LB", "PLAT", "Platelets", "10^9/L"),
    "hemoglobin_g_dl": ("LB", "HGB", "Hemoglobin", "g/dL"),
    "crp_mg_dl": ("LB", "CRP", "C Reactive Protein", "mg/dL"),
    "ferritin_ng_ml": ("LB", "FERRITIN", "Ferritin", "ug/L"),
    "ldh_u_l": ("LB", "LDH", "Lactate Dehydrogenase", "U/L"),
    "creatinine_mg_dl": ("LB", "CREAT", "Creatinine", "mg/dL"),
    "fibrinogen_mg_dl": ("LB", "FIBRINO", "Fibrinogen", "mg/dL"),
    "ast_u_l": ("LB", "AST", "Aspartate Aminotransferase", "U/L"),
    "alt_u_l": ("LB", "ALT", "Alanine Aminotransferase", "U/L"),
    "bilirubin_mg_dl": ("LB", "BILI", "Bilirubin", "mg/dL"),
    "triglycerides_mg_dl": ("LB", "TRIG", "Triglycerides", "mg/dL"),
    "soluble_cd25_u_ml": ("LB", "IL2SR", "Interleukin 2 Soluble Receptor", "U/L"),
}
WEIGHT = ("WEIGHT", "Weight", "kg")
_UNITS: Mapping[str, str] = {
    "o2_flow_l_min": "L/min",
    "vasopressor_hours": "HOURS",
    "seizure_duration_min": "min",
    "csf_opening_pressure_mmhg": "mmHg",
}
_RESPIRATORY = ("o2_device", "o2_flow_l_min", "positive_pressure_reason")
_EVENTS = (
    "hypotension",
    "tremor",
    "myoclonus",
    "headache",
    "intracranial_hemorrhage",
    "posturing",
    "cn6_palsy",
    "papilledema",
    "cushing_triad",
)
_SCORES: Mapping[str, tuple[str, str]] = {  # the category, and how the codes of its items begin
    "ice": ("ICE", ""),
    "ice_items": ("ICE", "ICE"),
    "capd": ("CAPD", ""),
    "cartox10": ("CARTOX-10", ""),
    "cartox10_items": ("CARTOX-10", "CTX"),
}
_OBJECTS: Mapping[str, str] = {
    "crs": "CYTOKINE RELEASE SYNDROME",
    "neuro": "NEUROTOXICITY",
    "iec_hs": "IEC-HS",
    "hlh": "HEMOPHAGOCYTIC LYMPHOHISTIOCYTOSIS",
}
"""What a finding is about (FAOBJ), by the scales that read its field."""
SUBJECT_OF_REST = "TOXICITY OF CAR-T CELLS"


def short_code(name: str) -> str:
    """A sponsor's test code of at most 8 characters out of the name of a field: its words without their vowels.

    >>> short_code("vasopressors"), short_code("vasopressin"), short_code("death_from_icans"), short_code("o2_device")
    ('VSPRSSRS', 'VSPRSSN', 'DTFRICNS', 'O2DEVICE')
    """
    *words, last = name.upper().split("_")
    share = LONGEST_CODE // (len(words) + 1)
    start = "".join(_cut(word, share) for word in words)
    return start + _cut(last, LONGEST_CODE - len(start))


def _cut(word: str, most: int) -> str:
    return word if len(word) <= most else _without_vowels(word)[:most]


def _without_vowels(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in "AEIOU")


def _tests() -> Iterator[Place]:
    for name, field in OBSERVATION.items():
        if field.items is not None:
            category, start = _SCORES[name]
            for item in field.items.most:
                full = f"{name}.{item}"
                yield Place(full, "QS", f"{start}{item.upper()}"[:LONGEST_CODE], full, "", category)
        elif field.role != "time":
            yield _test(name, field)


def _test(name: str, field: Field) -> Place:
    if name in _CDISC:
        return Place(name, *_CDISC[name], standard=True)
    if name in _SCORES:
        return Place(name, "QS", short_code(name), name, "", _SCORES[name][0])
    if name in _EVENTS:
        return Place(name, "CE", name.upper().replace("_", " "), name)
    unit = _UNITS.get(name, "")
    if name in _RESPIRATORY:
        return Place(name, "RE", short_code(name), name, unit)
    return Place(name, "FA", short_code(name), name, unit, _OBJECTS.get(field.scales, SUBJECT_OF_REST))


PLACES: Mapping[str, Place] = {test.name: test for test in _tests()}
"""Every field of an observation, and every item of a score, by its name in the protocol."""
FINDINGS = ("VS", "LB", "QS", "RE", "FA")
_BY_CODE: Mapping[tuple[str, str], Place] = {(test.domain, test.code): test for test in PLACES.values()}
_IN_BLOOD = ("", "BLOOD", "SERUM", "PLASMA", "SERUM OR PLASMA", "SERUM/PLASMA")


def place_of(domain: str, code: str, title: str, specimen: str) -> Place | None:
    """The test that a code means in a domain; None where it is none of ours, or was done in something else than blood.

    >>> place_of("LB", "creat", "Creatinine", "").name, place_of("LB", "CREAT", "Creatinine", "URINE")
    ('creatinine_mg_dl', None)
    >>> place_of("FA", "DTFRCRS", "death_from_crs", "").name, place_of("FA", "DTFRCRS", "Another", "")
    ('death_from_crs', None)
    """
    found = _BY_CODE.get((domain, code.upper()))
    if found is None or (domain == "LB" and specimen.upper() not in _IN_BLOOD):
        return None
    return found if found.standard or found.domain == "CE" or title.lower() == found.title else None
