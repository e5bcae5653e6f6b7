"""Who sat what and answered how: one sqlite file in which no answer is ever changed, safe against a kill.

Times are UTC. Tokens are kept as hashes. Nothing is stored of a trainee but the name that was chosen.
"""

import dataclasses
import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.train.database import Database, Row


@dataclasses.dataclass(frozen=True, slots=True)
class Sitting:
    """A course of study at a level, or an exam, of one trainee; ``until`` is when an exam ends."""

    id: str
    trainee: int
    name: str
    level: str | None
    exam: str | None
    seed: int
    made_at: datetime
    until: datetime | None
    ended_at: datetime | None
    closed_at: datetime | None = None

    @property
    def shows_key(self) -> bool:
        """Whether what was right may be told: in a level after each answer, in an exam when it is closed for all."""
        return self.exam is None or self.closed_at is not None

    def is_over(self, now: datetime) -> bool:
        """Whether nothing more may be answered."""
        ended = self.ended_at is not None or self.closed_at is not None
        return ended or (self.until is not None and now >= self.until)


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A patient at an hour, the place of it in the sitting, when it was first shown, and its answer if there is one."""

    place: int
    address: str
    hour: float
    again: bool
    shown_at: datetime | None
    attempt: Mapping[str, Any] | None


def now() -> datetime:
    """The time in UTC, to the millisecond."""
    found = datetime.now(UTC)
    return found.replace(microsecond=found.microsecond // 1000 * 1000)


_THERE = (
    "SELECT id FROM sitting WHERE trainee = ?1 AND (exam = ?2 OR"
    " (level = ?3 AND ended_at IS NULL AND (until IS NULL OR until > ?4)))"
)
_COUNTED = (
    "SELECT COUNT(*), COUNT(*) - COUNT(a.id) FROM question q"
    " LEFT JOIN attempt a ON a.sitting = q.sitting AND a.place = q.place WHERE q.sitting = ?"
)

_STATE = (
    "SELECT q.shown_at, s.until, s.ended_at, e.closed_at FROM question q JOIN sitting s ON s.id = q.sitting"
    " LEFT JOIN exam e ON e.code = s.exam WHERE q.sitting = ? AND q.place = ?"
)


class Store(Database):
    """What is kept, by trainee, exam, sitting, question and answer."""

    # trainees

    def new_trainee(self, name: str) -> tuple[int, str]:
        """A trainee of that name, and the token by which the browser is known."""
        token = secrets.token_urlsafe(24)
        with self.open() as db:
            cursor = db.execute(
                "INSERT INTO trainee (name, token_hash, made_at) VALUES (?, ?, ?)", (name, _hash(token), _text(now()))
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid, token

    def trainee(self, token: str) -> tuple[int, str] | None:
        """The trainee whom a token belongs to: number and name."""
        row = self.one("SELECT id, name FROM trainee WHERE token_hash = ?", _hash(token))
        return (row["id"], row["name"]) if row else None

    # exams

    def new_exam(
        self, title: str, levels: Sequence[str], cases: Sequence[Any], limit_min: float | None, form: str | None = None
    ) -> str:
        """An exam of fixed cases; its code. The same ``form``, sent again, is the exam that it made."""
        code = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(6))
        with self.open() as db:
            db.execute(
                "INSERT OR IGNORE INTO exam VALUES (?, ?, ?, ?, ?, ?, NULL, ?)",
                (code, title, json.dumps(list(levels)), json.dumps(list(cases)), limit_min, _text(now()), form),
            )
        found = self.exam_of(form) if form is not None else None
        return code if found is None else str(found["code"])

    def exam_of(self, form: str) -> Row | None:
        """The exam that a form made."""
        return self.one("SELECT * FROM exam WHERE form = ?", form)

    def close_exam(self, code: str) -> None:
        """End an exam for everybody: nothing more is answered, and the key may be read."""
        with self.open() as db:
            db.execute("UPDATE exam SET closed_at = ? WHERE code = ? AND closed_at IS NULL", (_text(now()), code))

    def exam(self, code: str) -> Row | None:
        """The exam of a code."""
        return self.one("SELECT * FROM exam WHERE code = ?", code)

    def exams(self) -> list[Row]:
        """Every exam, the newest first."""
        return self.all("SELECT * FROM exam ORDER BY made_at DESC, code")

    # sittings

    def new_sitting(
        self,
        trainee: int,
        level: str | None,
        exam: str | None,
        seed: int,
        questions: Sequence[tuple[str, float]],
        limit_min: float | None = None,
    ) -> str:
        """Begin a sitting with its first questions.

        An exam is sat once, and of a level one sitting is open: where there is one already, that is answered.
        """
        made = now()
        until = None if limit_min is None else _text(made + timedelta(minutes=limit_min))
        with self.open() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute(_THERE, (trainee, exam, level, _text(made))).fetchone()
            if row:
                db.execute("ROLLBACK")
                return str(row["id"])
            made_id = secrets.token_urlsafe(9)
            db.execute(
                "INSERT INTO sitting VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (made_id, trainee, level, exam, seed, _text(made), until),
            )
            _add(db, made_id, questions, again=False)
            db.execute("COMMIT")
        return made_id

    def sitting(self, sitting_id: str) -> Sitting | None:
        """A sitting by its id."""
        found = self._sittings("WHERE s.id = ?", sitting_id)
        return found[0] if found else None

    def sittings(self, trainee: int | None = None, exam: str | None = None) -> list[Sitting]:
        """All sittings, those of a trainee, or those of an exam, the newest first."""
        if trainee is not None:
            return self._sittings("WHERE s.trainee = ? ORDER BY s.made_at DESC", trainee)
        if exam is not None:
            return self._sittings("WHERE s.exam = ? ORDER BY s.made_at", exam)
        return self._sittings("ORDER BY s.made_at DESC")

    def _sittings(self, where: str, *values: object) -> list[Sitting]:
        sql = (
            "SELECT s.*, t.name, e.closed_at FROM sitting s JOIN trainee t ON t.id = s.trainee"  # noqa: S608 - our own
            f" LEFT JOIN exam e ON e.code = s.exam {where}"
        )
        return [
            Sitting(
                row["id"],
                row["trainee"],
                row["name"],
                row["level"],
                row["exam"],
                row["seed"],
                datetime.fromisoformat(row["made_at"]),
                _time(row["until"]),
                _time(row["ended_at"]),
                _time(row["closed_at"]),
            )
            for row in self.all(sql, *values)
        ]

    def end(self, sitting_id: str) -> None:
        """Hand in: nothing more is answered."""
        with self.open() as db:
            db.execute("UPDATE sitting SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (_text(now()), sitting_id))

    # questions and answers

    def questions(self, sitting_id: str) -> list[Question]:
        """The questions of a sitting in order, each with its answer if there is one."""
        return self._questions("WHERE q.sitting = ? ORDER BY q.place", sitting_id)

    def question(self, sitting_id: str, place: int) -> Question | None:
        """The question at a place."""
        found = self._questions("WHERE q.sitting = ? AND q.place = ?", sitting_id, place)
        return found[0] if found else None

    def open_questions(self, sitting_id: str, most: int = 1) -> list[Question]:
        """The first questions without an answer."""
        return self._questions("WHERE q.sitting = ? AND a.id IS NULL ORDER BY q.place LIMIT ?", sitting_id, most)

    def count_questions(self, sitting_id: str) -> int:
        """How many questions a sitting has so far."""
        row = self.one("SELECT COUNT(*) AS n FROM question WHERE sitting = ?", sitting_id)
        return int(row["n"]) if row else 0

    def _questions(self, where: str, *values: object) -> list[Question]:
        sql = (
            "SELECT q.*, a.answer, a.found, a.seconds, a.at FROM question q"  # noqa: S608 - our own
            f" LEFT JOIN attempt a ON a.sitting = q.sitting AND a.place = q.place {where}"
        )
        return [_question(row) for row in self.all(sql, *values)]

    def add_questions(
        self, sitting_id: str, behind: int, questions: Sequence[tuple[str, float]], again: bool = False
    ) -> bool:
        """More questions behind so many; False where others were added meanwhile, or one still waits."""
        with self.open() as db:
            db.execute("BEGIN IMMEDIATE")
            (there, waiting) = db.execute(_COUNTED, (sitting_id,)).fetchone()
            wanted = there == behind and not waiting
            if wanted:
                _add(db, sitting_id, questions, again)
            db.execute("COMMIT")
        return bool(wanted)

    def shown(self, sitting_id: str, place: int) -> None:
        """A question is on the screen for the first time."""
        with self.open() as db:
            db.execute(
                "UPDATE question SET shown_at = ? WHERE sitting = ? AND place = ? AND shown_at IS NULL",
                (_text(now()), sitting_id, place),
            )

    def answer(
        self,
        sitting_id: str,
        place: int,
        answer: Mapping[str, Any],
        found: Mapping[str, Any],
        came_at: datetime | None = None,
    ) -> bool:
        """Store an answer with the key and the verdicts; False where there is one, or where the sitting is over.

        What the clock ends is judged by when the answer came, so that nobody loses what the server needs to think.
        """
        at = came_at or now()
        with self.open() as db:
            db.execute("BEGIN IMMEDIATE")
            row = db.execute(_STATE, (sitting_id, place)).fetchone()
            until = _time(row["until"])
            if row["ended_at"] or row["closed_at"] or (until is not None and at >= until):
                return False
            shown = _time(row["shown_at"]) or at
            try:
                db.execute(
                    "INSERT INTO attempt (sitting, place, answer, found, seconds, at) VALUES (?, ?, ?, ?, ?, ?)",
                    (sitting_id, place, _json(answer), _json(found), max(0, (at - shown).total_seconds()), _text(at)),
                )
            except sqlite3.IntegrityError:
                return False
            db.execute("COMMIT")
        return True

    # instructors

    def new_instructor(self, hours: float, passphrase: str | None = None) -> str:
        """A token for an instructor who gave the passphrase; under another passphrase it is worth nothing."""
        token = secrets.token_urlsafe(24)
        with self.open() as db:
            db.execute("DELETE FROM instructor WHERE until < ?", (_text(now()),))
            db.execute(
                "INSERT INTO instructor VALUES (?, ?)",
                (_bound(token, passphrase), _text(now() + timedelta(hours=hours))),
            )
        return token

    def is_instructor(self, token: str, passphrase: str | None = None) -> bool:
        """Whether a token is an instructor's under the passphrase of now, and not yet over."""
        row = self.one("SELECT until FROM instructor WHERE token_hash = ?", _bound(token, passphrase))
        return row is not None and bool(_text(now()) < row["until"])

    def forget_instructor(self, token: str, passphrase: str | None = None) -> None:
        """Log an instructor out."""
        with self.open() as db:
            db.execute("DELETE FROM instructor WHERE token_hash = ?", (_bound(token, passphrase),))


def _add(db: sqlite3.Connection, sitting_id: str, questions: Sequence[tuple[str, float]], again: bool) -> None:
    (there,) = db.execute("SELECT COUNT(*) FROM question WHERE sitting = ?", (sitting_id,)).fetchone()
    db.executemany(
        "INSERT INTO question (sitting, place, address, hour, again) VALUES (?, ?, ?, ?, ?)",
        [(sitting_id, there + i, address, hour, int(again)) for i, (address, hour) in enumerate(questions)],
    )


def _question(row: Row) -> Question:
    attempt = None
    if row["answer"] is not None:
        attempt = {"answer": json.loads(row["answer"]), "found": json.loads(row["found"])}
        attempt |= {"seconds": row["seconds"], "at": row["at"]}
    return Question(row["place"], row["address"], row["hour"], bool(row["again"]), _time(row["shown_at"]), attempt)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _bound(token: str, passphrase: str | None) -> str:
    return _hash(f"{token} {passphrase or ''}")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
