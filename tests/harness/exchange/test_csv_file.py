"""The wide table as CSV."""

import datetime
from pathlib import Path

import pytest

from harness.exchange.chart import Chart, ExchangeError, Remark
from harness.exchange.csv_file import read


def charts(folder: Path, text: str, infusion: datetime.datetime | None = None) -> tuple[list[Chart], list[str]]:
    file = folder / "ward.csv"
    file.write_text(text, encoding="utf-8")
    told: list[Remark] = []
    return list(read(file, told.append, infusion)), [str(remark) for remark in told]


def test_units_in_the_header_are_converted_exactly_and_said(tmp_path: Path) -> None:
    (found,), told = charts(tmp_path, "time_h,temp (°F),crp_mg_l,anc [10*9/L]\n4,100.4,123,0.5\n")
    assert found.rows[0].values == {"temp_c": 38.0, "crp_mg_dl": 12.3, "anc_per_ul": 500.0}
    assert found.id == "ward"
    assert told == [
        "header: temp (°F) is converted exactly from °F to Cel",
        "header: crp_mg_l is converted exactly from mg/L to mg/dL",
        "header: anc [10*9/L] is converted exactly from 10*9/L to /uL",
    ]


def test_patients_come_in_the_order_of_their_first_rows(tmp_path: Path) -> None:
    text = "id;time_h;temp_c;weight_kg;hypotension\nb;1;38;70;yes\na;1;37;;no\nb;2;39;71;NO\n"
    found, told = charts(tmp_path, text)
    assert [(c.id, len(c.rows), c.patient) for c in found] == [("b", 2, {"weight_kg": 70.0}), ("a", 1, {})]
    assert [row.values["hypotension"] for row in found[0].rows] == [True, False]
    assert told == ["row 4, column weight_kg: 71 is not 70 as before; not read"]


def test_clock_times_need_the_infusion(tmp_path: Path) -> None:
    text = "time,temp_c\n2026-03-02T14:30,39\n2026-03-02,38\n"
    with pytest.raises(ExchangeError, match="--infusion"):
        charts(tmp_path, text)
    (found,), told = charts(tmp_path, text, datetime.datetime(2026, 3, 1, 10, 0))
    assert [row.time_h for row in found.rows] == [28.5]
    assert told == ["row 3: no time that is understood; write it as 2026-03-01T10:00; the row is left out"]


def test_a_column_may_tell_the_infusion(tmp_path: Path) -> None:
    text = (
        "id,infusion,time,temp_c\na,2026-03-01T10:00,2026-03-01T12:00,38\nb,2026-03-02 10:00,2026-03-01T10:00,37\n"
        "a,,2026-03-01T13:00,39\na,2026-03-01T11:00,2026-03-01T14:00,39\nb,soon,2026-03-02T10:30Z,37\n"
    )
    (a, b), told = charts(tmp_path, text)
    assert [row.time_h for row in a.rows] == [2.0, 3.0, 4.0]
    assert [row.time_h for row in b.rows] == [-24.0]
    assert told == [
        "row 5, column infusion: 2026-03-01T11:00 is not 2026-03-01 10:00:00; the first one holds",
        "row 6, column infusion: 'soon' is no time to the minute; write it as 2026-03-01T10:00",
        "row 6, column time: of time and infusion one has a time zone, the other none",
        "row 6: no time that is understood; write it as 2026-03-01T10:00; the row is left out",
    ]


def test_the_infusion_may_stand_in_a_later_row(tmp_path: Path) -> None:
    text = "id,time,infusion,temp_c\na,2026-03-01T09:00,,37\na,2026-03-01T12:00,2026-03-01T10:00,38.5\n"
    (found,), told = charts(tmp_path, text)
    assert [row.time_h for row in found.rows] == [-1.0, 2.0]
    assert told == []
    with pytest.raises(ExchangeError, match="row 4: times of day need that of the infusion of b"):
        charts(tmp_path, f"{text}b,2026-03-01T12:00,,39\n")


def test_a_row_without_an_id_is_nobodys(tmp_path: Path) -> None:
    found, told = charts(tmp_path, "id,time_h,temp_c\na,1,38\n,2,39\n0,1,37\n")
    assert [(c.id, len(c.rows)) for c in found] == [("a", 1), ("0", 1)]
    assert told == ["row 3: no id in a table of patients with ids; the row is left out"]


