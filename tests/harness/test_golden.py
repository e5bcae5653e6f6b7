"""The golden cases: all come out, they cover the guideline, and a malformed file is refused."""

import dataclasses
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from cartox_core import Grade, Refused, guideline_ids, load, read_case
from cartox_core.bibliography import bibliography
from cartox_core.observation import OBSERVATION, PATIENT, TREATMENT
from harness import golden
from harness.golden import GoldenCase, GoldenError, check, check_all, golden_cases

EVERY = golden_cases()
CASES = tuple(case for case in EVERY if case.guideline == "astct-2019")
ASTCT = load("astct-2019")
GRADED = [case for case in CASES if case.refused is None]
RANGES = [case for case in GRADED if any(g.floor != g.ceiling for g in case.expect or ())]
SHIPPED = (resources.files("cartox_core") / "guidelines" / "astct-2019.toml").read_text(encoding="utf-8")
FILES = sorted({case.file for case in EVERY})
BY_FILE = pytest.mark.parametrize("file", FILES)


def cases_of(file: str) -> list[GoldenCase]:
    return [case for case in EVERY if case.file == file]


BY_GUIDELINE = pytest.mark.parametrize("guideline", guideline_ids())


def with_nulls(case: GoldenCase) -> GoldenCase:
    """The same case with every field that it leaves out written as null."""

    def filled(table: Any, names: Any) -> Any:
        return {**dict.fromkeys(names), **table} if isinstance(table, dict) else table

    raw: dict[str, Any] = {"treatments": None, **case.raw}
    if isinstance(raw.get("patient", {}), dict):
        raw["patient"] = filled(raw.get("patient", {}), PATIENT)
    for key, names in (("observations", OBSERVATION), ("treatments", TREATMENT)):
        if isinstance(raw.get(key), list):
            raw[key] = [filled(row, names) for row in raw[key]]
    return dataclasses.replace(case, raw=raw)


@BY_FILE
def test_every_case_comes_out(file: str) -> None:
    assert [str(failure) for case in cases_of(file) if (failure := check(case))] == []


@BY_FILE
def test_null_means_the_same_as_absent(file: str) -> None:
    assert [str(failure) for case in cases_of(file) if (failure := check(with_nulls(case)))] == []


def test_all_cases_hold_for_the_shelf_at_once() -> None:
    assert check_all("astct-2019", CASES) == []


def test_there_are_cases_of_every_kind() -> None:
    assert len(CASES) > 250
    assert len(RANGES) > 40
    assert {case.scale for case in CASES} == {"crs", "icans"}
    assert sum(case.refused is not None for case in CASES) > 40
    assert sum(case.summary is not None for case in CASES) > 15
    assert {grade.floor for case in GRADED for grade in case.expect or ()} == set(range(6))


# ------------------------------------------------------------------------------------------------ coverage


def clause_ids(guideline: str) -> set[str]:
    """Every clause of the file, under whichever reading it stands."""
    raw = tomllib.loads((resources.files("cartox_core") / "guidelines" / f"{guideline}.toml").read_text("utf-8"))
    gates = {clause["id"] for scale in raw["scale"].values() for clause in scale.get("gate", [])}
    domains = [domain for scale in raw["scale"].values() for domain in scale["domain"]]
    return gates | {clause["id"] for domain in domains for clause in domain["clause"]}


@BY_GUIDELINE
def test_every_clause_is_named_by_a_case_and_no_other(guideline: str) -> None:
    named = {name for case in EVERY if case.guideline == guideline for name in case.clauses}
    assert named == clause_ids(guideline)


@pytest.mark.parametrize(
    ("guideline", "reading"),
    [(g, r) for g in guideline_ids() for r in load(g).readings.values()],
    ids=lambda x: x if isinstance(x, str) else x.id,
)
def test_every_choice_of_a_reading_has_a_case_that_the_default_grades_otherwise(guideline: str, reading: Any) -> None:
    """The same observations under the default stand beside them, and come out otherwise."""
    graded = [case for case in EVERY if case.guideline == guideline and case.refused is None]
    plain = [case for case in graded if not case.readings]
    for choice in reading.choices:
        if choice == reading.default:
            continue
        asked = [case for case in graded if dict(case.readings) == {reading.id: choice}]
        assert asked, choice
        pairs = [(a, b) for a in asked for b in plain if (a.scale, dict(a.raw)) == (b.scale, dict(b.raw))]
        assert any(a.expect != b.expect for a, b in pairs), choice


