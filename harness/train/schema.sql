-- What cartox train keeps: one file, nothing of an answer is ever changed or deleted.
CREATE TABLE kept (version INTEGER NOT NULL, secret TEXT NOT NULL);

CREATE TABLE trainee (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, token_hash TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL);

CREATE TABLE exam (
  code TEXT PRIMARY KEY, title TEXT NOT NULL, levels TEXT NOT NULL, cases TEXT NOT NULL, limit_min REAL,
  made_at TEXT NOT NULL, closed_at TEXT, form TEXT UNIQUE);

CREATE TABLE sitting (
  id TEXT PRIMARY KEY, trainee INTEGER NOT NULL REFERENCES trainee, level TEXT, exam TEXT REFERENCES exam,
  seed INTEGER NOT NULL, made_at TEXT NOT NULL, until TEXT, ended_at TEXT);

CREATE TABLE question (
  sitting TEXT NOT NULL REFERENCES sitting, place INTEGER NOT NULL, address TEXT NOT NULL, hour REAL NOT NULL,
  again INTEGER NOT NULL DEFAULT 0, shown_at TEXT, PRIMARY KEY (sitting, place));

CREATE TABLE attempt (
  id INTEGER PRIMARY KEY, sitting TEXT NOT NULL, place INTEGER NOT NULL, answer TEXT NOT NULL, found TEXT NOT NULL,
  seconds REAL NOT NULL, at TEXT NOT NULL,
  UNIQUE (sitting, place), FOREIGN KEY (sitting, place) REFERENCES question (sitting, place));

CREATE INDEX sitting_by_trainee ON sitting (trainee);
CREATE INDEX sitting_by_exam ON sitting (exam);

CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt BEGIN SELECT RAISE(ABORT, 'an answer is not changed'); END;
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'an answer is not deleted'); END;

CREATE TABLE instructor (token_hash TEXT PRIMARY KEY, until TEXT NOT NULL);
