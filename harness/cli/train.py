"""``cartox train``: the bedside page, where people grade simulated patients."""

import os
import secrets
import socket
import webbrowser
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
    try:
        store = Store(db)
    except StoreError as error:
        raise Stopped(str(error)) from None
    listening = _listening(host, port)
    reached = addresses(host, listening.getsockname()[1])
    told = [listed(reached), f"Answers are kept in {db}."]
    told += [] if passphrase_file else [f"Passphrase for instructors, until it is stopped: {passphrase}"]
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
    if not _SHORTEST <= len(found) <= _LONGEST:
        raise Stopped(f"the passphrase in {file} has {len(found)} signs; write {_SHORTEST} to {_LONGEST}")
    return found


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the address that is told is there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(128)
    except OSError as error:
        found.close()
        raise Stopped(f"cannot listen at {host}:{port}: {reason_of(error)}; try another --port") from None
    return found


def _serve(store: Store, passphrase: str, host: str, listening: socket.socket) -> None:
    import uvicorn  # noqa: PLC0415 - slow to import, and wanted by this verb alone

    from harness.train.site import site_of  # noqa: PLC0415

    study = Study(store)
    study.warm_up()
    config = uvicorn.Config(
        site_of(study, passphrase, hosts_of(host)),
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        pass
    finally:
        study.close()
        show("Stopped. Every answer is kept.")
