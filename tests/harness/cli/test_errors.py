"""Help, version, completion, and the one line for everything that is wrong."""

import os
import sys
from pathlib import Path

import pytest

from harness.cli.app import PURPOSE
from tests.harness.cli.conftest import Cartox


@pytest.mark.parametrize("verb", ["grade", "explain", "guideline", "grader", "schema", "score"])
def test_help_has_examples_and_the_purpose(cartox: Cartox, verb: str) -> None:
    for flag in ("--help", "-h"):
        ended = cartox(verb, flag)
        assert (ended.code, ended.err) == (0, "")
        assert "Examples" in ended.out
        assert f"cartox {verb}" in ended.out
        assert PURPOSE in ended.out


def test_the_program_says_what_it_is_never_for(cartox: Cartox) -> None:
    for arguments in ([], ["--help"]):
        ended = cartox(*arguments)
        assert ended.code == 0
        assert "NEVER for treating patients" in " ".join(ended.out.split())
    assert cartox("--version").out.startswith("cartox ")


def test_completion_knows_the_verbs_and_the_shelf(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_CARTOX_COMPLETE", "complete_bash")
    for typed, at, wanted in (("cartox gu", 1, "guideline"), ("cartox grade -g ast", 3, "astct-2019"),
                              ("cartox score car-h", 2, "car-hematotox")):  # fmt: skip
        monkeypatch.setenv("COMP_WORDS", typed)
        monkeypatch.setenv("COMP_CWORD", str(at))
        assert wanted in cartox().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade"], "missing argument 'FILE'; see cartox grade --help"),
        (["grade", "{cases}", "more"], "unexpected extra argument"),
        (["grade", "--scal", "crs", "{cases}"], "no such option: --scal (Possible options: --scale)"),
        (["grad", "{cases}"], "Did you mean"),
        (["grade", "{tmp}/case.jsonl"], "there is no file {tmp}/case.jsonl; did you mean {tmp}/cases.jsonl?"),
        (["grade", "{tmp}/no/such/thing"], "there is no file {tmp}/no/such/thing\n"),
        (["grade", "{tmp}"], "{tmp} is a directory of no format that is known"),
        (["explain", "{tmp}"], "{tmp} is a directory"),
        (["grade", "a\0b"], "a\0b cannot be read: embedded null byte"),
        (["grade", "{tmp}/empty"], "{tmp}/empty holds no case"),
        (["grade", "{tmp}/blank"], "{tmp}/blank holds no case"),
        (["grade", "{tmp}/binary"], "{tmp}/binary holds binary data"),
        (["grade", "{tmp}/gzip"], "{tmp}/gzip is compressed; unpack it first"),
        (["grade", "{tmp}/utf16"], "{tmp}/utf16 is UTF-16; save it as UTF-8"),
        (
            ["grade", "{cases}", "-g", "astct-2018"],
            "there is no guideline 'astct-2018', and no such file; did you mean 'astct-2019'?",
        ),
        (["grade", "{cases}", "-g", "{tmp}"], "{tmp} is a directory; name a guideline file in it"),
        (["grade", "{cases}", "-g", "{tmp}/binary"], "binary is no text in UTF-8; a guideline is a TOML file"),
        (["grade", "{cases}", "-g", "{cases}"], "not TOML"),
        (["grade", "{cases}", "-s", "crss"], "astct-2019 has no scale 'crss'; it has crs, icans"),
        (["grade", "{cases}", "-r", "C1"], "a reading is written NAME=CHOICE, as in --reading C1=high; got 'C1'"),
        (["grade", "{cases}", "-r", "C1=hi"], "reading C1 has no choice 'hi'; it has low, high"),
        (["grade", "{cases}", "-r", "Q1=low"], "there is no reading 'Q1'"),
        (["grade", "{cases}", "-r", "C1=low", "-r", "C1=high"], "reading C1 is asked to be both low and high"),
        (["explain", "{cases}", "-s", "x"], "has no scale 'x'"),
        (["guideline", "astct"], "did you mean 'astct-2019'"),
        (["grader", "-g", "astct"], "did you mean 'astct-2019'"),
        (["schema", "--out", "{tmp}"], "{tmp} cannot be written: is a directory"),
        (["schema", "--out", "{tmp}/no/where"], "{tmp}/no/where cannot be written: no such file or directory"),
    ],
)
def test_each_error_is_one_line_that_says_what_to_do(
    cartox: Cartox, cases: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    contents = {
        "empty": b"",
        "blank": b"\n\n",
        "binary": b"{\x00\xff}",
        "gzip": b"\x1f\x8b\x08",
        "utf16": "{}".encode("utf-16"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    ended = cartox(*(a.format(tmp=tmp_path, cases=cases) for a in arguments))
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert ended.err.startswith("cartox: ")
    assert words.format(tmp=tmp_path, cases=cases) in ended.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(cartox: Cartox, cases: Path) -> None:
    cases.chmod(0)
    assert cartox("grade", str(cases)).err == f"cartox: {cases} cannot be read: permission denied\n"


def test_reading_may_fail_on_the_way(cartox: Cartox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def failing(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("harness.cli.streams.os.read", failing)
    assert "standard input cannot be read: input/output error" in cartox("grader").err
    ended = cartox("grade", "/proc/self/mem")
    assert (ended.code, "/proc/self/mem cannot be read" in ended.err) == (2, sys.platform == "linux")


def test_a_fault_of_ours_has_its_own_code(cartox: Cartox, cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.grade.EntryBook", None)
    ended = cartox("grade", str(cases))
    assert (ended.code, "a fault of cartox itself, TypeError" in ended.err) == (4, True)


@pytest.mark.parametrize("error", [BrokenPipeError(), KeyboardInterrupt()])
def test_some_ends_are_silent(
    cartox: Cartox, cases: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def ending(*_: object) -> None:
        raise error

    monkeypatch.setattr("harness.cli.grade.EntryBook", ending)
    ended = cartox("grade", str(cases))
    assert (ended.code, ended.err) == (130 if isinstance(error, KeyboardInterrupt) else 141, "")
