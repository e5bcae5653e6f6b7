"""``cartox train`` until it serves: what is refused in one line, and what is told at the start."""

import re
import socket
import sqlite3
from pathlib import Path

import pytest

from harness.train.store import Store
from tests.harness.cli.conftest import Cartox

PASSPHRASE = "teach them all"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What would be served, in place of serving it."""
    found: list[tuple[object, ...]] = []

    def serve(store: Store, passphrase: str, host: str, listening: socket.socket) -> None:
        listening.close()
        found.append((store, passphrase, host))

    monkeypatch.setattr("harness.cli.train._serve", serve)
    return found


@pytest.fixture
def passphrase(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase.txt"
    file.write_text(PASSPHRASE)
    file.chmod(0o600)
    return file


def refused(cartox: Cartox, *options: str) -> str:
    """What a start says that goes no further: one line, on stderr, with code 2."""
    ended = cartox("train", "--no-open", *options)
    assert ended.code == 2 and ended.out == "" and ended.err.count("\n") == 1
    return ended.err


def test_a_port_in_use_leaves_no_file_behind(cartox: Cartox, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = refused(cartox, "--port", str(taken.getsockname()[1]), "--db", str(tmp_path / "new.db"))
    assert "try another --port" in told and list(tmp_path.glob("new.db*")) == []


@pytest.mark.parametrize("host", ["nope.invalid", "a b", "x" * 300, "192.0.2.1", ""])
def test_what_is_no_address_of_this_computer(cartox: Cartox, tmp_path: Path, passphrase: Path, host: str) -> None:
    told = refused(cartox, "--host", host, "--db", str(tmp_path / "new.db"), "--passphrase-file", str(passphrase))
    assert "--host" in told and "--port" not in told and "address of this computer" in told


@pytest.mark.parametrize("damage", ["DELETE FROM kept", "UPDATE kept SET version = 0", "UPDATE kept SET secret = 'zz'"])
def test_a_damaged_file_is_one_line(cartox: Cartox, tmp_path: Path, damage: str) -> None:
    db = tmp_path / "class.db"
    with sqlite3.connect(Store(db).path) as kept:
        kept.execute(damage)
    assert "give another file by --db" in refused(cartox, "--port", "0", "--db", str(db))


def test_a_passphrase_is_one_line(cartox: Cartox, tmp_path: Path, passphrase: Path) -> None:
    passphrase.write_text("the first line\nthe second line\n")
    told = refused(cartox, "--passphrase-file", str(passphrase), "--db", str(tmp_path / "new.db"))
    assert "has 2 lines; write the passphrase in one" in told


def test_who_else_may_read_is_told_in_one_line(
    cartox: Cartox, tmp_path: Path, passphrase: Path, served: list[tuple[object, ...]]
) -> None:
    options = ("train", "--no-open", "--port", "0", "--db", str(tmp_path / "class.db"))
    ended = cartox(*options, "--passphrase-file", str(passphrase))
    assert ended.code == 0 and "others on this computer" not in ended.out
    passphrase.write_text("gru\u0308n ist die Hoffnung")
    passphrase.chmod(0o644)
    ended = cartox(*options, "--passphrase-file", str(passphrase))
    (note,) = [line for line in ended.out.splitlines() if "others on this computer" in line]
    assert "passphrase.txt" in note and "class.db" not in note and "chmod 600" in note
    assert [passphrase for _, passphrase, _ in served] == [PASSPHRASE, "gr\u00fcn ist die Hoffnung"]


def test_other_computers_are_told_what_to_type(
    cartox: Cartox,
    tmp_path: Path,
    passphrase: Path,
    served: list[tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.train.hosts._outside", lambda _: "192.168.1.7")
    options = ("train", "--no-open", "--port", "0", "--db", str(tmp_path / "class.db"), "--host", "0.0.0.0")
    told = cartox(*options, "--passphrase-file", str(passphrase)).out.splitlines()
    assert re.fullmatch(r"cartox train is at http://127\.0\.0\.1:\d+/", told[0])
    assert re.fullmatch(r"On other computers of this network: http://192\.168\.1\.7:\d+/", told[1])
    assert len(served) == 1
