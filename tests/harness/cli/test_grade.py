"""``cartox grade``: answers, refusals, and the line that sums them up."""

import json
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, CALM, COURSE, FEVER, SURE, answers, lines


def test_grade_answers_each_case_under_each_scale(cartox: Cartox, cases: Path) -> None:
    ended = cartox("grade", str(cases))
    assert (ended.code, ended.err) == (0, "")
    found = answers(ended.out)
    assert [(a["id"], a["scale"]) for a in found] == [
        (i, s) for i in ("sure", "range", "course") for s in ("crs", "icans")
    ]
    assert found[0] == {"id": "sure", "scale": "crs", "status": "graded", "grades": [3]}
    assert set(found[2]["grades"][0]) == {"grade", "floor", "ceiling", "because"}
    assert found[4]["grades"][:2] == [0, 1]
    assert found[4]["summary"]["floors"] == {
        "onset_h": 24.0, "peak": 1, "peak_h": 24.0, "resolved_h": 28.0, "duration_h": 4.0,
        "hours_at_grade": [8.5, 4.0, 0.0, 0.0, 0.0, 0.0]}  # fmt: skip
    assert found[4]["summary"]["ceilings"]["resolved_h"] == 32.5


def test_grade_by_some_scales_and_another_reading(cartox: Cartox) -> None:
    cannula = {**FEVER, **CALM, "o2_device": "nasal_cannula", "o2_flow_l_min": 6.0}
    given = lines({"observations": [cannula]})
    plain = cartox("grade", "-", "-s", "crs", "-s", "crs", stdin=given)
    other = cartox("grade", "-", "--scale", "crs", "--reading", "C1=high", stdin=given)
    assert answers(plain.out) == [{"id": None, "line": 1, "scale": "crs", "status": "graded", "grades": [2]}]
    assert answers(other.out)[0]["grades"] == [3]


def test_grade_refuses_what_is_wrong_and_grades_the_rest(cartox: Cartox) -> None:
    twice = b'{"id": "twice", "observations": [{"time_h": 1, "time_h": 2}]}\n'
    given = (
        lines(SURE, BAD) + b"\n  \r\nnot json\n\xff\xfe\n" + twice + lines([1], {"id": 7, **COURSE, "patient": 1}, SURE)
    )
    ended = cartox("grade", "-", "-s", "crs", stdin=given)
    assert ended.code == 2
    assert ended.err == "stdin: 6 of 8 cases refused (lines 2, 5, 6, 7, 8, 9)\n"
    found = answers(ended.out)
    assert [a["status"] for a in found] == ["graded", *["refused"] * 6, "graded"]
    assert [(a["id"], a["field"], a["file"], a["line"]) for a in found if a["status"] == "refused"] == [
        ("bad", "temp_f", "stdin", 2), (None, "line", "stdin", 5), (None, "line", "stdin", 6),
        ("twice", "line", "stdin", 7), (None, "case", "stdin", 8), ("course", "patient", "stdin", 9),
    ]  # fmt: skip
    assert [(f["where"], f["field"], f["value"]) for f in found[1]["faults"]] == [
        ("observations[0]", "temp_f", 101), ("observations[0]", "temp_c", 101.5)]  # fmt: skip
    assert "did you mean temp_c" in found[1]["reason"]
    assert "UTF-8 at byte 1" in found[3]["reason"]
    assert "'time_h' stands twice" in found[4]["reason"]


def test_grade_names_some_lines_and_some_faults_of_many(cartox: Cartox) -> None:
    worst = {"observations": [{"time_h": 1, **{f"f{i}": i for i in range(60)}}]}
    ended = cartox("grade", "-", stdin=lines(*[worst] * 12))
    assert ended.err == "stdin: 12 of 12 cases refused (lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …)\n"
    first = answers(ended.out)[0]
    assert (len(first["faults"]), first["faults_left_out"]) == (50, 10)


def test_one_refused_case_has_one_line(cartox: Cartox) -> None:
    assert cartox("grade", "-", stdin=lines(BAD)).err == "stdin: 1 of 1 cases refused (line 1)\n"


def test_a_document_over_several_lines_gets_a_hint(cartox: Cartox) -> None:
    whole = json.dumps(SURE, indent=2).encode()
    ended = cartox("grade", "-", stdin=whole[:-1])
    assert ended.code == 2
    assert ended.err.endswith("; it seems to be one document over several lines, but is no JSON as a whole\n")
    assert [one["grades"] for one in answers(cartox("grade", "-", "-s", "crs", stdin=whole).out)] == [[3]]


def test_odd_values_come_back_short_and_in_plain_json(cartox: Cartox) -> None:
    odd = b'{"observations":[{"time_h":1,"temp_c":NaN,"ice":%s,"hypotension":%s,"posturing":[null],"seizure":false}]}'
    ended = cartox("grade", "-", stdin=odd % (b"9" * 400, b'"' + b"y" * 999 + b'"'))
    refused = json.loads(ended.out, parse_constant=pytest.fail)
    assert [f["value"] for f in refused["faults"]] == [
        "NaN", "9" * 59 + "…", "y" * 59 + "…", "[null]", False]  # fmt: skip


def test_a_byte_order_mark_does_no_harm(cartox: Cartox) -> None:
    assert cartox("grade", "-", stdin=b"\xef\xbb\xbf" + lines(SURE)).code == 0


def test_a_course_that_is_graded_as_a_whole_has_one_entry_and_no_times(cartox: Cartox) -> None:
    rows = [{"time_h": 24 * day + 6, "anc_per_ul": 400 if 5 <= day < 12 else 4000} for day in range(31)]
    case = {"id": "a", "observations": rows}
    ended = cartox("grade", "-", "-g", "eha-ebmt-2023", "-s", "icaht_early", stdin=lines(case))
    assert json.loads(ended.out) == {"id": "a", "scale": "icaht_early", "status": "graded", "grades": [2]}
    alone = cartox("grade", "-", "-g", "eha-ebmt-2023", stdin=lines({**case, "observations": rows[5:6]}))
    assert [len(json.loads(line)["grades"]) for line in alone.out.splitlines()] == [1, 1]
