"""Files and folders that appear whole or not at all."""

import os
from pathlib import Path

import pytest

from harness.cli import output
from harness.cli.failure import Stopped
from harness.cli.output import check_file, folder_of_its_own, write_whole


def fails_with(error: OSError):
    def failing(*_args: object, **_more: object) -> None:
        raise error

    return failing


NO_SPACE = OSError(28, "No space left on device")


def test_a_file_is_checked_before_long_work(tmp_path: Path) -> None:
    check_file(tmp_path / "new.json")
    (tmp_path / "old.json").write_text("kept")
    check_file(tmp_path / "old.json")
    assert (tmp_path / "old.json").read_text() == "kept"


def test_a_file_that_could_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped, match="is a directory; name a file in it"):
        check_file(tmp_path)
    with pytest.raises(Stopped, match="nowhere does not exist; make it first"):
        check_file(tmp_path / "nowhere" / "x.json")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(Stopped, match="may not be written to; write elsewhere"):
        check_file(tmp_path / "x.json")


def test_a_file_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    write_whole(file, "old")
    write_whole(file, "new ≥")
    assert file.read_text(encoding="utf-8") == "new ≥"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_file_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    file = tmp_path / "x.json"
    file.write_text("old")
    monkeypatch.setattr(Path if step == "write_text" else os, step, fails_with(NO_SPACE))
    with pytest.raises(Stopped, match=r"x\.json cannot be written: no space left on device"):
        write_whole(file, "new")
    monkeypatch.undo()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_pipe_or_a_device_is_written_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_file(pipe)
    write_whole(pipe, "told")
    assert os.read(reader, 10) == b"told"
    os.close(reader)
    assert pipe.is_fifo()
    check_file(Path(os.devnull))
    write_whole(Path(os.devnull), "x")
    assert Path(os.devnull).is_char_device()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_device_is_told(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="/dev/full cannot be written: no space left on device"):
        write_whole(Path("/dev/full"), "x")
    assert Path("/dev/full").is_char_device()


def test_the_file_behind_a_link_is_written(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    link, file = tmp_path / "link.json", tmp_path / "there" / "file.json"
    link.symlink_to(file)
    check_file(link)
    write_whole(link, "told")
    assert (link.is_symlink(), file.read_text()) == (True, "told")
    assert list(file.parent.iterdir()) == [file]


# ------------------------------------------------------------------------------------------------ folders


def filled(path: Path) -> None:
    with folder_of_its_own(path) as beside:
        (beside / "a").write_text("a")
        assert not (path / "a").exists()


@pytest.mark.parametrize("before", ["new", "empty", "deep"])
def test_a_folder_takes_its_place_when_the_work_is_done(tmp_path: Path, before: str) -> None:
    path = tmp_path / "x" / "y" / "out" if before == "deep" else tmp_path / "out"
    if before == "empty":
        path.mkdir()
    filled(path)
    assert [p.name for p in path.iterdir()] == ["a"]
    assert [p.name for p in path.parent.iterdir()] == ["out"]
    assert path.stat().st_mode & 0o777 == 0o755


def test_a_symbolic_link_to_an_empty_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    filled(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_text() == "a"


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("kept")
    (tmp_path / "file").write_text("kept")
    with pytest.raises(Stopped, match="full is not empty; name a new or an empty folder"):
        filled(tmp_path / "full")
    with pytest.raises(Stopped, match="file is a file; name a new or an empty folder"):
        filled(tmp_path / "file")
    with pytest.raises(Stopped, match="cannot be made: "):
        filled(tmp_path / "file" / "out")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["file", "full", "mine"]


def test_the_folder_one_works_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Stopped, match="is the folder you work in; name another"):
        filled(Path())
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt),
        (NO_SPACE, Stopped),
        (Stopped("x"), Stopped),
        (ValueError(), ValueError),
    ],
)
@pytest.mark.parametrize("before", ["new", "empty"])
def test_work_that_fails_leaves_nothing(
    tmp_path: Path, error: BaseException, raised: type[BaseException], before: str
) -> None:
    path = tmp_path / "out"
    if before == "empty":
        path.mkdir()
    with pytest.raises(raised), folder_of_its_own(path) as beside:  # noqa: PT012
        (beside / "a").write_text("a")
        raise error
    assert [p.name for p in tmp_path.iterdir()] == (["out"] if before == "empty" else [])
    assert not path.exists() or not list(path.iterdir())


def test_a_folder_that_somebody_else_filled_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(Stopped, match="cannot be written: "), folder_of_its_own(path) as beside:  # noqa: PT012
        (beside / "a").write_text("mine")
        path.mkdir()
        (path / "b").write_text("theirs")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert [p.name for p in path.iterdir()] == ["b"]


def test_a_place_where_nothing_can_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output.tempfile, "mkdtemp", fails_with(PermissionError(13, "Permission denied")))
    with pytest.raises(Stopped, match="cannot be made: permission denied"):
        filled(tmp_path / "out")