@BY_FILE
def test_a_case_says_why_it_exists_whence_it_is_and_what_a_wrong_grade_does(file: str) -> None:
    for case in cases_of(file):
        assert case.why.strip().endswith((".", "?")), case.id
        assert case.effect.strip(), case.id
        assert case.source, case.id
        assert {source.split(" ")[0] for source in case.source} <= set(bibliography()), case.id
        assert set(case.readings) <= set(load(case.guideline).readings), case.id
        if case.refused is None:
            assert case.clauses, case.id
            whole = load(case.guideline).scale(case.scale).is_whole
            assert len(case.expect or ()) == (1 if whole else len(case.raw["observations"])), case.id


# ------------------------------------------------------------------------------------------------ it can fail


def a_case(**other: Any) -> GoldenCase:
    """A patient with a fever and one vasopressor, CRS grade 3."""
    observation = {"time_h": 48, "temp_c": 39.0, "hypotension": True, "vasopressors": 1, "vasopressin": False,
                   "o2_device": "none"}  # fmt: skip
    case = GoldenCase(
        id="x-001", guideline="astct-2019", scale="crs", why="w.", source=(), effect="e", clauses=(),
        raw={"observations": [observation]}, readings={}, expect=(Grade(3, 3),), refused=None, summary=None,
        file="x.toml",
    )  # fmt: skip
    return dataclasses.replace(case, **other)


@pytest.mark.parametrize(
    ("other", "expected", "got"),
    [
        ({"expect": (Grade(2, 2),)}, "2", "3"),
        ({"expect": (Grade(2, 3),)}, "2–3", "3"),
        ({"expect": (Grade(3, 3), Grade(0, 0))}, "3, 0", "3"),
        ({"expect": None, "refused": "temp_c"}, "refused for temp_c", "3"),
        ({"raw": {"observations": [{"time_h": 1, "temp_f": 101}]}}, "3", "refused for temp_f"),
        ({"raw": {"observations": []}, "expect": None, "refused": "x"}, "refused for x", "refused for observations"),
        ({"summary": {"peak": 3, "peak_h": 48, "onset_h": 47}}, "3; {'peak': 3, 'peak_h': 48, 'onset_h': 47}", "3; {"),
        ({"summary": {"peak": 3}}, "3; {'peak': 3}", "3; {"),
    ],
)  # fmt: skip
def test_a_case_that_comes_out_otherwise_says_how(other: dict[str, Any], expected: str, got: str) -> None:
    failure = check(a_case(**other))
    assert failure is not None
    assert failure.expected == expected
    assert failure.got.startswith(got)
    assert str(failure) == f"x-001: expected {expected}, got {failure.got} (w.)"


def test_a_case_comes_out_with_its_summary_and_is_refused_for_its_field() -> None:
    assert check(a_case()) is None
    assert check(a_case(summary={"onset_h": 48, "peak": 3, "peak_h": 48})) is None
    assert check(a_case(raw={"observations": [{"time_h": 1, "temp_f": 101}]}, expect=None, refused="temp_f")) is None


def test_a_refusal_is_for_the_field_named_by_the_core() -> None:
    for case in CASES:
        if case.refused:
            with pytest.raises(Refused) as refused:
                read_case(case.raw)
            assert case.refused in {fault.field for fault in refused.value.faults}, case.id


def edited(tmp_path: Path, old: str, new: str) -> str:
    """A copy of the guideline with one thing changed and the same id."""
    assert SHIPPED.count(old) == 1
    file = tmp_path / "edited.toml"
    file.write_text(SHIPPED.replace(old, new), encoding="utf-8")
    return str(file)


def test_an_edited_guideline_fails_the_cases_of_what_was_edited(tmp_path: Path) -> None:
    unchanged = edited(tmp_path, 'default = "low"', 'default = "low" ')
    assert check_all(unchanged, CASES) == []
    changed = edited(
        tmp_path, 'when = { age_years = "$adult", ice = "3..6" }', 'when = { age_years = "$adult", ice = "4..6" }'
    )
    with_gap = check_all(changed, CASES[:3])  # ICE 3 has no clause any more
    assert {f.expected for f in with_gap} == {"a grade"}
    assert all("ice" in f.got for f in with_gap)


