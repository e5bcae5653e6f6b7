"""``cartox explain``: what it tells, and which case it tells it of."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, CALM, COURSE, RANGE, SURE, lines


def test_explain_a_range(cartox: Cartox, cases: Path) -> None:
    ended = cartox("explain", str(cases), "--case", "range", "-s", "crs")
    assert (ended.code, ended.err) == (0, "")
    for words in (
        "Case range: a snapshot; patient: 61 years, 74 kg",
        "At 52 h: grade 3–4",
        "charted: temp_c 39.1, hypotension yes, vasopressors 1, vasopressin no",
        "gate: open: qualifying fever now",
        "floor: one vasopressor, with or without vasopressin (crs.hypotension.g3)",
        "sources: [1] Table 2; [2] Table 2",
        "unknown, and could change the grade: o2_device",
        "[1] Lee DW, Santomasso BD, Locke FL, et al. ASTCT consensus grading",
        "doi:10.3389/fonc.2024.1396490",
    ):
        assert words in ended.out
    assert ended.out.endswith(f"\n{PURPOSE}\n")


def test_explain_a_course(cartox: Cartox, cases: Path) -> None:
    out = cartox("explain", str(cases), "-c", "course", "-s", "crs").out
    for words in (
        "a course of 4 observations; patient: age unknown",
        "gate: closed",
        "it opens with a fever of 38.0 °C or more",
        "At 32.5 h: grade 0",
        "onset: 24 h",
        "duration: 4 h (lowest grades); 8.5 h (highest grades)",
    ):
        assert words in out


def test_explain_a_document_and_another_reading(cartox: Cartox) -> None:
    document = json.dumps({**SURE, "id": None}, indent=2).encode()
    out = cartox("explain", "-", "--reading", "C1=high", stdin=document).out
    assert "Case without an id" in out
    assert "readings C1=high, the others at their defaults" in out
    assert "(ICANS)" in out


def test_explain_ice_items_and_time_before_the_infusion(cartox: Cartox) -> None:
    case = {"observations": [{"time_h": -1, "temp_c": 39, "ice_items": {"year": 1, "naming": 2}}]}
    out = cartox("explain", "-", stdin=lines(case)).out
    assert "nothing is graded before hour 0" in out
    assert "ice_items (year 1, naming 2)" in out


def test_explain_says_when_the_gate_cannot_be_told(cartox: Cartox) -> None:
    case = {"observations": [{"time_h": 1, **CALM}]}
    out = cartox("explain", "-", "-s", "crs", stdin=lines(case)).out
    assert "gate: open or closed, which what is unknown decides" in out
    assert "could change the grade: temp_c" in out


def test_explain_in_tables_on_a_terminal(cartox: Cartox, cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.explain.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "140")
    out = cartox("explain", str(cases), "-c", "course").out
    assert "Lowest grades" in out
    assert "│" in out
    assert out.endswith(f"{PURPOSE}\n")
    assert "o2_device none" in out


@pytest.mark.parametrize(
    ("given", "wanted", "words"),
    [
        (b"", None, "holds no case"),
        (b"\n \n", None, "holds no case"),
        (
            lines(SURE, RANGE, COURSE),
            None,
            "stdin holds several cases; choose one with --case ID (sure, range, course, …)",
        ),
        (lines({**SURE, "id": None}, {**SURE, "id": None}), None, "choose one with --case ID"),
        (lines(SURE, RANGE, COURSE), "none", "stdin holds no case 'none'; its first are sure, range"),
        (lines(SURE), "none", "stdin holds one case, with the id 'sure'"),
        (lines(BAD), None, "case bad is refused: observations[0].temp_f is 101; allowed: a field of the protocol"),
        (b"nonsense", None, "is refused: line is"),
        (b"{\n nonsense", None, "not JSON"),
        (json.dumps({**SURE, "patient": dict.fromkeys("abcdefg", 1)}).encode(), None, "and 2 more faults"),
    ],
)
def test_explain_needs_one_sound_case(cartox: Cartox, given: bytes, wanted: str | None, words: str) -> None:
    ended = cartox("explain", "-", *(["--case", wanted] if wanted else []), stdin=given)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert words in ended.err


def test_explain_finds_a_case_far_down(cartox: Cartox) -> None:
    given = lines(*[{**SURE, "id": f"n{i}"} for i in range(1000)], {**SURE, "id": 7}, RANGE)
    assert "Case range" in cartox("explain", "-", "-c", "range", stdin=given).out
    assert cartox("explain", "-", "-c", "7", stdin=given).code == 0


@pytest.mark.parametrize("given", [b" " * 200 + b"{}", b"{\n" + b"1,\n" * 50])
def test_explain_does_not_read_without_end(cartox: Cartox, given: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.one_case.FILE_LIMIT", 100)
    ended = cartox("explain", "-", stdin=given)
    assert (ended.code, "longer than" in ended.err) == (2, True)


def test_an_id_cannot_move_the_cursor(cartox: Cartox) -> None:
    ended = cartox("explain", "-", stdin=lines({**SURE, "id": "\x1b[2Jgone"}))
    assert ended.code == 0
    assert "\x1b[2J" not in ended.out
    assert "[2Jgone" in ended.out


SERIES = {"id": "series", "observations": [{"time_h": 24 * d + 6, "anc_per_ul": 400} for d in (5, 6, 7, 30)]}


def test_explain_a_course_as_a_whole(cartox: Cartox) -> None:
    ended = cartox("explain", "-", "-g", "eha-ebmt-2023", stdin=lines(SERIES))
    assert (ended.code, ended.err) == (0, "")
    for words in (
        "The whole course: grade 2–4",
        "made of it: days_anc_500 8 to 31, days_anc_100 0 to 22, anc_500_never_recovered no to yes",
        "unknown, and could change the grade: days without a value",
        "made of it: lowest_anc_per_ul unknown, second_anc_per_ul unknown",
    ):
        assert words in " ".join(ended.out.split())


def test_explain_tells_what_the_doses_say_and_a_long_course_in_stretches(cartox: Cartox) -> None:
    chart = {"temp_c": 39, "hypotension": True, "vasopressors": 1, "vasopressin": False, "o2_device": "none",
             "organ_toxicity_grade": 0, "transaminase_grade": 0, "creatinine_grade": 0}  # fmt: skip
    rows = [{"time_h": 48 + hour, **chart} for hour in range(30)]
    given = {"time_h": 50, "drug": "norepinephrine", "dose": 30, "unit": "ug/min"}
    case = {"id": "a", "observations": rows, "treatments": [given]}
    told = cartox("explain", "-", "-g", "lee-2014", stdin=lines(case)).out
    assert "from the doses: vasopressor_dose_high no" in " ".join(told.split())
    assert "At 53 h: grade 3" in told
    assert "graded alike until 77 h: 24 more" in told
    assert "recalled: written from memory" in told
    assert told.count("\nAt ") == 3  # the gate is told otherwise after the first round
    assert cartox("explain", "-", "-g", "lee-2014", "--all", stdin=lines(case)).out.count("\nAt ") == 30
    odd = {**case, "treatments": [{**given, "unit": "gamma"}]}
    assert "for want of a dose, a unit that is understood, or the weight" in " ".join(
        cartox("explain", "-", "-g", "lee-2014", stdin=lines(odd)).out.split()
    )


def test_explain_names_what_a_whole_course_never_charted(cartox: Cartox) -> None:
    case = {"id": "a", "observations": [{"time_h": 48, "ferritin_ng_ml": 20000, "transaminase_grade": 3}]}
    told = cartox("explain", "-", "-g", "cartox-2018", "-s", "hlh", stdin=lines(case)).out
    assert "unknown, and could change the grade: bilirubin_grade, creatinine_grade, oliguria_grade" in told


def test_explain_says_when_follow_up_ends_the_days(cartox: Cartox) -> None:
    rows = [{"time_h": 24 * day + 6, "anc_per_ul": 300} for day in (2, 6)]
    told = cartox("explain", "-", "-g", "eha-ebmt-2023", stdin=lines({"id": "a", "observations": rows})).out
    assert told.count("follow-up ends on day 6") == 1
