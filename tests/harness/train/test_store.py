"""The file of answers: nothing is changed, nothing that was stored is lost, foreign files are left alone."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from harness.train.database import VERSION, StoreError
from harness.train.store import Store, now

WRITER = """
import sys
from pathlib import Path
from harness.train.store import Store
store = Store(Path(sys.argv[1]))
trainee, _ = store.new_trainee("Ann")
sitting = store.new_sitting(trainee, "children", None, 1, [("v1/table1/ZUMA-1/1/1", float(h)) for h in range(5000)])
for place in range(5000):
    store.answer(sitting, place, {"grades": {}}, {"right": True})
    print(place, flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "train.db")


def sat(store: Store, hours: int = 2, limit_min: float | None = None) -> str:
    trainee, _ = store.new_trainee("Ann")
    questions = [("v1/table1/ZUMA-1/1/1", float(h)) for h in range(hours)]
    return store.new_sitting(trainee, "children", None, 1, questions, limit_min)


def test_an_answer_is_stored_once_and_stays(store: Store) -> None:
    sitting = sat(store)
    store.shown(sitting, 0)
    assert store.answer(sitting, 0, {"grades": {"crs": 1}}, {"right": True})
    assert not store.answer(sitting, 0, {"grades": {"crs": 2}}, {"right": False})
    first, second = store.questions(sitting)
    assert first.attempt is not None and first.attempt["answer"] == {"grades": {"crs": 1}}
    assert first.attempt["seconds"] >= 0 and second.attempt is None
    with sqlite3.connect(store.path) as db:
        for change in ("UPDATE attempt SET answer = '{}'", "DELETE FROM attempt"):
            with pytest.raises(sqlite3.IntegrityError, match="an answer is not"):
                db.execute(change)
    assert Store(store.path).questions(sitting) == store.questions(sitting)


@pytest.mark.parametrize("over", ["handed in", "closed", "by the clock"])
def test_nothing_is_answered_once_it_is_over(store: Store, over: str) -> None:
    asked = [("v1/table1/ZUMA-1/1/1", 3.0), ("v1/table1/ZUMA-1/1/1", 9.0)]
    code = store.new_exam("Monday", ["children"], asked, 20)
    sitting = store.sitting(store.new_sitting(store.new_trainee("Ann")[0], None, code, 0, asked, 20))
    assert sitting is not None and sitting.until is not None
    before, after = sitting.until - timedelta(milliseconds=1), sitting.until
    assert store.answer(sitting.id, 0, {}, {}, before)
    if over == "handed in":
        store.end(sitting.id)
    if over == "closed":
        store.close_exam(code)
    assert not store.answer(sitting.id, 1, {}, {}, after if over == "by the clock" else None)
    assert store.questions(sitting.id)[1].attempt is None


def test_a_kill_loses_no_stored_answer(tmp_path: Path) -> None:
    path = tmp_path / "train.db"
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        stored = 0
        for line in writer.stdout:
            stored = int(line) + 1
            if stored == 40:
                os.kill(writer.pid, signal.SIGKILL)
    again = Store(path)
    (sitting,) = again.sittings()
    answered = [q for q in again.questions(sitting.id) if q.attempt is not None]
    assert len(answered) in (stored, stored + 1)
    assert [q.place for q in answered] == list(range(len(answered)))
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_many_at_once_store_one_answer(store: Store) -> None:
    sitting = sat(store)
    won = []
    threads = [
        threading.Thread(target=lambda i=i: won.append(store.answer(sitting, 0, {"grades": {"crs": i}}, {})))
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]


def test_trainees_are_known_by_their_token_which_is_not_kept(store: Store) -> None:
    number, token = store.new_trainee("Ann <b>")
    assert store.trainee(token) == (number, "Ann <b>") and store.trainee("guess") is None
    assert token.encode() not in b"".join(p.read_bytes() for p in store.path.parent.iterdir())


def test_an_exam_is_sat_once(store: Store) -> None:
    code = store.new_exam("Monday", ["children"], [("v1/table1/ZUMA-1/1/1", 3.0)], 20)
    assert len(code) == 6 and store.exam(code)["title"] == "Monday"  # type: ignore[index]
    trainee, _ = store.new_trainee("Ann")
    first = store.new_sitting(trainee, None, code, 0, [("v1/table1/ZUMA-1/1/1", 3.0)], 20)
    assert store.new_sitting(trainee, None, code, 0, [("v1/table1/ZUMA-1/1/1", 3.0)], 20) == first
    assert [s.id for s in store.sittings(exam=code)] == [first]
    assert [exam["code"] for exam in store.exams()] == [code]


def test_of_a_level_one_sitting_is_open(store: Store) -> None:
    trainee, _ = store.new_trainee("Ann")
    asked = [("v1/table1/ZUMA-1/1/1", 3.0)]
    first = store.new_sitting(trainee, "children", None, 1, asked)
    assert store.new_sitting(trainee, "children", None, 2, asked) == first
    assert store.new_sitting(trainee, "icahs-overlap", None, 1, asked) != first
    assert store.new_sitting(store.new_trainee("Bo")[0], "children", None, 1, asked) != first
    store.end(first)
    assert store.new_sitting(trainee, "children", None, 2, asked) != first


