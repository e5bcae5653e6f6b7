"""``cartox score``: the list, a score as printed, and cases as lines or as JSON."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from harness.cli.score import score_names
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import answers, lines

WELL = {"platelets_10e9_l": 200, "anc_per_ul": 3000, "hemoglobin_g_dl": 12.0, "crp_mg_dl": 0.5, "ferritin_ng_ml": 300}
BLOOD = {"hemoglobin_g_dl": 8.0, "wbc_per_ul": 900, "platelets_10e9_l": 200, "ferritin_ng_ml": 3000}
SERUM = {"triglycerides_mg_dl": 90, "fibrinogen_mg_dl": 90, "ast_u_l": 90, "hemophagocytosis": False}
BEDSIDE = {"known_immunosuppression": False, "temp_c": 39.0, "hepatomegaly": False, "splenomegaly": True}
TWO = {
    "id": "a",
    "observations": [{"time_h": -120, **WELL, "anc_per_ul": 1200}, {"time_h": -96, "platelets_10e9_l": 60}],
}
NAMELESS = {"observations": [{"time_h": 1, "ldh_u_l": 300}]}
WRONG = {"id": "b", "observations": [{"time_h": 1, "temp_f": 100}]}


def test_the_list(cartox: Cartox) -> None:
    ended = cartox("score")
    assert (ended.code, PURPOSE in ended.out) == (0, True)
    assert all(f"\n{name} " in ended.out for name in score_names())
    listed = json.loads(cartox("score", "--json").out)
    assert [told["id"] for told in listed] == list(score_names())
    assert all(told["text"].endswith(".") for told in listed)
    assert cartox("score", "--reading", "H14=point").err.startswith("cartox: a reading belongs to a score")


@pytest.mark.parametrize("name", score_names())
def test_a_score_as_a_paper_prints_it(cartox: Cartox, name: str) -> None:
    ended = cartox("score", name)
    assert (ended.code, ended.err) == (0, "")
    assert f"({name})" in ended.out and "Sources" in ended.out and PURPOSE in ended.out
    assert max(map(len, ended.out.splitlines())) <= 145


def test_the_page_shows_points_bands_readings_and_what_is_printed_beside(cartox: Cartox) -> None:
    out = cartox("score", "hscore", "--reading", "CUT=above").out
    for words in ("Known immunosuppression", "170–337  above", "160  40 %", "* above: 169 is still", "low validity"):
        assert words in out


def test_cases_as_lines(cartox: Cartox) -> None:
    ended = cartox("score", "car-hematotox", "-", stdin=lines(TWO, NAMELESS))
    assert (ended.code, ended.err) == (0, "")
    *about, first, second, third = ended.out.splitlines()
    assert "before lymphodepletion" in about[0] and PURPOSE in about
    assert first == "a  -120 h  0  low risk  (platelets 0, anc 0, hemoglobin 0, crp 0, ferritin 0)"
    assert second == "a  -96 h  2–7  high risk  (platelets 2, anc 0–1, hemoglobin 0–1, crp 0–1, ferritin 0–2)"
    assert third.startswith("line 2  1 h  0–7  low risk or high risk  (")
    read = cartox("score", "car-hematotox", "-", "-r", "H14=point", stdin=lines(TWO)).out
    assert "a  -120 h  1  low risk" in read


def test_what_is_printed_beside_a_total_stands_on_its_line(cartox: Cartox) -> None:
    case = {"id": "c", "observations": [{"time_h": 1, "temp_c": 37.0, "ferritin_ng_ml": 9000, "hepatomegaly": True}]}
    out = cartox("score", "hscore", "-", stdin=lines(case)).out
    assert "c  1 h  73–288  below the cut of 169 or at the cut" in out
    assert out.rstrip().endswith("probability of hemophagocytic syndrome: < 1 % at 90 to > 99 % at 250")
    assert "Of low validity after CAR T cells" in out
    whole = {"id": "d", "observations": [{"time_h": 1, **BEDSIDE, **BLOOD, **SERUM}]}
    out = cartox("score", "hscore", "-", stdin=lines(whole)).out
    assert "d  1 h  164  below the cut of 169  (" in out  # 33 + 23 + 24 + 35 + 30 + 19
    assert out.rstrip().endswith("probability of hemophagocytic syndrome: 40 % at 160 to 54 % at 170")


def test_an_index(cartox: Cartox) -> None:
    none = {"id": "n", "observations": [{"time_h": 1, "ldh_u_l": 300, "platelets_10e9_l": 0}]}
    sure = {"id": "s", "observations": [{"time_h": 1, "ldh_u_l": 300, "platelets_10e9_l": 150}]}
    found = cartox("score", "simplified-easix", "-", stdin=lines(NAMELESS, none, sure)).out.splitlines()[-3:]
    assert found == ["line 1  1 h  0.1 or more", "n  1 h  not defined: the platelets are 0", "s  1 h  2"]
    told = [a["scores"][0] for a in answers(cartox("score", "simplified-easix", "-", "--json", stdin=lines(NAMELESS, none, sure)).out)]  # noqa: E501  # fmt: skip
    assert told[0] == {"time_h": 1.0, "total": None, "low": 0.1, "high": None}
    assert told[1]["undefined"] == "the platelets are 0"
    assert told[2] == {"time_h": 1.0, "total": 2.0, "low": 2.0, "high": 2.0}


def test_cases_in_json(cartox: Cartox) -> None:
    ended = cartox("score", "car-hematotox", "-", "--json", stdin=lines(TWO, NAMELESS))
    first, second = answers(ended.out)
    assert {k: first[k] for k in ("id", "score", "status")} == {"id": "a", "score": "car-hematotox", "status": "scored"}
    assert first["scores"][1] == {
        "time_h": -96.0, "total": None, "low": 2, "high": 7, "bands": ["high"],
        "items": {"platelets": 2, "anc": [0, 1], "hemoglobin": [0, 1], "crp": [0, 1], "ferritin": [0, 1, 2]},
    }  # fmt: skip
    assert (second["id"], second["line"], "note" in second) == (None, 2, False)
    noted = answers(cartox("score", "hlh-2004", "-", "--json", stdin=lines(NAMELESS)).out)
    assert "low validity" in noted[0]["note"]


def test_a_wrong_case_is_told_and_the_others_are_scored(cartox: Cartox) -> None:
    ended = cartox("score", "ice", "-", stdin=lines(WRONG, NAMELESS))
    assert ended.code == 2
    assert ended.err == "stdin: 1 of 2 cases refused (line 1)\n"
    assert (
        "b  refused: observations[0].temp_f is 100; allowed: a field of the protocol; did you mean temp_c?" in ended.out
    )
    ended = cartox("score", "ice", "-", "--json", stdin=lines(WRONG, NAMELESS))
    assert [a["status"] for a in answers(ended.out)] == ["refused", "scored"]


def test_a_score_of_the_users_own(cartox: Cartox, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("""
id = "hot"
title = "Hot"
text = "Whether it is hot."
cite = ["lee-2019"]
[[item]]
name = "temperature"
title = "Temperature"
[[item.clause]]
id = "hot"
points = 1
when = { temp_c = ">= 38.0" }
text = "hot"
cite = ["lee-2019"]
[[item.clause]]
id = "cool"
points = 0
when = { temp_c = "< 38.0" }
text = "cool"
cite = ["lee-2019"]
[[band]]
name = "no"
total = "0"
text = "not hot"
[[band]]
name = "yes"
total = "1"
text = "hot"
""")
    case = {"id": "x", "observations": [{"time_h": 1, "temp_c": 38.0}]}
    assert cartox("score", str(own), "-", stdin=lines(case)).out.splitlines()[-1] == "x  1 h  1  hot  (temperature 1)"
    own.write_text("id = 3")
    assert "id is 3; it must be text" in cartox("score", str(own)).err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["icee"], "there is no score 'icee'; did you mean 'ice'? the scores are car-hematotox, cartox-10, "),
        (["easix", "-r", "A=b"], "easix has no readings; it is a formula"),
        (["ice", "-r", "A=b"], "there is no reading 'A'; it has none"),
        (["ice", "--json"], "cartox score ice --json answers cases; name a file of them"),
        (["ice", "nowhere.jsonl"], "there is no file nowhere.jsonl"),
    ],
)
def test_what_is_asked_wrongly(cartox: Cartox, arguments: list[str], told: str) -> None:
    ended = cartox("score", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err


def test_a_file_without_cases(cartox: Cartox) -> None:
    assert "stdin holds no case" in cartox("score", "ice", "-").err
