"""The tables of OMOP CDM 5.4 that are written, with all their columns in order (OHDSI, DDL of CDM 5.4)."""

from collections.abc import Mapping

_SEEN = "provider_id visit_occurrence_id visit_detail_id"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(names.split())
    for table, names in {
        "person": "person_id gender_concept_id year_of_birth month_of_birth day_of_birth birth_datetime race_concept_id"
        " ethnicity_concept_id location_id provider_id care_site_id person_source_value gender_source_value"
        " gender_source_concept_id race_source_value race_source_concept_id ethnicity_source_value"
        " ethnicity_source_concept_id",
        "observation_period": "observation_period_id person_id observation_period_start_date"
        " observation_period_end_date period_type_concept_id",
        "procedure_occurrence": "procedure_occurrence_id person_id procedure_concept_id procedure_date"
        " procedure_datetime procedure_end_date procedure_end_datetime procedure_type_concept_id modifier_concept_id"
        f" quantity {_SEEN} procedure_source_value procedure_source_concept_id modifier_source_value",
        "drug_exposure": "drug_exposure_id person_id drug_concept_id drug_exposure_start_date"
        " drug_exposure_start_datetime drug_exposure_end_date drug_exposure_end_datetime verbatim_end_date"
        f" drug_type_concept_id stop_reason refills quantity days_supply sig route_concept_id lot_number {_SEEN}"
        " drug_source_value drug_source_concept_id route_source_value dose_unit_source_value",
        "measurement": "measurement_id person_id measurement_concept_id measurement_date measurement_datetime"
        " measurement_time measurement_type_concept_id operator_concept_id value_as_number value_as_concept_id"
        f" unit_concept_id range_low range_high {_SEEN} measurement_source_value measurement_source_concept_id"
        " unit_source_value unit_source_concept_id value_source_value measurement_event_id meas_event_field_concept_id",
        "observation": "observation_id person_id observation_concept_id observation_date observation_datetime"
        " observation_type_concept_id value_as_number value_as_string value_as_concept_id qualifier_concept_id"
        f" unit_concept_id {_SEEN} observation_source_value observation_source_concept_id unit_source_value"
        " qualifier_source_value value_source_value observation_event_id obs_event_field_concept_id",
    }.items()
}
