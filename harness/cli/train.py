"""``cartox train``: the bedside page, where people grade simulated patients."""

import errno
import os
import secrets
import socket
import unicodedata
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from harness.cli.app import PURPOSE, verb
from harness.cli.failure import Stopped, reason_of
from harness.cli.streams import show
from harness.train.database import StoreError
from harness.train.hosts import addresses, hosts_of, is_loopback, listed
from harness.train.store import Store
from harness.train.study import Study

PORT = 8765
DATABASE = "cartox-train.db"
_SHORTEST, _LONGEST = 8, 1000  # signs of a passphrase
_WAITING = 512  # connections not yet taken


@verb(
    "cartox train",
    "cartox train --port 9000 --db class.db --no-open",
    "cartox train --host 0.0.0.0 --passphrase-file passphrase.txt",
)
def train(
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65535, help="Port; 0 takes a free one.")] = PORT,
    host: Annotated[str, typer.Option("--host", help="Address to listen at; loopback alone by default.")] = "127.0.0.1",
    db: Annotated[
        Path, typer.Option("--db", metavar="FILE", help="Where answers are kept; made where there is none.")
    ] = Path(DATABASE),
    passphrase_file: Annotated[
        Path | None,
        typer.Option("--passphrase-file", metavar="FILE", help="Passphrase of instructors. Default: one is made up."),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the browser.")] = False,
) -> None:
    """Train on simulated patients in the browser: grade them hour by hour, and learn what decided.

    The page is for one computer unless --host says otherwise, which needs a passphrase of your own. Answers are kept
    in one file; stop with Ctrl-C and start again where you were. Nothing is loaded from any other host.
    """
    passphrase = _passphrase(passphrase_file, host)
    listening = _listening(host, port)  # first, since a port in use leaves no empty file behind
    try:
        store = Store(db)
    except StoreError as error:
        listening.close()
        raise Stopped(str(error)) from None
    reached = addresses(host, listening.getsockname()[1])
    told = [listed(reached), f"Answers are kept in {db}."]
    told += [] if passphrase_file else [f"Passphrase for instructors, until it is stopped: {passphrase}"]
    told += [_open_note(found)] if (found := [one for one in (passphrase_file, db) if one and _is_open(one)]) else []
    show("\n".join([*told, "Stop it with Ctrl-C.", PURPOSE]))
    if not no_open:
        webbrowser.open(reached[0])
    _serve(store, passphrase, host, listening)


def _passphrase(file: Path | None, host: str) -> str:
    if file is None:
        if not is_loopback(host):
            raise Stopped(
                f"--host {host} lets others in; give --passphrase-file FILE, so that only you see the results"
            )
        return secrets.token_urlsafe(9)
    try:
        found = file.read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Stopped(f"{file}: {reason_of(error) if isinstance(error, OSError) else 'is no text'}") from None
    if len(lines := found.splitlines()) > 1:
        raise Stopped(f"{file} has {len(lines)} lines; write the passphrase in one")
    found = unicodedata.normalize("NFC", found)
    if not _SHORTEST <= len(found) <= _LONGEST:
        raise Stopped(f"the passphrase in {file} has {len(found)} signs; write {_SHORTEST} to {_LONGEST}")
    return found


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the address that is told is there."""
    if not host:
        raise Stopped("--host is empty; give an address of this computer, or 0.0.0.0 for all of them")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_WAITING)
    except OSError as error:
        found.close()
        of_host = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
        other = "give an address of this computer by --host" if of_host else "try another --port"
        raise Stopped(f"cannot listen at {host}:{port}: {reason_of(error)}; {other}") from None
    except UnicodeError:
        found.close()
        raise Stopped(f"--host {host!r} is no address; give an address of this computer") from None
    return found


def _is_open(file: Path) -> bool:
    """Whether others on this computer may read or write a file."""
    return os.name == "posix" and bool(file.stat().st_mode & 0o066)


def _open_note(files: Sequence[Path]) -> str:
    names = [str(file) for file in files]
    return f"Note: others on this computer may read {' and '.join(names)}; chmod 600 {' '.join(names)} keeps them out."


def _serve(store: Store, passphrase: str, host: str, listening: socket.socket) -> None:
    from harness.train.server import serve  # noqa: PLC0415 - slow to import, and wanted by this verb alone
    from harness.train.site import site_of  # noqa: PLC0415

    study = Study(store)
    study.warm_up()
    try:
        serve(site_of(study, passphrase, hosts_of(host)), study, listening)
    finally:
        study.close()
        show("Stopped. Every answer is kept.")
