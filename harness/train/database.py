"""The sqlite file of answers: opened for one statement or one transaction, made and brought up to date once.

Write-ahead logging and full synchronization: what was stored is there after a kill or a loss of power.
"""

import contextlib
import hashlib
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

VERSION = 1
MIGRATIONS: Mapping[int, str] = {}
"""What makes a file of the version before into each version, as SQL; the first version needs none."""
_WAIT_S = 5.0
Row = sqlite3.Row


class StoreError(ValueError):
    """A file that is not this program's, or of a version that it does not know."""


class Database:
    """The file; every call opens its own connection, so that it may come from any thread."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises StoreError."""
        self.path = path.absolute()
        try:
            sqlite3.connect(self.path).close()  # makes it; from then on a file that is gone is an error
            with self.open() as db:
                db.execute("PRAGMA journal_mode=WAL")
                self.secret = self._prepared(db)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}; give another file by --db") from None

    def _prepared(self, db: sqlite3.Connection) -> bytes:
        names = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not names:
            script = (resources.files("harness.train") / "schema.sql").read_text(encoding="utf-8")
            secret = secrets.token_hex(32)
            db.executescript(f"BEGIN IMMEDIATE; {script}")
            db.execute("INSERT INTO kept VALUES (?, ?)", (VERSION, secret))
            db.commit()
            return bytes.fromhex(secret)
        if "kept" not in names:
            raise StoreError(f"{self.path} is a database of something else; give another file by --db")
        kept = db.execute("SELECT version, secret FROM kept").fetchone()
        if kept["version"] > VERSION:
            raise StoreError(f"{self.path} is of version {kept['version']}; this cartox knows {VERSION}: update it")
        for version in range(kept["version"] + 1, VERSION + 1):
            db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[version]}; UPDATE kept SET version = {version}; COMMIT;")  # noqa: S608 - our own
        return bytes.fromhex(kept["secret"])

    @property
    def file_id(self) -> str:
        """What tells this file from every other, and nothing of its secret."""
        return hashlib.sha256(b"file " + self.secret).hexdigest()[:16]

    @contextlib.contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection, closed at the end."""
        db = sqlite3.connect(f"{self.path.as_uri()}?mode=rw", uri=True, timeout=_WAIT_S, isolation_level=None)
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
