"""What is read of OMOP tables of others, and what is told and left unknown."""

import datetime

import pytest

from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS

PERSON = "person_id,year_of_birth,month_of_birth,day_of_birth,person_source_value\n7,1960,5,2,A\n"
PROCEDURE = "person_id,procedure_datetime,procedure_source_value\n7,2026-03-01 10:00:00,Tisagenlecleucel infusion\n"
MEASURED = (
    "person_id,measurement_concept_id,measurement_date,measurement_time,measurement_datetime,operator_concept_id,"
    "value_as_number,unit_concept_id,measurement_source_value,unit_source_value,value_source_value\n"
)
OBSERVED = (
    "person_id,observation_concept_id,observation_datetime,value_as_number,value_as_string,value_as_concept_id,"
    "observation_source_value,unit_source_value\n"
)


@pytest.fixture
def read(tmp_path):
    def folder(infusion=None, **files):
        told = []
        for name, text in {"person": PERSON, "procedure_occurrence": PROCEDURE, **files}.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        charts = list(FORMATS["omop"].read(tmp_path, lambda remark: told.append(str(remark)), infusion))
        return charts, told

    return folder


def values(charts):
    return [(row.time_h, dict(row.values)) for row in charts[0].rows]


@pytest.mark.parametrize(
    "row",
    [
        "7,3020891,2026-03-02,,2026-03-02 12:00:00,,100.4,9289,,,\n",
        "7,0,2026-03-02,12:00:00,,0,38,0,8310-5,C,\n",
        "7,0,2026-03-02,12:00,,4172703,38,586323,temp_c,,\n",
        "7,3020891,2026-03-02,12:00,,,38,586323,x,whatever,\n",
    ],
)
def test_a_measurement_is_known_by_its_concept_or_its_source_value(read, row):
    charts, told = read(measurement=MEASURED + row)
    assert (charts[0].id, charts[0].patient, told) == ("A", {"age_years": 65}, [])
    assert values(charts) == [(26.0, {"temp_c": 38.0})]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("7,3020891,2026-03-02,12:00,,,311,0,x,K,\n", "the unit 'K' is not understood"),
        ("7,3020891,2026-03-02,12:00,,,38,,x,,\n", "38 has no unit"),
        ("7,3020891,2026-03-02,12:00,,,38,9289,x,C,\n", "the units C and [degF] contradict"),
        ("7,3020891,2026-03-02,12:00,,4171756,38,586323,x,,\n", "a bound, no value"),
        ("7,3020891,2026-03-02,12:00,,,,586323,x,,<35\n", "'<35' without value_as_number"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place_and_left_unknown(read, row, words):
    charts, told = read(measurement=MEASURED + row)
    assert told == [f"measurement.csv row 2, temp_c: {words}; left unknown"]
    assert values(charts) == [(26.0, {})]


def test_observations_are_words_or_concepts_or_numbers(read):
    at = "2026-03-02 12:00:00"
    rows = [
        f"7,0,{at},,,4188539,hypotension,\n",
        f"7,0,{at},,High-flow nasal cannula,,o2_device,\n",
        f"7,0,{at},7,,,ice,\n",
        f"7,0,{at},,no,4188539,vasopressin,\n",
        f"7,0,{at},,perhaps,,tremor,\n",
        f"7,0,{at},,,,headache,\n",
        f"7,0,{at},1,,,ice_items,\n",
        f"7,99,{at},1,,,pain,\n",
    ]
    charts, told = read(observation=OBSERVED + "".join(rows))
    assert values(charts) == [(26.0, {"hypotension": True, "o2_device": "high_flow_nasal_cannula", "ice": 7})]
    assert told == [
        "observation.csv row 5, vasopressin: no and Y contradict; left unknown",
        "observation.csv row 6, tremor: 'perhaps' is none of yes, no; left unknown",
        "observation.csv: 1 record: code ice_items (concept 0): no field of the protocol; not read",
        "observation.csv: 1 record: code pain (concept 99): no field of the protocol; not read",
    ]


def test_weights_and_times_that_cannot_be_placed(read):
    rows = [
        "7,3025315,2026-02-01,,,,70,9529,,,\n",
        "7,3025315,,,,,71,9529,,,\n",
        "7,3025315,2026-02-01,,,,,9529,,,\n",
        "7,3020891,2026-03-02,,,,38,586323,,,\n",
        "8,3020891,2026-03-02,12:00,,,38,586323,,,\n",
    ]
    charts, told = read(measurement=MEASURED + "".join(rows))
    assert (charts[0].patient["weight_kg"], charts[0].rows) == (70.0, ())
    assert told == [
        "measurement.csv row 3, weight_kg: no day on which it was taken; left unknown",
        "measurement.csv row 5, temp_c: '2026-03-02' tells no minute; left out",
        "measurement.csv: 1 record: of persons that are not in person.csv; not read",
    ]


def test_devices_and_drugs(read):
    devices = (
        "person_id,device_concept_id,device_exposure_start_datetime,device_source_value\n"
        "7,0,2026-03-02 12:00:00,336623009\n7,0,,336623009\n7,0,2026-03-02 12:00:00,walker\n"
    )
    drugs = (
        "person_id,drug_concept_id,drug_exposure_start_datetime,drug_exposure_end_datetime,quantity,"
        "drug_source_value,dose_unit_source_value,route_source_value\n"
        "7,0,2026-03-02 12:00:00,2026-03-02 13:00:00,5,3628,ug/kg/min,IV\n"
        "7,1518254,2026-03-02 12:00:00,,10,x,mg,\n"
        "7,0,,,1,dopamine,,\n"
        "7,0,2026-03-02 12:00:00,,1,aspirin,,\n"
        "7,0,2026-03-01 10:00:00,,1,Kymriah,,\n"
    )
    charts, told = read(device_exposure=devices, drug_exposure=drugs)
    assert values(charts) == [(26.0, {"o2_device": "nasal_cannula"})]
    pressor = {"drug": "dopamine", "unit": "ug/kg/min", "route": "IV"}
    assert list(charts[0].treatments) == [
        {"time_h": 26.0, "dose": 5.0, **pressor},
        {"time_h": 27.0, "dose": 0.0, **pressor},
        {"time_h": 26.0, "drug": "dexamethasone", "dose": 10.0, "unit": "mg"},
    ]
    assert told == [
        "device_exposure.csv row 3: '' tells no minute; left out",
        "drug_exposure.csv row 4: '' tells no minute; left out",
        "device_exposure.csv: 1 record: device walker: no oxygen device that is known; not read",
        "drug_exposure.csv: 1 record: aspirin (concept 0): no drug of the protocol; not read",
    ]


@pytest.mark.parametrize(
    ("born", "age", "remarks"),
    [
        ("7,2014,3,2,", 11, 0),
        ("7,2014,,,", None, 1),  # 11 or 12
        ("7,2013,,,", 12, 1),
        ("7,2020,,,", 5, 1),
        ("7,2026,,,", 0, 1),
        ("7,1700,,,", None, 0),
        ("7,,,,", None, 0),
    ],
)
def test_a_year_of_birth_tells_an_age_where_it_tells_the_side_of_12_years(read, born, age, remarks):
    charts, told = read(person=PERSON.splitlines()[0] + f"\n{born}\n")
    assert charts[0].id == "7"
    assert (charts[0].patient.get("age_years"), len(told)) == (age, remarks)


def test_persons_twice_without_infusion_and_with_two(read):
    head = PERSON.splitlines()[0]
    people = f"{head}\n7,,,,A\n8,,,,A\n7,,,,B\n,,,,C\n"
    two = PROCEDURE + "7,2026-03-05 10:00:00,CAR-T\n"
    charts, told = read(person=people, procedure_occurrence=two)
    assert [chart.id for chart in charts] == ["7"]
    assert told == [
        "person.csv row 3: no time of infusion for 8; left out (tell one with --infusion TIME)",
        "person.csv row 4: person_id '7' is empty or there before; left out",
        "person.csv row 5: person_id '' is empty or there before; left out",
        "person.csv: 1 record: a person with several infusions of cells; the first is hour 0",
    ]
    charts, _ = read(datetime.datetime(2026, 3, 2), procedure_occurrence=None, person=people)
    assert [chart.id for chart in charts] == ["7", "8"]


def test_other_tables_are_told_and_a_folder_without_persons_is_refused(read):
    assert read(note="a\n")[1] == ["note.csv: holds no table of charts that is known; not read"]


def test_a_folder_without_persons_is_refused(read):
    with pytest.raises(ExchangeError, match=r"no person\.csv among procedure_occurrence\.csv"):
        read(person=None)
    with pytest.raises(ExchangeError, match=r"measurement\.csv has no column MEASUREMENT_CONCEPT_ID"):
        read(measurement="person_id\n", person=PERSON)
