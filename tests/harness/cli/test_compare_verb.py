"""``cartox compare``: what it tells of two guidelines, and what it cannot compare."""

import json
from importlib import resources
from pathlib import Path

import pytest

from cartox_core import load
from tests.harness.cli.conftest import Cartox

SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")


def draft(tmp_path: Path, old: str, new: str) -> str:
    assert SHIPPED.count(old) == 1
    file = tmp_path / "draft.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return str(file)


def test_a_draft_of_the_same_id_with_one_grade_changed(cartox: Cartox, tmp_path: Path) -> None:
    file = draft(tmp_path, 'id = "crs.hypoxia.blow_by"\ngrade = 2', 'id = "crs.hypoxia.blow_by"\ngrade = 3')
    ended = cartox("compare", "astct-2019", file)
    assert (ended.code, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    assert "crs: 1 rule, 6 cells" in told
    assert "o2_device blow_by, oxygen_other_cause no 2 → 3 crs.hypoxia.blow_by crs.hypoxia.blow_by" in told
    assert "icans: nothing is graded otherwise." in told
    assert "Golden cases of astct-2019: 272 ran, " in told
    found = json.loads(cartox("compare", "astct-2019", file, "--json").out)
    (rule,) = found["rules"]
    assert (rule["old"], rule["new"], found["changed_cells"]) == (2, 3, 6)
    case = tmp_path / "case.json"
    case.write_text(json.dumps(rule["witness"]))
    assert "grade 2" in cartox("explain", str(case), "-s", "crs").out
    assert "grade 3" in cartox("explain", str(case), "-s", "crs", "-g", file).out
    assert "crs-hypoxia" in found["golden"][0]["id"]


def test_words_alone_change_nothing(cartox: Cartox, tmp_path: Path) -> None:
    text = next(c.text for c in load("astct-2019").scale("crs").clauses if c.id == "crs.hypoxia.blow_by")
    out = cartox("compare", "astct-2019", draft(tmp_path, f'text = "{text}"', 'text = "blow-by, in other words"')).out
    assert out.count("nothing is graded otherwise.") == 2
    assert "Means the same, other text: crs.hypoxia.blow_by" in out


def test_what_differs_beside_the_tables_and_in_the_scales_there_are(cartox: Cartox) -> None:
    told = cartox("compare", "astct-2019", "astct-2019", "--reading", "C26=seven_days").out
    assert "crs: the tables are the same" not in told.partition("Beside")[2]
    assert "episode, quiet_h: 24 → 168" in told
    told = cartox("compare", "lee-2014", "astct-2019").out
    assert "only NEW has icans" in told
    assert "Means the same, other sources:" in told


def test_a_rule_names_the_readings_that_decide_it(cartox: Cartox) -> None:
    words = "compare", "astct-2019", "astct-2019", "--scale", "crs", "--reading", "C1=high"
    told = " ".join(cartox(*words).out.split())
    assert "decided by a reading: OLD C1 (else high), C2 (else device); NEW C1 (else low)" in told
    (rule,) = json.loads(cartox(*words, "--json").out)["rules"]
    assert rule["readings"][0] == {"in": "old", "reading": "C1", "choice": "low", "other": ["high"]}
    assert rule["readings"][-1] == {"in": "new", "reading": "C1", "choice": "high", "other": ["low"]}


def test_scales_of_other_names_are_paired(cartox: Cartox) -> None:
    told = cartox("compare", "astct-2019", "cartox-2018", "--scale", "icans=cres").out
    assert "cartox10 7–9" in told
    assert "crs:" not in told.replace("cres.", "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("astct-2019", "hlh"), "there is no guideline 'hlh'"),
        (("lee-2014", "eha-ebmt-2023"), "have no scale of the same name; pair them with --scale OLD=NEW"),
        (("lee-2014", "penn-2018", "--scale", "icans"), "lee-2014 has no scale 'icans'; it has crs"),
        (("lee-2014", "penn-2018", "--scale", "crs=x"), "penn-2018 has no scale 'x'; it has crs"),
        (("lee-2014", "penn-2018", "--reading", "C1=high"), "there is no reading 'C1'"),
        (("cartox-2018", "astct-2019", "--scale", "hlh=crs"), "hlh grades a course as a whole, the other each hour"),
        (("astct-2019", "ctcae-5", "--scale", "crs=neutropenia"), "they read no field in common"),
        (("lee-2014", "penn-2018", "--scenario", "zuma1"), "there is no scenario 'zuma1'"),
        (("lee-2014", "penn-2018", "--cases", "x", "--patients", "3"), "--cases names the patients"),
        (("lee-2014", "penn-2018", "--patients", "0"), "'--patients' / '-n': it should be greater than or equal to 1"),
        (("lee-2014", "penn-2018", "--cases", "nowhere.jsonl"), "there is no file nowhere.jsonl"),
        (("lee-2014", "penn-2018", "--html", "nowhere/page.html"), "does not exist"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_code_2(cartox: Cartox, words: tuple[str, ...], said: str) -> None:
    ended = cartox("compare", *words)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert ended.err.count("\n") == 1


def test_an_empty_cohort_is_told_plainly(cartox: Cartox, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n\n")
    ended = cartox("compare", "lee-2014", "penn-2018", "--cases", str(empty))
    assert (ended.code, ended.out) == (2, "")
    assert "empty.jsonl holds no case that can be graded; write one JSON object a line" in ended.err


SIX = [
    {
        "id": f"six {i}",
        "observations": [{"time_h": 40, "temp_c": 39.0, "o2_device": "nasal_cannula", "o2_flow_l_min": 6}],
    }
    for i in range(3)
]
OTHER = {"id": "well", "observations": [{"time_h": 40, "temp_c": 36.8, "o2_device": "none"}]}
HIGH = ("astct-2019", "astct-2019", "--reading", "C1=high", "--scale", "crs")


def cases_file(tmp_path: Path, *extra: str) -> str:
    calm = {"hypotension": False, "vasopressors": 0, "vasopressin": False}
    cases = [{**c, "observations": [{**c["observations"][0], **calm}]} for c in (*SIX, OTHER)]
    file = tmp_path / "ours.jsonl"
    file.write_text("\n".join([*map(json.dumps, cases), *extra]) + "\n")
    return str(file)


def test_the_patients_of_a_file_under_both(cartox: Cartox, tmp_path: Path) -> None:
    file = cases_file(tmp_path)
    ended = cartox("compare", *HIGH, "--cases", file)
    assert (ended.code, ended.err) == (0, "")
    told = " ".join(ended.out.split())
    assert "crs: the worst grade of 3 of 4 changes: 3 up, 0 down" in told
    assert "3 up, 0 down" in told
    assert "crs.hypoxia.low_flow crs.hypoxia.high_flow 2 → 3 3 0 3 six 0" in told
    assert "corticosteroids 3 0 3" in told
    found = json.loads(cartox("compare", *HIGH, "--cases", file, "--json").out)
    assert found["population"]["patients"] == 4
    assert found["population"]["moved"] == 3
    assert found["population"]["matrix"]["crs"][2][3] == 3
    assert found["population"]["by_clause"] == [
        {
            "scale": "crs",
            "rule": 0,
            "clauses_old": ["crs.hypoxia.low_flow"],
            "clauses_new": ["crs.hypoxia.high_flow"],
            "up": 3,
            "down": 0,
            "met": 3,
            "perhaps": 0,
            "first": "six 0",
        }
    ]
    assert found["not_exercised"] == []


def test_a_refused_case_is_left_out_told_and_makes_the_exit_code_2(cartox: Cartox, tmp_path: Path) -> None:
    ended = cartox("compare", *HIGH, "--cases", cases_file(tmp_path, "{"))
    assert ended.code == 2
    assert "1 of 5 cases refused and left out (line 5)" in ended.err
    assert "the worst grade of 3 of 4 changes" in ended.out


@pytest.mark.slow
def test_simulated_patients_and_a_page_the_same_with_one_worker_or_two(cartox: Cartox, tmp_path: Path) -> None:
    page, again = tmp_path / "page.html", tmp_path / "again.html"
    words = ("compare", "astct-2019", "lee-2014", "--scenario", "table1", "--patients", "20", "--seed", "4")
    ended = cartox(*words, "--html", str(page), "--workers", "1")
    assert ended.code == 0
    assert "Simulated patients of scenario table1, seed 4: 220, the same under both" in ended.out
    assert "Not exercised" in ended.out
    assert cartox(*words, "--html", str(again), "--workers", "2").out == ended.out
    assert page.read_bytes() == again.read_bytes()
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text and "Not for treating patients" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_page_does_not_take_the_place_of_what_is_compared(cartox: Cartox, tmp_path: Path) -> None:
    file = cases_file(tmp_path)
    ended = cartox("compare", *HIGH, "--cases", file, "--html", file)
    assert (ended.code, ended.out) == (2, "")
    assert "is something else of this command" in ended.err


def test_golden_cases_change_only_where_the_grades_do(cartox: Cartox, tmp_path: Path) -> None:
    file = draft(tmp_path, 'id = "crs.hypoxia.blow_by"\ngrade = 2', 'id = "crs.hypoxia.blow_by"\ngrade = 3')
    assert json.loads(cartox("compare", file, file, "--json").out)["golden"] == []
    (first, *_) = json.loads(cartox("compare", file, "astct-2019", "--json").out)["golden"]
    assert (first["old"], first["new"]) == ("3", "2")


def edited(tmp_path: Path, name: str, *changes: tuple[str, str]) -> str:
    text = SHIPPED
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


FEVER = ('fever = ">= 38.0", no_fever = "< 38.0"', 'fever = ">= 38.3", no_fever = "< 38.3"')


def test_a_higher_fever_says_that_the_gate_shuts_and_what_is_lost_behind_it(cartox: Cartox, tmp_path: Path) -> None:
    found = json.loads(cartox("compare", "astct-2019", edited(tmp_path, "warm.toml", FEVER), "--json").out)
    rule = found["rules"][0]
    assert (rule["old"], rule["new"]) == (4, 0)
    assert "the gate shuts: nothing behind it counts" in rule["note"]


def test_one_side_that_leaves_the_grade_open_moves_nobody(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "case.jsonl"
    grave = {
        "time_h": 40,
        "temp_c": 39,
        "hypotension": True,
        "vasopressors": 2,
        "vasopressin": False,
        "o2_device": "none",
    }
    file.write_text(json.dumps({"id": "a", "observations": [grave]}))
    told = cartox("compare", "astct-2019", "lee-2014", "-s", "crs", "--cases", str(file)).out
    assert "nobody's worst grade changes" in told
    assert "of 1 nothing can be told" in told


def test_what_was_left_out_and_what_ran_is_said(cartox: Cartox, tmp_path: Path) -> None:
    file = edited(tmp_path, "site.toml", ('id = "astct-2019"', 'id = "site"'))
    told = cartox("compare", file, file, "-s", "crs").out
    assert "not compared: icans" in told
    assert "Golden cases: none ran, for none of site is about these scales" in told


def test_a_reading_that_is_written_otherwise_is_named_and_can_be_chosen_on_both_sides(
    cartox: Cartox, tmp_path: Path
) -> None:
    start = SHIPPED.index("[reading.C1.choice.high]")
    line = SHIPPED[start:].splitlines()[2]
    file = edited(tmp_path, "draft.toml", (line, line.replace('"< 6"', '"< 5"').replace('">= 6"', '">= 5"')))
    told = " ".join(cartox("compare", "astct-2019", file).out.split())
    assert "readings written otherwise: C1 (high)" in told
    both = cartox("compare", "astct-2019", file, "--old-reading", "C1=high", "--reading", "C1=high", "--json").out
    assert [r["when"]["o2_flow_l_min"] for r in json.loads(both)["rules"]] == ["5 to below 6"]


def test_no_page_takes_the_place_of_an_input_or_of_a_file_of_cartox(cartox: Cartox, tmp_path: Path) -> None:
    approved = tmp_path / "approved.toml"
    assert cartox("compare", *HIGH, "--write-expect", str(approved)).code == 0
    before = approved.read_text(encoding="utf-8")
    scenario = tmp_path / "mine.toml"
    scenario.write_text('title = "t"\ntext = "t"\ncite = []\ntrials = ["ZUMA-1"]\n')
    for words in (
        (*HIGH, "--expect", str(approved), "--html", str(approved)),
        (*HIGH, "--scenario", str(scenario), "-n", "5", "--html", str(scenario)),
        (*HIGH, "--scenario", str(scenario), "-n", "5", "--write-expect", str(scenario), "--force"),
        (*HIGH, "--html", str(resources.files("cartox_core") / "guidelines" / "astct-2019.toml")),
    ):
        ended = cartox("compare", *words)
        assert (ended.code, ended.out) == (2, ""), words
    assert approved.read_text(encoding="utf-8") == before
    assert 'trials = ["ZUMA-1"]' in scenario.read_text(encoding="utf-8")


def test_a_signed_expectation_has_a_name_and_reasons(cartox: Cartox, tmp_path: Path) -> None:
    approved = tmp_path / "approved.toml"
    cartox("compare", *HIGH, "--write-expect", str(approved))
    assert cartox("compare", *HIGH, "--expect", str(approved)).code == 0
    ended = cartox("compare", *HIGH, "--expect", str(approved), "--signed")
    assert ended.code == 1
    assert "Not signed: approved_by is empty; 1 changes have no reason" in ended.out
    text = (
        approved.read_text(encoding="utf-8")
        .replace('approved_by = ""', 'approved_by = "we"')
        .replace('reason = ""', 'reason = "so"')
    )
    approved.write_text(text, encoding="utf-8")
    assert cartox("compare", *HIGH, "--expect", str(approved), "--signed").code == 0
    assert cartox("compare", *HIGH, "--signed").code == 2
