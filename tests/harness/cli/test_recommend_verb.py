"""``cartox recommend``: the plan as printed, cases in words and in JSON, what is stated, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import BAD, CALM, DOSES, ILL, LOW, answers, block, lines

BARE = {"observations": [{"time_h": 60}]}
UNJUDGED = {"id": "u", "observations": [{"time_h": 60, "temp_c": 38.6, **CALM, "anc_per_ul": 400}]}


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
    assert "Case ill: a course of 2 observations; patient: 61 years, 120 kg" in rows
    assert "At 53 h, the end of the chart; the signs are those of 52 h, 1 dose since then counted" in rows
    grades = " ".join(block(ended.out, "Grades"))
    assert "Cytokine release syndrome (CRS): 2, as of 52 h Neurotoxicity (ICANS): unknown; not charted: cons" in grades
    advised = " ".join(block(ended.out, "Advised now"))
    assert (
        "should tocilizumab: 800 mg (8 mg/kg would be 960 mg; 800 mg at most) IV, again where needed, every 8 h; "
        "4 doses at most; 3 in 24 h at most; not before 60 h [crs.tocilizumab.g2]"
    ) in " ".join(advised.split())
    assert "because crs_grade 2 (asked: 2)." in advised
    assert "More: cartox lookup tocilizumab-early, tocilizumab-approval" in advised
    assert block(ended.out, "Given") == ["52 h tocilizumab, 900 mg, IV", "53 h gcsf, dose unknown, route unknown"]
    assert block(ended.out, "Findings") == ["over the maximum: tocilizumab, at 52 h: 900 mg; 800 mg at most"]
    assert " more steps depend on icans_grade, iechs_grade, icaht_grade, which the chart does not tell" in ended.out
    assert "more steps depend on" not in cartox("recommend", "-", "--all", stdin=lines(ILL)).out


def test_what_hangs_on_the_bedside_and_what_it_states(cartox: Cartox) -> None:
    out = cartox("recommend", "-", "-t", "crs", stdin=lines(UNJUDGED)).out
    perhaps = " ".join(block(out, "Depends on what is not charted"))
    assert "[crs.tocilizumab.g1] depends on fever_persistent." in " ".join(perhaps.split())
    assert (
        "fever_persistent: the fever of CRS persists or comes back, as judged; --know fever_persistent=yes" in perhaps
    )
    know = ("--know", "fever_persistent=yes", "--know", "icans_grade=1..2", "--know", "crs_grade=0")
    told_ = cartox("recommend", "-", "--know", "fever_persistent=yes", stdin=lines(UNJUDGED)).out
    assert "[crs.tocilizumab.g1]" in " ".join(block(told_, "Advised now"))
    wrong = cartox("recommend", "-", *know, stdin=lines(UNJUDGED)).out
    assert "[icans.tocilizumab_alone]" in " ".join(block(wrong, "Discouraged"))
    assert "evidence: free IL-6 rises for a time" in wrong


def test_findings_that_are_open(cartox: Cartox) -> None:
    seen = {"time_h": 60, "ice": 5, "motor_weakness": "none"}
    case = {"observations": [seen], "treatments": [{**DOSES[0], "time_h": 60}]}
    out = cartox("recommend", "-", "-k", "icans_grade=2", "-k", "iechs_grade=0", stdin=lines(case)).out
    assert "discouraged, yet given (perhaps: it depends on crs_grade): icans.tocilizumab_alone, at 60 h" in out
    late = {**ILL, "observations": [*ILL["observations"], {"time_h": 60, **LOW}], "treatments": []}  # type: ignore[misc]
    out = cartox("recommend", "-", stdin=lines(late)).out
    assert "late: crs.tocilizumab.g2, since 52 h: no tocilizumab given; 8 h late" in out


def test_at_an_hour(cartox: Cartox) -> None:
    early = cartox("recommend", "-", "--at", "50", stdin=lines(ILL)).out
    assert "\nAt 50 h, as asked; the signs are those of 48 h\n" in early
    assert "(CRS): 1, as of 48 h" in early and block(early, "Given") == ["nothing"]
    assert "\nAt 48 h, the last observation\n" in cartox("recommend", "-", "--at", "48", stdin=lines(ILL)).out
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
    assert ill["asked_h"] == 53.0
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
        (("-", "-r", "M99=x"), "there is no reading 'M99'; ferreri-2024 has M1, M2, M3, "),
        (("-", "-r", "M99"), "there is no reading 'M99'; ferreri-2024 has M1, M2, M3, "),
        (("-", "-r", "M2"), "M2 is a reading of ferreri-2024; write --reading M2=text or --reading M2=table or "),
        (("-", "-r", "C1"), "a reading is written NAME=CHOICE"),
        (("-", "--know", "fever_persistent"), "--know is written FIELD=VALUE, as in --know fever_persistent=yes; got "),
        (
            ("-", "-k", "CRS=1", "-k", "crs_grade=2"),
            "--know states crs_grade twice, each time otherwise; state it once",
        ),
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


def test_toxicities_are_named_as_people_name_them(cartox: Cartox) -> None:
    for name in ("iechs", "IEC-HS", "iec_hs"):
        (found,) = answers(cartox("recommend", "-", "--json", "-t", name, "-k", f"{name}=2", stdin=lines(BARE)).out)
        assert found["grades"]["iec_hs"]["low"] == 2
        assert {one["toxicity"] for one in found["advised"]} == {"iec_hs"}
    (found,) = answers(cartox("recommend", "-", "--json", "-k", "CRS_grade=1..2", stdin=lines(BARE)).out)
    assert (found["grades"]["crs"]["low"], found["grades"]["crs"]["high"]) == (1, 2)


def test_steps_for_every_patient_come_last(cartox: Cartox) -> None:
    advised = block(cartox("recommend", "-", stdin=lines(ILL)).out, "Advised now")
    parts = ("Cytokine release syndrome (CRS)", "Every patient after the infusion")
    assert [line for line in advised if line in parts] == list(parts)


def test_the_readings_that_change_the_advice_are_named(cartox: Cartox) -> None:
    """M2: the label has 12 mg/kg below 30 kg; an adult of 70 kg has the same dose under both."""
    chart = {"observations": [{"time_h": 52, **LOW}]}

    def changes(kg: float) -> str:
        case = {**chart, "patient": {"age_years": 30, "weight_kg": kg}}
        return " ".join(
            block(cartox("recommend", "-", "-t", "crs", stdin=lines(case)).out, "Readings that would change this")
        )

    assert "--reading M2=label: Cap of tocilizumab, and its dose in small children: external (label): 12" in changes(20)
    assert "--reading M1=table: " in changes(70) and "M2" not in changes(70)
    assert "M2=table" in changes(120)
    calm = {"observations": [{"time_h": 52, **LOW, "temp_c": 37.0, "hypotension": False}]}
    assert "Readings that" not in cartox("recommend", "-", "-t", "crs", stdin=lines(calm)).out


def test_a_reading_that_changes_what_a_course_shows_is_named(cartox: Cartox) -> None:
    chart = {**ILL, "observations": [*ILL["observations"], {"time_h": 60, **LOW}], "treatments": [DOSES[0]]}  # type: ignore[misc]
    assert "--reading WAIT=a_day: " in cartox("recommend", "-", "-t", "crs", stdin=lines(chart)).out


def test_what_is_used_up(cartox: Cartox) -> None:
    given = [{"time_h": h, "drug": "tocilizumab", "dose": 8, "unit": "mg/kg"} for h in (20, 28, 36, 44)]
    out = cartox("recommend", "-", stdin=lines({**ILL, "treatments": given})).out
    spent = " ".join(block(out, "No further dose"))
    assert "should tocilizumab: 4 doses were given, 4 are the most: no further one" in " ".join(spent.split())
    assert "crs.tocilizumab.g2" not in " ".join(block(out, "Advised now"))


def test_the_dead_are_advised_nothing(cartox: Cartox) -> None:
    dead = {"observations": [{"time_h": 50, **LOW}, {"time_h": 60, "death_from_crs": True}], "treatments": DOSES[:1]}
    out = cartox("recommend", "-", stdin=lines(dead)).out
    assert "\nDeath is charted: nothing is advised any more.\n" in out
    assert "Advised now" not in out and "Depends on" not in out and "Sources" not in out
    (found,) = answers(cartox("recommend", "-", "--json", stdin=lines(dead)).out)
    assert found["dead"] is True and found["advised"] == found["perhaps"] == []


def test_a_unit_that_is_not_read_is_told_for_every_part(cartox: Cartox) -> None:
    case = {**ILL, "treatments": [{"time_h": 52, "drug": "tocilizumab", "dose": 900, "unit": "mcg"}]}
    found = block(cartox("recommend", "-", "-t", "icaht", stdin=lines(case)).out, "Findings")
    assert found[0].startswith(
        "not read: tocilizumab, at 52 h: given, but its unit mcg is not read: checked for number"
    )
    missing = {**ILL, "treatments": [{"time_h": 52, "drug": "tocilizumab", "dose": 900}]}
    out = cartox("recommend", "-", stdin=lines(missing)).out
    assert block(out, "Given") == ["52 h tocilizumab, 900 (unit unknown), route unknown"]


def test_what_is_missing_of_a_grade(cartox: Cartox) -> None:
    cases = {"patient": {"age_years": 60}, "observations": [{"time_h": 60, "temp_c": 39, "anc_per_ul": 400}]}
    grades = block(cartox("recommend", "-", stdin=lines(cases)).out, "Grades")
    assert "hypotension, vasopressin, vasopressors, o2_device" in grades[0]
    assert "ice, consciousness, seizure, motor_weakness" in grades[1] and "and 1 more" in " ".join(grades)
    assert "ferritin_ng_ml, iechs_timing" in " ".join(grades)
    assert "days without a count" in grades[-1] and "anc_per_ul" not in grades[-1]
    bare = block(cartox("recommend", "-", "-k", "crs=1..2", stdin=lines(BARE)).out, "Grades")
    cold = block(cartox("recommend", "-", stdin=lines(BARE)).out, "Grades")
    assert cold[0].endswith("(CRS): unknown; not charted: temp_c, hypotension, vasopressin, vasopressors, o2_device,")
    assert bare[0] == "Cytokine release syndrome (CRS): 1–2, as of 60 h"  # stated: nothing is missing
    assert "anc_per_ul, the days" in bare[-1]


def test_the_example_is_a_case_that_works(cartox: Cartox, tmp_path: Path) -> None:
    """Grade 2 that tocilizumab of eight hours ago did not better, an ICE of 8: grade 1 of ICANS."""
    example = cartox("recommend", "--example")
    assert (example.code, example.err) == (0, "") and "--example" in cartox("recommend", "--help").out
    file = tmp_path / "case.json"
    file.write_text(example.out)
    (found,) = answers(cartox("recommend", str(file), "--json").out)
    assert [found["grades"][name]["low"] for name in ("crs", "icans")] == [2, 1] and found["findings"] == []
    steps = {one["step"]: one for one in found["advised"]}
    assert steps["crs.tocilizumab.g2"]["dose"]["high"] == 656 and "not_before_h" not in steps["crs.tocilizumab.g2"]
    assert {"crs.dexamethasone.g2", "crs.antibiotics", "icans.dexamethasone.g1"} <= set(steps)


ASKED = "cartox recommend takes cases in JSON: see cartox recommend --example, and cartox schema"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"time_h,temp_c\n1,39\n", "looks like a table; say --from csv"),
        (b"time_h;temp_c\n1;39\n", "looks like a table; say --from csv"),
        (b"\n  time_h\ttemp_c", f"looks like a CSV; {ASKED}"),
        (b"temp 39\n", f"is no JSON; {ASKED}"),
    ],
)
def test_what_is_no_json_is_told_in_one_line(cartox: Cartox, text: bytes, told: str) -> None:
    ended = cartox("recommend", "-", stdin=text)
    assert (ended.code, ended.out, ended.err) == (2, "", f"cartox: stdin {told}\n")


def test_a_broken_document_is_refused_line_by_line_and_nothing_is_no_case(cartox: Cartox) -> None:
    broken = cartox("recommend", "-", "--json", stdin=b'{"observations":\n[{"time_h": 1}\n')
    assert [one["status"] for one in answers(broken.out)] == ["refused", "refused"]
    assert cartox("recommend", "-", stdin=b"").err == ("cartox: stdin holds no case; see cartox grade --help\n")
    long = b"{" + b" " * 70_000 + b'"observations": [{"time_h": 1}]}\n' * 2
    assert len(answers(cartox("recommend", "-", "--json", stdin=long).out)) == 2


def test_what_a_range_of_grades_advises_alike_is_told_at_once(cartox: Cartox) -> None:
    """Hypotension, vasopressors not charted: grade 2 to 4, and tocilizumab at each of them."""
    row = {"time_h": 36, "temp_c": 39.4, "hypotension": True, "o2_device": "nasal_cannula", "o2_flow_l_min": 3}
    chart = lines({"patient": {"age_years": 64, "weight_kg": 71}, "observations": [row]})
    steps = " ".join(" ".join(block(cartox("recommend", "-", "-t", "crs", stdin=chart).out, "Advised now")).split())
    assert "should tocilizumab; or tocilizumab, together with a corticosteroid: 568 mg (8 mg/kg) IV, again" in steps
    assert "[crs.tocilizumab.g2 or crs.tocilizumab.g3]" in steps
    (found,) = answers(cartox("recommend", "-", "--json", stdin=chart).out)
    (one,) = [a for a in found["advised"] if a["drugs"] == ["tocilizumab"]]
    assert (one["step"], one["or_steps"], one["strength"]) == ("crs.tocilizumab.g2", ["crs.tocilizumab.g3"], "should")
    both = cartox("recommend", "-", "-t", "icans", "-k", "ICANS=2..3", stdin=chart).out
    assert "taper: 10 mg IV, every 6–12 h [icans.dexamethasone.g2 or icans.dexamethasone.g3]" in " ".join(both.split())


def test_notes_on_what_is_charted_and_not_used(cartox: Cartox) -> None:
    chart = {
        "observations": [{"time_h": 36, "temp_c": 39, "sbp_mmhg": 84}],
        "treatments": [{"time_h": 33, "drug": "acetaminophen", "dose": 8000, "unit": "mg", "route": "PO"}],
    }
    out = cartox("recommend", "-", stdin=lines(chart)).out
    assert block(out, "Notes") == [
        "sbp_mmhg 84 is charted; whether that is hypotension of the therapy is a judgement: chart hypotension",
        "acetaminophen: no maximum in the source, not checked",
    ]
    (found,) = answers(cartox("recommend", "-", "--json", stdin=lines(chart)).out)
    assert len(found["notes"]) == 2
    assert "\nNotes\n" not in cartox("recommend", "-", stdin=lines(BARE)).out


@pytest.mark.parametrize(
    "verb",
    [("grade",), ("score", "ice"), ("explain",), ("recommend",), ("regrade", "-u", "astct-2019:crs")],
    ids=lambda verb: verb[0],
)
def test_every_verb_takes_the_example(cartox: Cartox, tmp_path: Path, verb: tuple[str, ...]) -> None:
    file = tmp_path / "case.json"
    file.write_text(cartox("recommend", "--example").out)
    asked = (verb[0], str(file), *verb[1:]) if verb[0] != "score" else (*verb, str(file))
    ended = cartox(*asked)
    assert (ended.code, ended.err) == (0, "")
    assert "refused" not in ended.out


def test_a_refusal_names_every_field_at_fault(cartox: Cartox) -> None:
    wrong = {"patient": {"sex": "f"}, "observations": [{"time_h": 36, "temp_f": 101, "spo2": 90}]}
    wrong["treatments"] = [{"time_h": 30, "drug": drug} for drug in ("Tylenol", "aspirin")]
    out = cartox("recommend", "-", stdin=lines(wrong)).out
    assert 'line 1  refused: patient.sex is "f"; allowed: a field of the protocol: age_years, weight_kg; obs' in out
    assert "observations[0].temp_f is 101; allowed: a field of the protocol; did you mean temp_c?; obs" in out
    assert '; treatments[0].drug is "Tylenol"; allowed: acetaminophen, as the protocol calls it; treat' in out
    assert 'treatments[1].drug is "aspirin"; allowed: one of acetaminophen, ibuprofen, ' in out
    many = {"observations": [{"time_h": 1, **{f"f{i}": 1 for i in range(60)}}]}
    for verb in (("recommend", "-"), ("score", "ice", "-")):
        assert "; and 55 more faults\n" in cartox(*verb, stdin=lines(many)).out


@pytest.mark.parametrize(
    ("written", "name"),
    [("Actemra", "tocilizumab"), ("Tocilizumab", "tocilizumab"), ("Solu-Medrol", "methylprednisolone"),
     ("angiotensin II", "angiotensin_ii"), ("noradrenaline", "norepinephrine"), ("G-CSF", "gcsf")],
)  # fmt: skip
def test_other_names_of_a_drug_are_answered_with_that_of_the_protocol(cartox: Cartox, written: str, name: str) -> None:
    wrong = {"observations": [{"time_h": 36}], "treatments": [{"time_h": 30, "drug": written}]}
    (found,) = answers(cartox("recommend", "-", "--json", stdin=lines(wrong)).out)
    assert found["faults"][0]["allowed"] == f"{name}, as the protocol calls it"
    odd = {**wrong, "treatments": [{"time_h": 30, "drug": 7}]}
    assert cartox("grade", "-", stdin=lines(odd)).code == 2
