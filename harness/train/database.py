"""The sqlite file of answers: opened for one statement or one transaction, made and brought up to date once.

Write-ahead logging and full synchronization: what was stored is there after a kill or a loss of power.
"""

import contextlib
import errno
import hashlib
import os
import secrets
import sqlite3
import string
import time
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

VERSION = 1
MIGRATIONS: Mapping[int, str] = {}
"""What makes a file of the version before into each version, as SQL; the first version needs none."""
_WAIT_S = 5.0
_SECRET = 32  # bytes
_TABLES = {"kept", "trainee", "exam", "sitting", "question", "attempt", "instructor"}
Row = sqlite3.Row


class StoreError(ValueError):
    """A file that is not this program's, or of a version that it does not know."""


class Database:
    """The file; every call opens its own connection, so that it may come from any thread."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. A file of something else stays as it is, to the byte. Raises StoreError."""
        self.path = path.absolute()
        try:
            _make(self.path)  # from then on a file that is gone is an error
            if self._kept() is None:
                self._fill()
            with self.open() as db:
                self._write_ahead(db)
                self.secret = self._brought_up_to_date(db)
        except (sqlite3.Error, OSError) as error:
            why = reason if isinstance(error, OSError) and (reason := error.strerror) else str(error)
            raise StoreError(f"{path}: {why[:1].lower()}{why[1:]}; give another file by --db") from None

    def _kept(self) -> tuple[int, str] | None:
        """Version and secret, read without writing; None of an empty file. Raises StoreError where it is not ours."""
        with self.open("ro") as db:
            names = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not names:
                return None
            columns = {row["name"] for row in db.execute("SELECT name FROM pragma_table_info('kept')")}
            if not columns >= {"version", "secret"}:
                raise StoreError(f"{self.path} is a database of something else; give another file by --db")
            rows = [tuple(row) for row in db.execute("SELECT version, secret FROM kept LIMIT 2")]
        if len(rows) != 1 or not _is_whole(*rows[0]):
            raise StoreError(
                f"{self.path} is damaged: what it says of itself cannot be read; give another file by --db"
            )
        version, secret = rows[0]
        if version > VERSION:
            raise StoreError(f"{self.path} is of version {version}; this cartox knows {VERSION}: update it")
        if not names >= _TABLES:
            raise StoreError(f"{self.path} is damaged: tables are missing; give another file by --db")
        return version, secret

    def _fill(self) -> None:
        """Make the tables in one transaction; where another start made them meanwhile, those stand."""
        script = (resources.files("harness.train") / "schema.sql").read_text(encoding="utf-8")
        kept = f"INSERT INTO kept VALUES ({VERSION}, '{secrets.token_hex(_SECRET)}');"  # noqa: S608 - our own
        with self.open() as db:
            try:
                db.executescript(f"BEGIN IMMEDIATE; {script}; {kept} COMMIT;")
            except sqlite3.OperationalError as error:
                if "already exists" not in str(error):
                    raise

    def _write_ahead(self, db: sqlite3.Connection) -> None:
        """Turn write-ahead logging on; another start may be about the same, and sqlite does not wait for that."""
        until = time.monotonic() + _WAIT_S
        while True:
            try:
                db.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def _brought_up_to_date(self, db: sqlite3.Connection) -> bytes:
        """The secret, of a file that can be written and has this version."""
        db.execute("UPDATE kept SET version = version")
        kept = self._kept()
        assert kept is not None
        for version in range(kept[0] + 1, VERSION + 1):
            db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[version]}; UPDATE kept SET version = {version}; COMMIT;")  # noqa: S608 - our own
        return bytes.fromhex(kept[1])

    @property
    def file_id(self) -> str:
        """What tells this file from every other, and nothing of its secret."""
        return hashlib.sha256(b"file " + self.secret).hexdigest()[:16]

    @contextlib.contextmanager
    def open(self, mode: str = "rw") -> Iterator[sqlite3.Connection]:
        """A connection, closed at the end."""
        db = sqlite3.connect(f"{self.path.as_uri()}?mode={mode}", uri=True, timeout=_WAIT_S, isolation_level=None)
        try:
            db.row_factory = Row
            db.execute("PRAGMA foreign_keys=ON")
            db.execute("PRAGMA synchronous=FULL")
            yield db
        finally:
            db.close()

    def one(self, sql: str, *values: object) -> Row | None:
        """The first row that a query finds."""
        with self.open() as db:
            found: Row | None = db.execute(sql, values).fetchone()
            return found

    def all(self, sql: str, *values: object) -> list[Row]:
        """Every row that a query finds."""
        with self.open() as db:
            return db.execute(sql, values).fetchall()


def _make(path: Path) -> None:
    """A file that nobody else reads, where there is none."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a directory")
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def _is_whole(version: object, secret: object) -> bool:
    if not isinstance(version, int) or version < 1 or not isinstance(secret, str):
        return False
    return len(secret) == 2 * _SECRET and set(secret) <= set(string.hexdigits)
