"""``cartox recommend``: the plan as printed, cases in words and in JSON, what is stated, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, CALM, answers, lines

LOW = {"temp_c": 39.0, **CALM, "hypotension": True}
DOSES = [
    {"time_h": 52, "drug": "tocilizumab", "dose": 900, "unit": "mg", "route": "IV"},
    {"time_h": 53, "drug": "gcsf"},
]
ILL = {
    "id": "ill",
    "patient": {"age_years": 61, "weight_kg": 120},
    "observations": [
        {"time_h": 48, **LOW, "hypotension": False, "ice": 10, "motor_weakness": "none"},
        {"time_h": 52, **LOW, "ice": 10, "motor_weakness": "none"},
    ],
    "treatments": DOSES,
}
BARE = {"observations": [{"time_h": 60}]}
UNJUDGED = {"id": "u", "observations": [{"time_h": 60, "temp_c": 38.6, **CALM, "anc_per_ul": 400}]}


def told(out: str, start: str) -> list[str]:
    """The lines of a block of the answer."""
    block = out.split(f"\n{start}\n", 1)[1].split("\n\n", 1)[0]
    return [line.strip() for line in block.splitlines()]


def test_the_plan_as_printed(cartox: Cartox) -> None:
    ended = cartox("recommend")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines()[0] == ended.out.splitlines()[-1] == PURPOSE
    for words in ("crs.tocilizumab.g2", "icaht.boost", "Readings: points", "* text: it should be given", "Sources"):
        assert words in ended.out
    part = cartox("recommend", "--toxicity", "iec_hs", "-r", "M2=label").out
    assert "crs.tocilizumab.g2" not in part and "iechs.anakinra" in part and "* label: external" in part


def test_a_case_in_words(cartox: Cartox) -> None:
    ended = cartox("recommend", "-", stdin=lines(ILL))
    assert (ended.code, ended.err) == (0, "")
    rows = ended.out.splitlines()
    assert rows[0] == rows[-1] == PURPOSE
    assert "Case ill: a course of 2 observations; patient: 61 years, 120 kg; at 52 h" in rows
    assert "Grades: Cytokine release syndrome (CRS) 2, as of 52 h; Neurotoxicity (ICANS) not told" in ended.out
    advised = " ".join(told(ended.out, "Advised now"))
    assert (
        "should tocilizumab: 800 mg (8 mg/kg would be 960 mg; 800 mg at most) IV, again where needed, every 8 h; "
        "4 doses at most; 3 in 24 h at most; not before 60 h [crs.tocilizumab.g2]"
    ) in " ".join(advised.split())
    assert "because crs_grade 2 (asked: 2)." in advised
    assert "More: cartox lookup tocilizumab-early, tocilizumab-approval" in advised
    assert told(ended.out, "Given") == ["52 h tocilizumab 900 mg IV", "53 h gcsf"]
    assert told(ended.out, "To be said of it") == ["over the maximum: tocilizumab, at 52 h: 900 mg; 800 mg at most"]
    assert " more steps hang on icaht_grade, icans_grade, iechs_grade, which the chart does not tell" in ended.out
    assert "more steps hang on" not in cartox("recommend", "-", "--all", stdin=lines(ILL)).out


def test_what_hangs_on_the_bedside_and_what_it_states(cartox: Cartox) -> None:
    out = cartox("recommend", "-", "-t", "crs", stdin=lines(UNJUDGED)).out
    perhaps = " ".join(told(out, "Perhaps, if it were known"))
    assert "[crs.tocilizumab.g1] hangs on fever_persistent." in " ".join(perhaps.split())
    know = ("--know", "fever_persistent=yes", "--know", "icans_grade=1..2", "--know", "crs_grade=0")
    told_ = cartox("recommend", "-", "--know", "fever_persistent=yes", stdin=lines(UNJUDGED)).out
    assert "[crs.tocilizumab.g1]" in " ".join(told(told_, "Advised now"))
    wrong = cartox("recommend", "-", *know, stdin=lines(UNJUDGED)).out
    assert "[icans.tocilizumab_alone]" in " ".join(told(wrong, "Discouraged"))
    assert "evidence: free IL-6 rises for a time" in wrong


def test_findings_that_are_open(cartox: Cartox) -> None:
    seen = {"time_h": 60, "ice": 5, "motor_weakness": "none"}
    case = {"observations": [seen], "treatments": [{**DOSES[0], "time_h": 60}]}
    out = cartox("recommend", "-", "-k", "icans_grade=2", "-k", "iechs_grade=0", stdin=lines(case)).out
    assert "discouraged, yet given (perhaps: it hangs on crs_grade): icans.tocilizumab_alone, at 60 h" in out
    late = {**ILL, "observations": [*ILL["observations"], {"time_h": 60, **LOW}], "treatments": []}  # type: ignore[misc]
    out = cartox("recommend", "-", stdin=lines(late)).out
    assert "late: crs.tocilizumab.g2, since 52 h: no tocilizumab given; 8 h late" in out


def test_at_an_hour(cartox: Cartox) -> None:
    early = cartox("recommend", "-", "--at", "50", stdin=lines(ILL)).out
    assert "at 48 h" in early and "(CRS) 1, as of 48 h" in early and told(early, "Given") == ["nothing"]
    before = cartox("recommend", "-", "--at", "5", stdin=lines(ILL, BARE))
    assert before.code == 0
    assert "ill  nothing was charted by then; the first observation is at 48 h" in before.out
    assert "line 2  nothing was charted by then" in before.out
    (found, _) = answers(cartox("recommend", "-", "--at", "5", "--json", stdin=lines(ILL, BARE)).out)
    assert found == {"id": "ill", "status": "nothing charted", "first_h": 48.0}


def test_in_json(cartox: Cartox) -> None:
    ended = cartox("recommend", "-", "--json", stdin=lines(ILL, BARE))
    assert (ended.code, ended.err) == (0, "")
    ill, bare = answers(ended.out)
    assert (ill["id"], ill["plan"], ill["purpose"], ill["time_h"]) == ("ill", "ferreri-2024", PURPOSE, 52.0)
    assert ill["grades"]["crs"] == {"low": 2, "high": 2, "as_of_h": 52.0}
    (drug,) = [one for one in ill["advised"] if one["step"] == "crs.tocilizumab.g2"]
    assert drug["dose"]["high"] == 800 and drug["every_h"] == [8, 8] and drug["repeats"] is False
    assert (drug["least_h"], drug["cap_mg"], drug["most_doses"], drug["most_per_24h"]) == (8, 800, 4, 3)
    assert drug["because"] == ["crs_grade 2 (asked: 2)"]
    assert ill["given"][1] == {"time_h": 53.0, "drug": "gcsf"}
    assert [one["kind"] for one in ill["findings"]] == ["over"]
    assert (bare["id"], bare["line"]) == (None, 2)
    assert {name for one in bare["perhaps"] for name in one["unknown"]} >= {"crs_grade", "icans_grade"}
    (none,) = answers(cartox("recommend", "-", "--json", "-t", "icaht", stdin=lines(BARE)).out)
    assert {one["toxicity"] for one in none["perhaps"]} == {"icaht"}


def test_other_grades_and_other_readings(cartox: Cartox) -> None:
    penn = {"id": "p", "observations": [{"time_h": 30, **LOW, "hypotension": False, "o2_device": "nasal_cannula", "o2_flow_l_min": 6}]}  # noqa: E501  # fmt: skip

    def crs(*options: str) -> Any:
        return answers(cartox("recommend", "-", "--json", *options, stdin=lines(penn)).out)[0]["grades"]["crs"]["low"]

    assert (crs(), crs("-r", "C1=high"), crs("-g", "penn-2018")) == (2, 3, 3)
    told_ = answers(cartox("recommend", "-", "--json", "-r", "M1=table", stdin=lines(penn)).out)[0]
    assert [one["strength"] for one in told_["advised"] if one["step"] == "crs.tocilizumab.g2"] == ["may"]


def test_a_wrong_case_is_told_and_the_others_are_answered(cartox: Cartox) -> None:
    ended = cartox("recommend", "-", stdin=lines(BAD, ILL))
    assert (ended.code, ended.err) == (2, "stdin: 1 of 2 cases refused (line 1)\n")
    assert "bad  refused: observations[0].temp_f is 101" in ended.out and "Case ill" in ended.out
    assert [a["status"] for a in answers(cartox("recommend", "-", "--json", stdin=lines(BAD, ILL)).out)] == [
        "refused",
        "advised",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("-", "-t", "crz"),
            "ferreri-2024 has no part 'crz'; did you mean 'crs'? it has all, crs, icans, ",
        ),
        (("-", "--know", "fever=true"), "--know has no field 'fever'; it has hours_since_infusion, crs_grade,"),
        (("-", "--know", "crs_grade=9"), "--know crs_grade is '9'; allowed: a whole number from 0 to 5"),
        (("-", "--know", "crs_grade=3..2"), "--know crs_grade=3..2 is no range; write the lower grade first"),
        (("-", "--know", "fever_persistent=1"), "--know fever_persistent is '1'; allowed: true or false"),
        (("-", "--at", "nan"), "--at is nan; allowed: a number of hours from -720 to 43800"),
        (("--json",), "name a file of cases, or - for standard input; without one the plan is printed"),
        (("-r", "C1=high"), "name a file of cases"),
        (("-", "-r", "M9=x"), "astct-2019: there is no reading 'M9'"),
        (("-", "-r", "M1=x"), "ferreri-2024: reading M1 has no choice 'x'; it has text, table"),
        (("-", "-p", "ferreri"), "there is no plan 'ferreri', and no such file; did you mean 'ferreri-2024'?"),
        (("-", "-g", "penn"), "there is no guideline 'penn', and no such file; did you mean 'penn-2018'?"),
    ],
)
def test_what_is_wrongly_asked(cartox: Cartox, options: tuple[str, ...], message: str) -> None:
    ended = cartox("recommend", *options, stdin=lines(ILL))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"cartox: {message}") and ended.err.count("\n") == 1


def test_a_plan_that_is_no_text(cartox: Cartox, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xff\xfe")
    assert (
        cartox("recommend", "-", "-p", str(path)).err == f"cartox: {path} is no text in UTF-8; a plan is a TOML file\n"
    )


def test_completion(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CARTOX_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "cartox recommend --plan fe")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert cartox().out.split() == ["ferreri-2024"]


def test_the_json_is_plain(cartox: Cartox) -> None:
    json.loads(cartox("recommend", "-", "--json", "--all", stdin=lines(ILL)).out)
