"""``cartox compare --expect`` and ``--write-expect``: the approved difference in a file, and what differs otherwise."""

import json
import tomllib
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox
from tests.harness.cli.test_compare_verb import SHIPPED, draft

BLOW_BY = 'id = "crs.hypoxia.blow_by"\ngrade = 2'


@pytest.fixture
def new(tmp_path: Path) -> str:
    return draft(tmp_path, BLOW_BY, BLOW_BY.replace("2", "3"))


@pytest.fixture
def approved(cartox: Cartox, new: str, tmp_path: Path) -> Path:
    file = tmp_path / "approved.toml"
    ended = cartox("compare", "astct-2019", new, "--write-expect", str(file))
    assert (ended.code, ended.err) == (0, "")
    assert f"Then: cartox compare astct-2019 {new} --expect {file}" in ended.out
    return file


def test_a_draft_names_what_changes_and_waits_for_reasons(approved: Path) -> None:
    read = tomllib.loads(approved.read_text(encoding="utf-8"))
    assert (read["old"], read["new"], read["approved_by"]) == ("astct-2019", "astct-2019", "")
    assert read["rule"] == [
        {
            "scale": "crs",
            "when": {"o2_device": "blow_by", "oxygen_other_cause": "no"},
            "old": 2,
            "new": 3,
            "clauses_old": ["crs.hypoxia.blow_by"],
            "clauses_new": ["crs.hypoxia.blow_by"],
            "reason": "",
        }
    ]


def test_what_was_approved_is_met_with_a_note_where_a_reason_is_missing(
    cartox: Cartox, new: str, approved: Path
) -> None:
    ended = cartox("compare", "astct-2019", new, "--expect", str(approved))
    assert (ended.code, ended.err) == (0, "")
    assert f"Expected difference {approved}: met (1 rule, nobody is named who approved it)" in ended.out
    assert "Note: 1 change of it without a reason." in ended.out
    text = approved.read_text(encoding="utf-8").replace('approved_by = ""', 'approved_by = "the board"')
    approved.write_text(text.replace('reason = ""', 'reason = "as we do it"'), encoding="utf-8")
    ended = cartox("compare", "astct-2019", new, "--expect", str(approved))
    assert "met (1 rule, approved by the board)" in ended.out
    assert "Note" not in ended.out
    found = json.loads(cartox("compare", "astct-2019", new, "--expect", str(approved), "--json").out)
    assert (found["ok"], found["expectation"]["met"], found["expectation"]["approved_by"]) == (True, True, "the board")
    assert json.loads(cartox("compare", "astct-2019", new, "--json").out)["ok"] is True


def test_both_what_is_more_and_what_is_not_so_are_told_with_exit_code_1(
    cartox: Cartox, approved: Path, tmp_path: Path
) -> None:
    other = draft(tmp_path, 'id = "crs.hypoxia.low_flow"\ngrade = 2', 'id = "crs.hypoxia.low_flow"\ngrade = 3')
    ended = cartox("compare", "astct-2019", other, "--expect", str(approved))
    assert (ended.code, ended.err) == (1, "")
    told = " ".join(ended.out.split())
    assert f"Expected difference {approved}: NOT met" in told
    verdict = told.partition("NOT met")[2]
    assert "Not approved, crs (1): when grade by, in OLD" in verdict
    assert "crs.hypoxia.low_flow" in verdict
    assert "Approved, but not so, crs (1): when approved now in the file" in verdict
    assert "o2_device blow_by, oxygen_other_cause no 2 → 3 2 in both rule 1" in verdict
    found = cartox("compare", "astct-2019", other, "--expect", str(approved), "--json")
    verdict = json.loads(found.out)
    assert (found.code, verdict["ok"], verdict["expectation"]["met"]) == (1, False, False)
    (more,), (not_so,) = verdict["expectation"]["not_approved"], verdict["expectation"]["not_so"]
    assert (more["clauses_new"], more["witness"] is None) == (["crs.hypoxia.low_flow"], False)
    assert (not_so["rule"], not_so["approved"], not_so["now"]) == (1, "2 → 3", "2 in both")


def test_a_draft_of_no_difference_is_a_file_too(cartox: Cartox) -> None:
    ended = cartox("compare", "lee-2014", "lee-2014", "--write-expect", "-")
    assert (ended.code, tomllib.loads(ended.out)["old"]) == (0, "lee-2014")
    assert "rule" not in tomllib.loads(ended.out)
    ended = cartox("compare", "lee-2014", "lee-2014", "--expect", "-", stdin=ended.out.encode())
    assert (ended.code, ended.err) == (0, "")
    assert "Expected difference stdin: met (0 rules" in ended.out


