"""FHIR R4: Patient, Procedure, Observation and MedicationAdministration, in a Bundle or as bulk data."""
