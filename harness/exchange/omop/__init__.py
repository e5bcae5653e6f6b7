"""OMOP CDM 5.4: cases as records of its tables, and records of its tables as charts."""
