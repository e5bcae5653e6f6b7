"""The names that FHIR and this project give to things: code systems, categories, and what has no public code."""

from collections.abc import Mapping

from harness.exchange.codes import FIELD_OF_LOINC, OWN_SYSTEM

LOINC_SYSTEM = "http://loinc.org"
UCUM_SYSTEM = "http://unitsofmeasure.org"
RXNORM_SYSTEM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED_SYSTEM = "http://snomed.info/sct"
CATEGORY_SYSTEM = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT_SYSTEM = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

SHORT: Mapping[str, str] = {
    LOINC_SYSTEM: "LOINC",
    RXNORM_SYSTEM: "RxNorm",
    SNOMED_SYSTEM: "SNOMED CT",
    OWN_SYSTEM: "cartox",
}
"""What a code system is called in a remark."""

CASE_SYSTEM = f"{OWN_SYSTEM}:case"
"""Of the identifier that a case has of itself."""
INFUSION = "car-t-infusion"
"""Own code of the Procedure that is hour 0."""
CHARTED = "observation"
"""Own code of an Observation that only tells that something was charted at a time, where nothing of it is known."""

_VITAL = {"temp_c", "sbp_mmhg", "dbp_mmhg", "heart_rate_bpm", "resp_rate_min", "spo2_pct", "weight_kg"}
_SURVEYS = {"ice", "ice_items", "capd", "cartox10", "cartox10_items", "age_years"}
_LABORATORY = {"soluble_cd25_u_ml", "nk_activity_low", "csf_opening_pressure_mmhg"}
_BEDSIDE = {"o2_flow_l_min", "fio2"}


def category(name: str) -> str:
    """The category of FHIR that an Observation of a field belongs to.

    >>> [category(name) for name in ("temp_c", "ice", "crp_mg_dl", "seizure")]
    ['vital-signs', 'survey', 'laboratory', 'exam']
    """
    if name in _VITAL:
        return "vital-signs"
    if name in _SURVEYS:
        return "survey"
    of_the_laboratory = name in FIELD_OF_LOINC.values() and name not in _BEDSIDE
    if of_the_laboratory or name in _LABORATORY or name.endswith("_times_baseline"):
        return "laboratory"
    return "exam"
