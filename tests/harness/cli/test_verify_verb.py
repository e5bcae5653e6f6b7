"""``verify`` and ``cases``: options, messages, files and exit codes."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cartox_core import load
from harness.cli.wire import Grader
from tests.harness.cli.conftest import Cartox

ANIMAL = "call:harness.verify.zoo.herd:{}"
QUICK = ("--suite", "core", "--effect", "0", "--seed", "1")
CORE = Grader([load("astct-2019")], "0")


@pytest.mark.slow
def test_a_wrong_grader_is_reported_in_every_form(cartox: Cartox, tmp_path: Path) -> None:
    folder, extra = tmp_path / "verdict", tmp_path / "extra.json"
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--report", str(folder), "--json", str(extra))
    assert (ended.code, ended.err) == (1, "")
    assert "crs.hypoxia.positive_pressure" in ended.out
    assert {p.name for p in folder.iterdir()} == {"report.html", "verdict.json", "junit.xml", "badge.svg"}
    assert json.loads(extra.read_text())["verdict"] == "nonconformant"
    assert extra.read_text() == (folder / "verdict.json").read_text()


@pytest.mark.slow
def test_json_alone_on_stdout(cartox: Cartox) -> None:
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--scale", "crs", "--json", "-")
    assert json.loads(ended.out)["suite"]["scales"] == ["crs"]


@pytest.mark.slow
def test_one_case_again(cartox: Cartox) -> None:
    ended = cartox("verify", ANIMAL.format("BipapIs3"), "--case", "crs/golden/crs-hypoxia-003")
    assert ended.code == 1
    assert "1 of 1 case is wrong" in ended.out
    right = cartox("verify", ANIMAL.format("BipapIs3"), "--case", "crs/golden/crs-hypoxia-001")
    assert "Conformant: every answer is right, to 1 case" in right.out


@pytest.mark.slow
def test_a_deviation_that_a_reading_explains_names_it_and_is_right_under_it(cartox: Cartox) -> None:
    strange = ANIMAL.format("SixIsHighFlow")
    assert "--reading C1=high" in cartox("verify", strange, *QUICK).out
    assert cartox("verify", strange, *QUICK, "--reading", "C1=high").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "name the grader, as in cartox verify cmd:'node grader.js'"),
        (("grader.js",), 2, "did you mean cmd:'node grader.js'?"),
        (("ftp:x",), 2, "a grader is named call:package.module:function"),
        (("rows:nothing.csv",), 2, "nothing.csv cannot be read: no such file or directory"),
        (("cmd:no-such-program-here",), 3, "there is no program 'no-such-program-here'"),
        (("call:harness.nothing:grade",), 3, "cannot be imported"),
        (("http://127.0.0.1:9",), 3, "http://127.0.0.1:9"),
        ((ANIMAL.format("BipapIs3"), "--case", "crs/edge/x"), 2, "there is no case crs/edge/x"),
        ((ANIMAL.format("BipapIs3"), "--trial", "ZUMA-99"), 2, "there is no trial 'ZUMA-99'"),
        ((ANIMAL.format("BipapIs3"), "--scale", "crp"), 2, "crp"),
        ((ANIMAL.format("BipapIs3"), "--reading", "C1=middling"), 2, "C1"),
        ((ANIMAL.format("BipapIs3"), "--known", "nothing.toml"), 2, "nothing.toml cannot be read"),
        ((ANIMAL.format("BipapIs3"), "--map", "nothing.toml"), 2, "nothing.toml cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(cartox: Cartox, arguments: tuple[str, ...], code: int, message: str) -> None:
    ended = cartox("verify", *arguments)
    assert ended.code == code
    assert message in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert "Traceback" not in ended.err


def test_files_are_checked_before_the_work(cartox: Cartox, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "precious").write_text("x")
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--report", str(full))
    assert (ended.code, (full / "precious").read_text()) == (2, "x")
    twice = str(tmp_path / "out.xml")
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--junit", twice, "--json", twice)
    assert "is named for two reports" in ended.err


@pytest.mark.slow
def test_known_failures_end_well_until_their_day(cartox: Cartox, tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    entry = '[[accepted]]\nclause = "crs.hypoxia.positive_pressure"\nreason = "ticket 1"\nuntil = {}\n'
    known.write_text(entry.format("2999-01-01"))
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--known", str(known))
    assert (ended.code, " accepted." in ended.out) == (0, True)
    other = cartox("verify", ANIMAL.format("BipapIs3"), "--case", "crs/golden/crs-hypoxia-001", "--known", str(known))
    assert (other.code, "stale" in other.out) == (0, False)
    known.write_text(entry.format("2020-01-01"))
    ended = cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--known", str(known))
    assert (ended.code, "expired: clause crs.hypoxia.positive_pressure (ticket 1" in ended.out) == (1, True)
    known.write_text("[[accepted]]\nclaus = 1\n")
    assert cartox("verify", ANIMAL.format("BipapIs3"), *QUICK, "--known", str(known)).code == 2


@pytest.mark.slow
def test_the_suite_shows_its_sight(cartox: Cartox) -> None:
    ended = cartox("verify", "--self-test", "--suite", "core")
    assert ended.code == 0
    assert "wrong grader of the zoo" in ended.out
    assert "mutants of the guideline" in ended.out
    assert ended.out.rstrip().endswith("The suite sees what it should.")


def answered(text: str, form: str) -> str:
    """A file of cases with the grades of the core."""
    if form == "jsonl":
        return "".join(json.dumps(CORE.grade(json.loads(line))) + "\n" for line in text.splitlines())
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO()
    table = csv.DictWriter(out, ["id", "scale", "grade"], lineterminator="\n")
    table.writeheader()
    for name in dict.fromkeys(row["id"] for row in rows):
        mine = [row for row in rows if row["id"] == name]
        for grade in grades_of(mine):
            table.writerow({"id": name, "scale": mine[0]["scale"], "grade": grade})
    return out.getvalue()


def grades_of(rows: list[dict[str, str]]) -> list[Any]:
    """What stands in the column ``grade`` for one case; a range is left empty."""
    patient = {"age_years": float(rows[0]["age_years"])} if rows[0].get("age_years") else {}
    if rows[0].get("weight_kg"):
        patient["weight_kg"] = float(rows[0]["weight_kg"])
    skip = {"id", "guideline", "scale", "grade", "age_years", "weight_kg", "treatments"}
    observations = [{k: value_of(v) for k, v in row.items() if k not in skip and v} for row in rows]
    given = [
        dict(zip(("time_h", "drug", "dose"), map(value_of, t.split(" ")), strict=False))
        for t in rows[0]["treatments"].split(";")
        if t
    ]
    case = {"id": "x", "patient": patient, "observations": observations, "treatments": given}
    answer = CORE.grade({**case, "guideline": "astct-2019", "scale": rows[0]["scale"]})
    if answer["status"] == "refused":
        return ["refused"] * len(rows)
    return [grade if isinstance(grade, int) else "" for grade in answer["grades"]]  # type: ignore[union-attr]


def value_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.mark.slow
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_cases_on_paper_come_back_and_are_judged(cartox: Cartox, tmp_path: Path, form: str) -> None:
    cases, graded = tmp_path / f"cases.{form}", tmp_path / f"graded.{form}"
    ended = cartox("cases", "--suite", "core", "--seed", "3", "--out", str(cases))
    assert (ended.code, "cases written to" in ended.out) == (0, True)
    graded.write_text(answered(cases.read_text(), form))
    ended = cartox("verify", f"rows:{graded}")
    assert (ended.code, ended.out.count("Conformant")) == (0, 1), ended.out + ended.err
    lines = graded.read_text().splitlines(keepends=True)
    last = re.findall(r"(?:csv|jsonl)-core-[\w+-]+", lines[-1])[0]
    graded.write_text("".join(line for line in lines if last not in line))
    ended = cartox("verify", f"rows:{graded}")
    assert (ended.code, "not answered" in ended.out) == (3, True)
    digest = ended.out.partition("digest ")[2][:16]
    graded.write_text("".join(lines).replace(digest, "0123456789abcdef"))
    ended = cartox("verify", f"rows:{graded}")
    assert ended.code == 2
    assert f"cartox cases --scale crs --scale icans --suite core --seed 3 --patients 0 --out cases.{form}" in ended.err


@pytest.mark.slow
def test_cases_of_one_scale_need_no_option_to_be_judged_and_are_never_overwritten(
    cartox: Cartox, tmp_path: Path
) -> None:
    cases = tmp_path / "cases.jsonl"
    ended = cartox("cases", "--suite", "core", "--scale", "crs", "--reading", "C1=high", "--out", str(cases))
    assert f"then: cartox verify rows:{cases} --reading C1=high" in ended.out
    assert "is there already" in cartox("cases", "--suite", "core", "--out", str(cases)).err
    high = Grader([load("astct-2019", {"C1": "high"})], "0")
    answers = [high.grade(json.loads(line)) for line in cases.read_text().splitlines()]
    cases.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    assert cartox("verify", f"rows:{cases}", "--reading", "C1=high").code == 0
    asked = cartox("verify", f"rows:{cases}", "--reading", "C1=high", "--case", "crs/golden/crs-hypoxia-003")
    assert (asked.code, "hour" in asked.out) == (0, True)


@pytest.mark.slow
def test_a_case_that_must_be_refused_can_be_asked_again(cartox: Cartox) -> None:
    ended = cartox("verify", ANIMAL.format("NoInputCheck"), "--case", "crs/golden/refusal-forms-001")
    assert (ended.code, ended.err) == (1, "")
    assert "invalid input must be refused" in ended.out


@pytest.mark.slow
def test_a_scale_that_is_not_graded_is_told_as_one_fault(cartox: Cartox, tmp_path: Path, monkeypatch: Any) -> None:
    text = "from harness.cli.wire import Grader\nfrom cartox_core import load\nG = Grader([load('astct-2019')], '0')\n"
    text += "def grade(m):\n    a = G.grade(m)\n    if m['scale'] == 'icans' and a['status'] == 'graded':\n"
    text += "        a['grades'] = [0] * len(m['observations'])\n    return a\n"
    (tmp_path / "crs_alone.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    ended = cartox("verify", "call:crs_alone:grade", *QUICK)
    assert ended.code == 1
    first = ended.out[ended.out.index("What is broken") :].splitlines()[2]
    assert first == "  icans: every answer is 0; does it grade icans at all?"
    assert "It declares no scales, so all were asked; to ask one: --scale crs" in ended.out


@pytest.mark.slow
def test_cases_are_listed_and_a_file_is_asked_for(cartox: Cartox, tmp_path: Path) -> None:
    listed = cartox("cases", "--list", "--suite", "core", "--scale", "crs").out.splitlines()
    assert 100 < len(listed) <= 500
    assert all("\t" in line for line in listed)
    assert cartox("cases").code == 2
    assert "cases.csv or --out cases.jsonl" in cartox("cases", "--out", str(tmp_path / "cases.xlsx")).err
