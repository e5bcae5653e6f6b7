"""What is read of SDTM files of others, and what is told and left unknown."""

import datetime

import pytest

from harness.exchange.chart import ExchangeError
from harness.exchange.format import FORMATS

DM = "STUDYID,USUBJID,AGE,AGEU,RFSTDTC\nS,A,61,YEARS,2026-03-01T10:00\n"
EX = "USUBJID,EXTRT,EXSTDTC\nA,FLUDARABINE,2026-02-24T09:00\nA,Axicabtagene ciloleucel,2026-03-01T10:00\n"


@pytest.fixture
def read(tmp_path):
    def folder(infusion=None, **files):
        told = []
        for name, text in {"dm": DM, "ex": EX, **files}.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        charts = list(FORMATS["sdtm-csv"].read(tmp_path, lambda remark: told.append(str(remark)), infusion))
        return charts, told

    return folder


def vs(*rows, head="USUBJID,VSTESTCD,VSTEST,VSORRES,VSORRESU,VSSTRESN,VSSTRESU,VSSTAT,VSDTC"):
    return "\n".join([head, *rows, ""])


def test_units_are_converted_and_names_of_columns_may_be_in_any_case(read):
    text = vs("A,TEMP,Temperature,100.4,F,,,,2026-03-02T12:00").replace("USUBJID", "usubjid")
    charts, told = read(vs=text)
    (chart,) = charts
    assert (chart.id, chart.patient) == ("A", {"age_years": 61.0})
    assert [(row.time_h, dict(row.values), row.place) for row in chart.rows] == [
        (26.0, {"temp_c": 38.0}, "vs.csv row 2")
    ]
    assert told == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,TEMP,T,311,K,311,K,,2026-03-02T12:00", "the unit 'K' is not understood"),
        ("A,TEMP,T,38,,38,,,2026-03-02T12:00", "38 has no unit"),
        ('A,TEMP,T,"38,5",C,,C,,2026-03-02T12:00', "'38,5' is no number"),
        ("A,TEMP,T,<35,C,,,,2026-03-02T12:00", "'<35' is no number"),
        ("A,TEMP,T,38.0,C,39.0,C,,2026-03-02T12:00", "is not the original"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place_and_left_unknown(read, row, words):
    charts, told = read(vs=vs(row))
    assert [dict(row.values) for row in charts[0].rows] == [{}]
    (line,) = told
    assert line.startswith("vs.csv row 2, test TEMP: ") and words in line and line.endswith("; left unknown")


def test_the_standard_result_is_preferred_and_may_be_rounded(read):
    charts, told = read(vs=vs("A,TEMP,T,101.1,F,38.4,C,,2026-03-02T12:00"))
    assert charts[0].rows[0].values == {"temp_c": 38.4}
    assert told == []


def test_a_result_in_the_unit_of_the_field_is_not_converted_there_and_back(read):
    head = "USUBJID,LBTESTCD,LBTEST,LBCAT,LBORRES,LBORRESU,LBSTRESN,LBSTRESU,LBDTC"
    rows = [
        "A,CREAT,Creatinine,CHEMISTRY,1.3,mg/dL,114.92,umol/L,2026-03-02T12:00",
        "A,CREAT,Creatinine,URINALYSIS,130,mg/dL,11492,umol/L,2026-03-02T12:00",
    ]
    charts, told = read(lb=vs(*rows, head=head))
    assert [dict(row.values) for row in charts[0].rows] == [{"creatinine_mg_dl": 1.3}]
    assert told == ["lb.csv: 1 record: test code CREAT (Creatinine) in URINALYSIS: no field of the protocol; not read"]


def test_not_done_is_unknown_and_no_remark(read):
    charts, told = read(vs=vs("A,TEMP,T,,,,,NOT DONE,2026-03-02T12:00"))
    assert [(row.time_h, dict(row.values)) for row in charts[0].rows] == [(26.0, {})]
    assert told == []


def test_codes_of_no_field_are_told_once_with_their_number(read):
    rows = ["A,BMI,Body Mass Index,24,kg/m2,24,kg/m2,,2026-03-02T12:00"] * 3
    charts, told = read(vs=vs(*rows))
    assert told == ["vs.csv: 3 records: test code BMI (Body Mass Index): no field of the protocol; not read"]
    assert charts[0].rows == ()


def test_what_was_found_in_urine_is_not_read_as_blood(read):
    text = (
        "USUBJID,LBTESTCD,LBTEST,LBSPEC,LBSTRESN,LBSTRESU,LBDTC\nA,CREAT,Creatinine,URINE,90,mg/dL,2026-03-02T12:00\n"
    )
    _charts, told = read(lb=text)
    assert told == ["lb.csv: 1 record: test code CREAT (Creatinine) in URINE: no field of the protocol; not read"]


def test_a_code_of_a_sponsor_is_read_under_the_name_of_the_field_only(read):
    text = "USUBJID,FATESTCD,FATEST,FASTRESC,FADTC\nA,VSPRSSRS,{},2,2026-03-02T12:00\n"
    assert read(fa=text.format("vasopressors"))[0][0].rows[0].values == {"vasopressors": 2}
    assert read(fa=text.format("Something"))[0][0].rows == ()


@pytest.mark.parametrize("time", ["2026-03-02", "", "2026-03-02T12:00Z"])
def test_a_time_that_tells_no_minute_since_the_infusion_is_told(read, time):
    charts, told = read(vs=vs(f"A,TEMP,T,,,38,C,,{time}"))
    assert charts[0].rows == ()
    assert told[0].startswith("vs.csv row 2, column VSDTC: ") and told[0].endswith("; left out")


def test_screening_long_before_is_left_out_and_counted(read):
    _, told = read(vs=vs("A,TEMP,T,,,38,C,,2026-01-01T12:00"))
    assert told == ["vs.csv: 1 record: before -720 h or after 43800 h; left out"]


def test_two_values_in_one_minute_stay_two_rows(read):
    charts, _ = read(vs=vs("A,TEMP,T,,,38,C,,2026-03-02T12:00", "A,TEMP,T,,,39,C,,2026-03-02T12:00"))
    assert [(row.place, row.values["temp_c"]) for row in charts[0].rows] == [
        ("vs.csv row 2", 38.0),
        ("vs.csv row 3", 39.0),
    ]


def test_the_weight_is_the_last_one_up_to_the_infusion(read):
    rows = [
        f"A,WEIGHT,Weight,,,{kg},kg,,{day}" for kg, day in ((70, "2026-02-20"), (71, "2026-03-01"), (68, "2026-03-09"))
    ]
    charts, _ = read(vs=vs(*rows, "A,WEIGHT,Weight,,,90,stone,,2026-03-01", "A,WEIGHT,Weight,,,90,kg,,"))
    assert charts[0].patient["weight_kg"] == 71.0


def test_an_event_is_read_where_it_answers_a_question(read):
    head = "USUBJID,CETERM,CEPRESP,CEOCCUR,CESTAT,CEDTC\n"
    rows = [
        "A,HYPOTENSION,Y,N,,2026-03-02T12:00",
        "A,Headache,,,,2026-03-02T12:00",
        "A,TREMOR,Y,U,,2026-03-02T12:00",
        "A,TREMOR,Y,,NOT DONE,2026-03-02T12:00",
        "A,RASH,Y,Y,,2026-03-02T12:00",
    ]
    charts, told = read(ce=head + "\n".join(rows) + "\n")
    assert [dict(row.values) for row in charts[0].rows] == [{"hypotension": False}]
    assert told == [
        "ce.csv row 3: Headache is no answer to a question (CEPRESP, CEOCCUR); left unknown",
        "ce.csv row 4, column CEOCCUR: 'U' is neither Y nor N; left unknown",
        "ce.csv: 1 record: event RASH: no field of the protocol; not read",
    ]


def test_drugs_by_name_and_a_vasopressor_ends_with_a_dose_of_0(read):
    head = "USUBJID,CMTRT,CMDECOD,CMDOSE,CMDOSU,CMROUTE,CMSTDTC,CMENDTC,CMOCCUR\n"
    rows = [
        "A,Levophed,NOREPINEPHRINE,0.1,ug/kg/min,INTRAVENOUS,2026-03-02T12:00,2026-03-02T18:00,",
        "A,RoActemra,,two,mg,,2026-03-02T13:00,,",
        "A,aspirin,,100,mg,,2026-03-02T13:00,,",
        "A,anakinra,,100,mg,,2026-03-02T13:00,,N",
        "A,anakinra,,100,mg,,2026-03-02,,",
    ]
    charts, told = read(cm=head + "\n".join(rows) + "\n")
    pressor = {"drug": "norepinephrine", "unit": "ug/kg/min", "route": "INTRAVENOUS"}
    assert list(charts[0].treatments) == [
        {"time_h": 26.0, "dose": 0.1, **pressor},
        {"time_h": 32.0, "dose": 0.0, **pressor},
        {"time_h": 27.0, "drug": "tocilizumab", "unit": "mg"},
    ]
    assert told == [
        "cm.csv row 3, column CMDOSE: 'two' is no dose; left unknown",
        "cm.csv row 6, column CMSTDTC: '2026-03-02' tells no minute; left out",
        "cm.csv: 1 record: aspirin: no drug of the protocol; not read",
    ]


def test_the_infusion_is_that_of_the_cells_and_not_of_the_chemotherapy(read):
    only_chemotherapy = EX.replace("Axicabtagene ciloleucel", "Fludarabine")
    charts, told = read(ex=only_chemotherapy, vs=vs("A,TEMP,T,,,38,C,,2026-03-02T12:00"))
    assert charts[0].rows[0].time_h == 26.0
    assert told == ["dm.csv: 1 record: the time of infusion taken from RFSTDTC, since EX tells none"]


def test_a_date_of_the_cells_gainsays_another_reference_start(read):
    cells = "USUBJID,EXTRT,EXSTDTC\nA,CAR-T,2026-03-05\n"
    charts, told = read(ex=cells)
    assert charts == []
    assert told == ["dm.csv row 2: no time of infusion for A; left out (tell one with --infusion TIME)"]
    charts, _ = read(datetime.datetime(2026, 3, 5, 9), ex=cells, vs=vs("A,TEMP,T,,,38,C,,2026-03-05T10:00"))
    assert charts[0].rows[0].time_h == 1.0


def test_one_treatment_is_taken_for_the_cells_and_the_first_of_several_infusions_is_hour_0(read):
    one = "USUBJID,EXTRT,EXSTDTC,EXOCCUR\nA,XYZ-101,2026-03-01T10:00,\nA,XYZ-101,2026-03-01T08:00,N\n"
    assert read(ex=one)[1] == ["ex.csv: 1 record: the one treatment there is, taken as the infusion of the cells"]
    two = "USUBJID,EXTRT,EXSTDTC\nA,Kymriah,2026-03-08T10:00\nA,Kymriah,2026-03-01T10:00\n"
    charts, told = read(ex=two, vs=vs("A,TEMP,T,,,38,C,,2026-03-01T11:00"))
    assert charts[0].rows[0].time_h == 1.0
    assert told == ["ex.csv: 1 record: a subject with several infusions of cells; the first is hour 0"]


@pytest.mark.parametrize(
    ("demographics", "patient", "remarks"),
    [
        ("USUBJID,BRTHDTC\nA,2014-03-02\n", {"age_years": 11}, 0),
        ("USUBJID,BRTHDTC\nA,2014\n", {}, 0),
        ("USUBJID,AGE,AGEU\nA,61,\n", {}, 1),
        ("USUBJID,AGE,AGEU\nA,30,MONTHS\n", {"age_years": 2.5}, 0),
    ],
)
def test_the_age_is_told_or_unknown(read, demographics, patient, remarks):
    charts, told = read(dm=demographics)
    assert (charts[0].patient, len(told)) == (patient, remarks)


def test_subjects_twice_without_a_name_and_not_in_dm(read):
    charts, told = read(dm=DM + "S,A,62,YEARS,\nS,,1,YEARS,\n", vs=vs("B,TEMP,T,,,38,C,,2026-03-02T12:00"))
    assert [chart.patient["age_years"] for chart in charts] == [61.0]
    assert told == [
        "dm.csv row 3: the subject 'A' is there before; left out",
        "dm.csv row 4: no USUBJID",
        "vs.csv: 1 record: of subjects that are not in DM; not read",
    ]


def test_rows_that_are_short_and_files_that_are_not_read_are_told(read):
    _, told = read(vs=vs("A,TEMP,T"), mh="USUBJID\nA\n", ae="USUBJID\nA\n")
    assert told == [
        "ae.csv: adverse events are the results of grading; not read",
        "mh.csv: holds no domain of charts that is known; not read",
        "vs.csv row 2: 3 cells under 9 columns; left out",
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"dm": None}, "no file dm among ex.csv"),
        ({"vs": "USUBJID,VSDTC\n"}, "vs.csv has no column VSTESTCD"),
        ({"vs": "USUBJID,USUBJID\n"}, "vs.csv: the column USUBJID stands twice"),
        ({"vs": ""}, "vs.csv has no column USUBJID"),
        ({"vs": vs('A,"TEMP')}, "vs.csv line 2 is no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(read, files, words):
    with pytest.raises(ExchangeError, match=words):
        read(**files)


def test_another_encoding_is_told(read, tmp_path):
    (tmp_path / "vs.csv").write_bytes(b"USUBJID,VSTESTCD,VSDTC\n\xe9,TEMP,\n")
    with pytest.raises(ExchangeError, match="not in UTF-8"):
        read()
