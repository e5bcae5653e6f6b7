"""--keep and --resume: what is refused, each in one line that says what to do."""

import shutil
from pathlib import Path

import pytest

from tests.harness.cli.conftest import Cartox

FEW = ("run", "zuma-1", "--patients", "20", "--workers", "1")


def test_resume_needs_what_was_kept(cartox: Cartox) -> None:
    ended = cartox(*FEW, "--resume")
    assert ended.code == 2 and "give --keep DIR as well" in ended.err


def test_a_run_that_was_kept_is_told_again(cartox: Cartox, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept")
    first = cartox(*FEW, "--keep", kept)
    again = cartox(*FEW, "--keep", kept, "--resume")
    assert (again.code, again.out) == (first.code, first.out) and first.out
    refused = cartox(*FEW, "--keep", kept)
    assert refused.code == 2 and "go on with --resume" in refused.err
    other = cartox(*FEW, "--seed", "2", "--keep", kept, "--resume")
    assert other.code == 2 and "holds another run: zuma-1" in other.err and "seed 1" in other.err


@pytest.mark.parametrize(("there", "told"), [("file", "is a file"), ("folder", "holds no run")])
def test_a_place_of_something_else_is_refused(there: str, told: str, cartox: Cartox, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    if there == "file":
        place.write_text("x")
    else:
        place.mkdir()
        (place / "x").write_text("x")
    ended = cartox(*FEW, "--keep", str(place), "--resume")
    assert ended.code == 2 and told in ended.err


def test_a_mark_that_cannot_be_read_is_no_run(cartox: Cartox, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    place.mkdir()
    for content in ("{", "[]", "{}"):
        (place / "run.json").write_text(content)
        ended = cartox(*FEW, "--keep", str(place), "--resume")
        assert ended.code == 2 and "holds another run: one that cannot be read" in ended.err


def test_a_long_run_says_beforehand_what_it_will_take(cartox: Cartox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.cli.run._LONG", 20)
    ended = cartox(*FEW)
    assert ended.err.startswith("cartox: 20 patients, about 1 min on one worker")


@pytest.mark.parametrize("left", [[".run.json.1.part"], ["run.json"]])
def test_a_kill_before_the_first_block_is_gone_on_with(left: list[str], cartox: Cartox, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    whole = cartox(*FEW, "--keep", str(place))
    mark = (place / "run.json").read_text()
    shutil.rmtree(place)
    place.mkdir()
    for name in left:
        (place / name).write_text(mark if name == "run.json" else mark[:20])
    again = cartox(*FEW, "--keep", str(place), "--resume")
    assert (again.code, again.out) == (whole.code, whole.out)