def test_an_edited_grade_names_the_cases_it_breaks(tmp_path: Path) -> None:
    changed = edited(tmp_path, 'id = "crs.hypoxia.blow_by"\ngrade = 2', 'id = "crs.hypoxia.blow_by"\ngrade = 3')
    broken = {failure.case.id for failure in check_all(changed, CASES)}
    assert broken
    named = {case.id for case in CASES if "crs.hypoxia.blow_by" in case.clauses}
    assert broken & named
    assert all(case.scale == "crs" for case in CASES if case.id in broken)


def test_a_guideline_without_a_reading_fails_the_cases_that_ask_for_it() -> None:
    case = a_case(readings={"C99": "high"})
    (failure,) = check_all("astct-2019", (a_case(), case))
    assert (failure.case, failure.expected) == (case, "a grade")
    assert "no reading 'C99'" in failure.got


# ------------------------------------------------------------------------------------------------ files

HEAD = 'guideline = "astct-2019"\nscale = "crs"\n'
WHOLE = """
[[case]]
id = "a-001"
why = "why."
source = ["lee-2019"]
effect = "effect"
clauses = ["crs.gate.fever"]
observations = [{ time_h = 1, temp_c = 39.0 }]
expect = ["1..4"]
"""


def written(tmp_path: Path, text: str | bytes, name: str = "a.toml") -> Path:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return tmp_path


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    (case,) = golden_cases(written(tmp_path, HEAD + WHOLE))
    assert (case.id, case.file, case.expect) == ("a-001", "a.toml", (Grade(1, 4),))
    assert (case.readings, case.refused, case.summary) == ({}, None, None)
    assert check(case) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + WHOLE + "x = ", "a.toml: TOMLDecodeError"),
        (b"\xff\xfe", "a.toml: UnicodeDecodeError"),
        (HEAD, "a.toml: KeyError: 'case'"),
        (HEAD + "case = 3", "a.toml: TypeError"),
        (HEAD + "case = [3]", "a.toml: TypeError"),
        (HEAD + 'case = ["x"]', "a.toml: "),
        (WHOLE, "a.toml: KeyError: 'guideline'"),
        (HEAD + WHOLE.replace('id = "a-001"', ""), "a.toml: KeyError: 'id'"),
        (HEAD + WHOLE.replace('why = "why."', ""), "a.toml: KeyError: 'why'"),
        (HEAD + WHOLE.replace('effect = "effect"', 'efect = "effect"'), "a.toml: a-001: unknown key efect"),
        (HEAD + WHOLE.replace('expect = ["1..4"]', ""), "a.toml: a-001: write expect or refused, one of them"),
        (HEAD + WHOLE + 'refused = "temp_c"', "a.toml: a-001: write expect or refused, one of them"),
        (HEAD + WHOLE.replace('"1..4"', '"1-4"'), "a.toml: ValueError"),
        (HEAD + WHOLE.replace('["1..4"]', "3"), "a.toml: TypeError"),
        (HEAD + WHOLE.replace('"1..4"', "true"), "a.toml: ValueError"),
        (HEAD + WHOLE + WHOLE, "golden ids stand twice: a-001"),
    ],
)
def test_a_malformed_file_is_refused_by_name(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(GoldenError) as error:
        golden_cases(written(tmp_path, text))
    assert str(error.value).startswith(told)


def test_an_id_stands_once_in_all_files(tmp_path: Path) -> None:
    written(tmp_path, HEAD + WHOLE, "b.toml")
    with pytest.raises(GoldenError, match="golden ids stand twice: a-001"):
        golden_cases(written(tmp_path, HEAD + WHOLE))


def test_a_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldenError, match="holds no golden cases"):
        golden_cases(tmp_path)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(GoldenError, match=r"a\.toml: IsADirectoryError"):
        golden_cases(tmp_path)


def test_a_wheel_holds_the_cases_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert golden.golden_dir().name == "golden"
    (tmp_path / "golden_cases").mkdir()
    monkeypatch.setattr(golden, "__file__", str(tmp_path / "golden.py"))
    assert golden.golden_dir() == tmp_path / "golden_cases"
