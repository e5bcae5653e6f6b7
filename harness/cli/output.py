"""Where output goes: files and folders that appear whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from harness.cli.failure import Stopped, reason_of


def check_file(path: Path) -> None:
    """Say before long work that a file could not be written. Raises Stopped."""
    if path.is_dir():
        raise Stopped(f"{path} is a directory; name a file in it")
    if is_stream(path):
        return
    folder = path.resolve().parent
    if not folder.is_dir():
        raise Stopped(f"{folder} does not exist; make it first, or write elsewhere")
    if not os.access(folder, os.W_OK):
        raise Stopped(f"{folder} may not be written to; write elsewhere")


def on_shelf(path: Path) -> bool:
    """Whether a file is one of cartox itself, which no output may take the place of."""
    packages = [Path(str(resources.files(name))).resolve() for name in ("cartox_core", "harness")]
    return any(folder in path.resolve().parents for folder in packages)


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and rename it; a device or a pipe is written as it is. Raises Stopped."""
    place = path.resolve()  # the file itself, where path is a symbolic link to it
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        if is_stream(path):
            path.write_text(text, encoding="utf-8")
            return
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, place)
    except OSError as error:
        if not is_stream(path):
            beside.unlink(missing_ok=True)
        raise Stopped(f"{path} cannot be written: {reason_of(error)}") from None


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside its place, with the same suffix, that takes it once the work is done; removed when it fails."""
    place = path.resolve()
    beside = place.with_name(f".part.{os.getpid()}.{place.name}")
    try:
        yield beside
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Whether a path names what cannot be replaced: a device, a pipe, a socket."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextmanager
def folder_of_its_own(path: Path) -> Iterator[Path]:
    """A folder beside ``path`` that takes its place once the work is done; removed when it fails.

    Raises Stopped when ``path`` is a file, or a folder that is not empty.
    """
    place = new_place(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".part", dir=place.parent))
        beside.chmod(0o755)
    except OSError as error:
        raise Stopped(f"{path} cannot be made: {reason_of(error)}") from None
    try:
        yield beside
        _take_place(beside, place)
    except OSError as error:
        raise Stopped(f"{path} cannot be written: {reason_of(error)}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def new_place(path: Path) -> Path:
    """Where a new folder is to be. Raises Stopped when there is a file, or a folder that is not empty."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        what = "is not empty" if path.is_dir() else "is a file"
        raise Stopped(f"{path} {what}; name a new or an empty folder, so that nothing is overwritten")
    place = path.resolve()  # the folder itself, where path is a symbolic link to it
    if place == Path.cwd():
        raise Stopped(f"{path} is the folder you work in; name another, which will be made")
    return place


def move_whole(folder: Path, path: Path) -> None:
    """Move a folder to a new place, also to another disk; it appears whole or not at all. Raises Stopped."""
    place = new_place(path)
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder, beside)
        _take_place(beside, place)
    except OSError as error:
        raise Stopped(f"{path} cannot be written: {reason_of(error)}") from None


def _take_place(beside: Path, place: Path) -> None:
    if place.exists():
        place.rmdir()
    os.replace(beside, place)
