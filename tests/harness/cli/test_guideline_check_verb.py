"""``cartox guideline new`` and ``check``, and the group that they and ``show`` make."""

import json
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from tests.cartox_core.small_guideline import GOOD, changed
from tests.harness.cli.conftest import Cartox
from tests.harness.cli.samples import SURE, answers, lines

BROKEN = changed("hypotension = true }", "hypotensoin = true }", changed('text = "vasopressors"', 'text = "3 or more"'))
WORDY = changed('text = "vasopressors"', 'text = "3 or more"')


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", GOOD), ("broken", BROKEN), ("wordy", WORDY)):
        Path(f"{name}.toml").write_text(text, encoding="utf-8")


def test_help_shows_the_three_verbs(cartox: Cartox) -> None:
    out = cartox("guideline", "--help").out
    for verb in ("show", "new", "check", "cartox guideline check my-site.toml", PURPOSE):
        assert verb in out
    for verb in ("show", "new", "check"):
        ended = cartox("guideline", verb, "-h")
        assert (ended.code, f"cartox guideline {verb}" in ended.out, PURPOSE in ended.out) == (0, True, True)


def test_show_may_be_left_out(cartox: Cartox) -> None:
    assert cartox("guideline", "show", "mskcc-2018").out == cartox("guideline", "mskcc-2018").out
    assert cartox("guideline", "show").out == cartox("guideline").out
    assert cartox("guideline", "--json").out.startswith("[")
    Path("new").write_text(GOOD, encoding="utf-8")
    assert "A small guideline" in cartox("guideline", "./new").out
    assert cartox("guideline", "nwe").err.startswith("cartox: there is no guideline 'nwe'")
    assert cartox("guideline", "--bogus").err == "cartox: no such option: --bogus; see cartox guideline show --help\n"