def test_a_draft_overwrites_nothing_unless_forced(cartox: Cartox, new: str, approved: Path) -> None:
    before = approved.read_text(encoding="utf-8")
    ended = cartox("compare", "astct-2019", "astct-2019", "--write-expect", str(approved))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"cartox: {approved} exists; name a new file, or add --force to overwrite it\n"
    assert approved.read_text(encoding="utf-8") == before
    assert cartox("compare", "astct-2019", "astct-2019", "--write-expect", str(approved), "--force").code == 0
    assert "[[rule]]" not in approved.read_text(encoding="utf-8")
    ended = cartox("compare", "astct-2019", new, "--write-expect", new, "--force")
    assert (ended.code, "is something else of this command" in ended.err) == (2, True)


def test_a_vanished_clause_is_told_plainly(cartox: Cartox, approved: Path, tmp_path: Path) -> None:
    renamed = draft(tmp_path, BLOW_BY, 'id = "crs.hypoxia.blowby"\ngrade = 3')
    ended = cartox("compare", "astct-2019", renamed, "--expect", str(approved))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"cartox: {approved}: rule 1 names the clause crs.hypoxia.blow_by, which NEW (astct-2019) no longer has; "
        "did you mean 'crs.hypoxia.blowby'?\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--expect", "a", "--write-expect", "b"), "choose one of them"),
        (("--force",), "--force lets --write-expect overwrite a file"),
        (("--json", "--write-expect", "-"), "both go to standard output"),
        (("--expect", "-", "--cases", "-"), "both to be read from standard input"),
        (("--expect", "nowhere.toml"), "there is no file nowhere.toml"),
        (("--expect", "."), ". is a directory; name a file in it"),
        (("--write-expect", "no/where.toml"), "does not exist; make it first, or write elsewhere"),
        (("--write-expect", "."), ". is a directory; name a file in it"),
    ],
)
def test_what_is_wrongly_asked_for_is_one_line_and_exit_code_2(
    cartox: Cartox, words: tuple[str, ...], said: str
) -> None:
    ended = cartox("compare", "lee-2014", "lee-2014", *words)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "old: field required"),
        (b"\xff\xfeo", "UTF-16"),
        (b'old = "\xe9"', "no text in UTF-8; an expectation is a TOML file"),
        (b"[[[", "not TOML"),
        (b"a = " + b"[" * 5000, "not TOML"),
        (b'old = "lee-2014"\nnew = "penn-2018"', "it is about lee-2014 → penn-2018, and lee-2014 → lee-2014"),
    ],
)
def test_nonsense_is_one_line_and_exit_code_2(cartox: Cartox, data: bytes, said: str) -> None:
    ended = cartox("compare", "lee-2014", "lee-2014", "--expect", "-", stdin=data)
    assert (ended.code, ended.out, said in ended.err) == (2, "", True), ended.err
    assert ended.err.count("\n") == 1


def test_an_approved_rule_is_not_met_by_a_gate_that_shuts(cartox: Cartox, tmp_path: Path) -> None:
    """The fever's own grade falls, as approved; but now whatever is behind the gate falls with it."""
    start = SHIPPED.index('id = "crs.fever.g1"')
    end = SHIPPED.index('id = "crs.fever.other"')
    fever = SHIPPED[start:end].replace('"$fever"', '">= 38.5"').replace('"$no_fever"', '"< 38.5"')
    domain = SHIPPED[:start] + fever + SHIPPED[end:]
    at = domain.index('id = "crs.gate.fever"')
    gate = domain[:at] + domain[at:].replace('"$fever"', '">= 38.5"', 1)
    for name, changed in (("a.toml", domain), ("b.toml", gate)):
        (tmp_path / name).write_text(changed, encoding="utf-8")
    words = ("compare", "astct-2019", str(tmp_path / "a.toml"), "-s", "crs")
    assert cartox(*words, "--write-expect", str(tmp_path / "e.toml")).code == 0
    assert cartox(*words, "--expect", str(tmp_path / "e.toml")).code == 0
    ended = cartox("compare", "astct-2019", str(tmp_path / "b.toml"), "-s", "crs", "--expect", str(tmp_path / "e.toml"))
    assert ended.code == 1
    assert "the gate shuts, 4 → 0" in " ".join(ended.out.split())


def test_a_clause_of_another_scale_is_refused(cartox: Cartox, tmp_path: Path) -> None:
    file = tmp_path / "e.toml"
    words = ("compare", "astct-2019", "astct-2019", "--reading", "C1=high")
    cartox(*words, "--write-expect", str(file))
    text = file.read_text(encoding="utf-8").replace(
        'clauses_new = ["crs.hypoxia.high_flow"]', 'clauses_new = ["icans.ice.g1"]'
    )
    file.write_text(text, encoding="utf-8")
    ended = cartox(*words, "--expect", str(file))
    assert (ended.code, ended.out) == (2, "")
    assert "names the clause icans.ice.g1, which NEW (astct-2019) no longer has" in ended.err