def test_ids_that_differ_only_in_case_are_told(tmp_path: Path) -> None:
    found, told = charts(tmp_path, "id,time_h\np1,1\nq,1\nP1,1\n")
    assert [c.id for c in found] == ["p1", "q", "P1"]
    assert told == ["column id: P1 and p1 are read as two patients"]


@pytest.mark.parametrize("above", ["\n\n", "sep=;\r\n", "\ufeffsep=;\n", "\nsep=;\n"])
def test_lines_above_the_header(tmp_path: Path, above: str) -> None:
    (found,), told = charts(tmp_path, f"{above}time_h;temp_c\n1;38\n")
    assert [row.values for row in found.rows] == [{"temp_c": 38.0}]
    assert found.rows[0].place == f"row {2 + above.count(chr(10))}"
    assert told == []


def test_what_is_not_understood_is_told_with_its_place_and_left_unknown(tmp_path: Path) -> None:
    _, told = charts(tmp_path, "time_h,temp_c,fever_other_cause\n1,38,ja\n")
    assert told == ["row 2, column fever_other_cause: 'ja' is none of yes, no; taken as its default, false"]
    text = (
        "time_h,temp,temp_c,o2_device,hypotension,vasopressors,pulse,temp_k\n"
        '1,38,"39,1",snorkel,perhaps,one,90,311\n'
        "2,38,NA,,unknown,1,,,9\n"
    )
    (found,), told = charts(tmp_path, text)
    assert [row.values for row in found.rows] == [{}, {"vasopressors": 1}]
    assert told[0] == "header: temp has no unit; write temp (Cel), or name it temp_c; the column is not read"
    assert told[1].startswith("header: 'pulse' is no column that is known")
    assert told[2].startswith("header: 'temp_k' is no column that is known; did you mean temp_c?")
    assert [line.split(":")[0] for line in told[3:]] == [
        "row 2, column temp_c",
        "row 2, column o2_device",
        "row 2, column hypotension",
        "row 2, column vasopressors",
        "row 3",
    ]
    assert all(line.endswith("left unknown") for line in told[3:7])
    assert "write a decimal point" in told[3]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ("temp_c (°F)", "the name says Cel, the brackets °F"),
        ("temp (K)", "the unit K of temp_c is not understood"),
        ("hypotension (mmHg)", "hypotension has no unit"),
        ("temp_f (mg)", "the unit mg of temp_c is not understood"),
    ],
)
def test_headers_that_are_not_understood(tmp_path: Path, head: str, why: str) -> None:
    (found,), told = charts(tmp_path, f"time (min),{head}\n90,1\n")
    assert found.rows[0].time_h == 1.5
    assert [line for line in told if why in line]
    assert found.rows[0].values == {}


def test_doses(tmp_path: Path) -> None:
    text = "time_h,drug,dose,unit,temp_c\n4,RoActemra,560,mg,\n5,,2,mg,\n6,tocilizumab,,,38\n7,aspirin,1,mg,\n"
    (found,), told = charts(tmp_path, text)
    assert found.treatments == (
        {"time_h": 4.0, "drug": "tocilizumab", "dose": 560.0, "unit": "mg"},
        {"time_h": 6.0, "drug": "tocilizumab"},
    )
    assert [(row.time_h, row.values) for row in found.rows] == [(6.0, {"temp_c": 38.0})]
    assert told[0] == "row 3: dose and unit of no drug that is understood; the dose is left out"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("temp_c\n38\n", "no column tells the time"),
        ("", "no column tells the time"),
        ("time_h,temp_c,temp (F)\n1,38,100\n", "two columns hold temp_c"),
        ('time_h,temp_c\n1,"38\n', "no CSV in UTF-8"),
    ],
)
def test_no_table(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ExchangeError, match=why):
        charts(tmp_path, text)


def test_other_encodings_are_told(tmp_path: Path) -> None:
    file = tmp_path / "ward.csv"
    file.write_bytes("time_h,temp (°C)\n1,38\n".encode("latin-1"))
    with pytest.raises(ExchangeError, match="save it as UTF-8"):
        list(read(file, print))


def test_items_and_empty_rows(tmp_path: Path) -> None:
    (found,), _ = charts(tmp_path, "\ufefftime_h,ice_items.year,ice_items.naming\n1,1,3\n,,\n\n2,,\n")
    assert [row.values for row in found.rows] == [{"ice_items": {"year": 1, "naming": 3}}, {}]