def test_completion_of_the_group(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CARTOX_COMPLETE", "complete_bash")
    for typed, at, wanted in (
        ("cartox guideline ", 2, {"show", "new", "check", "astct-2019"}),
        ("cartox guideline ch", 2, {"check"}),
        ("cartox guideline ast", 2, {"astct-2019"}),
        ("cartox guideline astct-2019 --re", 3, {"--reading"}),
        ("cartox guideline --j", 2, {"--json"}),
        ("cartox guideline check lee", 3, {"lee-2014"}),
        ("cartox guideline new --from pe", 4, {"penn-2018"}),
    ):
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", str(at))
        assert wanted <= set(cartox().out.split()), typed


def test_a_sound_file(cartox: Cartox) -> None:
    ended = cartox("guideline", "check", "good.toml", "mskcc-2018")
    assert (ended.code, ended.err) == (0, "")
    first, second, *rest = ended.out.splitlines()
    assert first == "good.toml is sound: 1 scale, 9 clauses, 2 readings; every choice of every reading proven"
    assert second.startswith("mskcc-2018 is sound: 1 scale, ")
    assert rest == ["", PURPOSE]


def test_faults_are_told_by_line_and_the_code_says_whether_there_are_errors(cartox: Cartox) -> None:
    ended = cartox("guideline", "check", "broken.toml")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines()[:3] == [
        "broken.toml:70: error unknown-field pressure.g2: there is no field 'hypotensoin'; did you mean 'hypotension'?",
        'broken.toml:77: warning number pressure.many: the text says "3 or more", the test says vasopressors ≥ 2; '
        "make the text and the test say the same",
        "1 error, 1 warning in broken.toml",
    ]
    wordy = cartox("guideline", "check", "wordy.toml")
    assert (wordy.code, "wordy.toml is sound, with 1 warning: 1 scale" in wordy.out) == (0, True)
    assert cartox("guideline", "check", "wordy.toml", "--strict").code == 1
    assert cartox("guideline", "check", "good.toml", "--strict").code == 0
    assert cartox("guideline", "check", "good.toml", "broken.toml").code == 1


def test_a_byte_order_mark_is_no_fault_and_moves_no_line(cartox: Cartox) -> None:
    Path("broken.toml").write_text(BROKEN, encoding="utf-8-sig")
    Path("good.toml").write_text(GOOD, encoding="utf-8-sig")
    assert cartox("guideline", "check", "good.toml", "--strict").code == 0
    assert cartox("guideline", "check", "broken.toml").out.startswith("broken.toml:70: error unknown-field")


def test_findings_as_json(cartox: Cartox) -> None:
    ended = cartox("guideline", "check", "good.toml", "broken.toml", "--json")
    first, second = json.loads(ended.out)
    assert (ended.code, first["file"], first["line"], first["severity"]) == (1, "broken.toml", 70, "error")
    assert (first["code"], first["hint"]) == ("unknown-field", "did you mean 'hypotension'?")
    assert second["message"].startswith("pressure.many")
    assert cartox("guideline", "check", "good.toml", "--json").out == "[]\n"


def test_on_a_terminal_the_severity_has_a_colour(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.guideline_check.on_terminal", lambda: True)
    assert "broken.toml:70: \x1b[1;31merror\x1b[0m unknown-field" in cartox("guideline", "check", "broken.toml").out


def test_a_file_that_cannot_be_read_at_all(cartox: Cartox, tmp_path: Path) -> None:
    Path("latin.toml").write_bytes(b'id = "\xe9"')
    for name, words in (
        ("nothing.toml", "there is no guideline 'nothing.toml', and no such file"),
        (str(tmp_path), "is a directory; name a guideline file in it"),
        ("latin.toml", "latin.toml is no text in UTF-8"),
        ("a\0b", "there is no guideline 'a\\x00b'"),
    ):
        ended = cartox("guideline", "check", "good.toml", name)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert words in ended.err
    assert cartox("guideline", "check").err == "cartox: missing argument 'FILE...'; see cartox guideline check --help\n"


def test_a_new_file_is_written_once_and_is_sound(cartox: Cartox) -> None:
    ended = cartox("guideline", "new", "site.toml")
    assert ended.out == "site.toml is written. Change it, then: cartox guideline check site.toml\n"
    assert cartox("guideline", "check", "site.toml", "--strict").code == 0
    Path("site.toml").write_text("mine", encoding="utf-8")
    refused = cartox("guideline", "new", "site.toml")
    assert (refused.code, "site.toml is there already" in refused.err) == (2, True)
    assert Path("site.toml").read_text(encoding="utf-8") == "mine"
    assert cartox("guideline", "new", "site.toml", "--force", "--id", "st-elsewhere").code == 0
    assert 'id = "st-elsewhere"' in Path("site.toml").read_text(encoding="utf-8")


def test_a_new_file_on_standard_output(cartox: Cartox) -> None:
    """It is called after its id, as nobody knows what file it will be."""
    cartox("guideline", "new", "my-site.toml")
    written = Path("my-site.toml").read_text(encoding="utf-8")
    assert cartox("guideline", "new").out == cartox("guideline", "new", "-").out == written
    cartox("guideline", "new", "site.toml")
    assert Path("site.toml").read_text(encoding="utf-8") == written.replace("my-site.toml", "site.toml")
    copied = cartox("guideline", "new", "--from", "lee-2014").out
    assert copied.startswith("# my-site: begun from lee-2014.")


def test_a_new_file_that_cannot_be_begun(cartox: Cartox) -> None:
    for arguments, words in (
        (["--from", "astct-2018"], "there is no guideline 'astct-2018'; did you mean 'astct-2019'? on the shelf: "),
        (["--id", "a b"], "'a b' cannot be an id"),
        (["--id", "astct-2019"], "astct-2019 is on the shelf; choose another id"),
        (["no/where.toml"], "does not exist; make it first"),
        (["."], "is a directory"),
    ):
        ended = cartox("guideline", "new", *arguments)
        assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert words in ended.err


def test_sources_of_a_sites_own_are_shown_wherever_they_are_cited(cartox: Cartox) -> None:
    cartox("guideline", "new", "site.toml")
    full = "The cell therapy committee. Standard operating procedure: care after CAR T cells. Our hospital, 2026."
    assert f"our-sop: {full}" in cartox("guideline", "site.toml").out
    told = json.loads(cartox("guideline", "site.toml", "--json").out)
    assert told["sources"]["our-sop"]["where"] == "Our hospital"
    assert f"[1] {full}" in cartox("explain", "-", "-g", "site.toml", stdin=lines(SURE)).out
    assert answers(cartox("grade", "-", "-g", "site.toml", stdin=lines(SURE)).out)[0]["grades"] == [3]
    assert cartox("compare", "astct-2019", "site.toml").code == 0
