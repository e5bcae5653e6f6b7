"""``rows:``, answers that somebody else wrote into a file, for a grader that nobody can call."""

import csv
import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from harness.verify.answer import quoted
from harness.verify.doors.door import Can, DoorError, Limits, Reply, Request
from harness.verify.public import NO_GRADE_HERE

_WORDS = ("refused", "skipped", "error")


@dataclasses.dataclass(frozen=True)
class RowsDoor:
    """A CSV or JSON Lines file of answers to the cases that ``cartox cases`` wrote."""

    title: str
    answers: Mapping[str, Any]
    window: int = 1 << 20
    nan: bool = False
    can_repeat: bool = False

    def open(self, limits: Limits) -> "RowsSession":
        """The answers, as if they came now."""
        del limits
        return RowsSession(self.title, self.answers)


def rows_door(file: str) -> RowsDoor:
    """Read a file of answers. Raises DoorError with the line that cannot be read."""
    path = Path(file)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DoorError(f"{file} is no text in UTF-8") from None
    except OSError as error:
        raise DoorError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from None
    answers = _from_table(text, file) if path.suffix.lower() == ".csv" else _from_lines(text, file)
    if not answers:
        raise DoorError(f"{file} holds no answer; write the cases with: cartox cases --out cases.csv")
    return RowsDoor(f"rows:{file}", answers)


def _from_lines(text: str, file: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except (ValueError, RecursionError):
            raise DoorError(f"{file}, line {number} is not JSON: {quoted(line[:80])}") from None
        name = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(name, str):
            raise DoorError(f"{file}, line {number} has no id; keep the id of the case that it answers")
        if name in answers:
            raise DoorError(f"{file}, line {number} answers {name} a second time")
        answers[name] = _answer(raw)
    return answers


def _answer(raw: dict[str, Any]) -> dict[str, Any]:
    if "status" in raw:
        return raw
    if "grades" in raw:
        return {**raw, "status": "graded"}
    return _graded([_entry({k: raw[k] for k in ("grade", "floor", "ceiling") if k in raw})])


def _from_table(text: str, file: str) -> dict[str, Any]:
    head = text.partition("\n")[0]
    rows = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=head.count))
    names = [n.strip().lower() for n in rows.fieldnames or ()]
    rows.fieldnames = names
    if "id" not in names or not {"grade", "floor", "status"} & set(names):
        raise DoorError(f"{file} needs the columns id and grade (or floor and ceiling, or status); it has {names}")
    cells: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        name = (row.get("id") or "").strip()
        if not name:
            raise DoorError(f"{file}, line {rows.line_num} has no id; keep the id of the case that it answers")
        cells.setdefault(name, []).append(row)
    return {name: _of_rows(sorted(found, key=_time_h)) for name, found in cells.items()}


def _time_h(row: Mapping[str, Any]) -> float:
    """The hour of a row, where the table still has it: somebody may have sorted it otherwise."""
    try:
        return float(row.get("time_h") or 0)
    except ValueError:
        return 0.0


def _of_rows(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer that the rows of one case make together; a row with a dash has none."""
    rows = [row for row in rows if (row.get("grade") or "").strip() != NO_GRADE_HERE] or rows[:1]
    for row in rows:
        said = (row.get("status") or row.get("grade") or "").strip().lower()
        if said in _WORDS:
            key = "message" if said == "error" else "reason"
            return {"status": said, key: row.get("reason") or "", "field": row.get("field") or ""}
    return _graded([_entry({k: row.get(k) for k in ("grade", "floor", "ceiling") if k in row}) for row in rows])


def _graded(entries: list[Any]) -> dict[str, Any]:
    return {"status": "graded", "grades": entries}


def _entry(cells: Mapping[str, Any]) -> Any:
    """One grade of a table: a number, a range, or None where the cells are empty; text stays for the map to read."""
    read = {k: v for k, cell in cells.items() if (v := _number(cell)) is not None}
    return read.get("grade") if not read.keys() - {"grade"} else read


def _number(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    try:
        return float(text) if text else None
    except ValueError:
        return text


class RowsSession:
    """Answers that wait in a file."""

    def __init__(self, title: str, answers: Mapping[str, Any]) -> None:
        self.can = Can(title)
        self._answers = answers

    def exchange(self, requests: Iterable[Request], window: int, linger_s: float = 0.0) -> Iterator[Reply]:
        """The answers to those that were answered."""
        del window, linger_s
        for name, _ in requests:
            if name in self._answers:
                yield Reply(name, {**self._answers[name], "id": name})

    def log(self) -> str:
        """Nothing."""
        return ""

    def close(self) -> None:
        """Nothing to close."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
