"""``cartox convert``, and the verbs on files of other formats."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, COURSE, RANGE, SURE, answers, lines

CHART = """time,source,temp (°F),o2 device,o2_flow (L/min),hypotension,vasopressors,vasopressin
2026-03-02T14:05,monitor,101.3,none,,no,0,no
2026-03-02T14:20,nurse,102.2,Nasal cannula,2,yes,0,no
2026-03-02T14:20,copy,102.2,Nasal cannula,2,yes,0,no
2026-03-02T13:10,nurse,100.4,none,,no,0,no
"""
EXAMPLE = Path(__file__).parents[3] / "examples" / "chart.csv"
INFUSION = ("--infusion", "2026-03-01T10:00")


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    file = tmp_path / "chart.csv"
    file.write_text(CHART, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["c.csv", "c.tsv", "c.parquet", "c.arrow", "c.jsonl"])
def test_there_and_back_gives_the_same_answers(cartox: Cartox, cases: Path, tmp_path: Path, name: str) -> None:
    there = tmp_path / name
    told = cartox("convert", str(cases), str(there))
    assert (told.code, told.out) == (0, "")
    assert f"3 cases, 6 observations written to {there} ({name.split('.')[1].replace('tsv', 'csv')})" in told.err
    assert cartox("grade", str(there)).out == cartox("grade", str(cases)).out
    assert not list(tmp_path.glob(".part*"))


def test_what_is_refused_is_left_out_and_told(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(lines(SURE, BAD, {"observations": [{"time_h": 2}]}, SURE))
    told = cartox("convert", str(file), "-", "--to", "jsonl")
    assert told.code == 2
    assert [json.loads(line)["id"] for line in told.out.splitlines()] == ["sure", "line-3", "sure#2"]
    assert "bad is refused: observations[0].temp_f is 101" in told.err
    assert "1 of 4 cases refused and left out" in told.err
    assert "a second case called sure is written as sure#2" in told.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "name what to convert and where to"),
        (("{cases}",), "name what to convert and where to"),
        (("{cases}", "{out}/x"), "does not tell its format; say --to jsonl, csv"),
        (("{cases}", "-"), "does not tell its format"),
        (("{cases}", "{out}/x.csv", "--to", "xml"), "there is no format 'xml'"),
        (("{cases}", "{out}/x.csv", "--from", "xml"), "there is no format 'xml'"),
        (("{cases}", "{cases}"), "is there already"),
        (("{cases}", "{out}/no/x.csv"), "does not exist"),
        (("{cases}", "-", "--to", "omop"), "omop is a folder of files"),
        (("{cases}", "{out}/new", "--to", "cohort"), "cartox: a cohort folder is what cartox run --out writes"),
        (("{cases}", "{out}/x.csv", "--merge", "hour"), "graded as they are; leave out --merge"),
        (("{out}/none.csv", "{out}/x.csv"), "there is no file"),
        (("{out}", "{out}/x.csv"), "a directory of no format that is known"),
        (("{cases}", "{out}/x.csv", "--from", "csv"), "no column tells the time"),
        (("{cases}", "{out}/x.csv", "--from", "parquet"), "is no whole file of Parquet or Arrow"),
    ],
)
def test_wrong_usage_is_one_line(
    cartox: Cartox, cases: Path, tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    told = cartox("convert", *(a.format(cases=cases, out=tmp_path) for a in arguments))
    assert told.code == 2
    assert why in told.err
    assert len(told.err.splitlines()) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cases.jsonl", "stdin"]


def test_nothing_to_convert_writes_nothing(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(lines(BAD))
    told = cartox("convert", str(file), str(tmp_path / "x.csv"))
    assert told.code == 2
    assert "holds no case that can be converted; bad is refused" in told.err
    assert not (tmp_path / "x.csv").exists()


def test_list(cartox: Cartox) -> None:
    out = cartox("convert", "--list").out
    assert [line.split()[0] for line in out.splitlines()[2:5]] == ["jsonl", "csv", "parquet"]


def test_a_chart_is_graded_by_the_hour_and_every_rule_is_told(cartox: Cartox, chart: Path) -> None:
    told = cartox("grade", str(chart), "--scale", "crs", *INFUSION)
    (answer,) = answers(told.out)
    assert told.code == 0
    assert answer["grades"] == [1, 2]  # 38.0 at 13:10; low flow oxygen and low pressure at 14:20
    assert answer["summary"]["floors"]["onset_h"] == pytest.approx(27 + 1 / 6)
    assert [rule.split(" ")[0] for rule in answer["merged"]] == ["rows", "rows", "rows", "of"]
    assert "38.5 (monitor, row 2) and 39.0 (nurse, row 3)" in answer["merged"][3]
    assert "temp (°F) is converted exactly from °F to Cel" in told.err
    assert "rows out of order were put in the order of their times (1, first at nurse, row 5 of chart)" in told.err


@pytest.mark.parametrize(("within", "grades"), [("minute", [1, 1, 2]), ("hour", [1, 2])])
def test_merging_can_be_switched(cartox: Cartox, chart: Path, within: str, grades: list[int]) -> None:
    told = cartox("grade", str(chart), "--scale", "crs", *INFUSION, "--merge", within)
    assert answers(told.out)[0]["grades"] == grades


def test_without_merging_such_a_chart_is_refused(cartox: Cartox, chart: Path) -> None:
    told = cartox("grade", str(chart), "--scale", "crs", *INFUSION, "--merge", "none")
    assert told.code == 2
    assert "a later minute" in answers(told.out)[0]["reason"]


def test_convert_merges_no_more_than_it_must(cartox: Cartox, chart: Path) -> None:
    told = cartox("convert", str(chart), "-", "--to", "jsonl", *INFUSION)
    assert [o["temp_c"] for o in json.loads(told.out)["observations"]] == [38.0, 38.5, 39.0]


def test_explain_tells_the_rules_in_its_report(cartox: Cartox, chart: Path) -> None:
    out = cartox("explain", str(chart), "--scale", "crs", *INFUSION).out
    assert "Merged: rows that chart the same at the same minute, whatever their source, count once (1" in out
    assert "low flow" in out


def test_other_verbs_read_it(cartox: Cartox, chart: Path, tmp_path: Path) -> None:
    there = tmp_path / "c.parquet"
    cartox("convert", str(chart), str(there), *INFUSION, "--merge", "hour")
    assert "Cases of" in cartox("regrade", str(there)).out
    assert "the worst was taken" in cartox("regrade", str(chart), *INFUSION, "--under", "astct-2019:crs").out
    assert "chart" in cartox("score", "ice", str(there)).out
    assert "tocilizumab" in cartox("recommend", str(there)).out
    assert cartox("compare", "astct-2019", "astct-2019", "--cases", str(there)).code == 0


def test_times_of_day_without_an_infusion(cartox: Cartox, chart: Path) -> None:
    told = cartox("grade", str(chart))
    assert (told.code, told.out) == (2, "")
    assert "row 2: times of day need that of the infusion" in told.err
    assert "write a time to the minute" in cartox("grade", str(chart), "--infusion", "2026-03-01").err


def test_standard_input_in_another_format(cartox: Cartox, chart: Path) -> None:
    told = cartox("grade", "-", "--from", "csv", "--scale", "crs", *INFUSION, stdin=chart.read_bytes())
    assert answers(told.out)[0]["grades"] == [1, 2]


@pytest.mark.parametrize("name", ["parquet", "arrow", "csv", "jsonl", "fhir"])
def test_every_file_goes_through_pipes(cartox: Cartox, cases: Path, tmp_path: Path, name: str) -> None:
    pipe, there = tmp_path / "pipe", tmp_path / "there"
    os.mkfifo(pipe)
    copies = threading.Thread(target=lambda: there.write_bytes(pipe.read_bytes()))
    copies.start()
    assert cartox("convert", str(cases), str(pipe), "--to", name).code == 0
    copies.join()
    assert pipe.is_fifo()  # a file has not taken its place
    graded = cartox("grade", str(there), "--from", name, "--merge", "none")
    assert answers(graded.out)[0]["status"] == "graded"
    assert cartox("grade", "-", "--from", name, "--merge", "none", stdin=there.read_bytes()).out == graded.out
    feeds = threading.Thread(target=lambda: pipe.write_bytes(there.read_bytes()))
    feeds.start()
    assert cartox("grade", str(pipe), "--from", name, "--merge", "none").out == graded.out
    feeds.join()


def test_a_table_without_a_row_is_not_told_to_be_json(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "chart.csv"
    file.write_text("time_h,temp_c\n")
    assert cartox("convert", str(file), "-", "--to", "jsonl").err == (
        f"cartox: {file} holds no case that can be converted\n"
    )
    told = cartox("regrade", str(file), "--under", "astct-2019:crs", "--under", "lee-2014:crs")
    assert told.err == f"cartox: {file} holds no case that can be graded\n"


def test_a_folder_is_not_read_from_standard_input(cartox: Cartox) -> None:
    told = cartox("grade", "-", "--from", "cohort", stdin=b"")
    assert (told.code, told.out) == (2, "")
    assert told.err == "cartox: cohort is a folder of files; name one instead of standard input\n"


def test_many_cases_of_one_id_have_names_of_their_own(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "same.jsonl"
    file.write_bytes(lines(SURE, {**SURE, "id": "sure#3"}, *[SURE] * 13))
    told = cartox("convert", str(file), "-", "--to", "jsonl")
    expected = ["sure", "sure#3", "sure#2", *(f"sure#{n}" for n in range(4, 16))]
    assert [json.loads(line)["id"] for line in told.out.splitlines()] == expected
    assert told.err.count("a second case called sure") == 10
    assert f"{file}: and 3 more were written under names of their own" in told.err


def test_a_row_that_is_left_out_stands_in_the_answer(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("id,time_h,temp_c,hypotension,vasopressors\na,1,38.5,no,0\na,2 h,39.5,yes,2\nb,3,38.1,no,0\n")
    told = cartox("grade", str(file), "--scale", "crs")
    lost, whole = answers(told.out)
    assert lost["left_out"] == ["row 3: no time that is understood; the row is left out"]
    assert "left_out" not in whole
    assert told.code == 2
    assert cartox("convert", str(file), str(tmp_path / "c.parquet")).code == 2


def test_a_file_that_is_not_there(cartox: Cartox, tmp_path: Path) -> None:
    told = cartox("grade", str(tmp_path / "no.csv"), "--merge", "hour", *INFUSION)
    assert (told.code, told.err.count("there is no file")) == (2, 1)


def test_the_words_of_the_bedside(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("time_h,Temperature (°F),body_temp_c,o2_device\n1,101.3,,Room air\n", encoding="utf-8")
    assert "two columns hold temp_c" in cartox("grade", str(file)).err
    file.write_text("time_h,Temperature (°F),o2_device\n1,101.3,Room air\n2,100.4,HFNC\n", encoding="utf-8")
    found = json.loads(cartox("convert", str(file), "-", "--to", "jsonl").out)["observations"]
    assert [(o["temp_c"], o["o2_device"]) for o in found] == [(38.5, "none"), (38.0, "high_flow_nasal_cannula")]


def test_the_example_chart(cartox: Cartox) -> None:
    # by hand: fever at 13:10; low pressure and 2 L/min at 14:20; one vasopressor and 7 L/min at 18:30; 3 L/min
    # at 00:10; all signs gone at 8:00, more than a day later
    told = cartox("grade", str(EXAMPLE), *INFUSION)
    crs, icans = answers(told.out)
    assert crs["grades"] == [1, 2, 3, 2, 0]
    assert crs["time_h"] == pytest.approx([27 + 1 / 6, 28 + 1 / 3, 32.5, 38 + 1 / 6, 70.0])
    assert icans["summary"]["floors"]["peak"] == 2  # arouses to voice


def test_a_table_on_standard_input_says_what_to_do(cartox: Cartox, chart: Path) -> None:
    told = cartox("grade", "-", stdin=chart.read_bytes())
    assert (told.code, told.err) == (2, "cartox: stdin looks like a table; say --from csv\n")


def test_the_format_asked_for_is_written_whatever_the_name(cartox: Cartox, cases: Path, tmp_path: Path) -> None:
    cartox("convert", str(cases), str(tmp_path / "plain"), "--to", "parquet")
    assert (tmp_path / "plain").read_bytes()[:4] == b"PAR1"


def test_of_many_remarks_the_first_are_told(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("time_h,temp_c\n" + "".join(f"{h},hot\n" for h in range(30)))
    told = cartox("grade", str(file))
    assert told.err.count("left unknown") == 10
    assert "and 20 more like these" in told.err


def test_samples_are_three_cases() -> None:
    assert [case["id"] for case in (SURE, RANGE, COURSE)] == ["sure", "range", "course"]