def test_a_question_is_added_behind_those_that_were_seen_and_answered(store: Store) -> None:
    sitting, more = sat(store, hours=1), [("v1/table1/ZUMA-1/1/1", 9.0)]
    assert not store.add_questions(sitting, 1, more)
    store.answer(sitting, 0, {}, {})
    assert not store.add_questions(sitting, 0, more)
    assert store.add_questions(sitting, 1, more) and not store.add_questions(sitting, 1, more)
    assert store.count_questions(sitting) == 2


def test_a_sitting_ends_by_hand_or_by_the_clock(store: Store) -> None:
    timed = store.sitting(sat(store, limit_min=20))
    assert timed is not None and timed.until is not None
    assert not timed.is_over(now()) and timed.is_over(now() + timedelta(minutes=20))
    store.end(timed.id)
    ended = store.sitting(timed.id)
    assert ended is not None and ended.is_over(now())
    store.end(timed.id)
    assert store.sitting(timed.id) == ended
    assert store.sitting("none") is None


def test_instructors_are_let_in_for_some_hours(store: Store) -> None:
    token = store.new_instructor(1)
    assert store.is_instructor(token) and not store.is_instructor("guess")
    store.forget_instructor(token)
    assert not store.is_instructor(token)
    assert not store.is_instructor(store.new_instructor(-1))


def test_a_new_passphrase_locks_out_who_knew_the_old_one(store: Store) -> None:
    token = store.new_instructor(1, "the old one")
    assert store.is_instructor(token, "the old one") and not store.is_instructor(token, "the new one")
    store.forget_instructor(token, "the old one")
    assert not store.is_instructor(token, "the old one")


def test_foreign_files_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database at all, but long enough to be read as one " * 10)
    before = text.read_bytes()
    with pytest.raises(StoreError, match="give another file by --db"):
        Store(text)
    assert text.read_bytes() == before
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    before = other.read_bytes()
    with pytest.raises(StoreError, match="is a database of something else"):
        Store(other)
    assert other.read_bytes() == before and [p.name for p in tmp_path.glob("other.db*")] == ["other.db"]
    with pytest.raises(StoreError, match="is a directory; give another file by --db"):
        Store(tmp_path)
    with pytest.raises(StoreError, match="no such file or directory"):
        Store(tmp_path / "nowhere" / "train.db")


def test_a_file_of_a_later_version_is_refused(store: Store) -> None:
    with sqlite3.connect(store.path) as db:
        db.execute("UPDATE kept SET version = ?", (VERSION + 1,))
        db.execute("ALTER TABLE instructor RENAME TO teacher")
    with pytest.raises(StoreError, match=f"is of version {VERSION + 1}"):
        Store(store.path)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM kept",
        "UPDATE kept SET version = 0",
        "UPDATE kept SET version = 'x'",
        "UPDATE kept SET secret = 'zz'",
        "UPDATE kept SET secret = 'aa'",
        "INSERT INTO kept SELECT * FROM kept",
        "DROP TABLE kept; CREATE TABLE kept (version, secret); INSERT INTO kept VALUES (NULL, 'aa')",
        "DROP TABLE kept; CREATE TABLE kept (x)",
        "DROP TABLE instructor",
    ],
)
def test_a_damaged_file_is_refused(store: Store, damage: str) -> None:
    with sqlite3.connect(store.path) as db:
        db.executescript(damage)
    with pytest.raises(StoreError, match="give another file by --db"):
        Store(store.path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root writes everything")
def test_a_file_that_cannot_be_written_is_refused_at_the_start(store: Store) -> None:
    store.path.chmod(0o400)
    with pytest.raises(StoreError, match="give another file by --db"):
        Store(store.path)


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_the_file_is_for_its_owner(store: Store) -> None:
    assert store.path.stat().st_mode & 0o077 == 0


def test_many_starts_at_once_make_one_file(tmp_path: Path) -> None:
    for turn in range(5):
        path, together = tmp_path / f"{turn}.db", threading.Barrier(8)

        def start(_: int, path: Path = path, together: threading.Barrier = together) -> bytes:
            together.wait()
            return Store(path).secret

        with ThreadPoolExecutor(8) as threads:
            assert len(set(threads.map(start, range(8)))) == 1


def test_a_file_of_an_earlier_version_is_brought_up_to_date(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = sat(store)
    store.answer(sitting, 0, {"grades": {}}, {"right": True})
    before = store.questions(sitting)
    monkeypatch.setattr("harness.train.database.VERSION", VERSION + 2)
    changes = {VERSION + 1: "CREATE TABLE more (x)", VERSION + 2: "ALTER TABLE more ADD COLUMN y"}
    monkeypatch.setattr("harness.train.database.MIGRATIONS", changes)
    assert Store(store.path).questions(sitting) == before
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT version FROM kept").fetchone() == (VERSION + 2,)
        assert db.execute("SELECT x, y FROM more").fetchall() == []
    assert Store(store.path).secret == store.secret
