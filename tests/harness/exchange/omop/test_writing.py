"""The records of OMOP, by own reading of the definition of CDM 5.4."""

import csv
from pathlib import Path

from cartox_core import read_case
from harness.exchange.format import FORMATS, format_of
from tests.harness.exchange.there_and_back import ONE


def written(folder: Path, raw) -> dict[str, list[dict[str, str]]]:
    FORMATS["omop"].write([(raw.get("id", "P1"), read_case(raw))], folder)
    assert format_of(folder).name == "omop"
    found = {}
    for file in folder.iterdir():
        with file.open(newline="") as stream:
            found[file.stem] = [{k: v for k, v in row.items() if v} for row in csv.DictReader(stream)]
    return found


def test_one_small_case_record_by_record(tmp_path):
    found = written(tmp_path, ONE)
    assert set(found) == {
        *("person", "observation_period", "procedure_occurrence"),
        *("drug_exposure", "measurement", "observation"),
    }
    assert found["person"] == [
        {
            "person_id": "1",
            "gender_concept_id": "0",
            "year_of_birth": "1958",
            "race_concept_id": "0",
            "ethnicity_concept_id": "0",
            "person_source_value": "P1",
        }
    ]
    assert found["observation_period"] == [
        {
            "observation_period_id": "1",
            "person_id": "1",
            "observation_period_start_date": "2019-12-31",
            "observation_period_end_date": "2020-01-03",
            "period_type_concept_id": "0",
        }
    ]
    assert found["procedure_occurrence"] == [
        {
            "procedure_occurrence_id": "1",
            "person_id": "1",
            "procedure_concept_id": "0",
            "procedure_date": "2020-01-01",
            "procedure_datetime": "2020-01-01 00:00:00",
            "procedure_type_concept_id": "0",
            "procedure_source_value": "car-t-infusion",
        }
    ]
    assert found["drug_exposure"] == [
        {
            "drug_exposure_id": "1",
            "person_id": "1",
            "drug_concept_id": "40171288",
            "drug_exposure_start_date": "2020-01-03",
            "drug_exposure_start_datetime": "2020-01-03 02:30:00",
            "drug_exposure_end_date": "2020-01-03",
            "drug_type_concept_id": "0",
            "quantity": "592",
            "drug_source_value": "tocilizumab",
            "route_source_value": "IV",
            "dose_unit_source_value": "mg",
        }
    ]
    columns = ("measurement_concept_id", "measurement_source_value", "value_as_number", "unit_source_value")
    more = ("unit_concept_id", "measurement_date", "measurement_datetime")
    assert [[row.get(name, "") for name in (*columns, *more)] for row in found["measurement"]] == [
        ["3025315", "29463-7", "74", "kg", "9529", "2020-01-01", ""],
        ["3020891", "8310-5", "36.8", "Cel", "586323", "2019-12-31", "2019-12-31 23:00:00"],
        ["3020891", "8310-5", "39.1", "Cel", "586323", "2020-01-03", "2020-01-03 04:00:00"],
        ["3005629", "3151-8", "2", "L/min", "8698", "2020-01-03", "2020-01-03 04:00:00"],
        ["3020716", "3150-0", "0.28", "1", "0", "2020-01-03", "2020-01-03 04:00:00"],
        ["3017732", "26499-4", "450", "/uL", "8784", "2020-01-03", "2020-01-03 04:00:00"],
        ["3001122", "2276-4", "812.5", "ng/mL", "8842", "2020-01-03", "2020-01-03 04:00:00"],
    ]
    columns = ("observation_source_value", "value_as_number", "value_as_string", "value_as_concept_id")
    assert [[row.get(name, "") for name in columns] for row in found["observation"]] == [
        ["age_years", "61.5", "", ""],
        ["hypotension", "", "true", "4188539"],
        ["vasopressors", "1", "", ""],
        ["vasopressin", "", "false", "4188540"],
        ["o2_device", "", "nasal_cannula", ""],
        ["ice_items.year", "1", "", ""],
    ]


def test_an_unknown_age_is_no_year_of_birth(tmp_path):
    assert "year_of_birth" not in written(tmp_path, {"observations": [{"time_h": 1}]})["person"][0]
